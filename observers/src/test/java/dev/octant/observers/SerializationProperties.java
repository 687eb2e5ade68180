// SPDX-License-Identifier: Apache-2.0
package dev.octant.observers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.core.ChannelLayout;
import dev.octant.fixtures.QuantInputs;
import dev.octant.observers.estimators.MinMax;
import dev.octant.observers.estimators.Percentile;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32C;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class SerializationProperties {
    private static byte[] bytes(HistogramSummary summary) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        summary.writeTo(new DataOutputStream(out));
        return out.toByteArray();
    }

    private static HistogramSummary read(byte[] bytes) throws IOException {
        return HistogramSummary.readFrom(new DataInputStream(new ByteArrayInputStream(bytes)));
    }

    private static void refused(byte[] bytes, String where) {
        SummaryFormatException e = assertThrows(SummaryFormatException.class, () -> read(bytes), where);
        assertTrue(e.getMessage().contains(" must ") && !e.getMessage().contains("\n"), e.getMessage());
    }

    @Property(tries = 300)
    void whatIsWrittenIsRead(@ForAll("tensors") float[] values) throws IOException {
        HistogramSummary summary = HistogramLaws.summary(values);
        for (int i = 0; i < 3; i++) {
            byte[] bytes = bytes(summary);
            HistogramSummary back = read(bytes);
            assertEquals(summary, back);
            assertArrayEquals(bytes, bytes(back));
            summary = summary.merge(back);
        }
    }

    @Property(tries = 100)
    void equalSummariesGiveEqualBytes(@ForAll("tensors") float[] values, @ForAll Random random) throws IOException {
        int cut = random.nextInt(values.length + 1);
        HistogramSummary merged = HistogramLaws.summary(Arrays.copyOfRange(values, cut, values.length))
                .merge(HistogramLaws.summary(Arrays.copyOf(values, cut)));
        assertArrayEquals(bytes(HistogramLaws.summary(values)), bytes(merged));
        assertEquals(HistogramLaws.summary(values).digest(), merged.digest());
    }

    /** Calibration files hold digests: these were computed with sha256sum and change only with the version. */
    @Example
    void digestsStay() {
        assertEquals(
                "91550806614e7f798365d90315d1dddf4cbe2d8df3694203776d444544873e26", HistogramSummary.EMPTY.digest());
        assertEquals(
                "6af5127249ccfd76881cc85115489ad06d78843793650eb41a397998bef3bb08",
                HistogramLaws.summary(1, -2, 0, 1e30f, Float.NaN).digest());
        assertEquals(
                "6af5127249ccfd76881cc85115489ad06d78843793650eb41a397998bef3bb08",
                HistogramLaws.summary(Float.NaN, 1e30f, -0f, 1, -2).digest());
    }

    @Property(tries = 50)
    void channelsAreReadToo(@ForAll("tensors") float[] values) throws IOException {
        PerChannelHistogramObserver observer = new PerChannelHistogramObserver(new ChannelLayout(1, 1), 64);
        observer.observe(values);
        HistogramSummary summary = observer.summary().channels().get(0);
        assertEquals(summary, read(bytes(summary)));
    }

    @Example
    void severalStandInOneStream() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        HistogramSummary first = HistogramLaws.summary(1, -2, 0);
        HistogramSummary second = HistogramLaws.summary(1e30f, Float.NaN);
        first.writeTo(new DataOutputStream(out));
        second.writeTo(new DataOutputStream(out));
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(out.toByteArray()));
        assertEquals(first, HistogramSummary.readFrom(in));
        assertEquals(second, HistogramSummary.readFrom(in));
        assertEquals(0, in.available());
    }

    @Example
    void everyCutIsRefused() throws IOException {
        byte[] whole = bytes(HistogramLaws.summary(1, -2, 0, 3e-39f, 5));
        for (int length = 0; length < whole.length; length++) {
            refused(Arrays.copyOf(whole, length), length + " bytes");
        }
    }

    @Example
    void everyFlippedBitIsRefused() throws IOException {
        byte[] whole = bytes(HistogramLaws.summary(1, -2, 0, 3e-39f, 5));
        for (int bit = 0; bit < 8 * whole.length; bit++) {
            byte[] damaged = whole.clone();
            damaged[bit / 8] ^= (byte) (1 << bit % 8);
            refused(damaged, "bit " + bit);
        }
    }

    /**
     * With a checksum that is right, the content itself must be sound: nothing else is thrown, nothing false is let
     * in.
     */
    @Property(tries = 3000)
    void forgedContentIsRefusedOrSound(@ForAll Random random) throws IOException {
        byte[] forged = bytes(HistogramLaws.summary(1, -2, 0, 3e-39f, 5, 0.001f, Float.NaN));
        for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
            forged[9 + random.nextInt(forged.length - 13)] = (byte) random.nextInt(256);
        }
        sign(forged);
        try {
            HistogramSummary summary = read(forged);
            assertArrayEquals(forged, bytes(summary));
            new Percentile(99).estimate(summary);
            new MinMax().estimate(summary.merge(summary));
        } catch (SummaryFormatException e) {
            assertTrue(e.getMessage().contains(" must "), e.getMessage());
        } catch (IllegalStateException e) {
            // No finite value: a sound summary.
            assertTrue(e.getMessage().contains("finite"), e.getMessage());
        }
    }

    private static void sign(byte[] frame) {
        CRC32C crc = new CRC32C();
        crc.update(frame, 0, frame.length - 4);
        ByteBuffer.wrap(frame).putInt(frame.length - 4, (int) crc.getValue());
    }

    /** A length that lies is refused before anything of that length is allocated. */
    @Example
    void lyingLengthsAreRefused() throws IOException {
        byte[] whole = bytes(HistogramLaws.summary(1));
        for (int length : new int[] {Integer.MAX_VALUE, -1, Integer.MIN_VALUE, 1 << 20}) {
            byte[] lying = whole.clone();
            ByteBuffer.wrap(lying).putInt(5, length);
            sign(lying);
            refused(lying, "length " + length);
        }
        for (int version : new int[] {0, 3, 255}) {
            byte[] later = whole.clone();
            later[4] = (byte) version;
            sign(later);
            refused(later, "version " + version);
        }
        refused("{\"schema\": 1, \"tensors\": []}".getBytes(java.nio.charset.StandardCharsets.UTF_8), "JSON");
    }

    @Example
    void theFormIsCompact() throws IOException {
        assertTrue(bytes(HistogramSummary.EMPTY).length < 50);
        Random random = new Random(5);
        float[] values = new float[100_000];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        // At most 4,096 bins and some octaves, with one byte for the gap and up to two for the count.
        assertTrue(bytes(HistogramLaws.summary(values)).length < 13_000);
    }

    @Property(tries = 100)
    void sampleSummariesAreRead(@ForAll("tensors") float[] values) throws IOException {
        PerSampleObserver observer = new PerSampleObserver();
        observer.observe(values);
        observer.observe(new float[] {1, 2, Float.NaN});
        PerSampleSummary summary = observer.summary();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        summary.writeTo(new DataOutputStream(out));
        byte[] bytes = out.toByteArray();
        assertEquals(summary, PerSampleSummary.readFrom(new DataInputStream(new ByteArrayInputStream(bytes))));
        for (int length = 0; length < bytes.length; length += 7) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThrows(
                    SummaryFormatException.class,
                    () -> PerSampleSummary.readFrom(new DataInputStream(new ByteArrayInputStream(cut))));
        }
    }

    @Provide
    Arbitrary<float[]> tensors() {
        return new HistogramLaws().tensors();
    }

    @Example
    void everyAdversarialTensorSurvives() {
        QuantInputs.adversarialTensors().forEach((name, values) -> {
            try {
                HistogramSummary summary = HistogramLaws.summary(values);
                assertEquals(summary, read(bytes(summary)), name);
            } catch (IOException e) {
                throw new AssertionError(name, e);
            }
        });
    }
}
