// SPDX-License-Identifier: Apache-2.0
/**
 * The affine map between real values and 8-bit codes, and everything that speaks it.
 *
 * <p>Start at {@link dev.octant.core.QuantParams}: scale and zero point, and the one equation. A range becomes
 * parameters in {@link dev.octant.core.QuantScheme}; tensors go through {@link dev.octant.core.TensorQuantizer} (one
 * grid) or {@link dev.octant.core.ChannelQuantizer} (one grid per channel). Codes of 2 to 16 bits, and grids for blocks
 * along an axis, are {@link dev.octant.core.IntegerQuantizer}'s; {@link dev.octant.core.DynamicQuantizer} chooses grids
 * from the data it quantizes. A {@link dev.octant.core.QuantizedTensor}
 * keeps codes together with their grid. To compute as another engine does, name its {@link dev.octant.core.Profile}
 * (how values are rounded) and its {@link dev.octant.core.ParameterPolicy} (how parameters are chosen).
 *
 * <p>Everything here is a value, but for {@link dev.octant.core.ErrorTally}, which adds up errors. {@link
 * dev.octant.core.VectorKernels} tells which loops run on this machine; the loops themselves, in {@code internal}, are
 * internal.
 */
package dev.octant.core;
