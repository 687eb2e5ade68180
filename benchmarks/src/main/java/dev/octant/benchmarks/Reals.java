package dev.octant.benchmarks;

import java.util.Random;

/** Data as activations have them: normally distributed, the same on every machine. */
final class Reals {
    private Reals() {}

    static float[] normal(int size) {
        Random random = new Random(42);
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }
}
