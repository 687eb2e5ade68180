// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.block;

import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;

/**
 * From where a loop may read a source that it goes through block by block, while it writes each block to a destination
 * before it reads the next one. Internal.
 *
 * <p>Where the two share no memory, or are one block of it, that is the source itself. Otherwise elements would be
 * overwritten before they are read. So what remains of the source is moved to the destination first, which the JDK does
 * as if by way of a copy, and the loop works there in place; a source of other elements than the destination's, and an
 * operand that is not alone, is copied instead, which is all that is ever allocated.
 *
 * <p>The same is done where the JVM does not tell whether memory is shared: heap buffers keep their array to themselves
 * if they are read-only, or views of bytes as other elements.
 *
 * <p>What is returned is to be read from its position on, by absolute indices. No position is changed.
 */
public final class Sources {
    private Sources() {}

    /** For a source of bytes that become bytes. */
    public static ByteBuffer of(ByteBuffer src, ByteBuffer dst, int length) {
        return separable(src, Byte.BYTES, dst, Byte.BYTES, length)
                ? src
                : dst.put(dst.position(), src, src.position(), length);
    }

    /** For a source of floats that become floats. */
    public static FloatBuffer of(FloatBuffer src, FloatBuffer dst, int length) {
        return separable(src, Float.BYTES, dst, Float.BYTES, length)
                ? src
                : dst.put(dst.position(), src, src.position(), length);
    }

    /** For a source of 16-bit values that become others. */
    public static ShortBuffer of(ShortBuffer src, ShortBuffer dst, int length) {
        return separable(src, Short.BYTES, dst, Short.BYTES, length)
                ? src
                : dst.put(dst.position(), src, src.position(), length);
    }

    /** For floats that become bytes. */
    public static FloatBuffer of(FloatBuffer src, ByteBuffer dst, int length) {
        return src.hasArray() || separable(src, Float.BYTES, dst, Byte.BYTES, length)
                ? src
                : FloatBuffer.allocate(length).put(0, src, src.position(), length);
    }

    /** For floats that become 16-bit values. */
    public static FloatBuffer of(FloatBuffer src, ShortBuffer dst, int length) {
        return src.hasArray() || separable(src, Float.BYTES, dst, Short.BYTES, length)
                ? src
                : FloatBuffer.allocate(length).put(0, src, src.position(), length);
    }

    /** For bytes that become floats. */
    public static ByteBuffer of(ByteBuffer src, FloatBuffer dst, int length) {
        return ofPacked(src, length, dst, length);
    }

    /** For bytes that become floats, more than there are bytes where a byte holds several values. */
    public static ByteBuffer ofPacked(ByteBuffer src, int bytes, FloatBuffer dst, int length) {
        return dst.hasArray() || separable(src, Byte.BYTES, dst, Float.BYTES, length) ? src : copy(src, bytes);
    }

    /** For 16-bit values that become floats. */
    public static ShortBuffer of(ShortBuffer src, FloatBuffer dst, int length) {
        return dst.hasArray() || separable(src, Short.BYTES, dst, Float.BYTES, length)
                ? src
                : ShortBuffer.allocate(length).put(0, src, src.position(), length);
    }

    /** For one of several operands of bytes that become bytes. */
    public static ByteBuffer ofOperand(ByteBuffer src, ByteBuffer dst, int length) {
        return separable(src, Byte.BYTES, dst, Byte.BYTES, length) ? src : copy(src, length);
    }

    private static ByteBuffer copy(ByteBuffer src, int length) {
        return ByteBuffer.allocate(length).put(0, src, src.position(), length);
    }

    /**
     * Whether no element of the source is written before it is read: the blocks are known to share no memory, or to
     * begin at one place, the destination's elements being no larger than the source's.
     */
    private static boolean separable(Buffer src, int srcBytes, Buffer dst, int dstBytes, int length) {
        if (src == dst || length <= 1 || src.isDirect() != dst.isDirect()) {
            return true;
        }
        long ahead;
        if (src.isDirect()) {
            if (src instanceof ByteBuffer from
                    && dst instanceof ByteBuffer to
                    && Addresses.apartOrSame(from, to, length)) {
                return true;
            }
            if (!Addresses.known()) {
                return false;
            }
            ahead = Addresses.distance(src, srcBytes, dst, dstBytes);
        } else if (src.hasArray() && dst.hasArray()) {
            if (src.array() != dst.array()) {
                return true;
            }
            ahead = (long) dstBytes * (dst.arrayOffset() + dst.position())
                    - (long) srcBytes * (src.arrayOffset() + src.position());
        } else {
            return false;
        }
        return ahead >= (long) length * srcBytes
                || -ahead >= (long) length * dstBytes
                || (ahead == 0 && dstBytes <= srcBytes);
    }
}
