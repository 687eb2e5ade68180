// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.block;

import dev.octant.core.internal.text.Given;
import java.lang.reflect.Array;
import java.nio.Buffer;

/** The checks every bulk call makes before its loop. Internal. */
public final class Bounds {
    private Bounds() {}

    /** Both arrays must be given, and both blocks must lie within them. */
    public static void check(Object src, int srcOffset, Object dst, int dstOffset, int length) {
        check("source", src, srcOffset, length);
        check("destination", dst, dstOffset, length);
    }

    /** An array must be given, and a block must lie within it. */
    public static void check(String what, Object array, int offset, int length) {
        Given.require(what, array);
        check(what, Array.getLength(array), offset, length);
    }

    /** A part of what there are {@code had} of must lie within them. */
    public static void check(String what, int had, int offset, int length) {
        if ((offset | length) < 0 || length > had - offset) {
            throw new IndexOutOfBoundsException(outside(what, had, offset, length));
        }
    }

    /** An index must be one of {@code count}; returns it. */
    public static int index(String what, int index, int count) {
        if (index < 0 || index >= count) {
            throw new IndexOutOfBoundsException(what + " must be within 0.." + (count - 1) + ", was " + index);
        }
        return index;
    }

    private static String outside(String what, int had, int offset, int length) {
        if (length < 0) {
            return "length must be at least 0, was " + length;
        }
        return offset < 0
                ? what + " must have an offset of at least 0, had " + offset
                : what + " must have room for " + length + (length == 1 ? " value" : " values") + " from " + offset
                        + ", had " + had;
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

    /**
     * Both buffers must be given, and the destination must be writable and hold what remains of the source; returns how
     * many elements that is.
     */
    public static int remaining(Buffer src, Buffer dst) {
        Given.require("source", src);
        Given.require("destination", dst);
        int length = src.remaining();
        checkRoom(dst, length);
        return length;
    }

    /** A destination buffer must be writable and hold {@code length} elements. */
    public static void checkRoom(Buffer dst, int length) {
        if (dst.isReadOnly()) {
            throw new IllegalArgumentException("destination must be writable, was a read-only buffer");
        }
        if (dst.remaining() < length) {
            throw new IllegalArgumentException(
                    "destination must have room for " + length + " elements, had " + dst.remaining() + " remaining");
        }
    }

    /** Moves the positions of two buffers, or of the one that is both, past {@code length} elements. */
    public static void advance(Buffer src, Buffer dst, int length) {
        int read = src.position() + length;
        int written = dst.position() + length;
        src.position(read);
        dst.position(written);
    }

    /** The same for two sources, which may be one buffer as well. */
    public static void advance(Buffer a, Buffer b, Buffer dst, int length) {
        int read = b.position() + length;
        advance(a, dst, length);
        b.position(read);
    }
}
