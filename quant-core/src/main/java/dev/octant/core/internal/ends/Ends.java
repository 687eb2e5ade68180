// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.ends;

/** What an {@link EndsKernel} has found in a block. Not thread safe. Internal. */
public final class Ends {
    private static final int POSITIVE_INFINITY = 0x7F80_0000;
    private static final int NEGATIVE_INFINITY = 0xFF80_0000;

    private boolean finite;
    private float low;
    private float high;
    private int zeros;

    /** Whether no value is NaN or infinite. */
    public boolean finite() {
        return finite;
    }

    /** The smallest value, where -0.0 is less than 0.0; +Inf if there is none, NaN if one is not finite. */
    public float low() {
        return low;
    }

    /** The largest value; -Inf if there is none, NaN if one is not finite. */
    public float high() {
        return high;
    }

    /** How many values are zero, of either sign. */
    public int zeros() {
        return zeros;
    }

    /**
     * The ends of the finite values of a block that holds others too, or nothing; both are 0 if there is none.
     *
     * @return how many values are not finite
     */
    public int findFinite(float[] src, int offset, int length) {
        float least = Float.POSITIVE_INFINITY;
        float greatest = Float.NEGATIVE_INFINITY;
        int others = 0;
        for (int i = offset; i < offset + length; i++) {
            if (Math.abs(src[i]) <= Float.MAX_VALUE) {
                least = Math.min(least, src[i]);
                greatest = Math.max(greatest, src[i]);
            } else {
                others++;
            }
        }
        boolean none = least > greatest;
        low = none ? 0 : least;
        high = none ? 0 : greatest;
        finite = others == 0;
        return others;
    }

    /**
     * The ends of a short block, for which a kernel takes longer to begin than to end; the number of zeros is left to
     * chance. The bits of floats rise with them as ints once those of negative ones are turned around, and searches of
     * ints do not wait for each other.
     */
    public void findShort(float[] src, int offset, int length) {
        int least = Integer.MAX_VALUE;
        int greatest = Integer.MIN_VALUE;
        for (int i = offset; i < offset + length; i++) {
            int rising = turned(Float.floatToRawIntBits(src[i]));
            least = Math.min(least, rising);
            greatest = Math.max(greatest, rising);
        }
        if (length > 0) {
            become(Float.intBitsToFloat(turned(least)), Float.intBitsToFloat(turned(greatest)));
        } else {
            become(Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY);
        }
    }

    private static int turned(int bits) {
        return bits ^ (bits >> 31 & Integer.MAX_VALUE);
    }

    void become(float newLow, float newHigh) {
        // NaN and infinities survive a search by Math.min and Math.max, so two comparisons clear a whole block.
        finite = newLow >= -Float.MAX_VALUE && newHigh <= Float.MAX_VALUE;
        low = finite ? newLow : Float.NaN;
        high = finite ? newHigh : Float.NaN;
    }

    /**
     * The same from searches of the floats' bits, as they are. NaN lie beyond the infinity of their sign, so the last
     * two find them.
     *
     * @param least the least as a signed int: the end next to zero, where all values have one sign
     * @param greatest the greatest as a signed int: the highest value, unless all are negative
     * @param farthest the greatest as an unsigned int: the lowest value, unless none is negative
     */
    void becomeBits(int least, int greatest, int farthest) {
        // The infinities are for no values at all.
        int newLow = farthest < 0 ? farthest : Math.min(least, POSITIVE_INFINITY);
        int newHigh = greatest >= 0 ? greatest : Math.min(least, NEGATIVE_INFINITY);
        become(Float.intBitsToFloat(newLow), Float.intBitsToFloat(newHigh));
    }

    void countZeros(int newZeros) {
        zeros = newZeros;
    }
}
