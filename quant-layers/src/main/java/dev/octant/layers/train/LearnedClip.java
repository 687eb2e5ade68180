// SPDX-License-Identifier: Apache-2.0
package dev.octant.layers.train;

import dev.octant.core.internal.block.Bounds;
import dev.octant.core.internal.text.Given;
import dev.octant.layers.internal.BackwardBlocks;
import dev.octant.layers.internal.BlockSums;
import org.apache.commons.lang3.Validate;

/**
 * A clip whose bounds are trained.
 *
 * <pre>
 * forward    y = max(min(x, high), low)
 * backward   dx    = dy where low &lt; x &lt; high, else 0
 *            dlow  = sum of dy where x &lt;= low
 *            dhigh = sum of dy where x &gt;= high
 * </pre>
 *
 * <p>A value on a bound feeds the bound and not the input. With {@code low = 0} and only the upper bound learning this
 * is PACT; both are those of NVIDIA's pytorch-quantization. A clip alone quantizes nothing: {@link #then} puts a
 * quantizer behind it. Values inside never move a bound, and rounding does not:
 * without a decay of the bound in the loss nothing shrinks it, see {@link #minus(ClipGradient, double, double)}.
 *
 * <p>NaN stays NaN, has the gradient 0, adds nothing and is counted. Shapes: flat blocks; blocks of one array are the
 * same or do not overlap. Blocks outside their array throw {@link IndexOutOfBoundsException} before anything is
 * written. Immutable and thread safe; forward and backward allocate nothing. Source: NVIDIA pytorch-quantization {@code
 * clip}; Choi et al., "PACT", 2018.
 *
 * @param low the lower bound, finite
 * @param high the upper bound, finite and above the lower
 * @param learnsLow whether the lower bound moves
 * @param least the distance that steps keep between the bounds: of {@link #of} and {@link #pact}, {@code 2^-10} of the
 *     first
 */
public record LearnedClip(float low, float high, boolean learnsLow, float least) implements StraightThrough {
    /** A fourth of a step of 256 codes between the first bounds: what they told apart lies beyond nearer ones. */
    private static final double LEAST_PART = 0x1p-10;

    public LearnedClip {
        Validate.isTrue(
                least >= 0 && least <= Float.MAX_VALUE,
                "least distance must be finite and not negative, was %s",
                least);
        Validate.isTrue(
                Float.isFinite(low) && Float.isFinite(high) && low < high,
                "bounds must be finite and low below high, were %s and %s",
                low,
                high);
    }

    /** Two bounds that learn. */
    public static LearnedClip of(float low, float high) {
        return first(low, high, true);
    }

    /** PACT: from 0 to a bound that learns. */
    public static LearnedClip pact(float high) {
        return first(0, high, false);
    }

    private static LearnedClip first(float low, float high, boolean learnsLow) {
        double least = ((double) high - low) * LEAST_PART;
        return new LearnedClip(low, high, learnsLow, least > 0 && least < Float.MAX_VALUE ? (float) least : 0);
    }

    /** The value that stands for {@code x}. */
    public float apply(float x) {
        return Math.max(Math.min(x, high), low);
    }

    /** Clips {@code length} values. */
    @Override
    public void forward(float[] x, int xOffset, float[] y, int yOffset, int length) {
        Bounds.check(x, xOffset, y, yOffset, length);
        Bounds.checkOverlap(x, xOffset, y, yOffset, length);
        for (int i = 0; i < length; i++) {
            y[yOffset + i] = apply(x[xOffset + i]);
        }
    }

    /** A quantizer of what this clip gives. */
    public ClippedQuantizer then(StraightThrough quantizer) {
        return new ClippedQuantizer(this, quantizer);
    }

    /** Nothing added yet to the gradients of the bounds. */
    public ClipGradient gradient() {
        return new ClipGradient(this);
    }

    /**
     * Carries {@code length} gradients back to the input; {@code dx} may be the block of {@code dy} or of {@code x}.
     */
    @Override
    public void backward(float[] x, int xOffset, float[] dy, int dyOffset, float[] dx, int dxOffset, int length) {
        BackwardBlocks.check(x, xOffset, dy, dyOffset, dx, dxOffset, length);
        for (int i = 0; i < length; i++) {
            float value = x[xOffset + i];
            dx[dxOffset + i] = value > low && value < high ? dy[dyOffset + i] : 0;
        }
    }

    /**
     * The same, and adds the gradients of the bounds to {@code gradient}: the block is the part of the tensor that
     * follows what was added before.
     *
     * @throws IllegalArgumentException if the gradient is of another clip
     */
    public void backward(
            float[] x,
            int xOffset,
            float[] dy,
            int dyOffset,
            float[] dx,
            int dxOffset,
            int length,
            ClipGradient gradient) {
        BackwardBlocks.check(x, xOffset, dy, dyOffset, dx, dxOffset, length);
        Given.require("gradient of the bounds", gradient);
        gradient.require(this);
        BlockSums sums = gradient.sums();
        double[] lanes = sums.lanes();
        int lowLane = sums.lane(0, 0);
        int highLane = sums.lane(0, 1);
        long nans = 0;
        for (int at = 0; at < length; ) {
            int n = Math.min(length - at, sums.room(0));
            int first = sums.next(0);
            for (int i = 0; i < n; i++) {
                float value = x[xOffset + at + i];
                float upstream = dy[dyOffset + at + i];
                int lane = (first + i) & (BlockSums.LANES - 1);
                float passed = 0;
                if (value <= low) {
                    lanes[lowLane + lane] += upstream;
                } else if (value >= high) {
                    lanes[highLane + lane] += upstream;
                } else if (!Float.isNaN(value)) {
                    passed = upstream;
                } else {
                    nans++;
                }
                dx[dxOffset + at + i] = passed;
            }
            sums.advance(0, n);
            at += n;
        }
        gradient.advance(length, nans);
    }

    /** The clip after one step of gradient descent, {@code bound - rate dbound}. */
    public LearnedClip minus(ClipGradient gradient, double rate) {
        return minus(gradient, rate, 0);
    }

    /**
     * The same with an L2 decay of what learns, {@code bound - rate (dbound + decay bound)}: PACT's, without which its
     * bound never shrinks.
     *
     * <p>Bounds that would cross, meet or come nearer than {@link #least} move alike as far as both want to, and
     * towards each other until that distance, or the next float if that is further: crossing again and again, they stay
     * there. So begin with bounds that are at most 1,024 times as far apart as what they shall learn. Bounds stay
     * finite.
     *
     * @throws IllegalArgumentException if the gradient is of another clip, or it, the rate or the decay is not finite
     */
    public LearnedClip minus(ClipGradient gradient, double rate, double decay) {
        Given.require("gradient", gradient);
        gradient.require(this);
        Validate.isTrue(Double.isFinite(rate), "rate must be finite, was %s", rate);
        Validate.isTrue(Double.isFinite(decay), "decay must be finite, was %s", decay);
        double down = learnsLow ? moved("lower", low, gradient.low(), rate, decay) - low : 0;
        double up = moved("upper", high, gradient.high(), rate, decay) - high;
        double distance = (double) high - low;
        if (distance + up - down < least) {
            double alike = down * up > 0 ? Math.copySign(Math.min(Math.abs(down), Math.abs(up)), up) : 0;
            double part = distance <= least ? 0 : (distance - least) / (down - up);
            down = alike + part * (down - alike);
            up = alike + part * (up - alike);
        }
        float nextLow = (float) (low + down);
        float nextHigh = (float) (high + up);
        if (nextHigh <= nextLow) {
            // Floats are further apart here than the distance.
            nextHigh = Math.nextUp(nextLow);
        }
        if (nextHigh > Float.MAX_VALUE) {
            return this;
        }
        return new LearnedClip(nextLow, nextHigh, learnsLow, least);
    }

    private static double moved(String which, float bound, double gradient, double rate, double decay) {
        Validate.isTrue(Double.isFinite(gradient), "gradient of the %s bound must be finite, was %s", which, gradient);
        double shrunk = rate == 0 || decay == 0 || bound == 0 ? 0 : rate * decay * bound;
        double next = bound - (rate * gradient + shrunk);
        Validate.isTrue(
                !Double.isNaN(next),
                "step of the %s bound must be a number, was rate %s times gradient %s and decay %s",
                which,
                rate,
                gradient,
                decay);
        return Math.min(Math.max(next, -Float.MAX_VALUE), Float.MAX_VALUE);
    }
}
