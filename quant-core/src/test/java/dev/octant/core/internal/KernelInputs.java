// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal;

import dev.octant.core.internal.affine.ExactQuotient;
import java.util.Random;

/** What kernels are compared on: parameters at their ends, and floats where codes change. */
public final class KernelInputs {
    private static final float[] SCALES = {
        Float.MIN_NORMAL,
        Float.MAX_VALUE,
        0x1p-101f,
        Math.nextDown(0x1p-100f),
        0x1p-100f,
        0x1p100f,
        Math.nextUp(0x1p100f),
        0x1p-7f,
        1,
        0.1f,
        1 / 255f,
        0.0234f,
        3.7f,
        Float.intBitsToFloat(0x3C12_000F),
        Float.intBitsToFloat(0x3C12_0010),
        Float.intBitsToFloat(0x3C12_FFF0),
        Float.intBitsToFloat(0x3C12_FFF1),
        Float.intBitsToFloat(0x3CFF_FFFF),
        Math.nextUp(1f),
    };

    /** The ends, powers of two, decimals, and mantissas next to the margin that {@link ExactQuotient} keeps. */
    public static float[] scales() {
        return SCALES.clone();
    }

    private static final float[] EDGES = {
        0f,
        -0f,
        Float.MIN_VALUE,
        -Float.MIN_VALUE,
        Float.MIN_NORMAL,
        -Float.MIN_NORMAL,
        Float.MAX_VALUE,
        -Float.MAX_VALUE,
        Float.POSITIVE_INFINITY,
        Float.NEGATIVE_INFINITY,
        Float.NaN,
        Float.intBitsToFloat(0xFFC0_0000),
        Float.intBitsToFloat(0x7F80_0001),
        Float.intBitsToFloat(0xFF80_0001),
        Float.intBitsToFloat(0x7FFF_FFFF),
        0x1p23f,
        -12582912f,
        -12582913f,
    };

    private KernelInputs() {}

    /** Zero points of a type whose lowest code is {@code qmin}: its ends, and around 0 and the middle. */
    public static int[] zeroPoints(int qmin) {
        return new int[] {qmin, qmin + 1, qmin + 127, qmin + 128, qmin + 129, qmin + 254, qmin + 255};
    }

    /**
     * The values half way between two codes and whole numbers of steps, with their neighbours on both sides; finite
     * only.
     */
    public static float[] aroundTies(float scale) {
        int reach = 3;
        float[] values = new float[2 * 2 * 260 * (2 * reach + 1)];
        int at = 0;
        for (int halves = -2 * 260; halves < 2 * 260; halves++) {
            float exact = (float) (halves * 0.5 * scale);
            float value = Float.isFinite(exact) ? exact : halves;
            for (int i = 0; i < reach; i++) {
                value = Math.nextDown(value);
            }
            for (int i = -reach; i <= reach; i++) {
                values[at++] = Float.isFinite(value) ? value : 0;
                value = Math.nextUp(value);
            }
        }
        return values;
    }

    /** Finite values of the grid and beyond it. */
    public static float[] finite(int length, float scale, Random random) {
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            float value = (float) (random.nextGaussian() * 100 * scale);
            values[i] = Float.isFinite(value) ? value : 1;
        }
        return values;
    }

    /** Any bits, values of the grid and edges in turns. */
    public static float[] odd(int length, float scale, Random random) {
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = switch (random.nextInt(3)) {
                case 0 -> Float.intBitsToFloat(random.nextInt());
                case 1 -> EDGES[random.nextInt(EDGES.length)];
                default -> (random.nextInt(600) - 300) * 0.5f * scale;
            };
        }
        return values;
    }

    public static byte[] bytes(int length, Random random) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
