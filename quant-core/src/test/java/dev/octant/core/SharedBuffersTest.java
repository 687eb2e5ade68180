// SPDX-License-Identifier: Apache-2.0
package dev.octant.core;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Source and destination in one memory, as one buffer or two: what is written is what a copy of the source gives. */
class SharedBuffersTest {
    private static final QuantParams PARAMS = QuantParams.of(QuantType.INT8, 0.5f, 3);
    private static final QuantParams TARGET = QuantParams.of(QuantType.UINT8, 0.75f, 100);
    private static final TensorQuantizer TENSOR = TensorQuantizer.of(PARAMS);

    /** Multiples of the layouts' periods: within a block of staging, and some blocks. */
    private static final int[] LENGTHS = {24, 24_000};

    /** Before the source and behind the destination, wherever they lie. */
    private static final int ROOM = 16;

    private enum Elements {
        BYTES(1),
        FLOATS(4);

        private final int size;

        Elements(int size) {
            this.size = size;
        }

        Buffer view(ByteBuffer memory, int from, int length) {
            ByteBuffer slice = memory.slice(from, length * size).order(ByteOrder.nativeOrder());
            return this == BYTES ? slice : slice.asFloatBuffer();
        }
    }

    /** A call on what remains of two buffers. */
    private record Call(String name, Elements from, Elements to, BiConsumer<Buffer, Buffer> code) {
        void run(Buffer src, Buffer dst) {
            code.accept(src, dst);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Call> calls() {
        List<Call> calls = new ArrayList<>();
        calls.add(narrowing("quantize", TENSOR::quantize));
        calls.add(widening("dequantize", TENSOR::dequantize));
        calls.add(reals("fakeQuantize", TENSOR::fakeQuantize));
        calls.add(codes("requantize", (src, dst) -> TENSOR.requantize(src, TARGET, dst)));
        for (ChannelLayout layout : List.of(new ChannelLayout(3, 2), new ChannelLayout(6, 1))) {
            ChannelQuantizer channels = ChannelQuantizer.uniform(layout, PARAMS);
            ChannelQuantizer target = ChannelQuantizer.uniform(layout, TARGET);
            calls.add(narrowing("quantize " + layout, channels::quantize));
            calls.add(widening("dequantize " + layout, channels::dequantize));
            calls.add(codes("requantize " + layout, (src, dst) -> channels.requantize(src, target, dst)));
        }
        return calls.stream();
    }

    private static Call narrowing(String name, BiConsumer<FloatBuffer, ByteBuffer> code) {
        return new Call(
                name, Elements.FLOATS, Elements.BYTES, (src, dst) -> code.accept((FloatBuffer) src, (ByteBuffer) dst));
    }

    private static Call widening(String name, BiConsumer<ByteBuffer, FloatBuffer> code) {
        return new Call(
                name, Elements.BYTES, Elements.FLOATS, (src, dst) -> code.accept((ByteBuffer) src, (FloatBuffer) dst));
    }

    private static Call reals(String name, BiConsumer<FloatBuffer, FloatBuffer> code) {
        return new Call(
                name,
                Elements.FLOATS,
                Elements.FLOATS,
                (src, dst) -> code.accept((FloatBuffer) src, (FloatBuffer) dst));
    }

    private static Call codes(String name, BiConsumer<ByteBuffer, ByteBuffer> code) {
        return new Call(
                name, Elements.BYTES, Elements.BYTES, (src, dst) -> code.accept((ByteBuffer) src, (ByteBuffer) dst));
    }

    /** Every distance at which the two blocks may or may not share bytes, in both directions. */
    @ParameterizedTest
    @MethodSource("calls")
    void overlappingBuffersAreAsCopies(Call call) {
        for (int length : LENGTHS) {
            int read = length * call.from.size;
            int written = length * call.to.size;
            int[] distances = {
                0,
                1,
                4,
                length / 2,
                length,
                3 * length,
                read - 4,
                read - 1,
                read,
                -1,
                -4,
                -length / 2,
                -length,
                -3 * length,
                4 - written,
                1 - written,
                -written
            };
            for (int distance : distances) {
                for (boolean direct : new boolean[] {false, true}) {
                    for (boolean readOnly : new boolean[] {false, true}) {
                        check(call, length, distance, direct, readOnly);
                    }
                }
            }
        }
    }

    private static void check(Call call, int length, int distance, boolean direct, boolean readOnly) {
        int from = ROOM + Math.max(0, -distance);
        int to = from + distance;
        int read = length * call.from.size;
        int written = length * call.to.size;
        byte[] before = data(Math.max(from + read, to + written) + ROOM, from, length, call.from);
        ByteBuffer memory = direct ? ByteBuffer.allocateDirect(before.length) : ByteBuffer.allocate(before.length);
        memory.put(0, before);
        byte[] expected = before.clone();
        System.arraycopy(alone(call, before, from, length), 0, expected, to, written);

        ByteBuffer sourceMemory = readOnly ? memory.asReadOnlyBuffer() : memory;
        Buffer src = call.from.view(sourceMemory, from, length);
        Buffer dst = call.to.view(memory, to, length);
        call.run(src, dst);
        String what = call + " of " + length + " at distance " + distance + (direct ? ", direct" : ", heap")
                + (readOnly ? ", read-only source" : "");
        assertArrayEquals(expected, bytes(memory), what);
        assertEquals(length, src.position(), what);
        assertEquals(length, dst.position(), what);
    }

    @ParameterizedTest
    @MethodSource("calls")
    void oneBufferIsReplacedAndEndsAtItsEnd(Call call) {
        if (call.from != call.to) {
            return;
        }
        for (int length : LENGTHS) {
            for (boolean direct : new boolean[] {false, true}) {
                int size = length * call.from.size;
                byte[] before = data(size + 2 * ROOM, ROOM, length, call.from);
                ByteBuffer memory =
                        direct ? ByteBuffer.allocateDirect(before.length) : ByteBuffer.allocate(before.length);
                memory.put(0, before);
                byte[] expected = before.clone();
                System.arraycopy(alone(call, before, ROOM, length), 0, expected, ROOM, size);
                Buffer whole = call.from.view(memory, 0, before.length / call.from.size);
                int first = ROOM / call.from.size;
                whole.position(first).limit(first + length);
                call.run(whole, whole);
                assertArrayEquals(expected, bytes(memory), call + " of " + length);
                assertEquals(first + length, whole.position());
                assertEquals(first + length, whole.limit());
            }
        }
    }

    /** Arrays of floats of their own, not views of bytes. */
    @ParameterizedTest
    @MethodSource("calls")
    void buffersOfOneFloatArrayOverlapAsCopies(Call call) {
        if (call.from != Elements.FLOATS || call.to != Elements.FLOATS) {
            return;
        }
        int length = 24_000;
        for (int distance : new int[] {0, 1, 5000, length - 1, length, -1, -5000, 1 - length, -length}) {
            for (boolean readOnly : new boolean[] {false, true}) {
                int from = Math.max(0, -distance);
                float[] values = new float[length + Math.abs(distance)];
                for (int i = 0; i < values.length; i++) {
                    values[i] = 0.3f * (i % 500) - 60;
                }
                float[] expected = values.clone();
                FloatBuffer apart = FloatBuffer.allocate(length);
                call.run(FloatBuffer.wrap(values.clone(), from, length), apart);
                System.arraycopy(apart.array(), 0, expected, from + distance, length);
                FloatBuffer src = FloatBuffer.wrap(values, from, length);
                call.run(readOnly ? src.asReadOnlyBuffer() : src, FloatBuffer.wrap(values, from + distance, length));
                assertArrayEquals(expected, values, "distance " + distance);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("calls")
    void aReadOnlyDestinationIsRefusedBeforeAnythingMoves(Call call) {
        for (boolean direct : new boolean[] {false, true}) {
            ByteBuffer memory = direct ? ByteBuffer.allocateDirect(24 * 4) : ByteBuffer.allocate(24 * 4);
            Buffer src = call.from.view(memory, 0, 24);
            Buffer dst = call.to.view(memory.asReadOnlyBuffer(), 0, 24);
            assertEquals(
                    "destination must be writable, was a read-only buffer",
                    assertThrows(IllegalArgumentException.class, () -> call.run(src, dst))
                            .getMessage());
            assertEquals(0, src.position());
            assertEquals(0, dst.position());
        }
    }

    /** What a call makes of a source in memory of its own. */
    private static byte[] alone(Call call, byte[] before, int from, int length) {
        ByteBuffer source = ByteBuffer.wrap(Arrays.copyOfRange(before, from, from + length * call.from.size));
        ByteBuffer result = ByteBuffer.allocate(length * call.to.size);
        call.run(call.from.view(source, 0, length), call.to.view(result, 0, length));
        return result.array();
    }

    /** Random bytes around values of some steps. */
    private static byte[] data(int size, int from, int length, Elements elements) {
        byte[] bytes = new byte[size];
        Random random = new Random(size);
        random.nextBytes(bytes);
        if (elements == Elements.FLOATS) {
            FloatBuffer reals = (FloatBuffer) elements.view(ByteBuffer.wrap(bytes), from, length);
            for (int i = 0; i < length; i++) {
                reals.put(i, 80 * random.nextFloat() - 40);
            }
        }
        return bytes;
    }

    private static byte[] bytes(ByteBuffer memory) {
        byte[] bytes = new byte[memory.capacity()];
        memory.get(0, bytes);
        return bytes;
    }
}
