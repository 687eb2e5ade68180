/**
 * The affine map between real values and 8-bit codes, and everything that speaks it.
 *
 * <p>Start at {@link dev.octant.core.QuantParams}: scale and zero point, and the one equation. A range becomes
 * parameters in {@link dev.octant.core.QuantScheme}; tensors go through {@link dev.octant.core.TensorQuantizer} (one
 * grid) or {@link dev.octant.core.ChannelQuantizer} (one grid per channel). A {@link dev.octant.core.QuantizedTensor}
 * keeps codes together with their grid.
 *
 * <p>Everything here is a value. The scalar loops in {@code kernel} are internal and normative.
 */
package dev.octant.core;
