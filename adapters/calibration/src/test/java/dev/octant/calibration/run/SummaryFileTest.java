// SPDX-License-Identifier: Apache-2.0
package dev.octant.calibration.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.formats.FormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
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
        tensors.put("\u00e4 \ud83d\ude00 \ud83d\u0000", TensorSummary.EMPTY);
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
