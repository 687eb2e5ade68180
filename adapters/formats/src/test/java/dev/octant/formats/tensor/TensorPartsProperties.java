// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.formats.FormatException;
import dev.octant.formats.ScratchFile;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class TensorPartsProperties {
    /** A tensor as the test knows it. */
    record Sample(TensorBytes.Type type, List<Long> shape, boolean fortran, boolean bigEndian, long seed) {
        int size() {
            return (int) shape.stream().mapToLong(Long::longValue).reduce(1, (a, b) -> a * b);
        }

        long[] bits() {
            Random random = new Random(seed);
            long[] special = {0, Long.MIN_VALUE, 0x7FF0000000000000L, 0x7F800000L, 0x7C00L, 0x8001L, 1, -1};
            return random.longs(size())
                    .map(bits -> random.nextInt(6) == 0 ? special[random.nextInt(special.length)] : bits)
                    .toArray();
        }

        List<Integer> floats() {
            return Arrays.stream(bits()).mapToObj(type::floatBits).toList();
        }

        byte[] npy() {
            String tuple = TensorBytes.shape(shape).replace("[", "(").replace("]", shape.size() == 1 ? ",)" : ")");
            ByteOrder order = bigEndian ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
            String header = ArrayBytes.dictionary((bigEndian ? ">" : "<") + type.descr(), fortran, tuple);
            return ArrayBytes.npy(1, header, TensorBytes.data(type, order, bits()));
        }

        long sampleLength() {
            if (shape.size() < 2) {
                return size();
            }
            return fortran
                    ? 0
                    : shape.subList(1, shape.size()).stream()
                            .mapToLong(Long::longValue)
                            .reduce(1, (a, b) -> a * b);
        }
    }

    @Provide
    Arbitrary<List<Sample>> samples() {
        return Combinators.combine(
                        Arbitraries.of(TensorBytes.Type.class),
                        Arbitraries.longs().between(0, 6).list().ofMaxSize(4),
                        Arbitraries.of(true, false),
                        Arbitraries.of(true, false),
                        Arbitraries.longs())
                .as(Sample::new)
                .list()
                .ofMaxSize(5);
    }

    @Property(tries = 300)
    void safetensorsGiveEveryValue(@ForAll("samples") List<Sample> samples, @ForAll Random random) throws IOException {
        List<String> entries = new ArrayList<>(List.of("\"__metadata__\":{\"format\":\"pt\"}"));
        byte[] data = new byte[0];
        Map<String, List<Integer>> expected = new LinkedHashMap<>();
        for (int i = 0; i < samples.size(); i++) {
            Sample sample = samples.get(i);
            byte[] next = TensorBytes.data(sample.type(), ByteOrder.LITTLE_ENDIAN, sample.bits());
            String shape = TensorBytes.shape(sample.shape());
            entries.add(
                    TensorBytes.entry("/t:" + i, sample.type().dtype(), shape, data.length, data.length + next.length));
            int from = data.length;
            data = Arrays.copyOf(data, from + next.length);
            System.arraycopy(next, 0, data, from, next.length);
            expected.put("/t:" + i, sample.floats());
        }
        Collections.shuffle(entries, random);
        String header = "{" + String.join(",", entries) + "}" + " ".repeat(random.nextInt(9));
        ScratchFile.with("x.safetensors", TensorBytes.safetensors(header, data), path -> {
            TensorFile file = TensorFiles.open(path);
            assertEquals(path, file.path());
            assertEquals(expected, Drained.file(file));
            assertEquals(expected, Drained.file(file), "a second time");
            for (TensorPart part : file.parts()) {
                Sample sample =
                        samples.get(Integer.parseInt(part.tensors().get(0).substring(3)));
                long length = new Sample(sample.type(), sample.shape(), false, false, 0).sampleLength();
                assertEquals(length, part.sampleLength());
            }
            TensorFile one = TensorFiles.open(path, "/t:0"::equals);
            assertEquals(samples.isEmpty() ? Map.of() : Map.of("/t:0", expected.get("/t:0")), Drained.file(one));
        });
    }

    @Property(tries = 300)
    void arraysGiveEveryValue(@ForAll("samples") List<Sample> all, @ForAll Random random) throws IOException {
        List<Sample> samples =
                all.stream().filter(s -> !s.type().descr().isEmpty()).toList();
        List<ArrayBytes.Entry> entries = new ArrayList<>();
        Map<String, List<Integer>> expected = new LinkedHashMap<>();
        for (int i = 0; i < samples.size(); i++) {
            Sample sample = samples.get(i);
            String name = "deep/t" + i;
            entries.add(
                    random.nextBoolean()
                            ? ArrayBytes.Entry.stored(name + ".npy", sample.npy())
                            : ArrayBytes.Entry.deflated(name + ".npy", sample.npy()));
            expected.put(name, sample.floats());
            ScratchFile.with("one.npy", sample.npy(), path -> {
                TensorFile file = TensorFiles.open(path);
                assertEquals(Map.of("one", sample.floats()), Drained.file(file));
                assertEquals(sample.sampleLength(), file.parts().get(0).sampleLength());
                assertEquals(List.of(), TensorFiles.open(path, "two"::equals).parts());
            });
        }
        byte[] zip = ArrayBytes.zip(entries.toArray(ArrayBytes.Entry[]::new));
        ScratchFile.with("all.npz", zip, path -> {
            TensorFile file = TensorFiles.open(path);
            assertEquals(expected, Drained.file(file));
            for (TensorPart part : file.parts()) {
                Sample sample =
                        samples.get(Integer.parseInt(part.tensors().get(0).substring(6)));
                assertEquals(sample.sampleLength(), part.sampleLength());
                assertTrue(part.bytes() > 0 && part.bytes() <= Files.size(path));
            }
        });
    }

    /** 9,000,003 bytes count as 9,000,003 values here: more than two parts, by rows of 3. */
    @Example
    void largeTensorsAreCutIntoWholeSamplesReadInAnyOrder() throws Exception {
        int rows = 3_000_001;
        byte[] bytes = new byte[3 * rows];
        new Random(5).nextBytes(bytes);
        String header = "{" + TensorBytes.entry("t", "I8", "[" + rows + ",3]", 0, bytes.length) + "}";
        largeFile("large.safetensors", TensorBytes.safetensors(header, bytes), bytes, 3);
    }

    @Example
    void largeStoredArraysAreCut() throws Exception {
        int rows = 1_100_001;
        byte[] bytes = new byte[8 * rows];
        float[] expected = new float[4 * rows];
        Random random = new Random(6);
        for (int i = 0; i < expected.length; i++) {
            // A float16 of a small integer, so that the test need not convert.
            int integer = random.nextInt(1024);
            expected[i] = integer;
            int exponent = 31 - Integer.numberOfLeadingZeros(integer);
            int half = integer == 0 ? 0 : ((15 + exponent) << 10) | ((integer << (10 - exponent)) & 0x3FF);
            bytes[2 * i] = (byte) half;
            bytes[2 * i + 1] = (byte) (half >> 8);
        }
        byte[] npy = ArrayBytes.npy(1, ArrayBytes.dictionary("<f2", false, "(" + rows + ", 2, 2)"), bytes);
        assertParts("large.npy", npy, 4, 2, expected);
        assertParts("stored.npz", ArrayBytes.zip(ArrayBytes.Entry.stored("large.npy", npy)), 4, 2, expected);
        assertParts("deflated.npz", ArrayBytes.zip(ArrayBytes.Entry.deflated("large.npy", npy)), 4, 1, expected);
        byte[] fortran = ArrayBytes.npy(1, ArrayBytes.dictionary("<f2", true, "(" + rows + ", 2, 2)"), bytes);
        assertParts("fortran.npy", fortran, 0, 2, expected);
        byte[] line = ArrayBytes.npy(1, ArrayBytes.dictionary("<f2", false, "(" + 4 * rows + ",)"), bytes);
        assertParts("line.npy", line, 4 * rows, 1, expected);
    }

    private static void largeFile(String name, byte[] content, byte[] values, int sampleLength) throws Exception {
        float[] expected = new float[values.length];
        for (int i = 0; i < expected.length; i++) {
            expected[i] = values[i];
        }
        assertParts(name, content, sampleLength, 3, expected);
    }

    /** Reads the parts on two threads in a shuffled order and puts them together again. */
    private static void assertParts(String name, byte[] content, int sampleLength, int count, float[] expected)
            throws IOException {
        ScratchFile.with(name, content, path -> {
            TensorFile file = TensorFiles.open(path);
            List<TensorPart> parts = new ArrayList<>(file.parts());
            assertEquals(count, parts.size());
            Collections.shuffle(parts, new Random(7));
            Map<TensorPart, float[]> read = new ConcurrentHashMap<>();
            parts.parallelStream().forEach(part -> {
                assertEquals(sampleLength, part.sampleLength());
                float[] values = new float[(int) part.values()];
                int[] at = new int[1];
                try {
                    part.read((tensor, block, offset, length) -> {
                        System.arraycopy(block, offset, values, at[0], length);
                        at[0] += length;
                        return true;
                    });
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
                assertEquals(values.length, at[0]);
                read.put(part, values);
            });
            float[] all = new float[expected.length];
            int at = 0;
            for (TensorPart part : file.parts()) {
                float[] values = read.get(part);
                System.arraycopy(values, 0, all, at, values.length);
                at += values.length;
            }
            assertEquals(expected.length, at);
            assertArrayEquals(expected, all);
        });
    }

    @Example
    void aVisitorMayHaveEnough() throws IOException {
        byte[] npy = ArrayBytes.npy(1, ArrayBytes.dictionary("<f4", false, "(100000,)"), new byte[400_000]);
        ScratchFile.with("a.npy", npy, path -> assertStops(path));
        ScratchFile.with("a.npz", ArrayBytes.zip(ArrayBytes.Entry.deflated("a.npy", npy)), path -> assertStops(path));
    }

    private static void assertStops(Path path) throws IOException {
        int[] calls = new int[1];
        TensorFiles.open(path).parts().get(0).read((tensor, block, offset, length) -> {
            assertFalse(calls[0]++ > 0);
            return false;
        });
        assertEquals(1, calls[0]);
    }

    @Example
    void aChangedFileIsRefused() throws IOException {
        byte[] npy = ArrayBytes.npy(1, ArrayBytes.dictionary("<f4", false, "(3,)"), new byte[12]);
        ScratchFile.with("a.npy", npy, path -> {
            TensorPart part = TensorFiles.open(path).parts().get(0);
            Files.setLastModifiedTime(path, FileTime.fromMillis(1));
            Drain.assertSentence(assertThrows(FormatException.class, () -> Drained.part(part)), path);
            TensorPart other = TensorFiles.open(path).parts().get(0);
            Files.write(path, new byte[11]);
            Files.setLastModifiedTime(path, FileTime.fromMillis(1));
            Drain.assertSentence(assertThrows(FormatException.class, () -> Drained.part(other)), path);
        });
    }
}
