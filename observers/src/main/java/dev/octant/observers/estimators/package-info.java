// SPDX-License-Identifier: Apache-2.0
/**
 * From what was observed to the range that codes should span: each estimator is a pure function of a summary. Start
 * at {@link dev.octant.observers.estimators.RangeEstimator}.
 */
package dev.octant.observers.estimators;
