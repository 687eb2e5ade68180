// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.tensor;

import dev.octant.core.scalar.Float8Type;
import dev.octant.core.scalar.HalfType;
import java.nio.ByteBuffer;

/**
 * How the bytes of one value stand for a real number.
 *
 * <p>Everything but {@link #FLOAT64} is exact: it rounds to the nearest float, ties to even; beyond {@link
 * Float#MAX_VALUE} it becomes infinite. NaN stays NaN.
 */
enum StoredType {
    FLOAT64(8) {
        @Override
        void decode(ByteBuffer source, float[] target, int offset, int count) {
            double[] doubles = new double[Math.min(count, CHUNK)];
            for (int done = 0; done < count; ) {
                int n = Math.min(doubles.length, count - done);
                source.asDoubleBuffer().get(done, doubles, 0, n);
                for (int i = 0; i < n; i++) {
                    target[offset + done + i] = (float) doubles[i];
                }
                done += n;
            }
        }
    },

    FLOAT32(4) {
        @Override
        void decode(ByteBuffer source, float[] target, int offset, int count) {
            source.asFloatBuffer().get(0, target, offset, count);
        }
    },

    FLOAT16(2) {
        @Override
        void decode(ByteBuffer source, float[] target, int offset, int count) {
            decodeHalves(HalfType.FLOAT16, source, target, offset, count);
        }
    },

    BFLOAT16(2) {
        @Override
        void decode(ByteBuffer source, float[] target, int offset, int count) {
            decodeHalves(HalfType.BFLOAT16, source, target, offset, count);
        }
    },

    FLOAT8_E4M3FN(1) {
        @Override
        void decode(ByteBuffer source, float[] target, int offset, int count) {
            decodeBytes(source, target, offset, count, Float8Type.E4M3FN::toFloat);
        }
    },

    FLOAT8_E5M2(1) {
        @Override
        void decode(ByteBuffer source, float[] target, int offset, int count) {
            decodeBytes(source, target, offset, count, Float8Type.E5M2::toFloat);
        }
    },

    INT8(1) {
        @Override
        void decode(ByteBuffer source, float[] target, int offset, int count) {
            decodeBytes(source, target, offset, count, (bytes, from, to, at, n) -> {
                for (int i = 0; i < n; i++) {
                    to[at + i] = bytes[from + i];
                }
            });
        }
    },

    UINT8(1) {
        @Override
        void decode(ByteBuffer source, float[] target, int offset, int count) {
            decodeBytes(source, target, offset, count, (bytes, from, to, at, n) -> {
                for (int i = 0; i < n; i++) {
                    to[at + i] = bytes[from + i] & 0xFF;
                }
            });
        }
    };

    /**
     * Values that are converted by way of a small array, which the JIT turns into vector code; a buffer's get is not.
     */
    private static final int CHUNK = 2048;

    private final int bytes;

    StoredType(int bytes) {
        this.bytes = bytes;
    }

    /** Bytes per value. */
    int bytes() {
        return bytes;
    }

    /**
     * Converts {@code count} values from the position of {@code source} on, which stays.
     *
     * @param source a buffer in the byte order of the values, which it holds from its position to its limit
     */
    abstract void decode(ByteBuffer source, float[] target, int offset, int count);

    private static void decodeHalves(HalfType type, ByteBuffer source, float[] target, int offset, int count) {
        short[] halves = new short[Math.min(count, CHUNK)];
        for (int done = 0; done < count; ) {
            int n = Math.min(halves.length, count - done);
            source.asShortBuffer().get(done, halves, 0, n);
            type.toFloat(halves, 0, target, offset + done, n);
            done += n;
        }
    }

    private static void decodeBytes(ByteBuffer source, float[] target, int offset, int count, ByteDecoder decoder) {
        byte[] bytes = new byte[Math.min(count, CHUNK)];
        for (int done = 0; done < count; ) {
            int n = Math.min(bytes.length, count - done);
            source.get(source.position() + done, bytes, 0, n);
            decoder.decode(bytes, 0, target, offset + done, n);
            done += n;
        }
    }

    /** How an array of one-byte values becomes floats. */
    @FunctionalInterface
    private interface ByteDecoder {
        void decode(byte[] bytes, int from, float[] target, int offset, int count);
    }
}
