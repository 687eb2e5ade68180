// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.scalar;

import dev.octant.fixtures.MiniFloatOracle;

/** Every narrow floating-point type side by side with its definition, codes as non-negative numbers. */
enum NarrowType {
    FLOAT16(HalfType.FLOAT16, MiniFloatOracle.FLOAT16),
    BFLOAT16(HalfType.BFLOAT16, MiniFloatOracle.BFLOAT16),
    E4M3FN(Float8Type.E4M3FN, MiniFloatOracle.E4M3FN),
    E4M3FNUZ(Float8Type.E4M3FNUZ, MiniFloatOracle.E4M3FNUZ),
    E5M2(Float8Type.E5M2, MiniFloatOracle.E5M2),
    E5M2FNUZ(Float8Type.E5M2FNUZ, MiniFloatOracle.E5M2FNUZ),
    E8M0FNU(Float8Type.E8M0FNU, MiniFloatOracle.E8M0FNU);

    /** What a test measures with, in elements. */
    static final int BLOCK = 4096;

    private final HalfType half;
    private final Float8Type float8;
    private final MiniFloatOracle oracle;

    NarrowType(HalfType half, MiniFloatOracle oracle) {
        this.half = half;
        this.float8 = null;
        this.oracle = oracle;
    }

    NarrowType(Float8Type float8, MiniFloatOracle oracle) {
        this.half = null;
        this.float8 = float8;
        this.oracle = oracle;
    }

    MiniFloatOracle oracle() {
        return oracle;
    }

    float decode(int code) {
        return half != null ? half.toFloat((short) code) : float8.toFloat((byte) code);
    }

    int encode(float x) {
        return half != null ? half.fromFloat(x) & 0xFFFF : float8.fromFloat(x) & 0xFF;
    }

    /** Whether a code is what the definition gives for {@code x}; one NaN is as good as another. */
    boolean agrees(int code, int expected) {
        return code == expected || (Double.isNaN(oracle.value(code)) && Double.isNaN(oracle.value(expected)));
    }

    /** A block's codes by the bulk method, with its own room for the result. */
    final class Block {
        private final short[] shorts = new short[BLOCK];
        private final byte[] bytes = new byte[BLOCK];

        void encode(float[] src) {
            if (half != null) {
                half.fromFloat(src, 0, shorts, 0, BLOCK);
            } else {
                float8.fromFloat(src, 0, bytes, 0, BLOCK);
            }
        }

        int code(int i) {
            return half != null ? shorts[i] & 0xFFFF : bytes[i] & 0xFF;
        }
    }
}
