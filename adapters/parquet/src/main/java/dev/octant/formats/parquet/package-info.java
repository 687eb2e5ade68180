/**
 * Parquet columns of floats and doubles as tensors. {@link dev.octant.formats.parquet.ParquetFormat} is found as a service
 * by {@link dev.octant.formats.tensor.TensorFiles}; nothing else of this package is meant to be called.
 */
package dev.octant.formats.parquet;
