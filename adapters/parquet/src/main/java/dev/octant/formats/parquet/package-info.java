// SPDX-License-Identifier: Apache-2.0
/**
 * Parquet columns of floats, doubles and float16 as tensors. {@link dev.octant.formats.parquet.ParquetFormat} is found
 * as a service by {@link dev.octant.formats.tensor.TensorFiles}; nothing else of this package is meant to be called.
 *
 * <p>A file is parsed once, here, by {@link dev.octant.formats.parquet.ThriftReader}, which takes nothing that two
 * readers could take differently, and each of its bytes is read once. What a library for Parquet would add behind
 * that is little: levels only have to be counted, as nulls and rows are not asked for, and two types of values in
 * three encodings remain. It would parse everything again, by rules of its own; its decompressors are native; and it
 * holds lists by the row, so no bound of memory could be stated. So pages are decoded here, and such a library,
 * hardwood, judges that in the tests. Decompression is for libraries: aircompressor for Snappy, Zstandard and LZ4,
 * Google's decoder for Brotli, the JDK's gzip. All work from array to array.
 */
package dev.octant.formats.parquet;
