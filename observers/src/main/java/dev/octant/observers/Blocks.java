// SPDX-License-Identifier: Apache-2.0
package dev.octant.observers;

import dev.octant.core.internal.text.Given;
import java.nio.FloatBuffer;

/** Cuts work into blocks that stay in the first-level cache. */
public final class Blocks {
    /** Values per block. */
    public static final int SIZE = 4096;

    private Blocks() {}

    /** Receives one block. */
    @FunctionalInterface
    interface Sink {
        void accept(float[] values, int offset, int length);
    }

    /**
     * Hands the remaining values to the sink: in one piece where the buffer has an array, else copied block by block.
     * One sink for both kinds of memory, because a loop over {@code FloatBuffer.get} is compiled for the kind it met
     * first.
     */
    static void drain(FloatBuffer values, Sink sink) {
        Given.require("values", values);
        if (values.hasArray()) {
            sink.accept(values.array(), values.arrayOffset() + values.position(), values.remaining());
            values.position(values.limit());
            return;
        }
        float[] block = new float[Math.min(SIZE, values.remaining())];
        while (values.hasRemaining()) {
            int length = Math.min(block.length, values.remaining());
            values.get(block, 0, length);
            sink.accept(block, 0, length);
        }
    }
}
