// SPDX-License-Identifier: Apache-2.0
package dev.octant.ops.internal.engines;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** Pairs of floats against the same operations in double, which holds a pair's 48 bits. */
class FloatPairTest {
    /** Each operation may lose the last two of 48 bits. */
    private static final double RELATIVE = 0x1p-45;

    private final Random random = new Random(67);

    private double real() {
        double magnitude = Math.scalb(1 + random.nextDouble(), random.nextInt(12) - 6);
        return random.nextBoolean() ? magnitude : -magnitude;
    }

    private static double value(FloatPair pair) {
        return (double) pair.high() + pair.low();
    }

    private static FloatPair pair(double value) {
        float high = (float) value;
        return new FloatPair(high, (float) (value - high));
    }

    private static void near(double expected, FloatPair actual, double size) {
        assertEquals(expected, value(actual), size * RELATIVE);
    }

    @Test
    void theOneFloatIsTheNearest() {
        FloatPair third = pair(1 / 3.0);
        assertEquals(new FloatPair(0.5f, 0), FloatPair.of(0.5f));
        assertEquals(1 / 3f, third.value());
        assertEquals(1, new FloatPair(0.75f, 0.25f).value());
    }

    @Test
    void sumsKeepBothParts() {
        for (int i = 0; i < 20_000; i++) {
            FloatPair a = pair(real());
            FloatPair b = pair(real());
            float y = (float) real();
            double size = Math.abs(value(a)) + Math.abs(value(b)) + Math.abs(y);
            near(value(a) + value(b), a.add(b), size);
            near(value(a) + y, a.add(y), size);
            if (Math.abs(a.high()) > Math.abs(b.high())) {
                near(value(a) + value(b), a.addSmaller(b), size);
                near(value(b) + a.high(), b.addTo(a.high()), size);
            }
            near(-value(a), a.negate(), 0);
        }
    }

    @Test
    void productsAndQuotientsKeepBothParts() {
        for (int i = 0; i < 20_000; i++) {
            FloatPair a = pair(real());
            FloatPair b = pair(real());
            float y = (float) real();
            double product = value(a) * value(b);
            near(product, a.multiply(b), Math.abs(product));
            near(value(a) * y, a.multiply(y), Math.abs(value(a) * y));
            near(value(a) * value(a), a.square(), value(a) * value(a));
            near(value(a) / value(b), a.divide(b), 2 * Math.abs(value(a) / value(b)));
            near(1 / value(a), a.reciprocal(), 2 / Math.abs(value(a)));
            near(value(a) * 8, a.scale(3), 0);
            near(value(a) / 16, a.scale(-4), 0);
        }
    }
}
