// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.scalar;

import dev.octant.core.internal.Kernels;
import dev.octant.core.internal.block.Bounds;
import dev.octant.core.internal.choice.KernelChoice;
import dev.octant.core.internal.half.MiniFloat;
import dev.octant.core.internal.half.NarrowKernel;
import dev.octant.core.internal.half.WidenKernel;

/**
 * The two 16-bit floating-point types.
 *
 * <p>Formula: {@link #toFloat(short)} is exact, as every value of both types is a float. {@link #fromFloat(float)}
 * gives the nearest value, and of two equally near ones that with an even code; a value that rounds beyond {@link
 * #max()} becomes infinity. Subnormals are kept in both directions.
 *
 * <p>Shapes: one value, or blocks by offset and length. A value is the raw bits in a {@code short}.
 *
 * <p>NaN and infinity: infinities are exact. NaN stays NaN with its sign: widening keeps the payload in the leading
 * mantissa bits; narrowing gives the quiet NaN without a payload (0x7E00, 0x7FC0 and their negatives). PyTorch keeps or
 * drops payload and sign depending on the instruction set.
 *
 * <p>Errors: blocks outside their array throw {@link IndexOutOfBoundsException}. Immutable, thread safe; nothing is
 * allocated. Source: IEEE 754-2019, binary16; Intel, "BFLOAT16 - Hardware Numerics Definition", 2018, but subnormals
 * are not flushed, as in PyTorch.
 */
public enum HalfType {
    /** IEEE 754 binary16: 5 exponent bits, 10 mantissa bits, largest value 65504. */
    FLOAT16("float16", MiniFloat.FLOAT16, 10, 15, Kernels.FLOAT16_WIDEN, Kernels.FLOAT16_NARROW),

    /** The upper half of a float: 8 exponent bits, 7 mantissa bits, largest value about 3.39e38. */
    BFLOAT16("bfloat16", MiniFloat.BFLOAT16, 7, 127, Kernels.BFLOAT16_WIDEN, Kernels.BFLOAT16_NARROW);

    /** Number of different codes. */
    public static final int RAW_VALUES = 1 << 16;

    private final String label;
    private final int mantissaBits;
    private final int leastExponent;
    private final MiniFloat format;
    private final KernelChoice<WidenKernel> widen;
    private final KernelChoice<NarrowKernel> narrow;

    HalfType(
            String label,
            MiniFloat format,
            int mantissaBits,
            int bias,
            KernelChoice<WidenKernel> widen,
            KernelChoice<NarrowKernel> narrow) {
        this.label = label;
        this.format = format;
        this.widen = widen;
        this.narrow = narrow;
        this.mantissaBits = mantissaBits;
        leastExponent = 1 - bias;
    }

    /** The name used in files and on the command line: {@code float16}, {@code bfloat16}. */
    public String label() {
        return label;
    }

    /** The largest finite value. */
    public float max() {
        return format.decode(format.largest());
    }

    /** The least positive normal value. */
    public float minNormal() {
        return Math.scalb(1f, leastExponent);
    }

    /** The least positive value, a subnormal. */
    public float minPositive() {
        return Math.scalb(1f, leastExponent - mantissaBits);
    }

    /** The float of the same value. */
    public float toFloat(short bits) {
        return format.decode(bits);
    }

    /** The nearest value's bits, ties to even. */
    public short fromFloat(float x) {
        return (short) format.encode(x, format.infinity(), format.infinity());
    }

    /** Widens {@code length} values. */
    public void toFloat(short[] src, int srcOffset, float[] dst, int dstOffset, int length) {
        Bounds.check(src, srcOffset, dst, dstOffset, length);
        widen.current().run(src, srcOffset, dst, dstOffset, length);
    }

    /** Narrows {@code length} values. */
    public void fromFloat(float[] src, int srcOffset, short[] dst, int dstOffset, int length) {
        Bounds.check(src, srcOffset, dst, dstOffset, length);
        narrow.current().run(src, srcOffset, dst, dstOffset, length);
    }

    @Override
    public String toString() {
        return label;
    }
}
