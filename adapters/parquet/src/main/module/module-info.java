// SPDX-License-Identifier: Apache-2.0
/** Parquet files of tensors. */
module dev.octant.formats.parquet {
    requires transitive dev.octant.formats;
    requires aircompressor;
    requires dec;

    exports dev.octant.formats.parquet;

    provides dev.octant.formats.tensor.TensorFormat with
            dev.octant.formats.parquet.ParquetFormat;
}
