// SPDX-License-Identifier: Apache-2.0
/**
 * What each method costs on recorded data.
 *
 * <p>{@link dev.octant.calibration.evaluation.DataEvaluation DataEvaluation} reads the data twice and measures; {@link
 * dev.octant.calibration.evaluation.SummaryEvaluator SummaryEvaluator} predicts from summaries alone. Both end in an
 * {@link dev.octant.calibration.evaluation.Evaluation Evaluation}: a value with everything a report shows.
 */
package dev.octant.calibration.evaluation;
