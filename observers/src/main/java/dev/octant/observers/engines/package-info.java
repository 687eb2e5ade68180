// SPDX-License-Identifier: Apache-2.0
/**
 * The calibrators of other engines, bit for bit: for comparing with them, and for moving away from them without a
 * change.
 *
 * <p>Their histograms depend on how the data is cut into batches and in which order the batches come, so none of them
 * has a summary that merges: one observer sees all batches of a tensor, in order. A batch is one call of {@code
 * observe}, and where a batch must be read twice a direct buffer is copied whole. NaN and infinities are left out,
 * where the engines stop, drop them, or answer NaN.
 *
 * <pre>
 * {@link dev.octant.observers.engines.TorchHistogramObserver}         PyTorch HistogramObserver
 * {@link dev.octant.observers.engines.OnnxRuntimeHistogramObserver}   ONNX Runtime asymmetric percentile, entropy
 * {@link dev.octant.observers.engines.OnnxRuntimeMagnitudeObserver}   ONNX Runtime symmetric percentile
 * {@link dev.octant.observers.engines.NvidiaHistogramObserver}  NVIDIA percentile, entropy, mse, max
 * {@link dev.octant.observers.MinMaxObserver}             MinMax of ONNX Runtime and of PyTorch
 * {@link dev.octant.observers.MovingAverageObserver}      PyTorch MovingAverageMinMaxObserver
 * {@link dev.octant.observers.PerChannelMinMaxObserver}   PyTorch PerChannelMinMaxObserver
 * </pre>
 *
 * <p>A range becomes scale and zero point by the engine's rule in {@link dev.octant.core.ParameterPolicy}.
 */
package dev.octant.observers.engines;
