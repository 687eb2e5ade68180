// SPDX-License-Identifier: Apache-2.0
package dev.octant.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octant.core.ChannelLayout;
import dev.octant.core.Profile;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantType;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Softmax of buffers of every kind beside that of arrays, which other tests hold to the rules. */
class SoftmaxBuffersTest {
    private static final int OFFSET = 3;

    /**
     * Below, at and above the length of a block of staging; rows of neighbours, of some elements apart, and far
     * apart.
     */
    private static final List<ChannelLayout> LAYOUTS = List.of(
            new ChannelLayout(1, 1),
            new ChannelLayout(2, 1),
            new ChannelLayout(127, 1),
            new ChannelLayout(128, 1),
            new ChannelLayout(300, 1),
            new ChannelLayout(4095, 1),
            new ChannelLayout(4096, 1),
            new ChannelLayout(4097, 1),
            new ChannelLayout(10_000, 1),
            new ChannelLayout(7, 5),
            new ChannelLayout(64, 64),
            new ChannelLayout(64, 65),
            new ChannelLayout(1000, 7),
            new ChannelLayout(3, 3000),
            new ChannelLayout(4096, 3),
            new ChannelLayout(5000, 3));

    private static final List<IntFunction<ByteBuffer>> MEMORY = List.of(
            ByteBuffer::allocate,
            ByteBuffer::allocateDirect,
            length -> ByteBuffer.allocate(length + 7).slice(7, length),
            length -> ByteBuffer.allocateDirect(length + 7).slice(7, length));

    private final Random random = new Random(43);

    @ParameterizedTest
    @EnumSource(value = Profile.class, names = "PYTORCH", mode = EnumSource.Mode.EXCLUDE)
    void buffersAreArrays(Profile profile) {
        QuantType type = profile == Profile.XNNPACK ? QuantType.UINT8 : QuantType.INT8;
        for (ChannelLayout axis : LAYOUTS) {
            QuantParams in = QuantParams.of(type, (float) Math.pow(10, -3 + 3 * random.nextDouble()), type.low() + 9);
            check(QuantizedSoftmax.softmax(in, QuantizedSoftmax.fixedOutput(type), profile), axis, 16);
        }
    }

    /** Where all codes of a row are one, each is half a step: only the sum in the order of the row tells its code. */
    @ParameterizedTest
    @EnumSource(
            value = Profile.class,
            names = {"ONNX", "ONNX_RUNTIME"})
    void tiesAreDecidedByTheOrderOfTheRow(Profile profile) {
        for (ChannelLayout axis : LAYOUTS) {
            QuantParams in = QuantParams.of(QuantType.INT8, 0.1f, 3);
            QuantParams out = QuantParams.of(QuantType.INT8, 2f / axis.channels(), -128);
            check(QuantizedSoftmax.softmax(in, out, profile), axis, 1);
            check(QuantizedSoftmax.softmax(in, out, profile), axis, 4);
        }
    }

    @Test
    void logSoftmaxToo() {
        QuantParams in = QuantParams.of(QuantType.UINT8, 0.02f, 3);
        QuantParams out = QuantParams.of(QuantType.INT8, 0.0625f, 127);
        for (ChannelLayout axis : LAYOUTS) {
            check(QuantizedSoftmax.logSoftmax(in, out), axis, 256);
        }
    }

    private void check(QuantizedSoftmax softmax, ChannelLayout axis, int codes) {
        int length = axis.period() * (axis.period() > 1000 ? 2 : 5);
        byte[] src = new byte[length];
        for (int i = 0; i < length; i++) {
            src[i] = (byte) (100 + random.nextInt(codes));
        }
        byte[] expected = new byte[length];
        softmax.apply(src, 0, expected, 0, length, axis);
        for (int kind = 0; kind < MEMORY.size(); kind++) {
            ByteBuffer from = MEMORY.get(kind).apply(length + 2 * OFFSET).position(OFFSET);
            from.put(src).flip().position(OFFSET);
            ByteBuffer to = MEMORY.get(MEMORY.size() - 1 - kind)
                    .apply(length + 2 * OFFSET)
                    .position(OFFSET + 1);
            softmax.apply(from, to, axis);
            assertEquals(0, from.remaining());
            assertEquals(OFFSET - 1, to.remaining());
            assertEquals(ByteBuffer.wrap(expected), to.flip().position(OFFSET + 1), axis::toString);

            ByteBuffer same = from.position(OFFSET).duplicate();
            softmax.apply(from, same, axis);
            assertEquals(ByteBuffer.wrap(expected), from.position(OFFSET), axis::toString);
            assertEquals(0, from.get(OFFSET - 1));
        }
    }
}
