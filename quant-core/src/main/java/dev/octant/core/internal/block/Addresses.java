// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.block;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.ref.WeakReference;
import java.lang.reflect.Field;
import java.nio.Buffer;
import java.nio.ByteBuffer;

/**
 * How far direct buffers lie from each other. {@code MemorySegment.ofBuffer} tells it from JDK 20 on; before that it is
 * read from the field of {@link Buffer}, since only buffers of bytes have a method that tells a part of it.
 */
final class Addresses {
    /** The largest power of two whose multiples {@link ByteBuffer#alignmentOffset} knows. */
    private static final int UNIT = 1 << 30;

    private static final MethodHandles.Lookup LOOKUP = MethodHandles.publicLookup();

    /** From a buffer to the address of the element at its position; null where the JVM tells none. */
    private static final MethodHandle OF_POSITION = ofSegment();

    /** From a buffer to the address of its first element; null where the JVM tells none, or has the other. */
    private static final MethodHandle OF_START = OF_POSITION == null ? ofField() : null;

    /** Of the last two buffers that were asked about: a segment is an object, and loops use the same buffers. */
    private static volatile Known last = new Known(new WeakReference<>(null), new WeakReference<>(null), 0);

    private Addresses() {}

    private record Known(WeakReference<Buffer> from, WeakReference<Buffer> to, long distance) {}

    /** Whether the JVM tells {@link #distance}. */
    static boolean known() {
        return OF_POSITION != null || OF_START != null;
    }

    /**
     * The bytes from the position of one direct buffer to that of another.
     *
     * @param fromBytes of an element of {@code from}
     * @param toBytes of an element of {@code to}
     */
    static long distance(Buffer from, int fromBytes, Buffer to, int toBytes) {
        Known known = last;
        if (!known.from.refersTo(from) || !known.to.refersTo(to)) {
            long distance = start(to, toBytes) - start(from, fromBytes);
            known = new Known(new WeakReference<>(from), new WeakReference<>(to), distance);
            last = known;
        }
        return known.distance + (long) to.position() * toBytes - (long) from.position() * fromBytes;
    }

    /** Whether what begins at the positions of two direct buffers of bytes is apart or at one place for certain. */
    static boolean apartOrSame(ByteBuffer from, ByteBuffer to, int length) {
        if (length > UNIT / 2) {
            return false;
        }
        int ahead =
                (to.alignmentOffset(to.position(), UNIT) - from.alignmentOffset(from.position(), UNIT)) & (UNIT - 1);
        return ahead == 0 || (ahead >= length && UNIT - ahead >= length);
    }

    private static long start(Buffer direct, int elementBytes) {
        try {
            return OF_POSITION != null
                    ? (long) OF_POSITION.invokeExact(direct) - (long) direct.position() * elementBytes
                    : (long) OF_START.invokeExact(direct);
        } catch (Throwable e) {
            throw new IllegalStateException("address of a direct buffer must be readable, was not", e);
        }
    }

    private static MethodHandle ofSegment() {
        try {
            Class<?> segment = Class.forName("java.lang.foreign.MemorySegment");
            MethodHandle ofBuffer =
                    LOOKUP.findStatic(segment, "ofBuffer", MethodType.methodType(segment, Buffer.class));
            MethodHandle address = LOOKUP.findVirtual(segment, "address", MethodType.methodType(long.class));
            return MethodHandles.filterReturnValue(ofBuffer, address);
        } catch (ReflectiveOperationException | LinkageError e) {
            return null;
        }
    }

    private static MethodHandle ofField() {
        try {
            Class<?> type = Class.forName("sun.misc.Unsafe");
            Field instance = type.getDeclaredField("theUnsafe");
            instance.setAccessible(true);
            Object unsafe = instance.get(null);
            long offset =
                    (long) LOOKUP.findVirtual(type, "objectFieldOffset", MethodType.methodType(long.class, Field.class))
                            .bindTo(unsafe)
                            .invoke(Buffer.class.getDeclaredField("address"));
            MethodHandle getLong =
                    LOOKUP.findVirtual(type, "getLong", MethodType.methodType(long.class, Object.class, long.class));
            return MethodHandles.insertArguments(getLong.bindTo(unsafe), 1, offset)
                    .asType(MethodType.methodType(long.class, Buffer.class));
        } catch (Throwable e) {
            return null;
        }
    }
}
