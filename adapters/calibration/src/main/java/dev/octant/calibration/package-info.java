// SPDX-License-Identifier: Apache-2.0
/**
 * From recorded activations to scale and zero point of every tensor.
 *
 * <p>A {@link dev.octant.calibration.Calibration Calibration} says how ranges are chosen: by one method or by the
 * best of all, by which rule they become parameters, and which ops read the tensors. It makes a {@link
 * dev.octant.formats.calibration.CalibrationTable CalibrationTable} of summaries: those of a {@link
 * dev.octant.calibration.run.CalibrationRun CalibrationRun} over files, of a {@link
 * dev.octant.calibration.run.SummaryFile SummaryFile}, or of a {@link dev.octant.calibration.Calibrator Calibrator}
 * that was shown batches in this process. {@link dev.octant.calibration.evaluation.DataEvaluation DataEvaluation}
 * compares methods on the data.
 *
 * <p>Nothing here prints, and nothing reads a command line: what {@code octant calibrate}, {@code ranges}, {@code
 * merge} and {@code evaluate} do is done here.
 */
package dev.octant.calibration;
