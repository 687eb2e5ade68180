// SPDX-License-Identifier: Apache-2.0
package dev.octant.calibration.run;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.formats.FormatException;
import dev.octant.formats.VisibleText;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Thousands of forged summary files and checkpoints, every checksum right: read, or refused in one sentence. */
class AnyRunFileTest {
    private static final int MUTATIONS = 3000;

    @TempDir
    private Path folder;

    @Test
    void forgedSummaries() throws IOException {
        Path file = folder.resolve("s\u202e.summary");
        TensorSummary few = Given.summary(new float[] {1, -2, Float.NaN, 1e30f}, 2);
        TensorSummary many = Given.summary(Given.values(new Random(1), 500), 100);
        SummaryFile.write(file, new TreeMap<>(Map.of("a", few, "/model/layers.17/mlp/act_fn/Mul_output_0", many)));
        byte[] good = Files.readAllBytes(file);
        int read = 0;
        for (int seed = 0; seed < MUTATIONS; seed++) {
            Files.write(file, Forger.forged(good, new Random(seed)));
            int number = seed;
            read += assertDoesNotThrow(() -> AnyRunFile.isSummary(file), () -> "seed " + number) ? 1 : 0;
        }
        assertTrue(read > 0 && read < MUTATIONS, read + " of " + MUTATIONS + " were read");
    }

    /** Names that no terminal should see are refused, and spelled out in the sentence. */
    @Test
    void evilNamesAreRefused() throws IOException {
        Path file = folder.resolve("evil.summary");
        try (InputStream in = getClass().getResourceAsStream("SummaryFileFuzzTestInputs/anyBytes/evil.summary")) {
            Files.copy(in, file);
        }
        try (SummaryFile.Reader reader = SummaryFile.open(file)) {
            FormatException refused = assertThrows(FormatException.class, () -> {
                while (reader.next()) {
                    assertTrue(VisibleText.isPrintable(reader.name()));
                }
            });
            assertTrue(
                    refused.getMessage()
                            .startsWith(file + ": summary file must have tensor names of visible characters and no"
                                    + " control characters, was "),
                    refused.getMessage());
            assertTrue(VisibleText.isOneLine(refused.getMessage()));
        }
    }

    @Test
    void forgedCheckpoints() throws IOException {
        AnyRunFile.Run run = new AnyRunFile.Run(folder);
        assertTrue(run.goesOnFrom(run.checkpoint()), "the checkpoint as it was kept");
        int went = 0;
        for (int seed = 0; seed < MUTATIONS; seed++) {
            byte[] forged = Forger.forged(run.checkpoint(), new Random(seed));
            int number = seed;
            went += assertDoesNotThrow(() -> run.goesOnFrom(forged), () -> "seed " + number) ? 1 : 0;
        }
        assertTrue(went < MUTATIONS / 10, went + " of " + MUTATIONS + " went on");
    }

    /** More values together than a long counts: the file that is one too many is named. */
    @Test
    void countsThatWouldWrapAreRefused() throws IOException {
        Path half = folder.resolve("half.summary");
        var tensors = new TreeMap<String, TensorSummary>();
        tensors.put("a", AnyRunFile.ones(62));
        SummaryFile.write(half, tensors);
        Path target = Files.writeString(folder.resolve("target"), "as before");
        FormatException refused =
                assertThrows(FormatException.class, () -> SummaryFile.merge(List.of(half, half), target));
        assertEquals(
                half
                        + ", tensor a must have at most 2^63 - 1 values together with the files before, "
                        + "was with more",
                refused.getMessage());
        assertEquals("as before", Files.readString(target));
        assertEquals(1, SummaryFile.merge(List.of(half), target));
    }

    /** A pipe or device has no size and cannot be read twice. */
    @Test
    void devicesAreNoCheckpoints() throws IOException {
        for (String device : new String[] {"/dev/zero", "/dev/null"}) {
            if (Files.exists(Path.of(device))) {
                assertFalse(Checkpoint.isOurs(Path.of(device)));
                assertFalse(AnyRunFile.isSummary(Path.of(device)));
            }
        }
    }
}
