package dev.octant.formats;

/** Exact conversion of IEEE 754 binary16; {@code Float.float16ToFloat} does the same from Java 20 on. */
final class Float16 {
    private static final int SIGN = 0x8000;
    private static final int EXPONENT = 0x7C00;
    private static final int FRACTION = 0x03FF;

    /** Distance of the two exponent biases, 127 - 15, in place for a float's exponent field. */
    private static final int REBIAS = (127 - 15) << 23;

    private Float16() {}

    /**
     * The float of the same value; every binary16 has one. A NaN stays a NaN with its sign and its payload in the leading
     * fraction bits.
     */
    static float toFloat(short bits) {
        int sign = (bits & SIGN) << 16;
        int exponent = bits & EXPONENT;
        int fraction = bits & FRACTION;
        if (exponent == 0) {
            // Zeros and subnormals are multiples of 2^-24: the product is exact, and the sign is set after it for -0.
            return Float.intBitsToFloat(Float.floatToRawIntBits(fraction * 0x1p-24f) | sign);
        }
        int magnitude = (bits & 0x7FFF) << 13;
        if (exponent == EXPONENT) {
            return Float.intBitsToFloat(sign | 0x7F800000 | magnitude);
        }
        return Float.intBitsToFloat(sign | (magnitude + REBIAS));
    }
}
