// SPDX-License-Identifier: Apache-2.0
package dev.octant.calibration.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.core.RealRange;
import dev.octant.formats.FormatException;
import dev.octant.formats.tensor.ArrayHeader;
import dev.octant.formats.tensor.ArrayWriter;
import dev.octant.formats.tensor.ElementType;
import dev.octant.formats.tensor.TensorFile;
import dev.octant.formats.tensor.TensorFiles;
import dev.octant.formats.tensor.TensorPart;
import dev.octant.observers.estimators.RangeStability;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A stored array that is read in several parts, and damaged in one of them: no run takes it, nor one that goes on. */
class DamagedArrayTest {
    private static final int VALUES = 9_000_000;

    @TempDir
    private Path folder;

    private Path file;
    private Path place;

    @BeforeEach
    void write() throws IOException {
        place = folder.resolve("c.checkpoint");
        Path npy = folder.resolve("x.npy");
        Random random = new Random(5);
        float[] block = new float[VALUES / 9];
        ArrayWriter.write(npy, ArrayHeader.of("x", ElementType.FLOAT32, List.of((long) VALUES, 1L)), out -> {
            for (int i = 0; i < 9; i++) {
                for (int k = 0; k < block.length; k++) {
                    block[k] = random.nextFloat();
                }
                out.writeFloats(block, 0, block.length);
            }
        });
        byte[] bytes = Files.readAllBytes(npy);
        Files.delete(npy);
        CRC32 crc = new CRC32();
        crc.update(bytes);
        file = folder.resolve("a.npz");
        try (OutputStream out = Files.newOutputStream(file);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            ZipEntry entry = new ZipEntry("x.npy");
            entry.setMethod(ZipEntry.STORED);
            entry.setSize(bytes.length);
            entry.setCrc(crc.getValue());
            zip.putNextEntry(entry);
            zip.write(bytes);
            zip.closeEntry();
        }
    }

    private void damage(long position) throws IOException {
        try (RandomAccessFile random = new RandomAccessFile(file.toFile(), "rw")) {
            random.seek(position);
            int b = random.read();
            random.seek(position);
            random.write(b ^ 1);
        }
    }

    private static RunSettings settings(boolean inRounds) {
        RangeChoice choice = new RangeChoice() {
            @Override
            public RealRange range(String tensor, TensorSummary summary) {
                // Never stable: all of the data are read.
                long count = summary.values().counts().count();
                return RealRange.of((double) -count, (double) count);
            }

            @Override
            public String toString() {
                return "ever wider";
            }
        };
        return new RunSettings(1, false, choice, inRounds ? Optional.of(new RangeStability(0.1, 1)) : Optional.empty());
    }

    private static void refused(CalibrationRun run) {
        FormatException refused = assertThrows(FormatException.class, run::run);
        assertTrue(refused.getMessage().contains("array x: data must have the checksum"), refused.getMessage());
    }

    @ParameterizedTest
    @ValueSource(longs = {1_000, 20_000_000, 35_000_000})
    void noRunTakesIt(long position) throws IOException {
        assertEquals(
                VALUES,
                CalibrationRun.of(List.of(TensorFiles.open(file)), Given.settings(2))
                        .run()
                        .progress()
                        .values());
        damage(position);
        refused(CalibrationRun.of(List.of(TensorFiles.open(file)), Given.settings(2)));
        refused(CalibrationRun.of(List.of(TensorFiles.open(file)), settings(true)));
    }

    /** The damage lies in a part that the first run has taken whole: the second one finds it all the same. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aRunThatGoesOnFindsItInPartsReadBefore(boolean inRounds) throws IOException {
        damage(1_000);
        stopAfterTheFirstPart(inRounds);
        refused(resumed(inRounds));
    }

    @Test
    void aRunThatGoesOnTakesWholeArrays() throws IOException {
        for (boolean inRounds : new boolean[] {false, true}) {
            stopAfterTheFirstPart(inRounds);
            RunOutcome outcome = resumed(inRounds).run();
            assertEquals(RunOutcome.End.COMPLETE, outcome.end());
            assertEquals(VALUES, outcome.progress().values());
            Files.delete(place);
        }
    }

    private CalibrationRun resumed(boolean inRounds) throws IOException {
        CalibrationRun run = CalibrationRun.withCheckpoint(
                List.of(TensorFiles.open(file)), settings(inRounds), place, Duration.ofDays(1));
        assertTrue(run.isResumed());
        return run;
    }

    private void stopAfterTheFirstPart(boolean inRounds) throws IOException {
        Runnable[] stop = new Runnable[1];
        List<TensorPart> parts = new ArrayList<>();
        for (TensorPart part : TensorFiles.open(file).parts()) {
            parts.add(parts.size() == 1 ? new HookedPart(part, () -> stop[0].run()) : part);
        }
        assertEquals(3, parts.size());
        CalibrationRun run = CalibrationRun.withCheckpoint(
                List.of(TensorFile.of(file, parts)), settings(inRounds), place, Duration.ofDays(1));
        stop[0] = run::stop;
        assertEquals(RunOutcome.End.STOPPED, run.run().end());
    }
}
