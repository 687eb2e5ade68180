// SPDX-License-Identifier: Apache-2.0
package dev.octant.core;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/** The kinds of memory a buffer can be of. */
enum Memory {
    HEAP,
    DIRECT,
    /** Floats in the byte order that is not the machine's. */
    DIRECT_SWAPPED;

    FloatBuffer floats(int capacity) {
        return switch (this) {
            case HEAP -> FloatBuffer.allocate(capacity);
            case DIRECT ->
                ByteBuffer.allocateDirect(4 * capacity)
                        .order(ByteOrder.nativeOrder())
                        .asFloatBuffer();
            case DIRECT_SWAPPED ->
                ByteBuffer.allocateDirect(4 * capacity)
                        .order(
                                ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN
                                        ? ByteOrder.BIG_ENDIAN
                                        : ByteOrder.LITTLE_ENDIAN)
                        .asFloatBuffer();
        };
    }

    ByteBuffer bytes(int capacity) {
        return this == HEAP ? ByteBuffer.allocate(capacity) : ByteBuffer.allocateDirect(capacity);
    }

    /** A buffer that holds all of {@code values}, of which {@code offset..offset + length} remain. */
    FloatBuffer floats(float[] values, int offset, int length) {
        return floats(values.length).put(values).position(offset).limit(offset + length);
    }

    /** A buffer that holds all of {@code values}, of which {@code offset..offset + length} remain. */
    ByteBuffer bytes(byte[] values, int offset, int length) {
        return bytes(values.length).put(values).position(offset).limit(offset + length);
    }

    /** Everything a buffer holds, whatever remains of it. */
    static float[] all(FloatBuffer buffer) {
        float[] values = new float[buffer.capacity()];
        buffer.duplicate().clear().get(values);
        return values;
    }

    /** Everything a buffer holds, whatever remains of it. */
    static byte[] all(ByteBuffer buffer) {
        byte[] values = new byte[buffer.capacity()];
        buffer.duplicate().clear().get(values);
        return values;
    }
}
