// SPDX-License-Identifier: Apache-2.0
package dev.octant.benchmarks.work;

import dev.octant.core.BlockLayout;
import dev.octant.core.IntegerQuantizer;
import dev.octant.core.IntegerType;

/** {@code size} floats to integer codes with a grid for every block of {@value #BLOCK} neighbours. */
public abstract class IntegerBenchmark extends FloatsBenchmark {
    static final int BLOCK = 32;

    float[] back;
    byte[] codes;
    short[] wide;
    IntegerQuantizer quantizer;

    /** The type of the codes. */
    abstract IntegerType type();

    static float scale(IntegerType type, int group) {
        return (4 + group % 8 * 0x1p-4f) / type.high();
    }

    @Override
    public void prepare() {
        IntegerType type = type();
        super.prepare();
        back = new float[size];
        BlockLayout layout = new BlockLayout(1, size, 1, BLOCK);
        float[] scales = new float[layout.groups()];
        for (int g = 0; g < scales.length; g++) {
            scales[g] = scale(type, g);
        }
        quantizer = IntegerQuantizer.of(type, layout, scales, new int[scales.length]);
        if (type.isWide()) {
            wide = new short[size];
            quantizer.quantize(src, 0, wide, 0, size);
        } else {
            codes = new byte[type.storedLength(size)];
            quantizer.quantize(src, 0, codes, 0, size);
        }
    }

    @Override
    public Object call() {
        if (type().isWide()) {
            quantizer.quantize(src, 0, wide, 0, size);
            return wide;
        }
        quantizer.quantize(src, 0, codes, 0, size);
        return codes;
    }

    /** To int8. */
    public static class BlockedInt8Benchmark extends IntegerBenchmark {
        @Override
        IntegerType type() {
            return IntegerType.INT8;
        }
    }

    /** To int4, two in a byte. */
    public static class BlockedInt4Benchmark extends IntegerBenchmark {
        @Override
        IntegerType type() {
            return IntegerType.INT4;
        }
    }

    /** To int16. */
    public static class BlockedInt16Benchmark extends IntegerBenchmark {
        @Override
        IntegerType type() {
            return IntegerType.INT16;
        }
    }

    /** From int4. */
    public static class FromBlockedInt4Benchmark extends BlockedInt4Benchmark {
        @Override
        public Object call() {
            quantizer.dequantize(codes, 0, back, 0, size);
            return back;
        }
    }
}
