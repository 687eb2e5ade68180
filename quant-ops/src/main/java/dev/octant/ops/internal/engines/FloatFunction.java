// SPDX-License-Identifier: Apache-2.0
package dev.octant.ops.internal.engines;

/** A function from float to float, spelled as an engine spells it. */
@FunctionalInterface
public interface FloatFunction {
    float apply(float x);
}
