// SPDX-License-Identifier: Apache-2.0
package dev.octant.calibration.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.formats.FormatException;
import dev.octant.formats.tensor.TensorFile;
import dev.octant.formats.tensor.TensorPart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run that does not fit is refused before it reads; one that finds out later loses nothing that it has read. */
class HeapTest {
    private static final int TENSORS = 30;

    @TempDir
    private Path folder;

    private final AtomicInteger reads = new AtomicInteger();

    private List<TensorFile> files() {
        List<TensorPart> parts = new ArrayList<>();
        for (int t = 0; t < TENSORS; t++) {
            parts.add(MemoryPart.of("t" + t, Given.values(new Random(t), 900), 100, 300)
                    .before(reads::incrementAndGet));
        }
        return List.of(new MemoryFile(Path.of("nowhere"), parts));
    }

    @Test
    void whatDoesNotFitIsRefusedBeforeItIsRead() throws IOException {
        List<TensorFile> files = files();
        HeapTooSmallException e = assertThrows(
                HeapTooSmallException.class, () -> CalibrationRun.of(files, Given.settings(4), new Heap(10 << 20)));
        assertEquals(10 << 20, e.available());
        assertTrue(e.needed() > Heap.BASE + CalibrationRun.bytes(TENSORS, 1), e.getMessage());
        assertEquals(
                "heap must have " + (e.needed() + (1 << 20) - 1) / (1 << 20) + " MB for 30 tensors, was 10 MB",
                e.getMessage());
        assertEquals(0, reads.get());

        // What it says it needs is enough, for one thread.
        CalibrationRun least = CalibrationRun.of(files, Given.settings(4), new Heap(e.needed()));
        assertEquals(1, least.threads());
        assertTrue(least.isShortOfMemory());
        assertThrows(
                HeapTooSmallException.class,
                () -> CalibrationRun.of(files, Given.settings(4), new Heap(e.needed() - 10)));
        byte[] bytes = Given.bytes(least.run().tensors());
        CalibrationRun roomy = CalibrationRun.of(files, Given.settings(4), new Heap(1L << 40));
        assertEquals(4, roomy.threads());
        assertFalse(roomy.isShortOfMemory());
        assertArrayEquals(bytes, Given.bytes(roomy.run().tensors()));
    }

    /** Samples of text are not known, and take no memory. */
    @Test
    void onlyTensorsWithSamplesNeedMemoryForThem() throws IOException {
        CalibrationRun with = CalibrationRun.of(files(), Given.settings(1));
        CalibrationRun without =
                CalibrationRun.of(List.of(MemoryFile.of(MemoryPart.of("x", new float[] {1}, 1, 0))), Given.settings(1));
        assertTrue(with.heldBytes() >= CalibrationRun.bytes(TENSORS, 0));
        assertTrue(without.heldBytes() < TensorSummary.VALUES_BYTES + 8192);
    }

    @Test
    void thereAreNoMoreThreadsThanParts() throws IOException {
        assertEquals(TENSORS, CalibrationRun.of(files(), Given.settings(1024)).threads());
        assertEquals(
                "threads must be at most 1024, was 1025",
                assertThrows(IllegalArgumentException.class, () -> Given.settings(1025))
                        .getMessage());
    }

    /** Starts so many threads, then refuses as the operating system does. */
    private static ThreadFactory starting(int threads) {
        AtomicInteger started = new AtomicInteger();
        return task -> {
            if (started.getAndIncrement() >= threads) {
                throw new OutOfMemoryError("unable to create native thread: possibly out of memory");
            }
            return Crew.daemon(task);
        };
    }

    @Test
    void threadsThatCannotBeStartedAreDoneWithout() throws IOException {
        byte[] expected =
                Given.bytes(CalibrationRun.of(files(), Given.settings(1)).run().tensors());
        for (int threads : new int[] {1, 3}) {
            CalibrationRun run = CalibrationRun.of(files(), Given.settings(8));
            assertArrayEquals(expected, Given.bytes(run.run(starting(threads)).tensors()));
        }
        CalibrationRun none = CalibrationRun.of(files(), Given.settings(8));
        assertEquals(
                "operating system must let the process start a thread to read on, was refusing",
                assertThrows(IllegalStateException.class, () -> none.run(starting(0)))
                        .getMessage());
    }

    /** Memory runs out in the second of three parts: the first is in the checkpoint, and the run goes on from there. */
    @Test
    void whatWasReadBeforeMemoryRanOutIsKept() throws IOException {
        float[] values = Given.values(new Random(5), 3000);
        Path data = Files.write(folder.resolve("data"), new byte[1000]);
        Path place = folder.resolve("c");
        List<TensorPart> parts = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            parts.add(MemoryPart.of("t" + i, values, 500, 1000));
        }
        AtomicInteger first = new AtomicInteger();
        List<TensorPart> failing = new ArrayList<>(parts);
        failing.set(0, ((MemoryPart) parts.get(0)).before(first::incrementAndGet));
        failing.set(1, ((MemoryPart) parts.get(1)).before(() -> {
                    throw new OutOfMemoryError("Java heap space");
                }));
        CalibrationRun run = CalibrationRun.withCheckpoint(
                List.of(new MemoryFile(data, failing)), Given.settings(1), place, Duration.ZERO);
        assertEquals(
                "Java heap space",
                assertThrows(OutOfMemoryError.class, run::run).getMessage());
        assertEquals(6, first.get());
        failing.set(1, parts.get(1));
        CalibrationRun again = CalibrationRun.withCheckpoint(
                List.of(new MemoryFile(data, failing)), Given.settings(1), place, Duration.ZERO);
        assertTrue(again.isResumed());
        assertEquals(1.0 / 3, again.progress().share(), 1e-9);
        for (TensorSummary summary : again.run().tensors().values()) {
            assertEquals(Given.summary(values, 1000), summary);
        }
        assertEquals(6, first.get());
    }

    /** A checkpoint could not hold it, nor a summary file: said before the data are read, not after. */
    @Test
    void namesThatNoFileHoldsAreRefusedAtOnce() {
        List<TensorFile> files = List.of(MemoryFile.of(
                MemoryPart.of("n".repeat(65_536), new float[] {1}, 1, 1).before(reads::incrementAndGet)));
        assertEquals(
                "tensor name must have at most 65535 bytes, was 65536: " + "n".repeat(29) + "..." + "n".repeat(28),
                assertThrows(IllegalArgumentException.class, () -> CalibrationRun.of(files, Given.settings(1)))
                        .getMessage());
        assertEquals(0, reads.get());
    }

    /** Damaged data are not worth a checkpoint. */
    @Test
    void nothingIsKeptOfDataThatAreNotWhatTheyWere() throws IOException {
        Path data = Files.write(folder.resolve("data"), new byte[1000]);
        Path place = folder.resolve("c");
        MemoryPart part = MemoryPart.of("t", new float[100], 50, 100).before(() -> {
            try {
                Files.write(data, new byte[999]);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        CalibrationRun run = CalibrationRun.withCheckpoint(
                List.of(new MemoryFile(data, List.of(part))), Given.settings(1), place, Duration.ofHours(1));
        FormatException e = assertThrows(FormatException.class, run::run);
        assertEquals(data + ": file must stay as it is while it is read, was changed", e.getMessage());
        assertTrue(Files.notExists(place));
    }
}
