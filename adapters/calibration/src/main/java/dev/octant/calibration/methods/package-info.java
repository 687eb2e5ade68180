// SPDX-License-Identifier: Apache-2.0
/**
 * How the range of a tensor is learnt: by name, by an estimator, by an engine's own observer.
 *
 * <p>A {@link dev.octant.calibration.methods.MethodName MethodName} is read from a word, {@code percentile=99.99},
 * and becomes a {@link dev.octant.calibration.methods.Method Method} once it is told the {@link
 * dev.octant.calibration.methods.ParameterRule ParameterRule} and the op that reads the tensor, of which an {@link
 * dev.octant.calibration.methods.OpChoice OpChoice} knows. A {@link dev.octant.calibration.methods.MethodSet
 * MethodSet} is several of them. A {@link dev.octant.calibration.methods.TensorObserver TensorObserver} is shown the
 * tensor's values and holds what the methods need of them.
 */
package dev.octant.calibration.methods;
