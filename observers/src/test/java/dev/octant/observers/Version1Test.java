// SPDX-License-Identifier: Apache-2.0
package dev.octant.observers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.core.ChannelLayout;
import dev.octant.observers.estimators.MinMax;
import dev.octant.observers.estimators.Percentile;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Summaries of version 1 are read, and merged with those of today. The file was written by the last release that wrote
 * this version, of the values below: three tensors, nothing, a channel of 64 bins and one of 16.
 */
class Version1Test {
    private static final float[] WIDE = new float[3000];
    private static final float[] SUBNORMAL = new float[2000];
    private static final float[] MIXED = new float[500];

    static {
        for (int i = 0; i < WIDE.length; i++) {
            float value = Math.scalb((i * 7919 % 10007 - 5003) / 4096f, -(i % 60));
            WIDE[i] = i % 50 == 0 ? 0 : i % 997 == 0 ? Float.NaN : value;
        }
        WIDE[7] = -300;
        for (int i = 0; i < SUBNORMAL.length; i++) {
            SUBNORMAL[i] = (i % 2 == 0 ? 1 : -1) * Float.intBitsToFloat(1 + i * i);
        }
        for (int i = 0; i < MIXED.length; i++) {
            MIXED[i] = i % 5 == 0
                    ? Float.intBitsToFloat(1 + i * i * 20)
                    : (i % 2 == 0 ? 1 : -1) * Math.scalb(1 + i / 500f, -(i % 128));
        }
    }

    private static final List<float[]> VALUES = List.of(WIDE, SUBNORMAL, MIXED, new float[0], WIDE, MIXED);
    private static final List<Integer> BITS = List.of(11, 11, 11, 11, 6, 4);

    private static HistogramSummary[] old() throws IOException {
        HistogramSummary[] summaries = new HistogramSummary[VALUES.size()];
        try (InputStream in = Version1Test.class.getResourceAsStream("summaries_version1.bin")) {
            DataInputStream data = new DataInputStream(in);
            for (int i = 0; i < summaries.length; i++) {
                summaries[i] = HistogramSummary.readFrom(data);
            }
            assertEquals(-1, in.read());
        }
        return summaries;
    }

    private static HistogramSummary today(int i) {
        PerChannelHistogramObserver observer =
                new PerChannelHistogramObserver(new ChannelLayout(1, 1), 1 << BITS.get(i));
        observer.observe(VALUES.get(i));
        return observer.summary().channels().get(0);
    }

    private static HistogramSummary written(HistogramSummary summary) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        summary.writeTo(new DataOutputStream(out));
        return HistogramSummary.readFrom(new DataInputStream(new ByteArrayInputStream(out.toByteArray())));
    }

    /** All that version 1 knew: counts, sums, every bin. */
    private static void assertSameBins(HistogramSummary expected, HistogramSummary actual) {
        assertEquals(expected.counts(), actual.counts());
        assertEquals(expected.sums(), actual.sums());
        assertEquals(expected.exponent(), actual.exponent());
        for (int k = 0; k < 2048; k++) {
            assertEquals(expected.positive(k), actual.positive(k));
            assertEquals(expected.negative(k), actual.negative(k));
        }
    }

    @Test
    void binsAndSumsAreThoseOfToday() throws IOException {
        HistogramSummary[] old = old();
        for (int i = 0; i < old.length; i++) {
            assertSameBins(today(i), old[i]);
        }
        assertEquals(HistogramSummary.EMPTY, old[3]);
    }

    /** Each cell is as wide as it was: an octave below bin 1, all subnormal values, else a bin. */
    @Test
    void cellsHoldTheirValues() throws IOException {
        HistogramSummary[] old = old();
        for (int i = 0; i < old.length; i++) {
            double width = old[i].binWidth();
            assertHold(VALUES.get(i), old[i].cells());
            for (HistogramSummary.Cell cell : old[i].cells()) {
                double inner = Math.min(Math.abs(cell.left()), Math.abs(cell.right()));
                double outer = Math.max(Math.abs(cell.left()), Math.abs(cell.right()));
                assertTrue(outer - inner <= width, cell.toString());
                assertTrue(
                        inner >= width || outer <= 2 * inner || (inner == Float.MIN_VALUE && outer <= Float.MIN_NORMAL),
                        cell.toString());
            }
        }
    }

    private static void assertHold(float[] values, List<HistogramSummary.Cell> cells) {
        double[] finite = new double[values.length];
        int n = 0;
        for (float value : values) {
            if (Float.isFinite(value)) {
                finite[n++] = value + 0f;
            }
        }
        Arrays.sort(finite, 0, n);
        int next = 0;
        for (HistogramSummary.Cell cell : cells) {
            for (long i = 0; i < cell.count(); i++) {
                double value = finite[next++];
                assertTrue(cell.left() <= value && value <= cell.right(), cell + " without " + value);
            }
        }
        assertEquals(n, next);
    }

    @Test
    void bothKindsMergeExactly() throws IOException {
        HistogramSummary[] old = old();
        HistogramSummary a = old[0];
        HistogramSummary b = old[1];
        HistogramSummary c = today(2);
        HistogramSummary d = today(0);
        HistogramSummary all = a.merge(b).merge(c).merge(d);
        assertEquals(all, d.merge(c.merge(b.merge(a))));
        assertEquals(all, a.merge(d).merge(c.merge(b)));
        assertEquals(all.hashCode(), d.merge(c.merge(b.merge(a))).hashCode());
        assertEquals(a, a.merge(HistogramSummary.EMPTY));
        HistogramObserver observer = new HistogramObserver();
        observer.observe(MIXED);
        for (HistogramSummary other : List.of(b, d, a)) {
            observer.merge(other);
        }
        assertEquals(all, observer.summary());
        assertSameBins(today(0).merge(today(1)).merge(today(2)).merge(today(0)), all);
        float[] values = new float[2 * WIDE.length + SUBNORMAL.length + MIXED.length];
        System.arraycopy(WIDE, 0, values, 0, WIDE.length);
        System.arraycopy(WIDE, 0, values, WIDE.length, WIDE.length);
        System.arraycopy(SUBNORMAL, 0, values, 2 * WIDE.length, SUBNORMAL.length);
        System.arraycopy(MIXED, 0, values, 2 * WIDE.length + SUBNORMAL.length, MIXED.length);
        assertHold(values, all.cells());
        observer.clear();
        assertEquals(HistogramSummary.EMPTY, observer.summary());
    }

    @Test
    void whatIsReadIsWrittenAsVersion2() throws IOException {
        for (HistogramSummary summary : old()) {
            assertEquals(summary, written(summary));
            HistogramSummary more = summary.merge(summary);
            assertEquals(more, written(more));
        }
        assertTrue(!old()[0].equals(today(0)), "it knows less");
    }

    @Test
    void estimatesAreThoseOfItsCells() throws IOException {
        HistogramSummary summary = old()[0];
        assertEquals(today(0).range(), new MinMax().estimate(summary));
        float[] sorted = WIDE.clone();
        Arrays.sort(sorted);
        int finite = (int) summary.counts().finite();
        for (double percent : new double[] {60, 90, 99, 99.9}) {
            int cut = (int) Math.floor(finite * (100 - percent) / 200);
            Percentile.Bounds bounds = new Percentile(percent).bounds(summary);
            assertTrue(bounds.lower().min() <= sorted[cut]
                    && sorted[cut] <= bounds.lower().max());
            assertTrue(bounds.upper().min() <= sorted[finite - 1 - cut]
                    && sorted[finite - 1 - cut] <= bounds.upper().max());
        }
    }

    @Test
    void whatIsDamagedIsRefused() throws IOException {
        byte[] whole;
        try (InputStream in = Version1Test.class.getResourceAsStream("summaries_version1.bin")) {
            whole = in.readAllBytes();
        }
        // The first summary only: its length is in the header.
        int length = 13 + java.nio.ByteBuffer.wrap(whole).getInt(5);
        byte[] first = Arrays.copyOf(whole, length);
        for (int cut = 0; cut < length; cut++) {
            byte[] part = Arrays.copyOf(first, cut);
            assertThrows(
                    SummaryFormatException.class,
                    () -> HistogramSummary.readFrom(new DataInputStream(new ByteArrayInputStream(part))));
        }
        // The counts of version 2 stand elsewhere: it is not taken for that.
        byte[] payload = Arrays.copyOfRange(first, 9, length - 4);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Frame.write(new DataOutputStream(out), ReferenceHistogram.MAGIC, 2, payload);
        assertThrows(
                SummaryFormatException.class,
                () -> HistogramSummary.readFrom(new DataInputStream(new ByteArrayInputStream(out.toByteArray()))));
    }

    @Test
    void hiddenCountsMustAgree() {
        refused("must count the exponents of bin 0, was not", 1, 2);
        refused("must hide exponents in bin 0 only, was not", 1, 0);
    }

    /** One value in bin 1024, and some in bin 0 of which no exponent is told. */
    private static HistogramSummary withoutExponents(int exponent, long inBinZero) throws IOException {
        float value = Math.scalb(1f, exponent + 10);
        PayloadWriter payload = new PayloadWriter();
        payload.counts(new ValueCounts(2 + inBinZero, 1, 0, 0, 0, 0, value));
        payload.number(11);
        payload.number(exponent + 149);
        SparseCounts bins = new SparseCounts(4096);
        bins.add(0, inBinZero);
        bins.add(1024, 1);
        payload.sparse(bins);
        payload.sparse(new SparseCounts(512));
        HistogramSummary today = HistogramLaws.summary(0, value);
        payload.integer(today.sums().sum());
        payload.integer(today.sums().squares());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Frame.write(new DataOutputStream(out), ReferenceHistogram.MAGIC, 1, payload.bytes());
        return HistogramSummary.readFrom(new DataInputStream(new ByteArrayInputStream(out.toByteArray())));
    }

    /** Where bins cut the subnormal floats, bin 0 has only such, and needs no exponents. */
    @Test
    void subnormalValuesMayHideWithoutExponents() throws IOException {
        for (int exponent : new int[] {-149, -148, -127, -126}) {
            assertEquals(HistogramLaws.summary(0, Math.scalb(1f, exponent + 10)), withoutExponents(exponent, 0));
            if (exponent == -148 || exponent == -127) {
                assertEquals(5, withoutExponents(exponent, 5).positive(0));
            } else {
                assertEquals(
                        "histogram summary must count the exponents of bin 0, was not",
                        assertThrows(SummaryFormatException.class, () -> withoutExponents(exponent, 5))
                                .getMessage());
            }
        }
    }

    /** A value of 1 in bin 1024, one of the octave 2^-11 or 2^-10 among the hidden ones, and some in bin 0. */
    private static void refused(String rule, long hidden, long inBinZero) {
        PayloadWriter payload = new PayloadWriter();
        payload.counts(new ValueCounts(1 + inBinZero + 1, 1, 0, 0, 0, 0, 1));
        payload.number(11);
        payload.number(139);
        SparseCounts bins = new SparseCounts(4096);
        bins.add(0, inBinZero);
        bins.add(1024, 1);
        payload.sparse(bins);
        SparseCounts octaves = new SparseCounts(512);
        octaves.add(inBinZero > 0 ? 116 : 117, hidden);
        payload.sparse(octaves);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        SummaryFormatException e = assertThrows(SummaryFormatException.class, () -> {
            Frame.write(new DataOutputStream(out), ReferenceHistogram.MAGIC, 1, payload.bytes());
            HistogramSummary.readFrom(new DataInputStream(new ByteArrayInputStream(out.toByteArray())));
        });
        assertEquals("histogram summary " + rule, e.getMessage());
    }
}
