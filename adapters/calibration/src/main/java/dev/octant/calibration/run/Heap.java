// SPDX-License-Identifier: Apache-2.0
package dev.octant.calibration.run;

import dev.octant.core.internal.text.Given;

/**
 * The memory that a JVM's heap may have, and whether some work fits into it: asked before the work begins, so that what
 * cannot be done is refused while nothing is lost. Immutable and thread safe.
 *
 * @param bytes the most bytes of the heap
 */
public record Heap(long bytes) {
    /** Bytes that are taken before any data are: classes, the command line, the buffers of outputs. */
    public static final long BASE = 8L << 20;

    /** The heap of this process, as {@link Runtime#maxMemory()} gives it. */
    public static Heap ofThisProcess() {
        return new Heap(Runtime.getRuntime().maxMemory());
    }

    /**
     * One byte in so many is for young objects: the serial and the parallel collector keep a third of the heap for
     * them, and what is held for long never gets it.
     */
    private static final int SHARE_OF_YOUNG = 3;

    /** The bytes beside {@link #BASE} that may be held at a time; none in a heap that is smaller. */
    public long free() {
        return Math.max(0, bytes - bytes / SHARE_OF_YOUNG - BASE);
    }

    /**
     * Refuses work that does not fit.
     *
     * @param work what it is, as "20000 tensors"
     * @param needed bytes it holds at a time, beside {@link #BASE}
     * @throws HeapTooSmallException if the heap is too small
     */
    public void require(String work, long needed) {
        Given.require("work", work);
        if (needed > free()) {
            long held = sum(BASE, needed);
            throw new HeapTooSmallException(work, sum(held, held / (SHARE_OF_YOUNG - 1) + 1), bytes);
        }
    }

    /** A sum of bytes, or the largest number where that is more. */
    static long sum(long a, long b) {
        return a > Long.MAX_VALUE - b ? Long.MAX_VALUE : a + b;
    }
}
