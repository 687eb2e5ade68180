// SPDX-License-Identifier: Apache-2.0
package dev.octant.calibration.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.formats.tensor.TensorFile;
import dev.octant.formats.tensor.TensorPart;
import dev.octant.observers.estimators.MinMax;
import dev.octant.observers.estimators.Percentile;
import dev.octant.observers.estimators.RangeStability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a run stops by itself depends on the data only. */
class UntilStableTest {
    private static final int PER_PART = 1000;

    @TempDir
    private Path folder;

    private final AtomicInteger blocksLeft = new AtomicInteger(Integer.MAX_VALUE);
    private final AtomicReference<CalibrationRun> current = new AtomicReference<>();

    /** A part that claims a round's worth of values, so that small data makes many rounds. */
    private static final class Claiming extends TensorPart.Forwarding {
        Claiming(MemoryPart part) {
            super(part);
        }

        @Override
        public long values() {
            return -1;
        }

        @Override
        public long bytes() {
            return 4 * Work.ROUND_VALUES;
        }

        @Override
        public long sampleLength() {
            return 0;
        }
    }

    private TensorPart part(String tensor, double scale, long seed) {
        Random random = new Random(seed);
        float[] values = new float[PER_PART];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (scale * (random.nextDouble() - 0.5));
        }
        return new Claiming(MemoryPart.of(tensor, values, 300, 0).before(() -> {
            if (blocksLeft.decrementAndGet() == 0) {
                current.get().stop();
            }
        }));
    }

    /** Of three tensors one grows until its tenth part, and one has three parts only. */
    private List<TensorFile> files(int parts) {
        List<TensorFile> files = new ArrayList<>();
        for (String tensor : List.of("grows", "short", "still")) {
            List<TensorPart> own = new ArrayList<>();
            for (int i = 0; i < (tensor.equals("short") ? 3 : parts); i++) {
                double scale = tensor.equals("grows") ? 1 + Math.min(i, 9) : 1;
                own.add(part(tensor, scale, 31L * i + tensor.hashCode()));
            }
            files.add(new MemoryFile(folder.resolve("data"), own));
        }
        return files;
    }

    private static RunSettings settings(int threads) {
        return new RunSettings(threads, false, new Given.Choice(new MinMax()), Optional.of(new RangeStability(3, 3)));
    }

    @Test
    void stopsAtTheSameRoundOnAnyNumberOfThreads() throws IOException {
        byte[] first = null;
        for (int threads : new int[] {1, 2, 4}) {
            RunOutcome outcome = CalibrationRun.of(files(60), settings(threads)).run();
            assertEquals(RunOutcome.End.STABLE, outcome.end());
            assertTrue(outcome.reason().contains("last to settle was grows in round "), outcome.reason());
            assertTrue(outcome.reason().contains("stable: the last 3 ranges"), outcome.reason());
            // The tenth part widened the range for the last time; three more rounds had to agree.
            long rounds = (outcome.progress().values() / PER_PART - 3) / 2;
            assertTrue(rounds >= 13 && rounds < 60, "rounds " + rounds);
            assertEquals(3, outcome.progress().tensors());
            byte[] bytes = Given.bytes(outcome.tensors());
            first = first == null ? bytes : first;
            assertArrayEquals(first, bytes);
        }
    }

    @Test
    void readsAllWhereRangesMove() throws IOException {
        RunSettings strict = new RunSettings(
                2, false, new Given.Choice(new Percentile(99.9)), Optional.of(new RangeStability(1e-9, 5)));
        RunOutcome outcome = CalibrationRun.of(files(20), strict).run();
        assertEquals(RunOutcome.End.COMPLETE, outcome.end());
        assertEquals(43L * PER_PART, outcome.progress().values());
        assertTrue(
                outcome.reason().contains("the ranges were never all stable, 3 of 3 moved to the end: "),
                outcome.reason());
        assertTrue(
                outcome.reason()
                        .matches(".* moved by [0-9.e-]+ steps within the last 5 rounds, the most of them,"
                                + " at most 1.0E-9 is allowed"),
                outcome.reason());
    }

    /** How far it moved: from 1 to 2 in the last round, where a step is 2 / 255. */
    @Test
    void saysByHowManyStepsARangeMovedLast() throws IOException {
        List<TensorPart> parts = new ArrayList<>();
        for (float most : new float[] {1, 1, 1, 1, 2}) {
            parts.add(new Claiming(MemoryPart.of("x", new float[] {0, most}, 10, 0)));
        }
        List<TensorFile> files = List.of(new MemoryFile(folder.resolve("data"), parts));
        RunSettings within =
                new RunSettings(1, false, new Given.Choice(new MinMax()), Optional.of(new RangeStability(0.1, 4)));
        RunOutcome moved = CalibrationRun.of(files, within).run();
        assertEquals(
                "all data was read (10 values); its range was never stable: x moved by 128 steps within the last 4"
                        + " rounds, at most 0.1 is allowed",
                moved.reason());
        RunSettings longer =
                new RunSettings(1, false, new Given.Choice(new MinMax()), Optional.of(new RangeStability(0.1, 9)));
        assertEquals(
                "all data was read (10 values); its range was never stable: x had data for 5 of the 10 rounds that are"
                        + " compared",
                CalibrationRun.of(files, longer).run().reason());
        List<TensorFile> still = List.of(new MemoryFile(folder.resolve("data"), parts.subList(0, 4)));
        RunSettings stable =
                new RunSettings(1, false, new Given.Choice(new MinMax()), Optional.of(new RangeStability(0.1, 3)));
        assertEquals(
                "all data was read (8 values); no range moved any more at their end",
                CalibrationRun.of(still, stable).run().reason());
    }

    @Test
    void aTensorWithoutNumbersDoesNotCountAsStable() throws IOException {
        List<TensorFile> files = new ArrayList<>(files(60));
        List<TensorPart> parts = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            parts.add(new Claiming(MemoryPart.of("nan", new float[] {Float.NaN}, 10, 0)));
        }
        files.add(new MemoryFile(folder.resolve("data"), parts));
        RunOutcome outcome = CalibrationRun.of(files, settings(2)).run();
        assertEquals(30, outcome.tensors().get("nan").values().counts().count());
    }

    @Test
    void interruptionsDoNotMoveTheStop() throws IOException {
        Files.write(folder.resolve("data"), new byte[9]);
        byte[] expected =
                Given.bytes(CalibrationRun.of(files(60), settings(1)).run().tensors());
        Random random = new Random(11);
        for (int repeat = 0; repeat < 10; repeat++) {
            Path place = folder.resolve("c" + repeat);
            int stops = 0;
            while (true) {
                CalibrationRun run = CalibrationRun.withCheckpoint(
                        files(60), settings(1 + random.nextInt(3)), place, Duration.ofHours(1));
                current.set(run);
                blocksLeft.set(4 + random.nextInt(40));
                RunOutcome outcome = run.run();
                if (outcome.end() == RunOutcome.End.STABLE) {
                    assertArrayEquals(expected, Given.bytes(outcome.tensors()));
                    break;
                }
                assertEquals(RunOutcome.End.STOPPED, outcome.end());
                stops++;
            }
            assertTrue(stops > 0, "never stopped");
        }
    }
}
