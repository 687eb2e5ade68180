// SPDX-License-Identifier: Apache-2.0
/**
 * From files of tensors to one summary per tensor: on several threads, in bounded memory, to be interrupted and gone
 * on with.
 *
 * <p>{@link dev.octant.calibration.run.CalibrationRun CalibrationRun} reads every part of every
 * {@link dev.octant.formats.tensor.TensorFile TensorFile} once and ends in a
 * {@link dev.octant.calibration.run.TensorSummary TensorSummary} for each name: the same bytes for any number of
 * threads, any cut of the data between rows, any order, any interruption. A {@link
 * dev.octant.calibration.run.SummaryFile SummaryFile} keeps them; files of several machines merge into what one
 * machine would have written.
 *
 * <p>Tensors are ordered by name everywhere, so that no output depends on the order of files.
 */
package dev.octant.calibration.run;
