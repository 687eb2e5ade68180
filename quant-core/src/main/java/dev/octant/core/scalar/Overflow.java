// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.scalar;

/**
 * What a float beyond the largest finite value becomes in an 8-bit float.
 *
 * <p>A value is beyond if, rounded to the type's number of significant bits, it exceeds the largest finite value. Each
 * type has a rule of its own in PyTorch on a CPU ({@link Float8Type#overflow()}); ONNX lets the model choose. NaN stays
 * NaN under both. Source: ONNX operator specification, {@code Cast}, attribute {@code saturate}.
 */
public enum Overflow {
    /**
     * ONNX {@code saturate = 1}: the largest finite value of the same sign. An infinity saturates as well in e4m3fn and
     * e5m2; in the types without a negative zero (e4m3fnuz, e5m2fnuz, e8m0fnu) it becomes NaN.
     */
    SATURATE,

    /** ONNX {@code saturate = 0}: infinity in e5m2, the only one of these types that has it, and NaN in the others. */
    NON_SATURATE
}
