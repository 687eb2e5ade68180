package dev.octant.core.kernel;

/** What an {@link EndsKernel} has found in a block. Not thread safe. Internal. */
public final class Ends {
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

    void become(float newLow, float newHigh) {
        // NaN and infinities survive a search by Math.min and Math.max, so two comparisons clear a whole block.
        finite = newLow >= -Float.MAX_VALUE && newHigh <= Float.MAX_VALUE;
        low = finite ? newLow : Float.NaN;
        high = finite ? newHigh : Float.NaN;
    }

    void countZeros(int newZeros) {
        zeros = newZeros;
    }
}
