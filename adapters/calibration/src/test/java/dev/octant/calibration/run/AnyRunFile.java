// SPDX-License-Identifier: Apache-2.0
package dev.octant.calibration.run;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.formats.FormatException;
import dev.octant.formats.VisibleText;
import dev.octant.formats.tensor.TensorFile;
import dev.octant.observers.HistogramObserver;
import dev.octant.observers.estimators.RangeStability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Summary files and checkpoints of any bytes: what comes is what they hold, or one sentence that begins with the
 * file.
 */
final class AnyRunFile {
    private AnyRunFile() {}

    /** Reads a summary file, and merges it with itself; says whether it was read. */
    static boolean isSummary(Path file) throws IOException {
        Path target = file.resolveSibling("merged");
        try {
            try (SummaryFile.Reader reader = SummaryFile.open(file)) {
                while (reader.next()) {
                    assertTrue(reader.summary().values().counts().finite() >= 0);
                }
            }
            SummaryFile.merge(List.of(file, file), target);
            return true;
        } catch (FormatException e) {
            assertSentence(e, file);
            return false;
        } finally {
            Files.deleteIfExists(target);
        }
    }

    /** A run of two parts whose checkpoint was kept in the middle of a sample. */
    static final class Run {
        private final Path place;
        private final List<TensorFile> files;
        private final AtomicReference<CalibrationRun> current = new AtomicReference<>();
        private final byte[] checkpoint;
        private boolean stops = true;

        Run(Path folder) throws IOException {
            place = folder.resolve("c.checkpoint");
            Path data = Files.write(folder.resolve("data"), new byte[100]);
            if (Files.getLastModifiedTime(data).toMillis() != 0) {
                // The same identity every time, so that a checkpoint of another day is one of this data.
                Files.setLastModifiedTime(data, java.nio.file.attribute.FileTime.fromMillis(0));
            }
            float[] values = Given.values(new Random(3), 50);
            files = List.of(new MemoryFile(
                    data,
                    List.of(
                            MemoryPart.of("a tensor", java.util.Arrays.copyOfRange(values, 0, 30), 7, 10),
                            MemoryPart.of("a tensor", java.util.Arrays.copyOfRange(values, 30, 50), 7, 10)
                                    .before(this::stop),
                            MemoryPart.of("another", values, 7, 0).uncounted())));
            run();
            checkpoint = Files.readAllBytes(place);
            stops = false;
        }

        private void stop() {
            if (stops) {
                current.get().stop();
            }
        }

        private boolean run() throws IOException {
            RunSettings settings = new RunSettings(
                    1,
                    true,
                    new Given.Choice(new dev.octant.observers.estimators.MinMax()),
                    Optional.<RangeStability>empty());
            CalibrationRun run = CalibrationRun.withCheckpoint(files, settings, place, Duration.ofHours(1));
            current.set(run);
            run.run();
            return run.isResumed();
        }

        /** The checkpoint as it was kept. */
        byte[] checkpoint() {
            return checkpoint.clone();
        }

        /** Goes on from a checkpoint of any content, to the end of the data; says whether that was possible. */
        boolean goesOnFrom(byte[] content) throws IOException {
            Files.write(place, content);
            try {
                // Or, in place of one that says that its run has failed, it is of another.
                return run();
            } catch (FormatException e) {
                assertSentence(e, place);
                return false;
            }
        }
    }

    private static void assertSentence(FormatException e, Path file) {
        String message = e.getMessage();
        assertTrue(
                message.startsWith(VisibleText.of(file) + ": ") || message.startsWith(VisibleText.of(file) + ", "),
                message);
        assertTrue(message.contains(" must "), message);
        assertTrue(message.length() < 700 + file.toString().length(), message);
        assertFalse(message.matches("(?s).*[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Cs}].*"), message);
    }

    /** A histogram of so many values of one kind, without having seen them one by one. */
    static TensorSummary ones(int doublings) {
        HistogramObserver observer = new HistogramObserver();
        observer.observe(new float[] {1});
        TensorSummary summary = new TensorSummary(observer.summary(), dev.octant.observers.PerSampleSummary.EMPTY);
        for (int i = 0; i < doublings; i++) {
            summary = summary.merge(summary);
        }
        return summary;
    }
}
