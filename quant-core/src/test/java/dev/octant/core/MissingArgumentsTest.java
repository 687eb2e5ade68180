// SPDX-License-Identifier: Apache-2.0
package dev.octant.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.octant.core.scalar.Float8Type;
import dev.octant.core.scalar.HalfType;
import dev.octant.core.scalar.Int4Type;
import dev.octant.core.scalar.Overflow;
import dev.octant.core.scalar.ScalarType;
import dev.octant.fixtures.NullArguments;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import java.util.List;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every public method says in a sentence of its own which argument is missing. */
class MissingArgumentsTest {
    @Test
    void everyMethodNamesWhatIsMissing() {
        QuantParams params = QuantParams.of(QuantType.INT8, 0.5f, 0);
        ChannelLayout layout = new ChannelLayout(1, 1);
        Executor executor = Runnable::run;
        ParallelRanges.RangeTask task = (from, length) -> {};
        Runnable call = () -> {};
        NullArguments.check(
                NullArguments.publicClasses(QuantParams.class),
                new float[4],
                new byte[4],
                new short[4],
                new int[] {1, 1},
                params,
                layout,
                QuantType.INT8,
                Profile.ONNX,
                QuantScheme.ASYMMETRIC,
                ParameterPolicy.OCTANT,
                RealRange.UNIT,
                new CodeRange(0, 1),
                QuantizedTensor.of(params, new byte[4]),
                TensorQuantizer.of(params),
                ChannelQuantizer.of(layout, List.of(params)),
                IntegerType.INT8,
                new BlockLayout(1, 4, 1, 2),
                IntegerQuantizer.of(IntegerType.INT8, 0.5f, 0),
                DynamicPolicy.ONNX,
                DynamicQuantizer.of(DynamicPolicy.ONNX, IntegerType.UINT8),
                ErrorTally.of(RealRange.UNIT, RealRange.UNIT),
                new ParallelRanges(executor, 1, 1),
                executor,
                task,
                call,
                FloatBuffer.allocate(4),
                ShortBuffer.allocate(4),
                ByteBuffer.allocate(4),
                List.of(params),
                "int8",
                HalfType.FLOAT16,
                Float8Type.E4M3FN,
                Int4Type.INT4,
                ScalarType.of(0),
                Overflow.SATURATE);
    }

    @ParameterizedTest
    @EnumSource
    void aCodeHasARawByteOrIsRefused(QuantType type) {
        for (int raw = Byte.MIN_VALUE; raw <= Byte.MAX_VALUE; raw++) {
            assertEquals((byte) raw, type.raw(type.code((byte) raw)));
        }
        int first = type.isSigned() ? -128 : 0;
        for (int code : new int[] {first - 1, first + 256, 300, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
            assertEquals(
                    "code must be within " + first + ".." + (first + 255) + " of " + type + ", was " + code,
                    assertThrows(IllegalArgumentException.class, () -> type.raw(code))
                            .getMessage());
        }
    }
}
