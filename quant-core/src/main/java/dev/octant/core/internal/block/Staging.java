// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.block;

import dev.octant.core.internal.ends.Ends;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Small heap blocks through which buffers are fed to the array kernels, one of each kind. A kernel that met heap and
 * direct memory in one method would lose its inlining for good, and a block per call would be garbage per call.
 *
 * <p>A call takes blocks that no other call has, and gives them back when it ends, however it ends:
 *
 * <pre>
 * try (Staging block = Staging.take()) {
 *     ...
 * }
 * </pre>
 *
 * <p>Methods that work on the same blocks hand them on as a parameter; one that takes blocks within such a call gets
 * others. Nothing is kept by thread: a thread local would keep this class and its loader alive as long as the thread,
 * and cost every virtual thread 40 KB. At most {@link #SLOTS} are kept, and only as many are made as were in use at
 * one time.
 */
public final class Staging implements AutoCloseable {
    /** Values per block: small enough for the first-level cache, large enough to amortise the copy. */
    public static final int BLOCK = 4096;

    /** Codes per block where nothing but codes is moved: a copy of 4 KB costs a tenth more per byte. */
    public static final int CODES = 8192;

    /** A power of two, and more than threads can run at one time. */
    static final int SLOTS =
            Math.max(16, 2 * Integer.highestOneBit(Runtime.getRuntime().availableProcessors() * 2 - 1));

    /**
     * Ints from one slot's mark to the next: 128 bytes, so that no two share a cache line or the one fetched with it.
     */
    private static final int APART = 32;

    private static final int FREE = 0;
    private static final int TAKEN = 1;

    /** A mark for each slot; a primitive array, since a stored reference would cost the garbage collector's barrier. */
    private static final AtomicIntegerArray MARKS = new AtomicIntegerArray(SLOTS * APART);

    /** By slot, null until it is first taken; read and written only by who has taken the slot. */
    private static final Staging[] KEPT = new Staging[SLOTS];

    public final float[] reals = new float[BLOCK];
    public final byte[] codes = new byte[CODES];
    public final short[] halves = new short[BLOCK];

    /** A second block of codes, for a second operand. */
    public final byte[] otherCodes = new byte[CODES];

    /** Room for a table that lives as long as one row. */
    public final byte[] table = new byte[256];

    /** Room for the ends of one row. */
    public final Ends ends = new Ends();

    /** Where its mark is; negative if it is not kept. */
    private final int mark;

    private Staging(int mark) {
        this.mark = mark;
    }

    /**
     * Blocks for one call, about 40 KB, that nobody else has until they are closed. Their content is what the last
     * call left.
     */
    public static Staging take() {
        // Threads that run at one time mostly have ids in a row, and so slots of their own.
        int first = (int) Thread.currentThread().getId();
        for (int i = 0; i < SLOTS; i++) {
            int slot = (first + i) & (SLOTS - 1);
            if (MARKS.compareAndSet(slot * APART, FREE, TAKEN)) {
                Staging kept = KEPT[slot];
                return kept != null ? kept : make(slot);
            }
        }
        return new Staging(-1);
    }

    private static Staging make(int slot) {
        try {
            Staging made = new Staging(slot * APART);
            KEPT[slot] = made;
            return made;
        } catch (OutOfMemoryError e) {
            MARKS.setRelease(slot * APART, FREE);
            throw e;
        }
    }

    /** Gives the blocks back; whoever closes them must not touch them again. */
    @Override
    public void close() {
        if (mark >= 0) {
            MARKS.setRelease(mark, FREE);
        }
    }
}
