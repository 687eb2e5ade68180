// SPDX-License-Identifier: Apache-2.0
/**
 * Files of numbers, read and written in blocks.
 *
 * <p>Enter by {@link dev.octant.formats.tensor.TensorFiles}: it opens a file of any of the formats as a {@link
 * dev.octant.formats.tensor.TensorFile} of {@linkplain dev.octant.formats.tensor.TensorPart parts} that any thread
 * reads in any order. This is what calibration reads: real values, without shapes. A format in a module of its own
 * implements {@link dev.octant.formats.tensor.TensorFormat}.
 *
 * <p>Where shapes matter, or codes: {@link dev.octant.formats.tensor.ArrayReader} streams the arrays of one NumPy
 * file, {@link dev.octant.formats.tensor.ArrayWriter} streams one array out, {@link
 * dev.octant.formats.tensor.ArrayHeader} says what is in it.
 *
 * <p>Nothing here keeps a whole array in memory, and no length found in a file is believed before it is checked:
 * memory is bounded by a block, a header and the directory of a zip, each of a stated size.
 */
package dev.octant.formats.tensor;
