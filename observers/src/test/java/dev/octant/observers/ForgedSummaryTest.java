// SPDX-License-Identifier: Apache-2.0
package dev.octant.observers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.octant.observers.internal.exact.ExactSums;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Summaries with a right checksum and one thing wrong: each is refused in the sentence that says what. */
class ForgedSummaryTest {
    private static final BigInteger ONE = BigInteger.ONE.shiftLeft(ExactSums.UNIT);

    /** The parts of a summary's content, at first those of {@code 1f} alone: bin 1024 of width 2^-10. */
    private static final class Parts {
        private ValueCounts counts = new ValueCounts(1, 0, 0, 0, 0, 1, 1);
        private long bits = 11;
        private long exponent = -10;
        private final Map<Integer, Long> places = new TreeMap<>();
        private final Map<Integer, Long> nodes = new TreeMap<>();
        private BigInteger sum = ONE;
        private BigInteger squares = BigInteger.ONE.shiftLeft(2 * ExactSums.UNIT);

        Parts() {
            places.put(1024, 1L);
        }

        byte[] content() {
            PayloadWriter payload = new PayloadWriter();
            payload.counts(counts);
            payload.number(bits);
            payload.number(exponent - BinCounts.MIN_EXPONENT);
            sparse(payload, places);
            sparse(payload, nodes);
            payload.integer(sum);
            payload.integer(squares);
            return payload.bytes();
        }
    }

    private static void sparse(PayloadWriter payload, Map<Integer, Long> counts) {
        payload.number(counts.size());
        int next = 0;
        for (Map.Entry<Integer, Long> entry : counts.entrySet()) {
            payload.number(entry.getKey() - next);
            payload.number(entry.getValue());
            next = entry.getKey() + 1;
        }
    }

    private static byte[] content(Consumer<Parts> change) {
        Parts parts = new Parts();
        change.accept(parts);
        return parts.content();
    }

    private static byte[] written(HistogramSummary summary) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        summary.writeTo(new DataOutputStream(out));
        return out.toByteArray();
    }

    private static HistogramSummary read(byte[] content) throws IOException {
        int magic = ByteBuffer.wrap(written(HistogramSummary.EMPTY)).getInt();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Frame.write(new DataOutputStream(out), magic, 2, content);
        return HistogramSummary.readFrom(new DataInputStream(new ByteArrayInputStream(out.toByteArray())));
    }

    private static void refused(String rule, Consumer<Parts> change) {
        refused(rule, content(change));
    }

    private static void refused(String rule, byte[] content) {
        assertEquals(
                "histogram summary must " + rule,
                assertThrows(SummaryFormatException.class, () -> read(content)).getMessage());
    }

    @Test
    void theUnchangedPartsAreASummary() throws IOException {
        assertEquals(HistogramLaws.summary(1), read(content(parts -> {})));
        HistogramSummary sixteen = read(content(parts -> {
            parts.bits = 4;
            parts.exponent = -3;
            parts.places.clear();
            parts.places.put(8, 1L);
        }));
        assertEquals(16, sixteen.binsPerSign());
        assertEquals(1, sixteen.positive(8));
        assertEquals(0, sixteen.positive(2047));
        assertEquals(
                "bin must be within 0..2047, was 2048",
                assertThrows(IndexOutOfBoundsException.class, () -> sixteen.positive(2048))
                        .getMessage());
        assertThrows(IndexOutOfBoundsException.class, () -> sixteen.negative(-1));
    }

    @Test
    void bins() {
        refused("have 16 to 2048 bins per sign, was not", parts -> parts.bits = 3);
        refused("have 16 to 2048 bins per sign, was not", parts -> parts.bits = 12);
        refused("have the bin width of its values, was not", parts -> parts.exponent = -9);
        refused("have the bin width of its values, was not", parts -> parts.exponent = -11);
        refused("have every value in a bin, was not", parts -> parts.places.put(1024, 2L));
        refused("have every value in a bin, was not", parts -> parts.places.clear());
    }

    /** Of each sign: 2,048 bins, of which the first 64 are empty, then 64 sub-bins of 277 octaves. */
    private static final int SIDE = 2048 + 64 * 277;

    @Test
    void subBins() throws IOException {
        // Bins of 2^-10: sub-bins are of the octaves up to 2^-5, which is octave 144 from the smallest float on.
        int end = 2048 + 64 * 145;
        String rule = "have sub-bins only below its bins, was not";
        for (int sign = 0; sign < 2; sign++) {
            for (int place : new int[] {0, 1, 63, end, end + 64 * 100, SIDE - 1}) {
                int at = sign * SIDE + place;
                refused(rule, parts -> parts.places.put(at, 1L));
            }
        }
        // Of 16 bins that are as narrow as can be, none is below the first.
        for (int place : new int[] {16, 17}) {
            refused(rule, parts -> {
                parts.counts = new ValueCounts(2, 0, 0, 0, 0, Float.MIN_VALUE, 8 * Float.MIN_VALUE);
                parts.bits = 4;
                parts.exponent = BinCounts.MIN_EXPONENT;
                parts.places.clear();
                parts.places.put(8, 1L);
                parts.places.put(place, 1L);
            });
        }
        for (int place : new int[] {64, 1023, 2048, end - 1}) {
            HistogramSummary sound = read(content(parts -> {
                parts.counts = new ValueCounts(3, 1, 0, 0, 0, 0, 1);
                parts.places.put(place, 1L);
            }));
            assertEquals(3, sound.cells().size());
        }
    }

    @Test
    void nodes() throws IOException {
        // Octave 139 is that of bin 1; its node 1 is bin 1, and node 2 of the next octave is bin 2.
        String rule = "have nodes only within its bins, was not";
        for (int sign = 0; sign < 2; sign++) {
            for (int node : new int[] {64 * 139, 64 * 140 + 1, 64 * 144 + 31, 64 * 145 + 63, 64 * 276 + 1, 64}) {
                int at = sign * 64 * 277 + node;
                refused(rule, parts -> parts.nodes.put(at, 1L));
            }
        }
        for (int node : new int[] {0, 64 * 139 + 1, 64 * 139 + 63, 64 * 140 + 2, 64 * 144 + 32, 65}) {
            HistogramSummary sound = read(content(parts -> {
                parts.counts = new ValueCounts(3, 1, 0, 0, 0, 0, 1);
                parts.nodes.put(node, 1L);
            }));
            assertEquals(3, sound.cells().size());
        }
        // Node 5 of octave 140 lies in node 2: both are known to be in bin 2, and node 6 in bin 3.
        HistogramSummary nested = read(content(parts -> {
            parts.counts = new ValueCounts(5, 1, 0, 0, 0, 0, 1);
            parts.nodes.put(64 * 140 + 2, 1L);
            parts.nodes.put(64 * 140 + 5, 1L);
            parts.nodes.put(64 * 140 + 6, 1L);
        }));
        assertEquals(2, nested.positive(2));
        assertEquals(1, nested.positive(3));
        assertEquals(4, nested.cells().size());
        // Pages of both signs' bins and of both signs' nodes, and one of each is held.
        HistogramSummary one = read(content(parts -> {
            parts.counts = new ValueCounts(3, 1, 0, 0, 0, 0, 1);
            parts.nodes.put(65, 1L);
        }));
        assertEquals(8 * 2 * 309 + 528 + 8 * 2 * 277 + 528, one.bytes());
        // Nothing is smaller than the narrowest bin.
        refused(rule, parts -> {
            parts.counts = new ValueCounts(2, 0, 0, 0, 0, Float.MIN_VALUE * 64, Float.MIN_VALUE * 70);
            parts.exponent = -149;
            parts.places.clear();
            parts.places.put(70, 1L);
            parts.nodes.put(0, 1L);
        });
    }

    /** Ends that are not those of the values would make cells that end before they begin. */
    @Test
    void ends() {
        String rule = "have its ends in its outermost bins, was not";
        for (float[] wrong : new float[][] {{-1, 1}, {0.9f, 1}, {0.5f, 1}, {0, 1}}) {
            refused(rule, parts -> parts.counts = new ValueCounts(1, 0, 0, 0, 0, wrong[0], wrong[1]));
        }
        refused(rule, parts -> parts.counts = new ValueCounts(1, 0, 0, 0, 0, 1.5f, 1.5f));
        refused(rule, parts -> {
            parts.places.clear();
            parts.places.put(SIDE + 1024, 1L);
        });
        // The far end of a bin is the next one's, and where no value is negative the smallest is a zero.
        float far = 1025 / 1024f;
        refused(rule, parts -> parts.counts = new ValueCounts(1, 0, 0, 0, 0, far, far));
        refused(rule, parts -> parts.counts = new ValueCounts(2, 1, 0, 0, 0, 0.5f, 1));
    }

    @Test
    void sums() {
        refused("have sums of its values, was not", parts -> parts.squares = BigInteger.ZERO);
        refused("have sums of its values, was not", parts -> parts.squares = BigInteger.ONE.negate());
        for (BigInteger[] wrong : new BigInteger[][] {{ONE, BigInteger.ZERO}, {BigInteger.ZERO, ONE}}) {
            refused("have sums of its values, was not", parts -> {
                parts.counts = new ValueCounts(1, 1, 0, 0, 0, 0, 0);
                parts.exponent = BinCounts.MIN_EXPONENT;
                parts.places.clear();
                parts.sum = wrong[0];
                parts.squares = wrong[1];
            });
        }
        refused("have sums of 1 to 80 bytes, was not", parts -> parts.squares = BigInteger.ONE.shiftLeft(640));
    }

    @Test
    void counts() {
        // Kinds that are more than all values, min above max, and kinds whose total wraps.
        for (long[] kinds :
                new long[][] {{1, 2, 0, 0, 0}, {1, 0, 2, 0, 0}, {1, 0, 0, 2, 0}, {1, 0, 0, 0, 2}, {1, 1, 1, 0, 0}}) {
            refused("count every value once, was not", counted(kinds, 1, 1));
        }
        refused(
                "be sound: min and max must be finite and ordered, was 2.0 and 1.0",
                counted(new long[] {1, 0, 0, 0, 0}, 2, 1));
        long most = Long.MAX_VALUE;
        refused("be sound: long overflow", counted(new long[] {most, most, 1, 0, 0}, 1, 1));
        refused("be sound: long overflow", counted(new long[] {most, 0, 0, most, 1}, 1, 1));
    }

    private static byte[] counted(long[] kinds, float min, float max) {
        PayloadWriter payload = new PayloadWriter();
        for (long kind : kinds) {
            payload.number(kind);
        }
        payload.bits(min);
        payload.bits(max);
        return payload.bytes();
    }

    @Test
    void length() {
        byte[] sound = content(parts -> {});
        byte[] longer = Arrays.copyOf(sound, sound.length + 1);
        refused("end after its sums, was not", longer);
        for (int length = 0; length < sound.length; length++) {
            refused("hold all its numbers, was not", Arrays.copyOf(sound, length));
        }
    }

    @Test
    void numbersInPlace() {
        // After the counts: 11 bits, the offset, then how many bins are filled, and gap and count of each.
        PayloadWriter far = new PayloadWriter();
        far.counts(new ValueCounts(1, 0, 0, 0, 0, 1, 1));
        far.number(11);
        far.number(139);
        byte[] head = far.bytes();
        refused("have its counts in place, was not", joined(head, 1, 2 * SIDE, 1));
        refused("have its counts in place, was not", joined(head, 2, SIDE + 1024, 1, SIDE, 1));
        refused("leave out counts of 0, was not", joined(head, 1, 1024, 0));
        refused("have numbers below 2^63, was more", joined(head, -1));
        refused("be sound: long overflow", joined(head, 2, 64, Long.MAX_VALUE, 0, 1));
    }

    /** A sum of two bytes where one would do says the same, and is not what a summary writes. */
    @Test
    void oneWayToWriteIt() {
        PayloadWriter payload = new PayloadWriter();
        payload.counts(new ValueCounts(1, 1, 0, 0, 0, 0, 0));
        payload.number(11);
        payload.number(0);
        payload.sparse(new SparseCounts(0));
        payload.sparse(new SparseCounts(0));
        byte[] head = payload.bytes();
        byte[] twoBytes = ByteBuffer.allocate(head.length + 5)
                .put(head)
                .put(new byte[] {2, 0, 0, 1, 0})
                .array();
        refused("be written the one way it can be, was not", twoBytes);
        byte[] noBytes = ByteBuffer.allocate(head.length + 2).put(head).array();
        refused("have sums of 1 to 80 bytes, was not", noBytes);
    }

    /** The head, then numbers; -1 stands for ten bytes of which each says that another follows. */
    private static byte[] joined(byte[] head, long... numbers) {
        PayloadWriter payload = new PayloadWriter();
        for (long number : numbers) {
            if (number >= 0) {
                payload.number(number);
            }
        }
        byte[] tail = payload.bytes();
        byte[] more = numbers[0] < 0 ? "\u00ff".repeat(10).getBytes(StandardCharsets.ISO_8859_1) : tail;
        return ByteBuffer.allocate(head.length + more.length)
                .put(head)
                .put(more)
                .array();
    }

    @Test
    void numbersOfEveryLengthComeBack() throws IOException {
        for (int shift = 0; shift < 63; shift++) {
            for (long value : new long[] {1L << shift, (1L << shift) - 1, (1L << shift) + 1}) {
                PayloadWriter payload = new PayloadWriter();
                payload.number(value);
                PayloadReader reader = new PayloadReader("test", payload.bytes());
                assertEquals(value, reader.number());
                assertEquals(true, reader.isAtEnd());
                assertEquals(Math.max(1, (70 - Long.numberOfLeadingZeros(value)) / 7), payload.bytes().length);
            }
        }
        // Nine bytes of seven bits are 2^63 - 1; a tenth would be the sign.
        byte[] ten = new byte[10];
        Arrays.fill(ten, 0, 9, (byte) 0xFF);
        ten[9] = 1;
        assertEquals(
                "test must have numbers below 2^63, was more",
                assertThrows(SummaryFormatException.class, () -> new PayloadReader("test", ten).number())
                        .getMessage());
        for (BigInteger longest : new BigInteger[] {BigInteger.ONE.shiftLeft(638), BigInteger.ZERO}) {
            PayloadWriter integers = new PayloadWriter();
            integers.integer(longest);
            assertEquals(longest, new PayloadReader("test", integers.bytes()).integer());
        }
        long[] counts = {0, 3, 0, 0, 1, 7, 0};
        SparseCounts written = new SparseCounts(7);
        for (int i = 0; i < counts.length; i++) {
            written.add(i, counts[i]);
        }
        PayloadWriter payload = new PayloadWriter();
        payload.sparse(written);
        long[] back = new long[7];
        new PayloadReader("test", payload.bytes()).sparse(7, (place, count) -> back[place] = count);
        assertArrayEquals(counts, back);
    }
}
