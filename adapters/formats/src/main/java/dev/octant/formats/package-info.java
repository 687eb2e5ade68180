/**
 * Octant's files: NumPy arrays in {@code .npy} and {@code .npz}, and calibration tables in our JSON and in the formats of
 * TensorRT, ONNX Runtime, AIMET and TensorFlow Lite ({@link dev.octant.formats.CalibrationFormat}).
 *
 * <p>{@link dev.octant.formats.ArrayReader} streams the arrays of one file block by block, {@link
 * dev.octant.formats.ArrayWriter} streams one array out, {@link dev.octant.formats.AtomicFile} replaces a file all at once
 * or not at all. Nothing here keeps a whole array in memory, and no length found in a file is believed before it is
 * checked: memory is bounded by a 64 KiB block, a header of at most 1 MiB and the directory of a zip.
 *
 * <p>Every refusal of a file is a {@link dev.octant.formats.FormatException}, one sentence that names the file.
 */
package dev.octant.formats;
