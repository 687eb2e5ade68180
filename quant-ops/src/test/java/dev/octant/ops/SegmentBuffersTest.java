// SPDX-License-Identifier: Apache-2.0
package dev.octant.ops;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.octant.core.ChannelLayout;
import dev.octant.core.ChannelQuantizer;
import dev.octant.core.IntegerQuantizer;
import dev.octant.core.IntegerType;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantType;
import dev.octant.core.TensorQuantizer;
import dev.octant.core.scalar.HalfType;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Buffers of memory segments, of every arena: the values are those of other buffers, and what a segment forbids is
 * refused before anything moves. By reflection, because the module is compiled for a JDK without them.
 */
@EnabledForJreRange(min = JRE.JAVA_22, disabledReason = "memory segments are there from JDK 22 on")
class SegmentBuffersTest {
    private static final QuantParams PARAMS = QuantParams.of(QuantType.INT8, 0.05f, 3);
    private static final QuantParams OTHER = QuantParams.of(QuantType.UINT8, 0.07f, 100);

    /** A multiple of the periods below, and more than two blocks of staging. */
    private static final int LENGTH = 27_000;

    private static final int MOST_BYTES = LENGTH * Float.BYTES;

    /** A method on what remains of two buffers; each has elements of its own kind. */
    private record Call(String name, Element src, Element dst, BiConsumer<Buffer, Buffer> code) {
        @Override
        public String toString() {
            return name;
        }

        Buffer source(ByteBuffer memory) {
            return src.view(memory);
        }

        Buffer destination(ByteBuffer memory) {
            return dst.view(memory);
        }
    }

    private enum Element {
        BYTE(Byte.BYTES),
        SHORT(Short.BYTES),
        FLOAT(Float.BYTES);

        private final int bytes;

        Element(int bytes) {
            this.bytes = bytes;
        }

        Buffer view(ByteBuffer memory) {
            ByteBuffer part =
                    memory.duplicate().clear().slice(0, LENGTH * bytes).order(ByteOrder.nativeOrder());
            return switch (this) {
                case BYTE -> part;
                case SHORT -> part.asShortBuffer();
                case FLOAT -> part.asFloatBuffer();
            };
        }
    }

    /** A segment's buffer, and how its arena is closed. */
    private record Segment(String kind, ByteBuffer buffer, AutoCloseable arena) {}

    private static Segment segment(String kind) throws ReflectiveOperationException {
        Class<?> segmentType = Class.forName("java.lang.foreign.MemorySegment");
        Class<?> arenaType = Class.forName("java.lang.foreign.Arena");
        Object arena = kind.isEmpty() ? null : arenaType.getMethod(kind).invoke(null);
        Object segment = kind.isEmpty()
                ? segmentType.getMethod("ofArray", byte[].class).invoke(null, (Object) new byte[MOST_BYTES])
                : arenaType.getMethod("allocate", long.class, long.class).invoke(arena, MOST_BYTES, 8);
        return new Segment(
                kind, (ByteBuffer) segmentType.getMethod("asByteBuffer").invoke(segment), (AutoCloseable) arena);
    }

    private static List<Segment> segments() throws ReflectiveOperationException {
        List<Segment> segments = new ArrayList<>();
        for (String kind : List.of("", "ofConfined", "ofShared", "ofAuto", "global")) {
            segments.add(segment(kind));
        }
        return segments;
    }

    static Stream<Call> calls() {
        TensorQuantizer tensor = TensorQuantizer.of(PARAMS);
        ChannelQuantizer channels = ChannelQuantizer.of(
                new ChannelLayout(3, 100), List.of(PARAMS, QuantParams.of(QuantType.INT8, 0.07f, 1), PARAMS));
        IntegerQuantizer bytes = IntegerQuantizer.of(IntegerType.INT8, 0.05f, 3);
        IntegerQuantizer shorts = IntegerQuantizer.of(IntegerType.INT16, 0.0005f, 0);
        LookupTable table =
                QuantizedActivation.compile(Activation.SILU, PARAMS, OTHER).table();
        QuantizedBinary add = QuantizedBinary.add(PARAMS, PARAMS, OTHER);
        QuantizedSoftmax softmax = QuantizedSoftmax.softmax(PARAMS, QuantizedSoftmax.fixedOutput(QuantType.INT8));
        HalfActivation half = HalfActivation.compile(Activation.SILU, HalfType.FLOAT16);
        return Stream.of(
                quantize("tensor quantize", tensor::quantize),
                dequantize("tensor dequantize", tensor::dequantize),
                new Call(
                        "tensor fakeQuantize",
                        Element.FLOAT,
                        Element.FLOAT,
                        (src, dst) -> tensor.fakeQuantize((FloatBuffer) src, (FloatBuffer) dst)),
                codes("tensor requantize", (src, dst) -> tensor.requantize(src, OTHER, dst)),
                quantize("channel quantize", channels::quantize),
                dequantize("channel dequantize", channels::dequantize),
                codes("channel requantize", (src, dst) -> channels.requantize(src, channels, dst)),
                quantize("integer quantize", bytes::quantize),
                dequantize("integer dequantize", (src, dst) -> bytes.dequantize(src, dst, LENGTH)),
                new Call(
                        "integer quantize to shorts",
                        Element.FLOAT,
                        Element.SHORT,
                        (src, dst) -> shorts.quantize((FloatBuffer) src, (ShortBuffer) dst)),
                new Call(
                        "integer dequantize from shorts",
                        Element.SHORT,
                        Element.FLOAT,
                        (src, dst) -> shorts.dequantize((ShortBuffer) src, (FloatBuffer) dst, LENGTH)),
                codes("table apply", table::apply),
                codes("binary apply", (src, dst) -> add.apply(src, src.duplicate(), dst)),
                codes("softmax apply", (src, dst) -> softmax.apply(src, dst, new ChannelLayout(100, 1))),
                new Call(
                        "half apply",
                        Element.SHORT,
                        Element.SHORT,
                        (src, dst) -> half.apply((ShortBuffer) src, (ShortBuffer) dst)));
    }

    private static Call quantize(String name, BiConsumer<FloatBuffer, ByteBuffer> code) {
        return new Call(
                name, Element.FLOAT, Element.BYTE, (src, dst) -> code.accept((FloatBuffer) src, (ByteBuffer) dst));
    }

    private static Call dequantize(String name, BiConsumer<ByteBuffer, FloatBuffer> code) {
        return new Call(
                name, Element.BYTE, Element.FLOAT, (src, dst) -> code.accept((ByteBuffer) src, (FloatBuffer) dst));
    }

    private static Call codes(String name, BiConsumer<ByteBuffer, ByteBuffer> code) {
        return new Call(
                name, Element.BYTE, Element.BYTE, (src, dst) -> code.accept((ByteBuffer) src, (ByteBuffer) dst));
    }

    /** No method of these types takes buffers without being among the calls. */
    @Test
    void everyMethodOnBuffersIsCalled() {
        int methods = 0;
        for (Class<?> type : List.of(
                TensorQuantizer.class,
                ChannelQuantizer.class,
                IntegerQuantizer.class,
                LookupTable.class,
                QuantizedBinary.class,
                QuantizedSoftmax.class,
                HalfActivation.class)) {
            for (Method method : type.getMethods()) {
                if (Stream.of(method.getParameterTypes()).anyMatch(Buffer.class::isAssignableFrom)) {
                    methods++;
                }
            }
        }
        assertEquals(methods, calls().count());
    }

    private static byte[] input() {
        ByteBuffer bytes = ByteBuffer.allocate(MOST_BYTES).order(ByteOrder.nativeOrder());
        Random random = new Random(7);
        while (bytes.hasRemaining()) {
            bytes.putFloat((float) random.nextGaussian());
        }
        return bytes.array();
    }

    private static byte[] bytes(ByteBuffer memory) {
        byte[] bytes = new byte[MOST_BYTES];
        memory.get(0, bytes);
        return bytes;
    }

    @ParameterizedTest
    @MethodSource("calls")
    void valuesAreThoseOfOtherBuffers(Call call) throws Exception {
        byte[] input = input();
        ByteBuffer expected = ByteBuffer.allocate(MOST_BYTES);
        call.code.accept(call.source(ByteBuffer.wrap(input)), call.destination(expected));
        for (Segment from : segments()) {
            from.buffer().put(0, input);
            for (Segment to : segments()) {
                Buffer src = call.source(from.buffer());
                Buffer dst = call.destination(to.buffer());
                call.code.accept(src, dst);
                assertArrayEquals(bytes(expected), bytes(to.buffer()), call + from.kind() + to.kind());
                assertEquals(LENGTH, src.position());
                assertEquals(LENGTH, dst.position());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("calls")
    void whatTheArenaForbidsMovesNothing(Call call) throws Exception {
        for (String kind : List.of("ofConfined", "ofShared")) {
            for (boolean isSource : new boolean[] {true, false}) {
                Segment closed = segment(kind);
                ByteBuffer open = ByteBuffer.allocateDirect(MOST_BYTES);
                Buffer src = call.source(isSource ? closed.buffer() : open);
                Buffer dst = call.destination(isSource ? open : closed.buffer());
                closed.arena().close();
                IllegalStateException e =
                        assertThrows(IllegalStateException.class, () -> call.code.accept(src, dst), call + kind);
                assertEquals("Already closed", e.getMessage());
                assertEquals(0, src.position());
                assertEquals(0, dst.position());
                assertArrayEquals(new byte[MOST_BYTES], bytes(open));
            }
        }
        for (boolean isSource : new boolean[] {true, false}) {
            ByteBuffer confined = segment("ofConfined").buffer();
            ByteBuffer open = ByteBuffer.allocateDirect(MOST_BYTES);
            Buffer src = call.source(isSource ? confined : open);
            Buffer dst = call.destination(isSource ? open : confined);
            ExecutionException e = assertThrows(
                    ExecutionException.class,
                    () -> CompletableFuture.runAsync(() -> call.code.accept(src, dst))
                            .get());
            assertEquals("WrongThreadException", e.getCause().getClass().getSimpleName(), e::toString);
            assertEquals("Attempted access outside owning thread", e.getCause().getMessage());
            assertEquals(0, src.position());
            assertEquals(0, dst.position());
        }
    }

    @ParameterizedTest
    @MethodSource("calls")
    void aReadOnlyDestinationIsRefused(Call call) throws Exception {
        for (Segment segment : segments()) {
            ByteBuffer readOnly = segment.buffer().asReadOnlyBuffer();
            String sentence = assertThrows(
                            IllegalArgumentException.class,
                            () -> call.code.accept(
                                    call.source(ByteBuffer.allocate(MOST_BYTES)), call.destination(readOnly)))
                    .getMessage();
            assertEquals("destination must be writable, was a read-only buffer", sentence);
        }
    }

    /** What has no buffer says so itself: a segment of floats on the heap, and one that is too large. */
    @Test
    void segmentsWithoutABuffer(@TempDir Path folder) throws Exception {
        Class<?> segmentType = Class.forName("java.lang.foreign.MemorySegment");
        Object floats = segmentType.getMethod("ofArray", float[].class).invoke(null, (Object) new float[4]);
        assertInstanceOf(UnsupportedOperationException.class, refusal(floats));
        Class<?> arenaType = Class.forName("java.lang.foreign.Arena");
        try (RandomAccessFile file =
                        new RandomAccessFile(folder.resolve("large").toFile(), "rw");
                AutoCloseable arena =
                        (AutoCloseable) arenaType.getMethod("ofShared").invoke(null)) {
            file.setLength(3L << 30); // nothing of it is written, and nothing read
            Object large = FileChannel.class
                    .getMethod("map", FileChannel.MapMode.class, long.class, long.class, arenaType)
                    .invoke(file.getChannel(), FileChannel.MapMode.READ_ONLY, 0L, 3L << 30, arena);
            assertInstanceOf(IllegalStateException.class, refusal(large));
            Object part =
                    segmentType.getMethod("asSlice", long.class, long.class).invoke(large, (3L << 30) - 1000, 1000L);
            ByteBuffer codes =
                    (ByteBuffer) segmentType.getMethod("asByteBuffer").invoke(part);
            ByteBuffer found = ByteBuffer.allocate(1000);
            QuantizedActivation.compile(Activation.SILU, PARAMS, OTHER).table().apply(codes, found);
            assertEquals(1000, found.position());
        }
    }

    private static Throwable refusal(Object segment) throws ReflectiveOperationException, IOException {
        Method asByteBuffer = Class.forName("java.lang.foreign.MemorySegment").getMethod("asByteBuffer");
        return assertThrows(InvocationTargetException.class, () -> asByteBuffer.invoke(segment))
                .getCause();
    }
}
