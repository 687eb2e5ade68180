// SPDX-License-Identifier: Apache-2.0
package dev.octant.calibration.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
import dev.octant.observers.estimators.MinMax;
import dev.octant.observers.estimators.RangeStability;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Real files, and what happens to them and to the threads that read them while they are read. */
class ReadingTest {
    /** Values of a file: several blocks of its part, so that something can happen between two reads. */
    private static final int VALUES = 300_000;

    private static final int FILES = 5;

    @TempDir
    private Path folder;

    private Path place;
    private List<Path> data;
    private byte[] expected;

    @BeforeEach
    void write() throws IOException {
        place = folder.resolve("c.checkpoint");
        data = new ArrayList<>();
        Random random = new Random(6);
        for (int i = 0; i < FILES; i++) {
            float[] values = Given.values(random, VALUES);
            Path file = folder.resolve("t" + i + ".npy");
            ArrayWriter.write(
                    file,
                    ArrayHeader.of("x", ElementType.FLOAT32, List.of(100L, VALUES / 100L)),
                    out -> out.writeFloats(values, 0, values.length));
            data.add(file);
        }
        expected = Given.bytes(
                CalibrationRun.of(files(() -> {}), Given.settings(2)).run().tensors());
    }

    @AfterEach
    void clearInterrupt() {
        Thread.interrupted();
    }

    private List<TensorFile> files(Runnable atBlock) throws IOException {
        List<TensorFile> files = new ArrayList<>();
        for (Path path : data) {
            List<TensorPart> parts = new ArrayList<>();
            for (TensorPart part : TensorFiles.open(path).parts()) {
                parts.add(new HookedPart(part, atBlock));
            }
            files.add(TensorFile.of(path, parts));
        }
        return files;
    }

    private CalibrationRun run(Runnable atBlock, int threads) throws IOException {
        return CalibrationRun.withCheckpoint(files(atBlock), Given.settings(threads), place, Duration.ofHours(1));
    }

    private void requireGoesOn(RunOutcome outcome) throws IOException {
        assertEquals(RunOutcome.End.STOPPED, outcome.end());
        assertTrue(outcome.isSaved());
        Thread.interrupted();
        CalibrationRun again = run(() -> {}, 2);
        assertTrue(again.isResumed());
        assertArrayEquals(expected, Given.bytes(again.run().tensors()));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void anInterruptOfTheRunSavesItsCheckpoint(int threads) throws IOException {
        Thread runs = Thread.currentThread();
        AtomicInteger blocks = new AtomicInteger();
        RunOutcome outcome = run(
                        () -> {
                            if (blocks.incrementAndGet() == 100) {
                                runs.interrupt();
                            }
                        },
                        threads)
                .run();
        assertTrue(Thread.currentThread().isInterrupted());
        requireGoesOn(outcome);
    }

    @Test
    void aRunThatBeginsInterruptedSavesItsCheckpoint() throws IOException {
        List<TensorFile> files = files(() -> {});
        Thread.currentThread().interrupt();
        RunOutcome outcome = CalibrationRun.withCheckpoint(files, Given.settings(2), place, Duration.ofHours(1))
                .run();
        assertTrue(Thread.currentThread().isInterrupted());
        requireGoesOn(outcome);
    }

    /** Checkpoints as often as possible, and an interrupt at every block: each hits another moment of writing. */
    @Test
    void interruptsWhileTheCheckpointIsWrittenDoNotSpoilIt() throws IOException {
        Thread runs = Thread.currentThread();
        List<IOException> losses = new ArrayList<>();
        CalibrationRun run =
                CalibrationRun.withCheckpoint(files(runs::interrupt), Given.settings(2), place, Duration.ZERO);
        RunOutcome outcome = run.withLossTo(losses::add).run();
        assertEquals(List.of(), losses);
        assertTrue(Thread.currentThread().isInterrupted());
        requireGoesOn(outcome);
    }

    /** An interrupt closes the file that a thread reads: the run stops as when it is told to. */
    @Test
    void anInterruptOfAReadingThreadSavesTheCheckpoint() throws IOException {
        AtomicInteger blocks = new AtomicInteger();
        RunOutcome outcome = run(
                        () -> {
                            if (blocks.incrementAndGet() == 100) {
                                Thread.currentThread().interrupt();
                            }
                        },
                        2)
                .run();
        assertFalse(Thread.currentThread().isInterrupted());
        requireGoesOn(outcome);
    }

    /** While ranges are taken between two rounds: none of that round counts, and the run ends where it would have. */
    @Test
    void anInterruptWhileRangesAreTakenSavesTheCheckpoint() throws IOException {
        AtomicReference<Thread> interrupted = new AtomicReference<>();
        RangeChoice choice = new RangeChoice() {
            @Override
            public RealRange range(String tensor, TensorSummary summary) {
                Thread thread = interrupted.getAndSet(null);
                if (thread != null) {
                    thread.interrupt();
                }
                return new MinMax().estimate(summary.values());
            }

            @Override
            public String toString() {
                return "minmax int8";
            }
        };
        List<TensorPart> parts = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            parts.add(MemoryPart.of("t", Given.values(new Random(i % 4), 1 << 20), 1 << 16, 1 << 20));
        }
        List<TensorFile> files = List.of(new MemoryFile(data.get(0), parts));
        RunSettings settings = new RunSettings(2, false, choice, Optional.of(new RangeStability(0.5, 2)));
        RunOutcome whole = CalibrationRun.of(files, settings).run();
        assertEquals(RunOutcome.End.STABLE, whole.end());

        interrupted.set(Thread.currentThread());
        RunOutcome outcome = CalibrationRun.withCheckpoint(files, settings, place, Duration.ofHours(1))
                .run();
        assertTrue(Thread.interrupted());
        assertEquals(RunOutcome.End.STOPPED, outcome.end());
        assertTrue(outcome.isSaved());
        RunOutcome again = CalibrationRun.withCheckpoint(files, settings, place, Duration.ofHours(1))
                .run();
        assertEquals(whole.reason(), again.reason());
        assertArrayEquals(Given.bytes(whole.tensors()), Given.bytes(again.tensors()));
    }

    private enum Change {
        TOUCHED {
            @Override
            void to(Path file) throws IOException {
                try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                    channel.write(ByteBuffer.wrap(new byte[] {1}), channel.size() - 1);
                }
                // Clocks of file systems are coarse.
                Files.setLastModifiedTime(file, FileTime.fromMillis(1));
            }
        },
        GROWN {
            @Override
            void to(Path file) throws IOException {
                keepingTime(file, () -> Files.write(file, new byte[1], StandardOpenOption.APPEND));
            }
        },
        CUT {
            @Override
            void to(Path file) throws IOException {
                keepingTime(file, () -> {
                    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                        channel.truncate(channel.size() - 1);
                    }
                });
            }
        },
        REPLACED {
            @Override
            void to(Path file) throws IOException {
                keepingTime(file, () -> {
                    Path other = Files.copy(file, file.resolveSibling("other"));
                    Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
                });
            }
        },
        DELETED {
            @Override
            void to(Path file) throws IOException {
                Files.delete(file);
            }
        };

        abstract void to(Path file) throws IOException;

        private interface Act {
            void run() throws IOException;
        }

        private static void keepingTime(Path file, Act act) throws IOException {
            FileTime time = Files.getLastModifiedTime(file);
            act.run();
            Files.setLastModifiedTime(file, time);
        }
    }

    /** The last block of the only part has been read when the file changes. */
    @ParameterizedTest
    @EnumSource(Change.class)
    void aChangeDuringTheLastPartIsNoticed(Change change) throws IOException {
        data = data.subList(0, 1);
        AtomicInteger blocks = new AtomicInteger();
        CalibrationRun.of(files(blocks::incrementAndGet), Given.settings(1)).run();
        int last = blocks.getAndSet(0);
        List<TensorFile> files = files(() -> {
            if (blocks.incrementAndGet() == last) {
                try {
                    change.to(data.get(0));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        });
        CalibrationRun run = CalibrationRun.of(files, Given.settings(1));
        FormatException e = assertThrows(FormatException.class, run::run);
        assertEquals(
                data.get(0)
                        + (change == Change.DELETED
                                ? ": input must exist, was missing"
                                : ": file must stay as it is while it is read, was changed"),
                e.getMessage());
    }
}
