// SPDX-License-Identifier: Apache-2.0
package dev.octant.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.octant.core.ChannelLayout;
import dev.octant.core.Profile;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantType;
import dev.octant.core.QuantizedTensor;
import dev.octant.core.RealRange;
import dev.octant.core.scalar.HalfType;
import dev.octant.fixtures.NullArguments;
import java.nio.ByteBuffer;
import java.nio.ShortBuffer;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every public method says in a sentence of its own which argument is missing, and which code is none. */
class MissingArgumentsTest {
    private static final QuantParams INT8 = QuantParams.of(QuantType.INT8, 0.05f, 3);
    private static final QuantParams UINT8 = QuantParams.of(QuantType.UINT8, 0.05f, 3);

    @Test
    void everyMethodNamesWhatIsMissing() {
        QuantizedActivation silu = QuantizedActivation.compile(Activation.SILU, INT8, INT8);
        DoubleUnaryOperator function = x -> x;
        Broadcast one = Broadcast.of(new int[0], new int[] {256});
        NullArguments.check(
                NullArguments.publicClasses(QuantizedActivation.class),
                new byte[256],
                new short[4],
                new float[1],
                new int[4],
                new double[0],
                INT8,
                new ChannelLayout(1, 1),
                QuantType.INT8,
                Profile.ONNX,
                RealRange.UNIT,
                QuantizedTensor.of(INT8, new byte[4]),
                ByteBuffer.allocate(4),
                ShortBuffer.allocate(4),
                "silu",
                HalfType.FLOAT16,
                Activation.SILU,
                ActivationKind.SILU,
                silu,
                silu.table(),
                QuantizedBinary.add(INT8, INT8, INT8),
                QuantizedSoftmax.softmax(INT8, INT8),
                HalfActivation.compile(Activation.SILU, HalfType.FLOAT16),
                Requantizer.of(1, 1, INT8, Profile.ONNX),
                one,
                QuantizedPrelu.of(INT8, INT8, new float[1], one),
                function);
    }

    @ParameterizedTest
    @ValueSource(ints = {300, 256, -1, Integer.MIN_VALUE, Integer.MAX_VALUE})
    void unsignedCodesOutsideTheirType(int code) {
        String sentence = "code must be within 0..255 of uint8, was " + code;
        QuantizedActivation silu = QuantizedActivation.compile(Activation.SILU, UINT8, INT8);
        assertEquals(sentence, refusal(() -> silu.apply(code)));
        for (QuantizedBinary op : new QuantizedBinary[] {
            QuantizedBinary.add(INT8, UINT8, UINT8),
            QuantizedBinary.multiply(INT8, UINT8, UINT8),
            QuantizedBinary.gated(Activation.SILU, INT8, UINT8, INT8),
            QuantizedBinary.add(UINT8, UINT8, UINT8, Profile.TFLITE).withRelu()
        }) {
            assertEquals(sentence, refusal(() -> op.apply(5, code)));
        }
        assertEquals(
                sentence,
                refusal(() -> QuantizedBinary.gated(Activation.SILU, UINT8, INT8, INT8)
                        .apply(code, 5)));
    }

    @Test
    void signedCodesOutsideTheirType() {
        QuantizedActivation silu = QuantizedActivation.compile(Activation.SILU, INT8, UINT8);
        assertEquals("code must be within -128..127 of int8, was 300", refusal(() -> silu.apply(300)));
        assertEquals("code must be within -128..127 of int8, was -129", refusal(() -> silu.apply(-129)));
        QuantParams narrow = QuantParams.of(QuantType.INT8_NARROW, 0.05f, 0);
        QuantizedActivation stored = QuantizedActivation.compile(Activation.IDENTITY, narrow, narrow);
        assertEquals(-127, stored.apply(-128));
    }

    private static String refusal(org.junit.jupiter.api.function.Executable call) {
        return assertThrows(IllegalArgumentException.class, call).getMessage();
    }
}
