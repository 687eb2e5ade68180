// SPDX-License-Identifier: Apache-2.0
package dev.octant.observers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

/** The envelope of a summary, byte by byte, and the summaries of samples within it. */
class SummaryFormatTest {
    private static final int MAGIC = 0x4F435458;
    private static final int MOST = 200_000;

    private static byte[] frame(int magic, int version, int length, byte[] payload) {
        ByteBuffer frame = ByteBuffer.allocate(13 + payload.length)
                .putInt(magic)
                .put((byte) version)
                .putInt(length)
                .put(payload);
        CRC32C crc = new CRC32C();
        crc.update(frame.array(), 0, 9 + payload.length);
        return frame.putInt((int) crc.getValue()).array();
    }

    private static Frame.Content read(byte[] bytes, int version) throws IOException {
        return Frame.read(new DataInputStream(new ByteArrayInputStream(bytes)), "frame", MAGIC, version, MOST);
    }

    private static void refused(String sentence, byte[] bytes, int version) {
        assertEquals(
                sentence,
                assertThrows(SummaryFormatException.class, () -> read(bytes, version))
                        .getMessage());
    }

    @Test
    void framesOfEveryLengthComeBack() throws IOException {
        for (int length : new int[] {0, 1, 65_535, 65_536, 65_537, 131_072, 131_073, MOST}) {
            byte[] payload = new byte[length];
            for (int i = 0; i < length; i++) {
                payload[i] = (byte) (i * 31 ^ i >> 8);
            }
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            Frame.write(new DataOutputStream(out), MAGIC, 3, payload);
            assertArrayEquals(frame(MAGIC, 3, length, payload), out.toByteArray());
            Frame.Content content = read(out.toByteArray(), 3);
            assertArrayEquals(payload, content.payload());
            assertEquals(3, content.version());
        }
        assertEquals(200, read(frame(MAGIC, 200, 0, new byte[0]), 255).version());
    }

    @Test
    void whatIsNoFrameIsRefused() throws IOException {
        byte[] payload = {1, 2, 3};
        byte[] sound = frame(MAGIC, 1, 3, payload);
        assertArrayEquals(payload, read(sound, 1).payload());
        refused("frame must begin with the bytes 4F435458, was 4F435459", frame(MAGIC + 1, 1, 3, payload), 1);
        refused("frame must have version 1, was 2", frame(MAGIC, 2, 3, payload), 1);
        refused("frame must have a version from 1 to 2, was 0", frame(MAGIC, 0, 3, payload), 2);
        refused("frame must have a version from 1 to 2, was 3", frame(MAGIC, 3, 3, payload), 2);
        refused("frame must have at most 200000 bytes, was 200001", frame(MAGIC, 1, MOST + 1, payload), 1);
        refused("frame must have at most 200000 bytes, was -1", frame(MAGIC, 1, -1, payload), 1);
        for (int length = 0; length < sound.length; length++) {
            refused("frame must be whole, was cut short", Arrays.copyOf(sound, length), 1);
        }
        byte[] damaged = sound.clone();
        damaged[10] ^= 1;
        byte[] right = frame(MAGIC, 1, 3, new byte[] {1, 3, 3});
        refused(
                "frame must have the checksum %08X, was %08X"
                        .formatted(
                                ByteBuffer.wrap(right).getInt(12),
                                ByteBuffer.wrap(sound).getInt(12)),
                damaged,
                1);
    }

    private static PerSampleSummary samples(float... values) {
        PerSampleObserver observer = new PerSampleObserver(2);
        observer.observe(values);
        return observer.summary();
    }

    private static PerSampleSummary readSamples(byte[] bytes) throws IOException {
        return PerSampleSummary.readFrom(new DataInputStream(new ByteArrayInputStream(bytes)));
    }

    private static byte[] written(ValueCounts counts, int more, HistogramSummary minima, HistogramSummary maxima)
            throws IOException {
        PayloadWriter payload = new PayloadWriter();
        payload.counts(counts);
        byte[] content = payload.bytes();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        DataOutputStream data = new DataOutputStream(out);
        Frame.write(data, 0x4F435453, 1, Arrays.copyOf(content, content.length + more));
        minima.writeTo(data);
        maxima.writeTo(data);
        return out.toByteArray();
    }

    @Test
    void samplesComeBack() throws IOException {
        PerSampleSummary summary = samples(1, 2, -3, Float.NaN, 5, 7);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        summary.writeTo(new DataOutputStream(out));
        byte[] bytes = out.toByteArray();
        assertArrayEquals(written(summary.values(), 0, summary.minima(), summary.maxima()), bytes);
        assertEquals(summary, readSamples(bytes));
        assertEquals(3, summary.samples());
        assertEquals(
                PerSampleSummary.EMPTY,
                readSamples(written(ValueCounts.NONE, 0, HistogramSummary.EMPTY, HistogramSummary.EMPTY)));
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            String message = assertThrows(SummaryFormatException.class, () -> readSamples(cut))
                    .getMessage();
            assertEquals("must be whole, was cut short", message.substring(message.indexOf("must")));
        }
    }

    @Test
    void samplesThatContradictThemselvesAreRefused() throws IOException {
        HistogramSummary one = HistogramLaws.summary(1);
        ValueCounts counts = HistogramLaws.counts(1);
        byte[] longer = written(counts, 1, one, one);
        assertEquals(
                "sample summary must end after its counts, was not",
                assertThrows(SummaryFormatException.class, () -> readSamples(longer))
                        .getMessage());
        byte[] without = written(counts, 0, one, HistogramSummary.EMPTY);
        assertEquals(
                "sample summary must be sound: minima and maxima must be finite, one of each per sample, was " + counts
                        + " and " + ValueCounts.NONE + " of " + counts,
                assertThrows(SummaryFormatException.class, () -> readSamples(without))
                        .getMessage());
    }

    @Test
    void samplesMerge() {
        PerSampleSummary merged = samples(1, 2).merge(samples(-3, Float.NaN, 5, 7));
        assertEquals(samples(1, 2, -3, Float.NaN, 5, 7), merged);
        assertEquals(HistogramLaws.summary(1, -3, 5), merged.minima());
        assertEquals(HistogramLaws.summary(2, -3, 7), merged.maxima());
        assertEquals(-3, merged.range().min());
        assertEquals(7, merged.range().max());
        PerSampleObserver observer = new PerSampleObserver(2);
        observer.observe(new float[] {1, 2});
        observer.merge(samples(-3, Float.NaN, 5, 7));
        assertEquals(merged, observer.summary());
    }
}
