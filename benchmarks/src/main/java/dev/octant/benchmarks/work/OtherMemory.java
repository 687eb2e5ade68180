// SPDX-License-Identifier: Apache-2.0
package dev.octant.benchmarks.work;

import dev.octant.ops.LookupTable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Memory of every kind a JVM has, used until the JIT compiler has seen all of it: heap buffers, read-only buffers,
 * and from JDK 22 on segments on the heap and of confined, shared, automatic and global arenas.
 */
final class OtherMemory {
    private static final int BYTES = 1024;
    private static final int ROUNDS = 2000;

    private OtherMemory() {}

    /** Applies {@code table} from every kind of memory to every other, and copies between them as the JDK does. */
    static void use(LookupTable table) {
        try {
            List<Object> segments = segments();
            List<ByteBuffer> buffers = new ArrayList<>(List.of(
                    ByteBuffer.allocate(BYTES),
                    ByteBuffer.allocate(2 * BYTES).slice(BYTES, BYTES),
                    ByteBuffer.allocateDirect(BYTES),
                    ByteBuffer.allocateDirect(2 * BYTES).slice(BYTES, BYTES)));
            for (Object segment : segments) {
                buffers.add((ByteBuffer) segmentType().getMethod("asByteBuffer").invoke(segment));
            }
            if (!segments.isEmpty()) {
                segments.add(onHeap(float[].class, new float[BYTES / Float.BYTES]));
            }
            Method copy = segments.isEmpty() ? null : segmentType().getMethod("copyFrom", segmentType());
            for (int round = 0; round < ROUNDS; round++) {
                for (ByteBuffer src : buffers) {
                    for (ByteBuffer dst : buffers) {
                        ByteBuffer from = round % 2 == 0 ? src.duplicate() : src.asReadOnlyBuffer();
                        table.apply(from.clear(), dst.duplicate().clear());
                    }
                }
                for (Object src : segments) {
                    for (Object dst : segments) {
                        copy.invoke(dst, src);
                    }
                }
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Empty before JDK 22. By reflection, because this module runs on older ones too. */
    static List<Object> segments() throws ReflectiveOperationException {
        List<Object> segments = new ArrayList<>();
        if (Runtime.version().feature() >= 22) {
            segments.add(onHeap(byte[].class, new byte[BYTES]));
            for (String kind : List.of("ofConfined", "ofShared", "ofAuto", "global")) {
                segments.add(ofArena(kind, BYTES));
            }
        }
        return segments;
    }

    /** The buffer of a segment of a shared arena; before JDK 22, which has none, a direct buffer. */
    static ByteBuffer ofSegment(int bytes) {
        if (Runtime.version().feature() < 22) {
            return ByteBuffer.allocateDirect(bytes);
        }
        try {
            return (ByteBuffer) segmentType().getMethod("asByteBuffer").invoke(ofArena("ofShared", bytes));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Object ofArena(String kind, int bytes) throws ReflectiveOperationException {
        Class<?> type = Class.forName("java.lang.foreign.Arena");
        Object arena = type.getMethod(kind).invoke(null);
        return type.getMethod("allocate", long.class, long.class).invoke(arena, bytes, 64);
    }

    private static Object onHeap(Class<?> type, Object array)
            throws NoSuchMethodException, IllegalAccessException, InvocationTargetException, ClassNotFoundException {
        return segmentType().getMethod("ofArray", type).invoke(null, array);
    }

    private static Class<?> segmentType() throws ClassNotFoundException {
        return Class.forName("java.lang.foreign.MemorySegment");
    }
}
