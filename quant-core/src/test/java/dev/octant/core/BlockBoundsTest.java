// SPDX-License-Identifier: Apache-2.0
package dev.octant.core;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.octant.core.scalar.Float8Type;
import dev.octant.core.scalar.HalfType;
import dev.octant.core.scalar.Int4Type;
import dev.octant.core.scalar.Overflow;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What no bulk call does: read or write outside of its blocks, or write before it refuses. */
class BlockBoundsTest {
    /** A multiple of the period of {@link #CHANNELS}. */
    private static final int LENGTH = 6;

    /** Of both arrays. */
    private static final int ROOM = 4 * LENGTH;

    private static final QuantParams PARAMS = QuantParams.of(QuantType.INT8, 0.5f, 3);
    private static final QuantParams TARGET = QuantParams.of(QuantType.UINT8, 0.25f, 100);
    private static final TensorQuantizer TENSOR = TensorQuantizer.of(PARAMS);
    private static final List<ChannelQuantizer> CHANNELS = List.of(
            ChannelQuantizer.uniform(new ChannelLayout(3, 2), PARAMS),
            ChannelQuantizer.uniform(new ChannelLayout(6, 1), PARAMS));

    /** A call on blocks of two arrays, which may be one if they are of one type. */
    private interface BlockCall<S, D> {
        void run(S src, int srcOffset, D dst, int dstOffset, int length);
    }

    private interface BufferCall<S extends Buffer, D extends Buffer> {
        void run(S src, D dst);
    }

    /** The sentence says which of the two arrays is too short, for what, and what it had. */
    @ParameterizedTest
    @CsvSource({
        "3, 0, 2, 0, 3, 'destination must have room for 3 values from 0, had 2'",
        "3, 1, 3, 0, 3, 'source must have room for 3 values from 1, had 3'",
        "3, 0, 3, 3, 1, 'destination must have room for 1 value from 3, had 3'",
        "3, 0, 3, 2147483647, 3, 'destination must have room for 3 values from 2147483647, had 3'",
        "3, 0, 3, -1, 3, 'destination must have an offset of at least 0, had -1'",
        "3, 0, 3, 0, -1, 'length must be at least 0, was -1'",
    })
    void aBlockOutsideIsOneSentence(int src, int srcOffset, int dst, int dstOffset, int length, String sentence) {
        Exception refused = assertThrows(
                IndexOutOfBoundsException.class,
                () -> TENSOR.quantize(new float[src], srcOffset, new byte[dst], dstOffset, length));
        assertEquals(sentence, refused.getMessage());
    }

    private static Named<?> named(String name, Object call) {
        return Named.of(name, call);
    }

    private static Named<?> narrowing(String name, BlockCall<float[], byte[]> call) {
        return named(name, call);
    }

    private static Named<?> widening(String name, BlockCall<byte[], float[]> call) {
        return named(name, call);
    }

    private static Named<?> ofReals(String name, BlockCall<float[], float[]> call) {
        return named(name, call);
    }

    private static Named<?> ofCodes(String name, BlockCall<byte[], byte[]> call) {
        return named(name, call);
    }

    static Stream<Named<?>> narrowingCalls() {
        return Stream.of(
                narrowing("quantize", TENSOR::quantize),
                narrowing("mask", TENSOR::fakeQuantizeMask),
                narrowing("channels' quantize", CHANNELS.get(0)::quantize),
                narrowing("last channels' quantize", CHANNELS.get(1)::quantize),
                narrowing(
                        "part's quantize",
                        (src, from, dst, to, length) -> CHANNELS.get(0).quantize(src, from, dst, to, length, 1)),
                narrowing("float8", Float8Type.E4M3FN::fromFloat),
                narrowing(
                        "float8, saturating",
                        (src, from, dst, to, length) ->
                                Float8Type.E5M2.fromFloat(src, from, dst, to, length, Overflow.SATURATE)));
    }

    static Stream<Named<?>> wideningCalls() {
        return Stream.of(
                widening("dequantize", TENSOR::dequantize),
                widening("channels' dequantize", CHANNELS.get(0)::dequantize),
                widening("last channels' dequantize", CHANNELS.get(1)::dequantize),
                widening(
                        "part's dequantize",
                        (src, from, dst, to, length) -> CHANNELS.get(0).dequantize(src, from, dst, to, length, 1)),
                widening("float8", Float8Type.E4M3FN::toFloat));
    }

    static Stream<Named<?>> realCalls() {
        return Stream.of(
                ofReals("fakeQuantize", TENSOR::fakeQuantize),
                ofReals("channels' fakeQuantize", CHANNELS.get(0)::fakeQuantize),
                ofReals("last channels' fakeQuantize", CHANNELS.get(1)::fakeQuantize));
    }

    static Stream<Named<?>> codeCalls() {
        return Stream.of(
                ofCodes(
                        "requantize",
                        (src, from, dst, to, length) -> TENSOR.requantize(src, from, TARGET, dst, to, length)),
                ofCodes("channels' requantize", requantize(CHANNELS.get(0))),
                ofCodes("last channels' requantize", requantize(CHANNELS.get(1))));
    }

    private static BlockCall<byte[], byte[]> requantize(ChannelQuantizer quantizer) {
        ChannelQuantizer target = ChannelQuantizer.uniform(quantizer.layout(), TARGET);
        return (src, from, dst, to, length) -> quantizer.requantize(src, from, target, dst, to, length);
    }

    @ParameterizedTest
    @MethodSource("narrowingCalls")
    void floatsToCodesStayInTheirBlocks(BlockCall<float[], byte[]> call) {
        checkBounds(call, reals(), codes());
    }

    @ParameterizedTest
    @MethodSource("wideningCalls")
    void codesToFloatsStayInTheirBlocks(BlockCall<byte[], float[]> call) {
        checkBounds(call, codes(), reals());
    }

    @ParameterizedTest
    @MethodSource("realCalls")
    void floatsToFloatsStayInTheirBlocksAndDoNotOverlap(BlockCall<float[], float[]> call) {
        checkBounds(call, reals(), reals());
        checkOverlap(call, reals(), new float[ROOM]);
    }

    @ParameterizedTest
    @MethodSource("codeCalls")
    void codesToCodesStayInTheirBlocksAndDoNotOverlap(BlockCall<byte[], byte[]> call) {
        checkBounds(call, codes(), codes());
        checkOverlap(call, codes(), new byte[ROOM]);
    }

    @ParameterizedTest
    @MethodSource("halves")
    void halvesStayInTheirBlocks(HalfType type) {
        checkBounds(
                (float[] s, int from, short[] d, int to, int n) -> type.fromFloat(s, from, d, to, n),
                reals(),
                new short[ROOM]);
        checkBounds(
                (short[] s, int from, float[] d, int to, int n) -> type.toFloat(s, from, d, to, n),
                new short[ROOM],
                reals());
    }

    static Stream<HalfType> halves() {
        return Stream.of(HalfType.values());
    }

    /** Blocks that leave one array or the other, or have no length: refused, and nothing is written. */
    private static <S, D> void checkBounds(BlockCall<S, D> call, S src, D dst) {
        int[][] outside = {
            {-1, 0, LENGTH},
            {0, -1, LENGTH},
            {ROOM - LENGTH + 1, 0, LENGTH},
            {0, ROOM - LENGTH + 1, LENGTH},
            {Integer.MAX_VALUE, 0, LENGTH},
            {0, Integer.MAX_VALUE, LENGTH},
            {0, 0, -LENGTH},
            {0, 0, ROOM + LENGTH}
        };
        Object before = copy(dst);
        for (int[] block : outside) {
            assertThrows(
                    IndexOutOfBoundsException.class,
                    () -> call.run(src, block[0], dst, block[1], block[2]),
                    () -> Arrays.toString(block));
            assertSame(before, dst, Arrays.toString(block));
        }
        call.run(src, ROOM - LENGTH, dst, ROOM - LENGTH, LENGTH);
        assertSame(firstOf(before, ROOM - LENGTH), firstOf(dst, ROOM - LENGTH), "before the block");
        call.run(src, ROOM, dst, ROOM, 0);
        D untouched = dst;
        Object kept = copy(untouched);
        call.run(src, 3, dst, 3, 0);
        assertSame(kept, untouched, "no elements");
    }

    /** Blocks of one array share all of their elements or none. */
    private static <T> void checkOverlap(BlockCall<T, T> call, T array, T other) {
        call.run(array, 0, other, 0, ROOM);
        Object before = copy(array);
        for (int distance = 1; distance < LENGTH; distance++) {
            int from = LENGTH;
            for (int to : new int[] {from - distance, from + distance}) {
                String message = "source and destination in one array must be the same block or disjoint," + " were "
                        + LENGTH + " elements at " + from + " and at " + to;
                assertEquals(
                        message,
                        assertThrows(IllegalArgumentException.class, () -> call.run(array, from, array, to, LENGTH))
                                .getMessage());
                assertSame(before, array, "refused");
            }
        }
        call.run(array, 0, array, LENGTH, LENGTH);
        assertSame(part(other, 0), part(array, LENGTH), "neighbours");
        call.run(array, 2 * LENGTH, array, 2 * LENGTH, LENGTH);
        assertSame(part(other, 2 * LENGTH), part(array, 2 * LENGTH), "in place");
        assertSame(part(before, 3 * LENGTH), part(array, 3 * LENGTH), "after the blocks");
    }

    static Stream<Named<?>> bufferCalls() {
        ChannelQuantizer channels = CHANNELS.get(0);
        BufferCall<FloatBuffer, ByteBuffer> quantize = TENSOR::quantize;
        BufferCall<ByteBuffer, FloatBuffer> dequantize = TENSOR::dequantize;
        BufferCall<FloatBuffer, FloatBuffer> fakeQuantize = TENSOR::fakeQuantize;
        BufferCall<ByteBuffer, ByteBuffer> requantize = (src, dst) -> TENSOR.requantize(src, TARGET, dst);
        BufferCall<FloatBuffer, ByteBuffer> quantizeChannels = channels::quantize;
        BufferCall<ByteBuffer, FloatBuffer> dequantizeChannels = channels::dequantize;
        BufferCall<ByteBuffer, ByteBuffer> requantizeChannels = (src, dst) -> channels.requantize(src, channels, dst);
        return Stream.of(
                named("quantize", new Buffers<>(quantize, FloatBuffer.allocate(LENGTH), ByteBuffer.allocate(ROOM))),
                named("dequantize", new Buffers<>(dequantize, ByteBuffer.allocate(LENGTH), FloatBuffer.allocate(ROOM))),
                named(
                        "fakeQuantize",
                        new Buffers<>(fakeQuantize, FloatBuffer.allocate(LENGTH), FloatBuffer.allocate(ROOM))),
                named("requantize", new Buffers<>(requantize, ByteBuffer.allocate(LENGTH), ByteBuffer.allocate(ROOM))),
                named(
                        "channels' quantize",
                        new Buffers<>(quantizeChannels, FloatBuffer.allocate(LENGTH), ByteBuffer.allocate(ROOM))),
                named(
                        "channels' dequantize",
                        new Buffers<>(dequantizeChannels, ByteBuffer.allocate(LENGTH), FloatBuffer.allocate(ROOM))),
                named(
                        "channels' requantize",
                        new Buffers<>(requantizeChannels, ByteBuffer.allocate(LENGTH), ByteBuffer.allocate(ROOM))));
    }

    private record Buffers<S extends Buffer, D extends Buffer>(BufferCall<S, D> call, S src, D dst) {
        void run() {
            call.run(src, dst);
        }
    }

    @ParameterizedTest
    @MethodSource("bufferCalls")
    void aDestinationWithTooLittleRoomIsRefusedBeforeAnythingMoves(Buffers<?, ?> buffers) {
        buffers.dst().position(5).limit(5 + LENGTH - 1);
        assertEquals(
                "destination must have room for 6 elements, had 5 remaining",
                assertThrows(IllegalArgumentException.class, buffers::run).getMessage());
        assertEquals(0, buffers.src().position());
        assertEquals(5, buffers.dst().position());
        buffers.dst().limit(5 + LENGTH);
        buffers.run();
        assertEquals(0, buffers.src().remaining());
        assertEquals(0, buffers.dst().remaining());
    }

    @ParameterizedTest
    @MethodSource("int4Types")
    void packedBlocksStayInTheirArrays(Int4Type type) {
        byte[] packed = {0x55, 0x55, 0x55};
        float[] values = {9, 9, 9, 9, 9};
        for (int[] block : new int[][] {{-1, 0, 4}, {2, 0, 4}, {0, -1, 4}, {0, 2, 4}, {0, 0, 6}}) {
            assertThrows(
                    IndexOutOfBoundsException.class, () -> type.toFloat(packed, block[0], values, block[1], block[2]));
            assertThrows(
                    IndexOutOfBoundsException.class,
                    () -> type.fromFloat(values, block[1], packed, block[0], block[2]));
        }
        assertThrows(IndexOutOfBoundsException.class, () -> type.toFloat(packed, 0, values, 0, -1));
        assertArrayEquals(new byte[] {0x55, 0x55, 0x55}, packed);
        assertArrayEquals(new float[] {9, 9, 9, 9, 9}, values);
    }

    static Stream<Int4Type> int4Types() {
        return Stream.of(Int4Type.values());
    }

    private static float[] reals() {
        float[] values = new float[ROOM];
        for (int i = 0; i < ROOM; i++) {
            values[i] = 0.5f * i + 0.2f;
        }
        return values;
    }

    private static byte[] codes() {
        byte[] codes = new byte[ROOM];
        for (int i = 0; i < ROOM; i++) {
            codes[i] = (byte) (5 * i + 1);
        }
        return codes;
    }

    private static Object copy(Object array) {
        return firstOf(array, ROOM);
    }

    private static Object firstOf(Object array, int length) {
        return range(array, 0, length);
    }

    private static Object part(Object array, int from) {
        return range(array, from, from + LENGTH);
    }

    private static Object range(Object array, int from, int to) {
        if (array instanceof float[] floats) {
            return Arrays.copyOfRange(floats, from, to);
        }
        if (array instanceof short[] shorts) {
            return Arrays.copyOfRange(shorts, from, to);
        }
        return Arrays.copyOfRange((byte[]) array, from, to);
    }

    private static void assertSame(Object expected, Object actual, String what) {
        assertArrayEquals(new Object[] {expected}, new Object[] {actual}, what);
    }
}
