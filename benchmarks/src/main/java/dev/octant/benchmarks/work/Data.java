// SPDX-License-Identifier: Apache-2.0
package dev.octant.benchmarks.work;

import java.util.Random;

/** Data as activations have them, the same on every machine; beyond a mebi they repeat. */
final class Data {
    private static final int DISTINCT = 1 << 20;
    private static final long SEED = 42;

    private Data() {}

    /** Normally distributed floats. */
    static float[] reals(int size) {
        Random random = new Random(SEED);
        float[] values = new float[size];
        int drawn = Math.min(size, DISTINCT);
        for (int i = 0; i < drawn; i++) {
            values[i] = (float) random.nextGaussian();
        }
        for (int from = drawn; from < size; from += DISTINCT) {
            System.arraycopy(values, 0, values, from, Math.min(DISTINCT, size - from));
        }
        return values;
    }

    /** Every code as likely as any other. */
    static byte[] codes(int size) {
        return codes(size, SEED);
    }

    /** The same of another kind for every seed. */
    static byte[] codes(int size, long seed) {
        byte[] values = new byte[size];
        byte[] drawn = new byte[Math.min(size, DISTINCT)];
        new Random(seed).nextBytes(drawn);
        for (int from = 0; from < size; from += DISTINCT) {
            System.arraycopy(drawn, 0, values, from, Math.min(DISTINCT, size - from));
        }
        return values;
    }
}
