// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.half;

/**
 * A binary floating-point format of at most 16 bits: the one algorithm behind {@code HalfType} and
 * {@code Float8Type}. Internal.
 *
 * <p>A code is sign, exponent field E and mantissa field M, from the top:
 *
 * <pre>
 * value = (-1)^sign 2^(E - bias) (1 + M / 2^mantissaBits)          E > 0
 * value = (-1)^sign 2^(1 - bias) (M / 2^mantissaBits)              E = 0
 * </pre>
 *
 * <p>Immutable and thread safe; allocates nothing.
 */
public final class MiniFloat {
    /** Which codes are not finite numbers. */
    public enum Specials {
        /** As in IEEE 754: all ones in the exponent are infinity (mantissa 0) and NaN. */
        IEEE,

        /** "fn": no infinity; all ones in exponent and mantissa are NaN. */
        FINITE,

        /** "fnuz": no infinity and no negative zero, whose code is the only NaN. */
        FINITE_UNSIGNED_ZERO
    }

    /** IEEE 754 binary16. */
    public static final MiniFloat FLOAT16 = new MiniFloat(5, 10, 15, Specials.IEEE);

    /** The upper half of a float. */
    public static final MiniFloat BFLOAT16 = new MiniFloat(8, 7, 127, Specials.IEEE);

    public static final int FLOAT_INFINITY = 0x7F800000;
    public static final int FLOAT_MAGNITUDE = 0x7FFFFFFF;
    private static final int FLOAT_NAN = 0x7FC00000;
    private static final int FLOAT_MANTISSA_BITS = 23;
    private static final int FLOAT_BIAS = 127;

    private final Specials specials;

    /** How far a mantissa lies below that of a float. */
    private final int shift;

    private final int signBit;
    private final int toFloatSign;

    /** The first magnitude that is infinity or NaN. */
    private final int firstSpecial;

    /** 2^(127 - bias): the fields of a code, read as those of a float, stand for a value this much too small. */
    private final float rescale;

    /** The difference of the biases in a code's exponent field. */
    private final int rebias;

    /** The magnitude bits of the least normal value, as a float. */
    private final int normalFrom;

    /** The magnitude bits of the least float that rounds beyond the largest finite value. */
    private final int overflowFrom;

    /** A power of two whose unit in the last place is the least subnormal: adding it rounds to a multiple of that. */
    private final float subnormalRounder;

    private final int halfMinusOne;
    private final int largest;
    private final int nan;
    private final int infinity;
    private final boolean negativeZero;

    public MiniFloat(int exponentBits, int mantissaBits, int bias, Specials specials) {
        this.specials = specials;
        shift = FLOAT_MANTISSA_BITS - mantissaBits;
        int width = exponentBits + mantissaBits;
        signBit = 1 << width;
        toFloatSign = 31 - width;
        int top = signBit - 1;
        int topExponent = top >>> mantissaBits << mantissaBits;
        firstSpecial = switch (specials) {
            case IEEE -> topExponent;
            case FINITE -> top;
            case FINITE_UNSIGNED_ZERO -> signBit;
        };
        largest = firstSpecial - 1;
        nan = specials == Specials.IEEE ? topExponent | 1 << (mantissaBits - 1) : firstSpecial;
        infinity = specials == Specials.IEEE ? topExponent : nan;
        negativeZero = specials != Specials.FINITE_UNSIGNED_ZERO;
        rescale = Math.scalb(1f, FLOAT_BIAS - bias);
        rebias = (FLOAT_BIAS - bias) << mantissaBits;
        normalFrom = (FLOAT_BIAS + 1 - bias) << FLOAT_MANTISSA_BITS;
        subnormalRounder = Math.scalb(1f, 1 - bias - mantissaBits + FLOAT_MANTISSA_BITS);
        int half = 1 << (shift - 1);
        halfMinusOne = half - 1;
        int tie = Float.floatToRawIntBits(decode(largest)) + half;
        boolean tieLeaves = (largest & 1) == 1;
        overflowFrom = tieLeaves ? tie : tie + 1;
    }

    /** The code of the largest finite value. */
    public int largest() {
        return largest;
    }

    /** The code of positive infinity, or of NaN in a format that has no infinity. */
    public int infinity() {
        return infinity;
    }

    public boolean hasNegativeZero() {
        return negativeZero;
    }

    /**
     * The float of the same value, which every code has. The upper bits of {@code code} beyond the format are
     * ignored.
     */
    public float decode(int code) {
        int magnitude = code & (signBit - 1);
        int sign = (code & signBit) << toFloatSign;
        if (specials == Specials.FINITE_UNSIGNED_ZERO) {
            if (magnitude == 0) {
                return Float.intBitsToFloat(sign == 0 ? 0 : FLOAT_NAN);
            }
        } else if (magnitude >= firstSpecial) {
            int payload = specials == Specials.IEEE ? FLOAT_INFINITY | magnitude << shift : FLOAT_NAN;
            return Float.intBitsToFloat(sign | payload);
        }
        // Exact, of subnormals too: the product of a float and a power of two that does not leave a float's range.
        float value = Float.intBitsToFloat(magnitude << shift) * rescale;
        return Float.intBitsToFloat(Float.floatToRawIntBits(value) | sign);
    }

    /**
     * The code of the nearest value, of an even code where two are equally near.
     *
     * @param beyond the magnitude of the code for a finite value that rounds beyond the largest
     * @param infinite the magnitude of the code for an infinity
     */
    public int encode(float x, int beyond, int infinite) {
        int bits = Float.floatToRawIntBits(x);
        int magnitude = bits & FLOAT_MAGNITUDE;
        int sign = (bits ^ magnitude) >>> toFloatSign;
        int code;
        if (magnitude >= overflowFrom) {
            code = magnitude < FLOAT_INFINITY ? beyond : magnitude == FLOAT_INFINITY ? infinite : nan;
        } else if (magnitude >= normalFrom) {
            int odd = (magnitude >>> shift) & 1;
            code = ((magnitude + halfMinusOne + odd) >>> shift) - rebias;
        } else {
            float rounded = Float.intBitsToFloat(magnitude) + subnormalRounder;
            code = Float.floatToRawIntBits(rounded) - Float.floatToRawIntBits(subnormalRounder);
            if (code == 0 && !negativeZero) {
                return 0;
            }
        }
        return code | sign;
    }
}
