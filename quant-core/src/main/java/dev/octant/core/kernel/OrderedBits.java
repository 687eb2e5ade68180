package dev.octant.core.kernel;

/**
 * Floats as ints of the same order: {@code bits ^ (bits >> 31 & 0x7FFFFFFF)}. NaN lie beyond the infinity of their sign, so
 * the smallest and the largest int tell whether all floats are finite.
 */
final class OrderedBits {
    static final int POSITIVE_INFINITY = of(0x7F80_0000);
    static final int NEGATIVE_INFINITY = of(0xFF80_0000);

    private OrderedBits() {}

    /** The ordered int of a float's bits. */
    static int of(int bits) {
        return bits ^ ((bits >> 31) & 0x7FFF_FFFF);
    }

    /** The float of an ordered int. */
    static float value(int ordered) {
        return Float.intBitsToFloat(of(ordered));
    }
}
