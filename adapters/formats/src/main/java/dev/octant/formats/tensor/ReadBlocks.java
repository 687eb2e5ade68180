// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.tensor;

import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Memory outside the heap to read files into, used again and again: a read into the heap passes through such memory
 * anyway, and it is freed only when the garbage collector gets to it. There are as many blocks as were ever in use at
 * one time.
 *
 * <p>Thread safe.
 */
final class ReadBlocks {
    /** Bytes of a block. */
    static final int BYTES = 1 << 18;

    private static final Queue<ByteBuffer> FREE = new ConcurrentLinkedQueue<>();

    private ReadBlocks() {}

    /** A block of {@value #BYTES} bytes of any content; the caller gives it back. */
    static ByteBuffer take() {
        ByteBuffer free = FREE.poll();
        return free == null ? ByteBuffer.allocateDirect(BYTES) : free;
    }

    /** Ends the use of a block. */
    static void giveBack(ByteBuffer block) {
        FREE.add(block);
    }
}
