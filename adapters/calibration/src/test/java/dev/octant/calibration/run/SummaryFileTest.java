// SPDX-License-Identifier: Apache-2.0
package dev.octant.calibration.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.core.ChannelLayout;
import dev.octant.formats.FormatException;
import dev.octant.observers.PerChannelHistogramObserver;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Summary files come back as they were, and are refused in one sentence when they are not whole. */
class SummaryFileTest {
    @TempDir
    private Path folder;

    private Path file() throws IOException {
        var tensors = new TreeMap<String, TensorSummary>();
        tensors.put("b", Given.summary(new float[] {1, -2, Float.NaN, 0}, 2));
        tensors.put("a", Given.summary(new float[] {1e30f, Float.NEGATIVE_INFINITY}, 0));
        tensors.put("\u00e4 \ud83d\ude00", TensorSummary.EMPTY);
        Path file = folder.resolve("s.summary");
        SummaryFile.write(file, tensors);
        var read = new TreeMap<String, TensorSummary>();
        try (SummaryFile.Reader reader = SummaryFile.open(file)) {
            while (reader.next()) {
                read.put(reader.name(), reader.summary());
            }
        }
        assertEquals(tensors, read);
        return file;
    }

    private static String refusal(Path file) {
        String message = assertThrows(FormatException.class, () -> drain(file)).getMessage();
        assertTrue(message.startsWith(file + ": ") && message.contains(" must "), message);
        assertFalse(message.contains("\n"), message);
        return message;
    }

    private static void drain(Path file) throws IOException {
        try (SummaryFile.Reader reader = SummaryFile.open(file)) {
            while (reader.next()) {
                assertFalse(reader.name().isBlank());
            }
        }
    }

    @Test
    void cutsAndDamagesAreRefused() throws IOException {
        Path file = file();
        byte[] whole = Files.readAllBytes(file);
        Random random = new Random(1);
        for (int at = 0; at < whole.length; at++) {
            Files.write(file, Arrays.copyOf(whole, at));
            refusal(file);
            byte[] damaged = whole.clone();
            damaged[at] ^= (byte) (1 << random.nextInt(8));
            Files.write(file, damaged);
            refusal(file);
        }
        Files.write(file, Arrays.copyOf(whole, whole.length + 1));
        assertTrue(refusal(file).contains("longer"));
    }

    @Test
    void forgedContentIsRefusedOrSound() throws IOException {
        Path file = file();
        byte[] whole = Files.readAllBytes(file);
        Random random = new Random(2);
        for (int i = 0; i < 1000; i++) {
            byte[] forged = whole.clone();
            for (int k = random.nextInt(3); k >= 0; k--) {
                forged[5 + random.nextInt(forged.length - 9)] = (byte) random.nextInt(256);
            }
            CRC32C checksum = new CRC32C();
            checksum.update(forged, 0, forged.length - 4);
            ByteBuffer.wrap(forged).putInt(forged.length - 4, (int) checksum.getValue());
            Files.write(file, forged);
            try {
                drain(file);
            } catch (FormatException e) {
                assertFalse(e.getMessage().contains("\n"), e.getMessage());
            }
        }
    }

    @Test
    void otherFilesAreRefused() throws IOException {
        assertTrue(refusal(folder.resolve("none")).contains("missing"));
        assertTrue(refusal(folder).contains("folder"));
        assertTrue(refusal(Files.writeString(folder.resolve("t"), "{\"schema\": 1}"))
                .contains("OCTF"));
        byte[] later = Files.readAllBytes(file());
        later[4] = 2;
        assertTrue(refusal(Files.write(folder.resolve("later"), later)).contains("version 1, was 2"));
    }

    @Test
    void mergingRefusesWhatItCannotRead() throws IOException {
        Path file = file();
        Path broken = folder.resolve("broken");
        byte[] whole = Files.readAllBytes(file);
        Files.write(broken, Arrays.copyOf(whole, whole.length - 1));
        Path target = Files.writeString(folder.resolve("target"), "as before");
        assertThrows(FormatException.class, () -> SummaryFile.merge(List.of(file, broken), target));
        assertEquals("as before", Files.readString(target));
        assertThrows(IllegalArgumentException.class, () -> SummaryFile.merge(List.of(), target));
        SummaryFile.merge(List.of(file), target);
        assertArrayEquals(whole, Files.readAllBytes(target));
    }

    @Test
    void aStreamTakesTheSameBytesTensorByTensor() throws IOException {
        Path file = file();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        SummaryFile.Writer writer = new SummaryFile.Writer(bytes);
        try (SummaryFile.Reader reader = SummaryFile.open(file)) {
            while (reader.next()) {
                writer.put(reader.name(), TensorSummary.of(reader.summary().toBytes()));
            }
        }
        String last = "\u00e4 \ud83d\ude00 \ud83d\u0000";
        for (String name : List.of("b", last, " ", "x".repeat(65_536))) {
            assertThrows(IllegalArgumentException.class, () -> writer.put(name, TensorSummary.EMPTY), name);
        }
        writer.end();
        assertArrayEquals(Files.readAllBytes(file), bytes.toByteArray());
    }

    @Test
    void namesAscendByUtf16UnitsAsTheirBytesInUtf16BeDo() throws IOException {
        List<String> names = List.of("a", "a\ud83d\ude00", "a\ue000", "a\ufffd", "b");
        SummaryFile.Writer writer = new SummaryFile.Writer(OutputStream.nullOutputStream());
        for (String name : names) {
            writer.put(name, TensorSummary.EMPTY);
        }
        List<String> byBytes = new ArrayList<>(names);
        Collections.reverse(byBytes);
        byBytes.sort((a, b) ->
                Arrays.compareUnsigned(a.getBytes(StandardCharsets.UTF_16BE), b.getBytes(StandardCharsets.UTF_16BE)));
        assertEquals(names, byBytes);
        byBytes.sort((a, b) ->
                Arrays.compareUnsigned(a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8)));
        assertEquals("a\ud83d\ude00", byBytes.get(3));
    }

    @Test
    void bytesOfASummaryAreThatSummaryOrRefused() throws IOException {
        TensorSummary summary = Given.summary(new float[] {1, -2, Float.NaN, 0}, 2);
        byte[] whole = summary.toBytes();
        assertEquals(summary, TensorSummary.of(whole));
        assertEquals(TensorSummary.EMPTY, TensorSummary.of(TensorSummary.EMPTY.toBytes()));
        Random random = new Random(3);
        for (int at = 0; at < whole.length; at++) {
            byte[] cut = Arrays.copyOf(whole, at);
            assertOneSentence(assertThrows(FormatException.class, () -> TensorSummary.of(cut)));
            byte[] damaged = whole.clone();
            damaged[at] ^= (byte) (1 << random.nextInt(8));
            try {
                // The mark of samples has no checksum: any bit of it says that there are some.
                assertEquals(summary, TensorSummary.of(damaged));
            } catch (FormatException e) {
                assertOneSentence(e);
            }
        }
        byte[] longer = Arrays.copyOf(whole, whole.length + 3);
        assertTrue(assertThrows(FormatException.class, () -> TensorSummary.of(longer))
                .getMessage()
                .contains("longer by 3 bytes"));
        ByteArrayOutputStream ofChannel = new ByteArrayOutputStream();
        new PerChannelHistogramObserver(ChannelLayout.of(0, 1), 64)
                .summary()
                .channels()
                .get(0)
                .writeTo(new DataOutputStream(ofChannel));
        ofChannel.write(0);
        assertTrue(assertThrows(FormatException.class, () -> TensorSummary.of(ofChannel.toByteArray()))
                .getMessage()
                .contains("bins per sign must be 2048, was 64"));
    }

    private static void assertOneSentence(FormatException refusal) {
        String message = refusal.getMessage();
        assertTrue(message.startsWith("summary of a tensor must "), message);
        assertFalse(message.contains("\n"), message);
    }

    @Test
    void namesMustBeKnown() {
        var tensors = new TreeMap<String, TensorSummary>();
        tensors.put(" ", TensorSummary.EMPTY);
        assertThrows(IllegalArgumentException.class, () -> SummaryFile.write(folder.resolve("x"), tensors));
        tensors.clear();
        tensors.put("x".repeat(65_536), TensorSummary.EMPTY);
        assertThrows(IllegalArgumentException.class, () -> SummaryFile.write(folder.resolve("x"), tensors));
        assertFalse(Files.exists(folder.resolve("x")));
    }
}
