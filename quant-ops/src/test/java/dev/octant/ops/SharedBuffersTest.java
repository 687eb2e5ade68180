// SPDX-License-Identifier: Apache-2.0
package dev.octant.ops;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.octant.core.ChannelLayout;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantType;
import dev.octant.core.scalar.HalfType;
import dev.octant.fixtures.CodeType;
import dev.octant.fixtures.OpCase;
import dev.octant.fixtures.QuantizedFunction;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ShortBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Source and destination in one memory, as one buffer or two: what is written is what a copy of the source gives. */
class SharedBuffersTest {
    private static final QuantParams PARAMS = QuantParams.of(QuantType.INT8, 0.05f, 3);
    private static final QuantParams OTHER = QuantParams.of(QuantType.UINT8, 0.07f, 100);

    /** A multiple of the periods below, and more than two blocks of staging. */
    private static final int LENGTH = 27_000;

    /** A call on what remains of two buffers of values of {@code size} bytes. */
    private record Call(String name, int size, BiConsumer<Buffer, Buffer> code) {
        Buffer view(ByteBuffer memory, int from, int length) {
            ByteBuffer slice = memory.slice(from * size, length * size).order(ByteOrder.nativeOrder());
            return size == 1 ? slice : slice.asShortBuffer();
        }

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
        LookupTable table =
                QuantizedActivation.compile(Activation.SILU, PARAMS, OTHER).table();
        calls.add(codes("table", table::apply));
        HalfActivation half = HalfActivation.compile(Activation.SILU, HalfType.FLOAT16);
        calls.add(new Call("half", 2, (src, dst) -> half.apply((ShortBuffer) src, (ShortBuffer) dst)));
        QuantizedSoftmax softmax = QuantizedSoftmax.softmax(PARAMS, QuantizedSoftmax.fixedOutput(QuantType.INT8));
        for (ChannelLayout axis : List.of(
                new ChannelLayout(10, 1),
                new ChannelLayout(10, 9),
                new ChannelLayout(9000, 1),
                new ChannelLayout(3, 3000),
                new ChannelLayout(4500, 3))) {
            calls.add(codes("softmax " + axis, (src, dst) -> softmax.apply(src, dst, axis)));
        }
        QuantizedBinary add = QuantizedBinary.add(PARAMS, PARAMS, OTHER);
        calls.add(codes("sum of a buffer and itself", (src, dst) -> add.apply(src, src, dst)));
        calls.add(codes("sum of a buffer and its duplicate", (src, dst) -> add.apply(src, src.duplicate(), dst)));
        return calls.stream();
    }

    private static Call codes(String name, BiConsumer<ByteBuffer, ByteBuffer> code) {
        return new Call(name, 1, (src, dst) -> code.accept((ByteBuffer) src, (ByteBuffer) dst));
    }

    @ParameterizedTest
    @MethodSource("calls")
    void overlappingBuffersAreAsCopies(Call call) {
        int[] distances = {
            0, 1, 100, 4096, LENGTH / 2, LENGTH - 1, LENGTH, -1, -100, -4096, -LENGTH / 2, 1 - LENGTH, -LENGTH
        };
        for (int distance : distances) {
            for (boolean direct : new boolean[] {false, true}) {
                for (boolean readOnly : new boolean[] {false, true}) {
                    int from = 7 + Math.max(0, -distance);
                    int to = from + distance;
                    byte[] before = random((LENGTH + Math.abs(distance) + 20) * call.size);
                    ByteBuffer memory = memory(direct, before);
                    byte[] expected = before.clone();
                    System.arraycopy(alone(call, before, from), 0, expected, to * call.size, LENGTH * call.size);
                    Buffer src = call.view(readOnly ? memory.asReadOnlyBuffer() : memory, from, LENGTH);
                    Buffer dst = call.view(memory, to, LENGTH);
                    call.run(src, dst);
                    String what = call + " at distance " + distance + (direct ? ", direct" : ", heap")
                            + (readOnly ? ", read-only source" : "");
                    assertArrayEquals(expected, bytes(memory), what);
                    assertEquals(LENGTH, src.position(), what);
                    assertEquals(LENGTH, dst.position(), what);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("calls")
    void oneBufferIsReplacedAndEndsAtItsEnd(Call call) {
        for (boolean direct : new boolean[] {false, true}) {
            byte[] before = random((LENGTH + 20) * call.size);
            ByteBuffer memory = memory(direct, before);
            byte[] expected = before.clone();
            System.arraycopy(alone(call, before, 7), 0, expected, 7 * call.size, LENGTH * call.size);
            Buffer buffer = call.view(memory, 0, LENGTH + 20).position(7).limit(7 + LENGTH);
            call.run(buffer, buffer);
            assertArrayEquals(expected, bytes(memory), call + (direct ? ", direct" : ", heap"));
            assertEquals(7 + LENGTH, buffer.position());
            assertEquals(7 + LENGTH, buffer.limit());
        }
    }

    /** A destination that begins within one operand, while the other begins within it: no one way is right for both. */
    @Test
    void aSumBetweenItsOperands() {
        QuantizedBinary add = QuantizedBinary.add(PARAMS, PARAMS, OTHER);
        for (boolean direct : new boolean[] {false, true}) {
            for (int aFrom : new int[] {0, 5000, 10_000}) {
                for (int bFrom : new int[] {0, 5000, 10_000}) {
                    byte[] before = random(LENGTH + 10_000);
                    ByteBuffer memory = memory(direct, before);
                    byte[] expected = before.clone();
                    add.apply(before, aFrom, before, bFrom, expected, 5000, LENGTH);
                    ByteBuffer a = memory.duplicate().position(aFrom).limit(aFrom + LENGTH);
                    ByteBuffer b = memory.duplicate().position(bFrom).limit(bFrom + LENGTH);
                    ByteBuffer dst = memory.duplicate().position(5000);
                    add.apply(a, b, dst);
                    assertArrayEquals(expected, bytes(memory), aFrom + ", " + bFrom + (direct ? ", direct" : ""));
                    assertEquals(aFrom + LENGTH, a.position());
                    assertEquals(bFrom + LENGTH, b.position());
                    assertEquals(5000 + LENGTH, dst.position());
                }
            }
        }
    }

    @Test
    void oneBufferIsOperandAndDestination() {
        QuantizedBinary add = QuantizedBinary.add(PARAMS, PARAMS, OTHER);
        byte[] left = random(LENGTH);
        byte[] right = random(LENGTH + 1);
        byte[] expected = new byte[LENGTH];
        add.apply(left, 0, right, 1, expected, 0, LENGTH);
        ByteBuffer a = ByteBuffer.wrap(left.clone());
        ByteBuffer b = ByteBuffer.wrap(right.clone()).position(1);
        add.apply(a, b, a);
        assertArrayEquals(expected, a.array());
        assertEquals(LENGTH, a.position());
        assertEquals(LENGTH + 1, b.position());
        a = ByteBuffer.wrap(left.clone());
        b.position(1);
        add.apply(a, b, b);
        assertArrayEquals(expected, Arrays.copyOfRange(b.array(), 1, LENGTH + 1));
        assertEquals(LENGTH, a.position());
        assertEquals(LENGTH + 1, b.position());
    }

    @ParameterizedTest
    @MethodSource("calls")
    void aReadOnlyDestinationIsRefusedBeforeAnythingMoves(Call call) {
        ByteBuffer memory = ByteBuffer.allocate(LENGTH * call.size);
        Buffer src = call.view(memory, 0, LENGTH);
        Buffer dst = call.view(memory.asReadOnlyBuffer(), 0, LENGTH);
        assertEquals(
                "destination must be writable, was a read-only buffer",
                assertThrows(IllegalArgumentException.class, () -> call.run(src, dst))
                        .getMessage());
        assertEquals(0, src.position());
        assertEquals(0, dst.position());
    }

    /** The same by the fixtures' own search. */
    @Test
    void doublingAsASumOfOneBufferAndItself() {
        OpCase.of("doubling", x -> x + x)
                .types(CodeType.INT8)
                .quantizedTo((in, out) -> QuantizedFunction.ofPairs(
                        out, QuantizedBinary.add(Grids.params(in), Grids.params(in), Grids.params(out))::apply))
                .check();
    }

    private static byte[] alone(Call call, byte[] before, int from) {
        ByteBuffer source = ByteBuffer.wrap(Arrays.copyOfRange(before, from * call.size, (from + LENGTH) * call.size));
        ByteBuffer result = ByteBuffer.allocate(LENGTH * call.size);
        call.run(call.view(source, 0, LENGTH), call.view(result, 0, LENGTH));
        return result.array();
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    private static ByteBuffer memory(boolean direct, byte[] bytes) {
        return (direct ? ByteBuffer.allocateDirect(bytes.length) : ByteBuffer.allocate(bytes.length)).put(0, bytes);
    }

    private static byte[] bytes(ByteBuffer memory) {
        byte[] bytes = new byte[memory.capacity()];
        memory.get(0, bytes);
        return bytes;
    }
}
