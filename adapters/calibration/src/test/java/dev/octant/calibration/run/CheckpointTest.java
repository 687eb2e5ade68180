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
import dev.octant.observers.estimators.Entropy;
import dev.octant.observers.estimators.RangeStability;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A checkpoint is gone on from when it is whole and of the same run, and is refused in one sentence otherwise. */
class CheckpointTest {
    @TempDir
    private Path folder;

    private final AtomicReference<CalibrationRun> current = new AtomicReference<>();
    private Path place;
    private Path data;
    private float[] values;
    private List<TensorFile> files;

    @BeforeEach
    void runAndStop() throws IOException {
        Files.createDirectory(folder.resolve("state"));
        place = folder.resolve("state").resolve("c.checkpoint");
        data = Files.write(folder.resolve("data"), new byte[100_000]);
        values = Given.values(new Random(3), 5000);
        files = List.of(new MemoryFile(
                data,
                List.of(
                        part(0, 3000),
                        part(3000, 5000).before(() -> current.get().stop()))));
        RunOutcome outcome = run(Given.settings(1)).run();
        assertEquals(RunOutcome.End.STOPPED, outcome.end());
        assertTrue(outcome.isSaved());
    }

    /** Samples of 1,000 values in blocks of 700: every stop is inside one. */
    private MemoryPart part(int from, int to) {
        return MemoryPart.of("a tensor", Arrays.copyOfRange(values, from, to), 700, 1000);
    }

    /** A part of which a block cannot be read. */
    private static final class Damaged extends TensorPart.Forwarding {
        private final int damagedBlock;

        Damaged(TensorPart part, int damagedBlock) {
            super(part);
            this.damagedBlock = damagedBlock;
        }

        @Override
        public void read(Visitor visitor) throws IOException {
            int[] blocks = {0};
            super.read((tensor, block, offset, length) -> {
                if (blocks[0]++ == damagedBlock) {
                    throw new FormatException("part must be whole, was damaged");
                }
                return visitor.visit(tensor, block, offset, length);
            });
        }
    }

    private CalibrationRun run(RunSettings settings) throws IOException {
        CalibrationRun run = CalibrationRun.withCheckpoint(files, settings, place, Duration.ofHours(1));
        current.set(run);
        return run;
    }

    private String refusal() {
        return refusal(Given.settings(1));
    }

    private String refusal(RunSettings settings) {
        String message =
                assertThrows(FormatException.class, () -> run(settings)).getMessage();
        assertTrue(message.startsWith(place + ": checkpoint must "), message);
        assertTrue(message.endsWith("; start anew with --fresh or delete the file"), message);
        assertFalse(message.contains("\n"), message);
        return message;
    }

    @Test
    void everyCutIsRefused() throws IOException {
        byte[] whole = Files.readAllBytes(place);
        for (int length = 0; length < whole.length; length++) {
            Files.write(place, Arrays.copyOf(whole, length));
            refusal();
        }
        Files.write(place, Arrays.copyOf(whole, whole.length + 1));
        refusal();
    }

    @Test
    void everyDamagedByteIsRefused() throws IOException {
        byte[] whole = Files.readAllBytes(place);
        Random random = new Random(5);
        for (int at = 0; at < whole.length; at++) {
            byte[] damaged = whole.clone();
            damaged[at] ^= (byte) (1 << random.nextInt(8));
            Files.write(place, damaged);
            refusal();
        }
    }

    /** What a forger makes has the right checksum: it is refused, or is at least sound. */
    @Test
    void forgedContentIsRefusedOrSound() throws IOException {
        byte[] whole = Files.readAllBytes(place);
        Random random = new Random(7);
        int refused = 0;
        for (int i = 0; i < 1000; i++) {
            byte[] forged = whole.clone();
            for (int k = random.nextInt(3); k >= 0; k--) {
                forged[5 + random.nextInt(forged.length - 9)] = (byte) random.nextInt(256);
            }
            if (random.nextInt(4) == 0) {
                forged = Arrays.copyOf(forged, 9 + random.nextInt(forged.length - 9));
            }
            sign(forged);
            Files.write(place, forged);
            try {
                run(Given.settings(1)).progress();
            } catch (FormatException e) {
                assertFalse(e.getMessage().contains("\n"), e.getMessage());
                refused++;
            }
        }
        assertTrue(refused > 600, "refused " + refused);
    }

    private static void sign(byte[] bytes) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes, 0, bytes.length - 4);
        ByteBuffer.wrap(bytes).putInt(bytes.length - 4, (int) checksum.getValue());
    }

    @Test
    void otherSettingsAreRefused() {
        assertTrue(refusal(new RunSettings(1, false, Given.settings(1).choice(), Optional.empty()))
                .contains("belong to a run with 'samples of 512 values or more', was of one with 'all samples'"));
        String until = refusal(new RunSettings(1, true, Given.settings(1).choice(), Optional.of(new RangeStability())));
        assertTrue(until.contains("belong to a run with 'all samples, until stable=0.1,3 by minmax int8"), until);
    }

    /** Ranges are chosen of what was observed: that another choice is meant does not make it less. */
    @Test
    void anotherChoiceGoesOn() throws IOException {
        files = List.of(new MemoryFile(data, List.of(part(0, 3000), part(3000, 5000))));
        CalibrationRun run = run(new RunSettings(1, true, new Given.Choice(new Entropy()), Optional.empty()));
        assertTrue(run.isResumed());
        assertEquals(Given.summary(values, 1000), run.run().tensors().get("a tensor"));
    }

    /** Where ranges tell when to stop, they are part of what was done. */
    @Test
    void whereRangesStopTheRunAnotherChoiceIsRefused() throws IOException {
        CalibrationRun.discard(place);
        Optional<RangeStability> until = Optional.of(new RangeStability());
        run(new RunSettings(1, true, Given.settings(1).choice(), until)).run();
        assertTrue(refusal(new RunSettings(1, true, new Given.Choice(new Entropy()), until))
                .contains(" by entropy int8"));
    }

    /** A run that is refused must not stand in the way of the next one, which is of other data as often as not. */
    @Test
    void aRunThatFailedGivesWay() throws IOException {
        files = List.of(new MemoryFile(data, List.of(part(0, 3000), part(3000, 5000))));
        CalibrationRun failed = run(Given.settings(1));
        failed.run();
        assertTrue(failed.keepCheckpoint());
        assertTrue(run(Given.settings(1)).isResumed(), "the same run goes on");

        Path other = Files.write(folder.resolve("other"), new byte[5]);
        files = List.of(new MemoryFile(other, List.of(part(0, 2000))));
        CalibrationRun corrected = run(Given.settings(1));
        assertFalse(corrected.isResumed());
        assertEquals(
                Optional.of(place + ": checkpoint must belong to the same data, was of other files than other"),
                corrected.replaced());
        assertEquals(
                Given.summary(Arrays.copyOf(values, 2000), 1000),
                corrected.run().tensors().get("a tensor"));
        corrected.discardCheckpoint();
        assertFalse(Files.exists(place));
    }

    /** A damaged one is refused, whatever it says of its run. */
    @Test
    void aDamagedCheckpointOfARunThatFailedIsRefused() throws IOException {
        files = List.of(new MemoryFile(data, List.of(part(0, 3000), part(3000, 5000))));
        CalibrationRun failed = run(Given.settings(1));
        failed.run();
        assertTrue(failed.keepCheckpoint());
        byte[] whole = Files.readAllBytes(place);
        for (int length = 0; length < whole.length; length++) {
            Files.write(place, Arrays.copyOf(whole, length));
            refusal();
        }
    }

    /** The third block cannot be read, after the checkpoint was written: so is that of a machine that was killed. */
    @Test
    void dataThatAreRefusedGiveWayToo() throws IOException {
        TensorPart damaged = new Damaged(part(3000, 5000), 2);
        files = List.of(new MemoryFile(data, List.of(part(0, 3000), damaged)));
        CalibrationRun run = run(Given.settings(1));
        assertTrue(run.isResumed());
        assertThrows(FormatException.class, run::run);
        files = List.of(new MemoryFile(data, List.of(part(0, 3000))));
        assertTrue(run(Given.settings(1)).replaced().orElse("").contains("parts must be 1, was 2"));
    }

    /** No checkpoint is made of data that are refused, where there was none. */
    @Test
    void dataThatAreRefusedLeaveNothing() throws IOException {
        CalibrationRun.discard(place);
        TensorPart damaged = new Damaged(part(3000, 5000), 0);
        files = List.of(new MemoryFile(data, List.of(part(0, 3000), damaged)));
        assertThrows(FormatException.class, () -> run(Given.settings(1)).run());
        assertFalse(Files.exists(place));
    }

    /** In the modified UTF-8 of the file such a name takes more than the 64,000 bytes that it has. */
    @Test
    void namesThatNoFileHoldsAreRefusedFirst() {
        String name = "\ud83d\ude00".repeat(16_000);
        List<TensorFile> named = List.of(new MemoryFile(data, List.of(MemoryPart.of(name, values, 700, 1000))));
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> CalibrationRun.of(named, Given.settings(1)));
        assertEquals(
                "tensor name must have at most 65535 bytes, was 96000: " + "\ud83d\ude00".repeat(29) + "..."
                        + "\ud83d\ude00".repeat(28),
                refused.getMessage());
        assertThrows(
                IllegalArgumentException.class,
                () -> SummaryFile.write(
                        folder.resolve("s"), new java.util.TreeMap<>(java.util.Map.of(name, TensorSummary.EMPTY))));
        String longest = "\u00e9".repeat(32_767) + "e";
        SummaryFile.requireShort(longest);
        assertThrows(IllegalArgumentException.class, () -> SummaryFile.requireShort(longest + "e"));
    }

    @Test
    void otherDataIsRefused() throws IOException {
        FileTime modified = Files.getLastModifiedTime(data);
        byte[] bytes = Files.readAllBytes(data);
        bytes[bytes.length - 1] = 1;
        Files.write(data, bytes);
        Files.setLastModifiedTime(data, modified);
        assertTrue(refusal().contains("data before it changed"));

        Files.write(data, new byte[100_000]);
        Files.setLastModifiedTime(data, FileTime.fromMillis(modified.toMillis() - 5000));
        refusal();

        Files.setLastModifiedTime(data, modified);
        assertTrue(run(Given.settings(1)).isResumed());

        Files.write(data, new byte[100_001]);
        Files.setLastModifiedTime(data, modified);
        refusal();

        Files.write(data, new byte[100_000]);
        Files.setLastModifiedTime(data, modified);
        List<TensorPart> parts = files.get(0).parts();
        Path other = Files.copy(data, folder.resolve("other"));
        Files.setLastModifiedTime(other, modified);
        files = List.of(new MemoryFile(other, parts));
        assertTrue(refusal().contains("other files than other"));
        files = List.of(new MemoryFile(data, parts), new MemoryFile(data, List.of()));
        assertTrue(refusal().contains("the same 2 files of data, was of 1"));
        files = List.of(new MemoryFile(data, parts.subList(0, 1)));
        assertTrue(refusal().contains("parts must be 1, was 2"));
    }

    @Test
    void anotherFileIsNeitherReadNorDeleted() throws IOException {
        Files.writeString(place, "dear diary");
        refusal();
        FormatException e = assertThrows(FormatException.class, () -> CalibrationRun.discard(place));
        assertTrue(e.getMessage().contains("must begin with OCTC"), e.getMessage());
        assertEquals("dear diary", Files.readString(place));
    }

    @Test
    void aRunStartsAnewOnceTheCheckpointIsDiscarded() throws IOException {
        byte[] whole = Files.readAllBytes(place);
        Files.write(place, Arrays.copyOf(whole, 50));
        CalibrationRun.discard(place);
        files = List.of(new MemoryFile(data, List.of(part(0, 5000))));
        CalibrationRun run = run(Given.settings(2));
        assertFalse(run.isResumed());
        assertEquals(Given.summary(values, 1000), run.run().tensors().get("a tensor"));
    }

    /** The folder goes away while the run is on, as a full disk does: nothing is lost but newer checkpoints. */
    @Test
    void aCheckpointThatCannotBeWrittenLeavesTheLastOneAndTheRun() throws IOException {
        byte[] last = Files.readAllBytes(place);
        Path moved = folder.resolve("moved");
        List<IOException> losses = new ArrayList<>();
        files = List.of(new MemoryFile(
                data, List.of(part(0, 3000), part(3000, 5000).before(() -> {
                    if (Files.exists(folder.resolve("state"))) {
                        move(folder.resolve("state"), moved);
                    }
                    // Long enough for several attempts.
                    pause();
                }))));
        CalibrationRun run = CalibrationRun.withCheckpoint(files, Given.settings(1), place, Duration.ZERO);
        RunOutcome outcome = run.withLossTo(losses::add).run();
        assertEquals(RunOutcome.End.COMPLETE, outcome.end());
        assertFalse(outcome.isSaved());
        assertFalse(run.keepCheckpoint());
        assertEquals(1, losses.size());
        assertTrue(
                losses.get(0).getMessage().startsWith(place + ": "),
                losses.get(0).getMessage());
        assertEquals(Given.summary(values, 1000), outcome.tensors().get("a tensor"));
        try (var left = Files.list(moved)) {
            assertEquals(List.of(moved.resolve("c.checkpoint")), left.toList());
        }
        assertArrayEquals(last, Files.readAllBytes(moved.resolve("c.checkpoint")));

        move(moved, folder.resolve("state"));
        assertTrue(run.keepCheckpoint());
        CalibrationRun again = run(Given.settings(1));
        assertEquals(1, again.progress().share());
        assertEquals(outcome.tensors(), again.run().tensors());
    }

    private static void move(Path from, Path to) {
        try {
            Files.move(from, to);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(20);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
