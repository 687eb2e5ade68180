// SPDX-License-Identifier: Apache-2.0
package dev.octant.calibration.evaluation;

import dev.octant.ops.Activation;

/**
 * A block of finite inputs and what the float function makes of them, computed once for all methods. Inputs whose
 * output is beyond the floats stand at the end: they have no output to compare with. Not thread safe.
 */
final class MeasuredBlock {
    /** So short that all arrays, and the lines of the next block, stay in the first-level cache. */
    static final int LONGEST = 2048;

    /** Memory of the arrays in bytes. */
    static final int BYTES = LONGEST * (3 * Float.BYTES + 2 * Byte.BYTES);

    final float[] inputs = new float[LONGEST];
    final float[] outputs = new float[LONGEST];

    /** Room to work in, for one meter after the other. */
    final byte[] codes = new byte[LONGEST];

    final byte[] outputCodes = new byte[LONGEST];

    final float[] approximations = new float[LONGEST];

    private int length;
    private int valued;

    /**
     * Takes the finite values of {@code block[offset .. offset + count)}, at most {@link #LONGEST}, in place of what
     * it held.
     */
    void fill(float[] block, int offset, int count, Activation activation) {
        length = 0;
        valued = 0;
        for (int i = 0; i < count; i++) {
            float x = block[offset + i];
            if (Float.isFinite(x)) {
                float y = (float) activation.value(x);
                inputs[length++] = x;
                if (Float.isFinite(y)) {
                    inputs[length - 1] = inputs[valued];
                    inputs[valued] = x;
                    outputs[valued++] = y;
                }
            }
        }
    }

    /** How many inputs there are. */
    int length() {
        return length;
    }

    /** How many of them, the first ones, have an output that is finite in float. */
    int valued() {
        return valued;
    }
}
