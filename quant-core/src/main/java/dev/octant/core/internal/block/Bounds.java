// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.block;

import java.nio.Buffer;
import java.util.Objects;

/** The checks every bulk call makes before its loop. Internal. */
public final class Bounds {
    private Bounds() {}

    /** Both blocks must lie within their arrays. */
    public static void check(int srcOffset, int srcLength, int dstOffset, int dstLength, int length) {
        Objects.checkFromIndexSize(srcOffset, length, srcLength);
        Objects.checkFromIndexSize(dstOffset, length, dstLength);
    }

    /**
     * Blocks of one array must be the same block or share no element: a loop reads each element before it is written.
     */
    public static void checkOverlap(Object src, int srcOffset, Object dst, int dstOffset, int length) {
        if (src == dst && srcOffset != dstOffset && Math.abs((long) srcOffset - dstOffset) < length) {
            throw new IllegalArgumentException("source and destination in one array must be the same block or disjoint,"
                    + " were " + length + " elements at " + srcOffset + " and at " + dstOffset);
        }
    }

    /** The destination must hold what remains of the source; returns how many elements that is. */
    public static int remaining(Buffer src, Buffer dst) {
        int length = src.remaining();
        if (dst.remaining() < length) {
            throw new IllegalArgumentException(
                    "destination must have room for " + length + " elements, had " + dst.remaining() + " remaining");
        }
        return length;
    }
}
