// SPDX-License-Identifier: Apache-2.0
package dev.octant.ops;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.octant.core.ChannelLayout;
import dev.octant.core.Profile;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantType;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rows of every length, each against the rule written element by element, with sums in the order of the row. */
class SoftmaxRowsTest {
    private static final int OFFSET = 5;

    private final Random random = new Random(41);

    @ParameterizedTest
    @EnumSource(
            value = QuantType.class,
            names = {"INT8", "UINT8"})
    void onnxAddsDoublesInOrder(QuantType type) {
        QuantParams fixed = QuantizedSoftmax.fixedOutput(type);
        QuantParams other = QuantParams.of(type, 1 / 100f, type.low() + 60);
        everyLength(type, fixed, Profile.ONNX, PlainSoftmax::onnx);
        everyLength(type, other, Profile.ONNX, PlainSoftmax::onnx);
    }

    @ParameterizedTest
    @EnumSource(
            value = QuantType.class,
            names = {"INT8", "UINT8"})
    void onnxRuntimeAddsFloatsInOrder(QuantType type) {
        everyLength(type, QuantizedSoftmax.fixedOutput(type), Profile.ONNX_RUNTIME, PlainSoftmax::onnxRuntime);
        everyLength(
                type, QuantParams.of(type, 1 / 1000f, type.low() + 9), Profile.ONNX_RUNTIME, PlainSoftmax::onnxRuntime);
    }

    @ParameterizedTest
    @EnumSource(
            value = QuantType.class,
            names = {"UINT8"})
    void xnnpackAddsWholeNumbers(QuantType type) {
        everyLength(type, QuantizedSoftmax.fixedOutput(type), Profile.XNNPACK, PlainSoftmax::xnnpack);
    }

    private void everyLength(QuantType type, QuantParams out, Profile profile, PlainSoftmax.Row rule) {
        IntStream lengths = IntStream.concat(IntStream.rangeClosed(1, 300), IntStream.of(512, 513, 1024, 4096, 10_000));
        for (int length : lengths.toArray()) {
            QuantParams in = QuantParams.of(type, (float) Math.pow(10, -3 + 3 * random.nextDouble()), 3);
            QuantizedSoftmax softmax = QuantizedSoftmax.softmax(in, out, profile);
            for (int kind = 0; kind < 4; kind++) {
                byte[] src = row(length, kind);
                int[] codes = IntStream.range(0, length)
                        .map(i -> type.code(src[OFFSET + i]))
                        .toArray();
                byte[] expected = src.clone();
                int[] row = rule.of(codes, in, out);
                for (int i = 0; i < length; i++) {
                    expected[OFFSET + i] = (byte) row[i];
                }
                // In place, between bytes that must not change.
                softmax.apply(src, OFFSET, src, OFFSET, length, new ChannelLayout(length, 1));
                assertArrayEquals(expected, src, () -> in + " length " + length);
            }
        }
    }

    /** Any codes; neighbouring ones; one code, whose sums are whole and whose shares may be ties; two codes. */
    private byte[] row(int length, int kind) {
        byte[] row = new byte[length + 2 * OFFSET];
        random.nextBytes(row);
        byte base = row[0];
        for (int i = OFFSET; i < OFFSET + length; i++) {
            row[i] = switch (kind) {
                case 0 -> row[i];
                case 1 -> (byte) (base + (row[i] & 15));
                case 2 -> base;
                default -> row[i] < 0 ? base : (byte) ~base;
            };
        }
        return row;
    }
}
