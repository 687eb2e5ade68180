// SPDX-License-Identifier: Apache-2.0
/**
 * What a tensor's values look like, and which range of them 8 bits should represent.
 *
 * <p>An {@link dev.octant.observers.Observer Observer} is shown batches of values; it is the only thing here with
 * state, one per thread. At any time it gives a {@link dev.octant.observers.Summary Summary}: an immutable value, and
 * merging summaries is exact, so that batches may be cut, ordered and spread over threads or machines in any way
 * without changing a single bit of the outcome. {@link dev.octant.observers.HistogramObserver HistogramObserver}
 * collects all that the estimators need in a fixed amount of memory, whatever the data.
 *
 * <p>A {@link dev.octant.observers.estimators.RangeEstimator RangeEstimator} is a pure function from a histogram to a
 * range, and a value that carries its own parameters: {@link dev.octant.observers.estimators.MinMax MinMax}, {@link
 * dev.octant.observers.estimators.Percentile Percentile}, {@link dev.octant.observers.estimators.Entropy Entropy},
 * {@link dev.octant.observers.estimators.MeanSquaredError MeanSquaredError}. Collect once, then compare them all:
 * {@link dev.octant.observers.estimators.ExpectedError ExpectedError} tells what each would cost. The range becomes
 * scale and zero point by {@link dev.octant.core.ParameterPolicy#choose ParameterPolicy.choose}, by the rule of
 * Octant or of an engine.
 *
 * <p>{@link dev.octant.observers.estimators.ConsumerAware ConsumerAware} chooses the ranges around a known function
 * for the error of its output, {@link dev.octant.observers.estimators.ExpectedOutputError ExpectedOutputError}
 * predicts that error, and {@link dev.octant.observers.estimators.Best Best} picks the estimator that it favours,
 * with the evidence. {@link dev.octant.observers.PerSampleObserver PerSampleObserver} keeps the extremes of samples,
 * {@link dev.octant.observers.PerChannelHistogramObserver PerChannelHistogramObserver} a small histogram per channel
 * or group. Summaries are written and read as bytes, exactly, and {@link
 * dev.octant.observers.estimators.RangeStability RangeStability} tells when their ranges no longer move.
 *
 * <p>The module calibration does this for many tensors by name, and for files of any size.
 *
 * <p>NaN and infinities are counted everywhere and never move a range.
 */
package dev.octant.observers;
