/**
 * Octant's files: tensors of real values in NumPy's {@code .npy} and {@code .npz}, safetensors, CSV and, with a module of its
 * own, Parquet; calibration tables in our JSON and in the formats of TensorRT, ONNX Runtime, AIMET and TensorFlow Lite
 * ({@link dev.octant.formats.CalibrationFormat}).
 *
 * <p>{@link dev.octant.formats.TensorFiles} opens a tensor file of any of these formats as parts that any thread reads in
 * any order: what calibration reads. {@link dev.octant.formats.ArrayReader} streams the arrays of one NumPy file with their
 * shapes, codes too, {@link dev.octant.formats.ArrayWriter} streams one array out, {@link dev.octant.formats.AtomicFile}
 * replaces a file all at once or not at all. Nothing here keeps a whole array in memory, and no length found in a file is
 * believed before it is checked: memory is bounded by a block, a header and the directory of a zip, each of a stated size.
 *
 * <p>Every refusal of a file is a {@link dev.octant.formats.FormatException}, one sentence that names the file.
 */
package dev.octant.formats;
