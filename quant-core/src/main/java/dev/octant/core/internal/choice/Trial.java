// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.choice;

/**
 * A small piece of work on which the kernels of one shape are compared: what they write, and how fast.
 *
 * @param <K> the kind of kernel
 */
public interface Trial<K> {
    /** Elements: small enough for the first-level cache, large enough that the call itself does not count. */
    int SIZE = 4096;

    /** A short row, that no vector divides: some of them make sure that the ends of blocks are compiled as well. */
    int ROW = 45;

    /** Where short rows end. */
    int ROWS_END = 16 * ROW;

    /** Does the work once. */
    void run(K kernel);

    /**
     * Calls the kernel in the ways that the work leaves out, such as short blocks, so that what is compiled knows
     * them: code that met them later would be thrown away. Takes next to no time, and is not timed; nothing where the
     * work has it all.
     */
    default void runOdd(K kernel) {}

    /** A copy of what the last run wrote, for {@link java.util.Objects#deepEquals}. */
    Object output();

    /** Bytes in no order, the same at every call. */
    static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        int state = 1;
        for (int i = 0; i < length; i++) {
            state = state * 1103515245 + 12345;
            bytes[i] = (byte) (state >>> 16);
        }
        return bytes;
    }

    /** Floats in no order within {@code [-limit, limit)}, the same at every call. */
    static float[] floats(int length, float limit) {
        float[] floats = new float[length];
        int state = 1;
        for (int i = 0; i < length; i++) {
            state = state * 1103515245 + 12345;
            floats[i] = limit * ((state >> 7) * 0x1p-24f);
        }
        return floats;
    }
}
