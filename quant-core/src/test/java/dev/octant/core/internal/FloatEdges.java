// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal;

import java.util.Random;

/** Floats at which loops differ, from their bits. */
public final class FloatEdges {
    private static final int[] BITS = {
        0x0000_0000,
        0x8000_0000, // zeros
        0x0000_0001,
        0x8000_0001,
        0x007F_FFFF,
        0x807F_FFFF, // subnormal
        0x0080_0000,
        0x8080_0000, // least normal
        0x3F7F_FFFF,
        0x3F80_0000,
        0x3F80_0001,
        0xBF7F_FFFF,
        0xBF80_0000,
        0xBF80_0001, // about 1
        0x44FF_FFFF,
        0x4500_0000,
        0xC4FF_FFFF, // about 2048
        0x4B00_0000,
        0x4EFF_FFFF,
        0x4F00_0000,
        0xCF00_0000, // about 2^23 and 2^31
        0x7F7F_FFFF,
        0xFF7F_FFFF, // largest
        0x7F80_0000,
        0xFF80_0000, // infinities
        0x7FC0_0000,
        0xFFC0_0000,
        0x7F80_0001,
        0xFF80_0001,
        0x7FFF_FFFF,
        0xFFFF_FFFF // NaN
    };

    private FloatEdges() {}

    /** Each of them. */
    public static float[] all() {
        float[] edges = new float[BITS.length];
        for (int i = 0; i < BITS.length; i++) {
            edges[i] = Float.intBitsToFloat(BITS[i]);
        }
        return edges;
    }

    /** Normally distributed. */
    public static float[] ordinary(Random random, int length) {
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    /** Ordinary values, any bits, and edges; NaN and infinities only if asked for. */
    public static float[] mixed(Random random, int length, boolean notFinite) {
        float[] edges = all();
        float[] values = ordinary(random, length);
        for (int i = 0; i < length; i++) {
            float odd =
                    random.nextBoolean() ? Float.intBitsToFloat(random.nextInt()) : edges[random.nextInt(edges.length)];
            if (random.nextInt(4) == 0 && (notFinite || Float.isFinite(odd))) {
                values[i] = odd;
            }
        }
        return values;
    }
}
