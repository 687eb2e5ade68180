// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.scalar;

import dev.octant.core.internal.block.Bounds;
import dev.octant.core.internal.half.MiniFloat;
import dev.octant.core.internal.half.MiniFloat.Specials;
import org.apache.commons.lang3.Validate;

/**
 * The 8-bit floating-point types of PyTorch and ONNX.
 *
 * <p>Formula: {@link #toFloat(byte)} is exact, as every value is a float. {@link #fromFloat(float)} gives the nearest
 * value, and of two equally near ones that with an even code; beyond {@link #max()} it does what PyTorch does on a CPU.
 * {@link #fromFloat(float, Overflow)} lets the caller choose, as ONNX does. Subnormals are kept.
 *
 * <table>
 * <caption>Values, and what PyTorch makes of a float that rounds beyond max</caption>
 * <tr><th>type</th><th>bits</th><th>max</th><th>least normal</th><th>least</th><th>beyond</th><th>NaN</th></tr>
 * <tr><td>e4m3fn</td><td>1, 4, 3</td><td>448</td><td>2^-6</td><td>2^-9</td><td>448</td><td>0x7F, 0xFF</td></tr>
 * <tr><td>e4m3fnuz</td><td>1, 4, 3</td><td>240</td><td>2^-7</td><td>2^-10</td><td>NaN</td><td>0x80</td></tr>
 * <tr><td>e5m2</td><td>1, 5, 2</td><td>57344</td><td>2^-14</td><td>2^-16</td><td>infinity</td>
 * <td>0x7D.., 0xFD..</td></tr>
 * <tr><td>e5m2fnuz</td><td>1, 5, 2</td><td>57344</td><td>2^-15</td><td>2^-17</td><td>NaN</td><td>0x80</td></tr>
 * <tr><td>e8m0fnu</td><td>0, 8, 0</td><td>2^127</td><td>2^-127</td><td>2^-127</td><td>NaN</td><td>0xFF</td></tr>
 * </table>
 *
 * <p>e8m0fnu holds the scales of block formats. It has no sign, which is dropped, and no zero: 0 becomes 2^-127. Ties
 * go up, and so does all between 2^-127 and 2^-126, as in PyTorch. ONNX {@code Cast} to this type rounds up by
 * default ({@code round_mode}), which is not offered here.
 *
 * <p>Shapes: one value, or blocks by offset and length. A value is the raw bits in a {@code byte}.
 *
 * <p>NaN and infinity: NaN becomes NaN, with its sign where the type has two; a NaN that is narrowed loses its payload,
 * and 0x7F (e4m3fn), 0x7E (e5m2) is written. An infinity becomes what a value beyond becomes, except where
 * {@link Overflow#SATURATE} says otherwise. The types named "uz" turn -0 and all that rounds to it into 0.
 *
 * <p>Errors: blocks outside their array throw {@link IndexOutOfBoundsException}. Immutable, thread safe; nothing is
 * allocated. Source: Micikevicius et al., "FP8 Formats for Deep Learning", 2022; Noune et al., "8-bit Numerical Formats
 * for Deep Neural Networks", 2022 (fnuz); OCP Microscaling Formats 1.0 (e8m0); PyTorch {@code c10/util/Float8_*.h}.
 */
public enum Float8Type {
    /** No infinity, two NaNs; PyTorch's type for weights and activations. */
    E4M3FN("float8_e4m3fn", new MiniFloat(4, 3, 7, Specials.FINITE), Overflow.SATURATE),

    /** No infinity, no -0, one NaN, and a bias larger by one. */
    E4M3FNUZ("float8_e4m3fnuz", new MiniFloat(4, 3, 8, Specials.FINITE_UNSIGNED_ZERO), Overflow.NON_SATURATE),

    /** The upper byte of a float16, infinities and NaNs included. */
    E5M2("float8_e5m2", new MiniFloat(5, 2, 15, Specials.IEEE), Overflow.NON_SATURATE),

    /** No infinity, no -0, one NaN, and a bias larger by one. */
    E5M2FNUZ("float8_e5m2fnuz", new MiniFloat(5, 2, 16, Specials.FINITE_UNSIGNED_ZERO), Overflow.NON_SATURATE),

    /** A power of two from 2^-127 to 2^127. */
    E8M0FNU("float8_e8m0fnu", null, Overflow.NON_SATURATE);

    /** Number of different codes. */
    public static final int RAW_VALUES = 256;

    private final String label;

    /** Null for e8m0fnu, which is not sign, exponent and mantissa. */
    private final MiniFloat format;

    private final Overflow overflow;
    private final int largest;

    /** Indexed by the raw byte read as 0..255. */
    private final float[] values = new float[RAW_VALUES];

    Float8Type(String label, MiniFloat format, Overflow overflow) {
        this.label = label;
        this.format = format;
        this.overflow = overflow;
        largest = format == null ? PowerOfTwo.LARGEST : format.largest();
        for (int code = 0; code < RAW_VALUES; code++) {
            values[code] = format == null ? PowerOfTwo.decode(code) : format.decode(code);
        }
    }

    /** PyTorch's name: {@code float8_e4m3fn}. */
    public String label() {
        return label;
    }

    /** What PyTorch does on a CPU with a value beyond {@link #max()}. */
    public Overflow overflow() {
        return overflow;
    }

    /** The largest finite value. */
    public float max() {
        return values[largest];
    }

    /** The least positive value. */
    public float minPositive() {
        return format == null ? values[0] : values[1];
    }

    /** The float of the same value. */
    public float toFloat(byte bits) {
        return values[bits & 0xFF];
    }

    /** The nearest value's bits, ties to even, with PyTorch's rule for values beyond. */
    public byte fromFloat(float x) {
        return fromFloat(x, overflow);
    }

    /** The nearest value's bits, ties to even. */
    public byte fromFloat(float x, Overflow rule) {
        return (byte) encode(x, beyond(rule), infinite(rule));
    }

    /** Widens {@code length} values. */
    public void toFloat(byte[] src, int srcOffset, float[] dst, int dstOffset, int length) {
        Bounds.check(src, srcOffset, dst, dstOffset, length);
        for (int i = 0; i < length; i++) {
            dst[dstOffset + i] = values[src[srcOffset + i] & 0xFF];
        }
    }

    /** Narrows {@code length} values with PyTorch's rule for values beyond. */
    public void fromFloat(float[] src, int srcOffset, byte[] dst, int dstOffset, int length) {
        fromFloat(src, srcOffset, dst, dstOffset, length, overflow);
    }

    /** Narrows {@code length} values. */
    public void fromFloat(float[] src, int srcOffset, byte[] dst, int dstOffset, int length, Overflow rule) {
        Bounds.check(src, srcOffset, dst, dstOffset, length);
        int beyond = beyond(rule);
        int infinite = infinite(rule);
        for (int i = 0; i < length; i++) {
            dst[dstOffset + i] = (byte) encode(src[srcOffset + i], beyond, infinite);
        }
    }

    private int encode(float x, int beyond, int infinite) {
        return format == null ? PowerOfTwo.encode(x, beyond) : format.encode(x, beyond, infinite);
    }

    private int beyond(Overflow rule) {
        Validate.notNull(rule, "overflow must be given, was null");
        return rule == Overflow.SATURATE ? largest : format == null ? PowerOfTwo.NAN : format.infinity();
    }

    /** For e8m0fnu this is not used: an infinity is always NaN there. */
    private int infinite(Overflow rule) {
        if (format == null) {
            return PowerOfTwo.NAN;
        }
        return rule == Overflow.SATURATE && format.hasNegativeZero() ? largest : format.infinity();
    }

    @Override
    public String toString() {
        return label;
    }
}
