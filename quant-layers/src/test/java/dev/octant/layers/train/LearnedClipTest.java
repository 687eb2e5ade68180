// SPDX-License-Identifier: Apache-2.0
package dev.octant.layers.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.layers.GoldenTable;
import dev.octant.layers.GoldenTable.Row;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Clips that learn: NVIDIA's values and gradients, PACT's decay, bounds that never cross. */
class LearnedClipTest {
    @Test
    void everyGoldenRowOfNvidia() {
        int rows = 0;
        int crossed = 0;
        for (Row row : GoldenTable.rows("clip.csv.gz")) {
            if (!row.text("form").equals("nvidia_clip")) {
                continue;
            }
            float low = row.single("lo_bits");
            float high = row.single("hi_bits");
            if (!(low < high)) {
                crossed++;
                assertThrows(IllegalArgumentException.class, () -> LearnedClip.of(low, high));
                continue;
            }
            rows++;
            LearnedClip clip = LearnedClip.of(low, high);
            float[] x = row.floats("x_bits");
            float[] dy = row.floats("dy_bits");
            float[] y = new float[x.length];
            float[] dx = new float[x.length];
            ClipGradient gradient = clip.gradient();
            clip.forward(x, 0, y, 0, x.length);
            clip.backward(x, 0, dy, 0, dx, 0, x.length, gradient);
            float[] expectedY = row.floats("y_bits");
            float[] expectedDx = row.floats("dx_bits");
            double magnitude = 0;
            for (int i = 0; i < x.length; i++) {
                assertEquals(expectedY[i], y[i], row + " at " + i);
                assertEquals(expectedDx[i] + 0f, dx[i] + 0f, row + " at " + i);
                magnitude += Math.abs(dy[i]);
            }
            double rounding = x.length * 0x1p-53 * magnitude;
            assertEquals(row.doubles("dlo_exact_bits64")[0], gradient.low(), rounding);
            assertEquals(row.doubles("dhi_exact_bits64")[0], gradient.high(), rounding);
        }
        assertEquals(16, rows + crossed);
        assertEquals(1, crossed);
    }

    @Test
    void boundsNeverCross() {
        Random random = new Random(3);
        LearnedClip clip = LearnedClip.of(-1, 1);
        float[] x = {-5, 5};
        for (int step = 0; step < 2000; step++) {
            ClipGradient gradient = clip.gradient();
            float[] dy = {(float) random.nextGaussian(), (float) random.nextGaussian()};
            clip.backward(x, 0, dy, 0, new float[2], 0, 2, gradient);
            clip = clip.minus(gradient, 3);
            assertTrue(clip.low() < clip.high());
        }
        clip = LearnedClip.of(-1, 3);
        ClipGradient together = clip.gradient();
        clip.backward(x, 0, new float[] {-1, 1}, 0, new float[2], 0, 2, together);
        assertEquals(new LearnedClip(1 - 2 / 1024f, 1 + 2 / 1024f, true, 4 / 1024f), clip.minus(together, 100));
        assertEquals(new LearnedClip(-0.5f, 2.5f, true, 4 / 1024f), clip.minus(together, 0.5));
        LearnedClip narrow = stepped(LearnedClip.of(1, Math.nextUp(1f)), 1);
        assertTrue(narrow.low() < narrow.high());
        LearnedClip far = stepped(LearnedClip.of(Math.nextDown(Float.MAX_VALUE), Float.MAX_VALUE), 1e39);
        assertTrue(far.low() < far.high());
        LearnedClip pact = stepped(LearnedClip.pact(2), 1000);
        assertEquals(0, pact.low());
        assertTrue(pact.high() > 0);
    }

    /** Crossing again and again, bounds keep a distance that a quantizer has use for, and can part again. */
    @Test
    void crossingAgainAndAgainKeepsTheDistance() {
        for (LearnedClip first : new LearnedClip[] {
            LearnedClip.of(-1, 1), LearnedClip.of(3, 1000), LearnedClip.of(-5e-7f, 0), LearnedClip.pact(6)
        }) {
            double distance = (double) first.high() - first.low();
            for (double rate : new double[] {0.3 * distance, 100, 1e30}) {
                LearnedClip clip = first;
                for (int step = 0; step < 500; step++) {
                    clip = stepped(clip, rate);
                    // Each bound is rounded to float once in a step.
                    double rounding = Math.ulp(Math.max(Math.abs(clip.low()), Math.abs(clip.high())));
                    double apart = (double) clip.high() - clip.low();
                    assertTrue(apart >= distance / 1024 - rounding, first + " to " + clip);
                    assertTrue(clip.low() >= first.low() && clip.high() <= first.high(), clip.toString());
                }
                assertEquals(distance / 1024, (double) clip.high() - clip.low(), distance * 0x1p-20);
                LearnedClip parted = stepped(clip, -distance);
                assertTrue(parted.high() - parted.low() >= distance, parted.toString());
            }
        }
    }

    /** At their least distance, bounds still move to where both want. */
    @Test
    void boundsThatTouchMoveTogether() {
        LearnedClip clip = stepped(LearnedClip.of(-1, 1), 100);
        ClipGradient up = clip.gradient();
        clip.backward(new float[] {-2, 2}, 0, new float[] {-3, -2}, 0, new float[2], 0, 2, up);
        LearnedClip moved = clip.minus(up, 0.5);
        assertEquals(clip.low() + 1, moved.low(), 1e-6);
        assertEquals(clip.high() + 1, moved.high(), 1e-6);
    }

    /** Rates and decays at the ends of a double: bounds stay finite or the step is refused. */
    @Test
    void enormousSteps() {
        LearnedClip clip = LearnedClip.of(-1, 1);
        assertEquals(clip, clip.minus(clip.gradient(), 0, 1e308));
        assertEquals(
                0,
                LearnedClip.pact(1)
                        .minus(LearnedClip.pact(1).gradient(), 1e308, 1e308)
                        .low());
        LearnedClip shrunk = clip.minus(clip.gradient(), 1e308, 1e308);
        assertTrue(shrunk.low() < shrunk.high());
        ClipGradient gradient = clip.gradient();
        clip.backward(new float[] {5}, 0, new float[] {-1}, 0, new float[1], 0, 1, gradient);
        gradient.merge(added(clip, -1e38f));
        assertEquals(
                "step of the upper bound must be a number, was rate 1.0E300 times gradient " + gradient.high()
                        + " and decay 1.0E308",
                refusal(() -> clip.minus(gradient, 1e300, 1e308)));
    }

    /** Where the next float is further than the least distance, bounds that cross stop at that float. */
    @Test
    void crossingWhereFloatsAreCoarse() {
        for (float low : new float[] {1e7f, -2e7f, 3e30f}) {
            LearnedClip clip = LearnedClip.of(low, low + 512 * Math.ulp(low));
            ClipGradient gradient = clip.gradient();
            float[] x = {2 * clip.high() - low, 2 * low - clip.high()};
            clip.backward(x, 0, new float[] {1, -1}, 0, new float[2], 0, 2, gradient);
            for (double rate : new double[] {256 * Math.ulp(low), 300 * Math.ulp(low), 1e6 * Math.ulp(low)}) {
                LearnedClip next = clip.minus(gradient, rate);
                assertTrue(next.low() > clip.low() && next.high() < clip.high(), next + " by " + rate);
                assertTrue(next.high() - next.low() <= 2 * Math.ulp(low), next + " by " + rate);
            }
        }
    }

    /** Bounds may learn to be any float, and a quantizer made for them is never refused. */
    @Test
    void quantizersOfTheLargestBounds() {
        LearnedClip widest = new LearnedClip(-Float.MAX_VALUE, Float.MAX_VALUE, true, 0);
        for (AmaxGrid grid : List.of(AmaxGrid.INT8, new AmaxGrid(4, true, false), new AmaxGrid(8, false, true))) {
            float amax = AmaxQuantizer.of(grid, widest).amax()[0];
            assertEquals(AmaxQuantizer.largest(grid), amax, grid.toString());
        }
    }

    private static ClipGradient added(LearnedClip clip, float upstream) {
        ClipGradient gradient = clip.gradient();
        clip.backward(new float[] {5}, 0, new float[] {upstream}, 0, new float[1], 0, 1, gradient);
        return gradient;
    }

    /** Gradients are of their clip, and are not merged with themselves. */
    @Test
    void gradientsOfOtherClips() {
        LearnedClip clip = LearnedClip.of(-1, 1);
        LearnedClip other = LearnedClip.of(5, 6);
        ClipGradient gradient = clip.gradient();
        String expected = "gradient must be of " + other + ", was of " + clip;
        float[] one = {1};
        assertEquals(expected, refusal(() -> other.minus(gradient, 1)));
        assertEquals(expected, refusal(() -> other.backward(one, 0, one, 0, one, 0, 1, gradient)));
        assertEquals(
                expected,
                refusal(() ->
                        other.then(AmaxQuantizer.of(AmaxGrid.INT8, 1)).backward(one, 0, one, 0, one, 0, 1, gradient)));
        assertEquals(expected, refusal(() -> other.gradient().merge(gradient)));
        assertEquals("other must be another gradient, was this one", refusal(() -> gradient.merge(gradient)));
        assertEquals(1, one[0]);
        assertEquals(
                "quantizer behind a clip must be neither a stage nor a clip, was " + other,
                refusal(() -> clip.then(other)));
    }

    /** After a step that moves the bounds towards each other. */
    private static LearnedClip stepped(LearnedClip clip, double rate) {
        float[] x = {-Float.MAX_VALUE, Float.MAX_VALUE};
        ClipGradient gradient = clip.gradient();
        clip.backward(x, 0, new float[] {-1, 1}, 0, new float[2], 0, 2, gradient);
        return clip.minus(gradient, rate);
    }

    /** Without a decay PACT's bound stands still where nothing is clipped; with one it shrinks. */
    @Test
    void decayShrinksPactsBound() {
        LearnedClip clip = LearnedClip.pact(6);
        ClipGradient nothing = clip.gradient();
        assertEquals(clip, clip.minus(nothing, 0.1));
        assertEquals(6 - 0.1f * 0.5f * 6, clip.minus(nothing, 0.1, 0.5).high(), 1e-6);
    }

    @Test
    void nanIsCountedAndAddsNothing() {
        LearnedClip clip = LearnedClip.of(-1, 1);
        float[] x = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 1, -1, 0.5f};
        float[] dy = {1, 2, 4, 8, 16, 32};
        float[] dx = new float[6];
        float[] y = new float[6];
        ClipGradient gradient = clip.gradient();
        clip.forward(x, 0, y, 0, 6);
        clip.backward(x, 0, dy, 0, dx, 0, 6, gradient);
        assertTrue(Float.isNaN(y[0]));
        assertEquals(20, gradient.low());
        assertEquals(10, gradient.high());
        assertEquals(1, gradient.nans());
        assertEquals(6, gradient.elements());
        assertEquals(32, dx[0] + dx[1] + dx[2] + dx[3] + dx[4] + dx[5]);
        ClipGradient other = clip.gradient();
        clip.backward(x, 1, dy, 1, dx, 1, 5, other);
        gradient.merge(other);
        assertEquals(40, gradient.low());
        gradient.clear();
        assertEquals(0, gradient.low());
    }

    @Test
    void refusals() {
        assertEquals("bounds must be finite and low below high, were 1.0 and 1.0", refusal(() -> LearnedClip.of(1, 1)));
        assertEquals(
                "bounds must be finite and low below high, were NaN and 1.0",
                refusal(() -> LearnedClip.of(Float.NaN, 1)));
        LearnedClip clip = LearnedClip.of(-1, 1);
        ClipGradient gradient = clip.gradient();
        clip.backward(new float[] {5}, 0, new float[] {Float.NaN}, 0, new float[1], 0, 1, gradient);
        assertEquals("gradient of the upper bound must be finite, was NaN", refusal(() -> clip.minus(gradient, 1)));
        assertEquals("rate must be finite, was Infinity", refusal(() -> clip.minus(gradient, 1 / 0.0)));
    }

    private static String refusal(Runnable call) {
        return assertThrows(IllegalArgumentException.class, call::run).getMessage();
    }
}
