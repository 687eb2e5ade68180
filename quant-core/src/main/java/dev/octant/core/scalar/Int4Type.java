// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.scalar;

import dev.octant.core.internal.block.Bounds;
import org.apache.commons.lang3.Validate;

/**
 * The two 4-bit integer types, stored two in a byte, the first in the low four bits.
 *
 * <p>Formula: {@code q = clamp(rint(x), low, high)}, ties to even. The conversions are of the integers themselves; a
 * scale and zero point are the caller's to apply.
 *
 * <p>Shapes: offsets of packed arrays count bytes, lengths count elements. {@code length} elements take
 * {@link #packedLength} bytes; of an odd length, the last byte's high four bits are written as 0 and not read.
 *
 * <p>NaN becomes 0; infinities saturate. Errors: blocks outside their array throw {@link IndexOutOfBoundsException}.
 * Immutable, thread safe; nothing is allocated. Source: ONNX {@code TensorProto.INT4} and {@code UINT4}; PyTorch
 * {@code quint4x2} is the same layout as {@link #UINT4}.
 */
public enum Int4Type {
    /** Values -8..7 in two's complement. */
    INT4("int4", -8, 7),

    /** Values 0..15. */
    UINT4("uint4", 0, 15);

    /** Number of different codes. */
    public static final int RAW_VALUES = 16;

    private final String label;
    private final int low;
    private final int high;

    Int4Type(String label, int low, int high) {
        this.label = label;
        this.low = low;
        this.high = high;
    }

    /** The name in ONNX, in lower case: {@code int4}, {@code uint4}. */
    public String label() {
        return label;
    }

    /** The least value. */
    public int low() {
        return low;
    }

    /** The largest value. */
    public int high() {
        return high;
    }

    /** How many bytes hold that many elements: half, rounded up. */
    public static int packedLength(int elements) {
        Validate.isTrue(elements >= 0, "elements must be 0 or more, was %s", elements);
        return (elements >>> 1) + (elements & 1);
    }

    /** The value of four bits, the lower ones of {@code bits}; the others are ignored. */
    public float toFloat(int bits) {
        return this == INT4 ? bits << 28 >> 28 : bits & 0xF;
    }

    /** The four bits, as 0..15, of the nearest value. */
    public int fromFloat(float x) {
        // Clamped first: rounding keeps a value between two integers, and the cast turns NaN into 0.
        return (int) Math.rint(Math.min(Math.max(x, low), high)) & 0xF;
    }

    /** Unpacks and widens {@code length} elements. */
    public void toFloat(byte[] src, int srcOffset, float[] dst, int dstOffset, int length) {
        Bounds.check("destination", dst, dstOffset, length);
        Bounds.check("source", src, srcOffset, packedLength(length));
        for (int i = 0; i < length; i++) {
            int pair = src[srcOffset + (i >>> 1)];
            dst[dstOffset + i] = toFloat((i & 1) == 0 ? pair : pair >>> 4);
        }
    }

    /** Narrows and packs {@code length} elements. */
    public void fromFloat(float[] src, int srcOffset, byte[] dst, int dstOffset, int length) {
        Bounds.check("source", src, srcOffset, length);
        Bounds.check("destination", dst, dstOffset, packedLength(length));
        int pairs = length >>> 1;
        for (int i = 0; i < pairs; i++) {
            int first = fromFloat(src[srcOffset + 2 * i]);
            int second = fromFloat(src[srcOffset + 2 * i + 1]);
            dst[dstOffset + i] = (byte) (first | second << 4);
        }
        if ((length & 1) == 1) {
            dst[dstOffset + pairs] = (byte) fromFloat(src[srcOffset + length - 1]);
        }
    }

    @Override
    public String toString() {
        return label;
    }
}
