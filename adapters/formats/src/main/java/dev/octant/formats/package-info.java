// SPDX-License-Identifier: Apache-2.0
/**
 * What all of Octant's files share, whatever is in them: {@link dev.octant.formats.FormatException}, the one way a
 * file is refused; {@link dev.octant.formats.InputFile}, a file to read from that must stay as it is; {@link
 * dev.octant.formats.AtomicFile}, which replaces a file all at once or not at all.
 *
 * <p>Where to go on:
 *
 * <ul>
 *   <li>{@link dev.octant.formats.tensor.TensorFiles} opens files of real values: {@code .npy}, {@code .npz},
 * safetensors,
 *       CSV and, with a module of its own, Parquet;
 *   <li>{@link dev.octant.formats.calibration.CalibrationFormat} reads and writes calibration tables: our JSON and
 * the formats
 *       of TensorRT, ONNX Runtime, AIMET and TensorFlow Lite.
 * </ul>
 *
 * <p>Both depend on this package and not on each other; this package depends on neither.
 */
package dev.octant.formats;
