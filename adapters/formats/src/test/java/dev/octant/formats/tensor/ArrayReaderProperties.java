// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.core.scalar.HalfType;
import dev.octant.formats.FormatException;
import dev.octant.formats.ScratchFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class ArrayReaderProperties {
    /** An array as the test knows it: raw element bits, most significant bits first within a long. */
    record Sample(ElementType type, char order, boolean fortran, List<Long> shape, int version, int style, long seed) {
        int size() {
            return (int) shape.stream().mapToLong(Long::longValue).reduce(1, (a, b) -> a * b);
        }

        long[] bits() {
            Random random = new Random(seed);
            long[] bits = new long[size()];
            for (int i = 0; i < bits.length; i++) {
                bits[i] = random.nextInt(8) == 0 ? special(random) : random.nextLong();
            }
            return bits;
        }

        /** Zeros, infinities, overflow and rounding ties of the wide types. */
        private long special(Random random) {
            long[] doubles = {
                0,
                Long.MIN_VALUE,
                Double.doubleToRawLongBits(Double.NEGATIVE_INFINITY),
                Double.doubleToRawLongBits(1e300),
                Double.doubleToRawLongBits(1 + 0x1p-24),
                Double.doubleToRawLongBits(0x1.8p-150)
            };
            return type == ElementType.FLOAT64
                    ? doubles[random.nextInt(doubles.length)]
                    : random.nextBoolean() ? 0 : 0x7F800000L;
        }

        byte[] data() {
            boolean big = order == '>' || (order != '<' && ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN);
            int width = type.bytes();
            byte[] data = new byte[size() * width];
            long[] bits = bits();
            for (int i = 0; i < bits.length; i++) {
                for (int b = 0; b < width; b++) {
                    int position = big ? width - 1 - b : b;
                    data[i * width + position] = (byte) (bits[i] >>> (8 * b));
                }
            }
            return data;
        }

        String header() {
            String descr = order
                    + switch (type) {
                        case FLOAT16 -> "f2";
                        case FLOAT32 -> "f4";
                        case FLOAT64 -> "f8";
                        case INT8 -> "i1";
                        case UINT8 -> "u1";
                    };
            String dimensions = shape.stream().map(String::valueOf).collect(Collectors.joining(", "));
            String tuple = "(" + dimensions + (shape.size() == 1 ? "," : "") + ")";
            String order = fortran ? "True" : "False";
            return switch (style) {
                case 0 -> "{'descr': '" + descr + "', 'fortran_order': " + order + ", 'shape': " + tuple + ", }   \n";
                case 1 -> "{\"shape\":" + tuple + ",\"fortran_order\":" + order + ",\"descr\":\"" + descr + "\"}";
                default ->
                    " \t{ 'fortran_order' : " + order + " ,\n'shape': "
                            + tuple.replace(" ", " \t").replace("(", "( ") + " ,\r\n \"descr\" :'" + descr + "' }\n\n";
            };
        }

        byte[] npy() {
            return ArrayBytes.npy(version, header(), data());
        }
    }

    @Provide
    Arbitrary<Sample> samples() {
        Arbitrary<List<Long>> shapes = Arbitraries.longs().between(0, 5).list().ofMaxSize(4);
        return Combinators.combine(
                        Arbitraries.of(ElementType.class),
                        Arbitraries.of('<', '>', '|', '='),
                        Arbitraries.of(true, false),
                        shapes,
                        Arbitraries.integers().between(1, 3),
                        Arbitraries.integers().between(0, 2),
                        Arbitraries.longs())
                .as(Sample::new);
    }

    @Property(tries = 500)
    void npyGivesBackEveryElement(@ForAll("samples") Sample sample, @ForAll @IntRange(min = 1, max = 700) int block)
            throws IOException {
        ScratchFile.with("array.npy", sample.npy(), file -> {
            try (ArrayReader reader = ArrayReader.open(file)) {
                assertTrue(reader.next());
                assertSample(sample, "array", reader, block);
                assertFalse(reader.next());
            }
        });
    }

    @Property(tries = 200)
    void npzGivesBackEveryArray(
            @ForAll("samples") Sample first,
            @ForAll("samples") Sample second,
            @ForAll @IntRange(min = 1, max = 700) int block)
            throws IOException {
        byte[] zip = ArrayBytes.zip(
                ArrayBytes.Entry.stored("b.npy", first.npy()), ArrayBytes.Entry.deflated("deep/a.npy", second.npy()));
        ScratchFile.with("arrays.npz", zip, file -> {
            for (int pass = 0; pass < 2; pass++) {
                try (ArrayReader reader = ArrayReader.open(file)) {
                    assertTrue(reader.next());
                    assertSample(first, "b", reader, block);
                    assertTrue(reader.next());
                    assertSample(second, "deep/a", reader, block);
                    assertFalse(reader.next());
                }
            }
            try (ArrayReader reader = ArrayReader.open(file, "deep/a"::equals)) {
                assertTrue(reader.next());
                assertSample(second, "deep/a", reader, block);
                assertFalse(reader.next());
            }
            try (ArrayReader reader = ArrayReader.open(file)) {
                assertTrue(reader.next());
                assertTrue(reader.next(), "an unread array is skipped");
                assertSample(second, "deep/a", reader, block);
            }
        });
    }

    @Property(tries = 500)
    void cutFilesAreRefused(@ForAll("samples") Sample sample, @ForAll @IntRange(min = 1, max = 400) int cut)
            throws IOException {
        byte[] whole = sample.npy();
        byte[] part = java.util.Arrays.copyOf(whole, Math.max(0, whole.length - cut));
        ScratchFile.with("cut.npy", part, file -> assertRefused(file));
        // In a zip with right sizes and checksum, only the header can tell.
        byte[] zip = ArrayBytes.zip(ArrayBytes.Entry.deflated("cut.npy", part));
        ScratchFile.with("cut.npz", zip, file -> assertRefused(file));
    }

    @Property(tries = 1000)
    void damagedBytesEndInOneSentenceOrInAnArray(
            @ForAll("samples") Sample sample, @ForAll boolean zipped, @ForAll long seed) throws IOException {
        byte[] bytes = zipped ? ArrayBytes.zip(ArrayBytes.Entry.deflated("a.npy", sample.npy())) : sample.npy();
        Random random = new Random(seed);
        for (int i = random.nextInt(4); i >= 0; i--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        ScratchFile.with("damaged", bytes, file -> {
            try {
                Drain.all(file);
            } catch (FormatException e) {
                Drain.assertSentence(e, file);
            }
            try {
                Drained.count(TensorFiles.open(file));
            } catch (FormatException e) {
                Drain.assertSentence(e, file);
            }
        });
    }

    private static void assertRefused(Path file) throws IOException {
        try {
            Drain.all(file);
        } catch (FormatException e) {
            Drain.assertSentence(e, file);
            return;
        }
        throw new AssertionError(file + " was accepted");
    }

    private static void assertSample(Sample sample, String name, ArrayReader reader, int block) throws IOException {
        ArrayHeader header = reader.header();
        assertEquals(name, header.name());
        assertEquals(sample.type(), header.type());
        assertEquals(sample.shape(), header.shape());
        assertEquals(sample.fortran(), header.fortranOrder());
        assertEquals(sample.size(), header.size());
        List<Integer> expected = new ArrayList<>();
        for (long bits : sample.bits()) {
            expected.add(canonical(sample.type(), bits));
        }
        assertEquals(expected, read(reader, block));
    }

    /**
     * The bits of the float an element must become, or the byte itself; all NaN alike but for float32, kept as it is.
     */
    private static int canonical(ElementType type, long bits) {
        return switch (type) {
            case FLOAT16 -> Float.floatToIntBits(HalfType.FLOAT16.toFloat((short) bits));
            case FLOAT32 -> (int) bits;
            case FLOAT64 -> Float.floatToIntBits((float) Double.longBitsToDouble(bits));
            case INT8, UINT8 -> (byte) bits;
        };
    }

    private static List<Integer> read(ArrayReader reader, int block) throws IOException {
        List<Integer> values = new ArrayList<>();
        if (reader.header().type().isFloat()) {
            boolean raw = reader.header().type() == ElementType.FLOAT32;
            float[] floats = new float[block + 2];
            for (int n; (n = reader.readFloats(floats, 1, block)) > 0; ) {
                for (int i = 1; i <= n; i++) {
                    values.add(raw ? Float.floatToRawIntBits(floats[i]) : Float.floatToIntBits(floats[i]));
                }
                assertEquals(0f, floats[0]);
                assertEquals(0f, floats[block + 1]);
            }
            assertEquals(0, reader.readFloats(floats));
        } else {
            byte[] bytes = new byte[block];
            for (int n; (n = reader.readBytes(bytes)) > 0; ) {
                values.addAll(boxed(ByteBuffer.wrap(bytes, 0, n)));
            }
            assertEquals(0, reader.readBytes(bytes));
        }
        return values;
    }

    private static List<Integer> boxed(ByteBuffer bytes) {
        List<Integer> values = new ArrayList<>(Collections.nCopies(bytes.remaining(), 0));
        values.replaceAll(ignored -> (int) bytes.get());
        return values;
    }
}
