// SPDX-License-Identifier: Apache-2.0
package dev.octant.calibration.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.formats.tensor.TensorFile;
import dev.octant.formats.tensor.TensorPart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Whatever way the data comes in, the outcome is that of one observer that sees it all. */
class CalibrationRunProperties {
    private final SortedMap<String, TensorSummary> expected = new TreeMap<>();

    /** Parts of some tensors, all of whole samples; {@code expected} says what they add up to. */
    private List<TensorPart> parts(Random random) {
        List<TensorPart> parts = new ArrayList<>();
        expected.clear();
        int tensors = 1 + random.nextInt(5);
        for (int t = 0; t < tensors; t++) {
            String name = "tensor " + t;
            int sample = random.nextInt(4) == 0 ? 0 : 1 + random.nextInt(300);
            float[] all = Given.values(random, Math.max(1, sample) * (1 + random.nextInt(40)));
            expected.put(name, Given.summary(all, sample));
            for (int from = 0; from < all.length; ) {
                int to = Math.min(all.length, from + Math.max(1, sample) * (1 + random.nextInt(20)));
                MemoryPart part =
                        MemoryPart.of(name, Arrays.copyOfRange(all, from, to), 1 + random.nextInt(700), sample);
                parts.add(random.nextBoolean() ? part : part.uncounted());
                from = to;
            }
        }
        Collections.shuffle(parts, random);
        return parts;
    }

    private static List<TensorFile> files(List<TensorPart> parts, Path path, Random random) {
        List<TensorFile> files = new ArrayList<>();
        for (int from = 0; from < parts.size(); ) {
            int to = Math.min(parts.size(), from + 1 + random.nextInt(6));
            files.add(new MemoryFile(path, List.copyOf(parts.subList(from, to))));
            from = to;
        }
        return files;
    }

    @Property(tries = 100)
    void anySplitOrderAndThreadCountGivesTheSameBytes(@ForAll Random random) throws IOException {
        List<TensorPart> parts = parts(random);
        for (int threads : new int[] {1, 2, 4}) {
            Collections.shuffle(parts, random);
            RunOutcome outcome = CalibrationRun.of(files(parts, Path.of("nowhere"), random), Given.settings(threads))
                    .run();
            assertEquals(RunOutcome.End.COMPLETE, outcome.end());
            assertEquals(expected, outcome.tensors());
            assertArrayEquals(Given.bytes(expected), Given.bytes(outcome.tensors()));
            assertEquals(1, outcome.progress().share());
        }
    }

    /** Stopped at some block, in the middle of parts and of samples; gone on with, on other threads. */
    @Property(tries = 60)
    void interruptedRunsEndWithTheSameBytes(@ForAll Random random) throws IOException {
        Path folder = Files.createTempDirectory("octant");
        Path place = folder.resolve("run.checkpoint");
        Path data = Files.write(folder.resolve("data"), new byte[] {1, 2, 3});
        AtomicInteger blocksLeft = new AtomicInteger();
        AtomicReference<CalibrationRun> current = new AtomicReference<>();
        List<TensorPart> parts = new ArrayList<>();
        for (TensorPart part : parts(random)) {
            parts.add(((MemoryPart) part).before(() -> {
                if (blocksLeft.getAndDecrement() == 0) {
                    current.get().stop();
                }
            }));
        }
        List<TensorFile> files = files(parts, data, random);
        int stops = 0;
        for (RunOutcome outcome = null; outcome == null || outcome.end() != RunOutcome.End.COMPLETE; ) {
            blocksLeft.set(stops > 20 ? Integer.MAX_VALUE : random.nextInt(30));
            CalibrationRun run = CalibrationRun.withCheckpoint(
                    files,
                    Given.settings(1 + random.nextInt(3)),
                    place,
                    random.nextBoolean() ? Duration.ZERO : Duration.ofHours(1));
            current.set(run);
            assertEquals(stops > 0, run.isResumed());
            long before = run.progress().values();
            outcome = run.run();
            assertTrue(outcome.progress().values() >= before);
            if (outcome.end() == RunOutcome.End.STOPPED) {
                assertTrue(outcome.isSaved());
                stops++;
            } else {
                assertArrayEquals(Given.bytes(expected), Given.bytes(outcome.tensors()));
                run.discardCheckpoint();
                assertTrue(Files.notExists(place));
            }
        }
        Files.delete(data);
        Files.delete(folder);
    }

    @Property(tries = 20)
    void sevenShardsMergeToTheSameBytes(@ForAll Random random) throws IOException {
        Path folder = Files.createTempDirectory("octant");
        List<TensorPart> parts = parts(random);
        List<Path> shards = new ArrayList<>();
        for (int shard = 0; shard < 7; shard++) {
            List<TensorPart> own = new ArrayList<>();
            for (int i = shard; i < parts.size(); i += 7) {
                own.add(parts.get(i));
            }
            if (!own.isEmpty()) {
                Path file = folder.resolve(shard + ".summary");
                SummaryFile.write(
                        file,
                        CalibrationRun.of(files(own, Path.of("nowhere"), random), Given.settings(2))
                                .run()
                                .tensors());
                shards.add(file);
            }
        }
        Collections.shuffle(shards, random);
        Path all = folder.resolve("all.summary");
        assertEquals(expected.size(), SummaryFile.merge(shards, all));
        assertArrayEquals(Given.bytes(expected), Files.readAllBytes(all));

        // In two steps, the second onto one of its own inputs.
        Path some = shards.get(0);
        SummaryFile.merge(shards.subList(0, shards.size() / 2 + 1), some);
        List<Path> rest = new ArrayList<>(shards.subList(shards.size() / 2 + 1, shards.size()));
        rest.add(some);
        SummaryFile.merge(rest, some);
        assertArrayEquals(Given.bytes(expected), Files.readAllBytes(some));

        var read = new TreeMap<String, TensorSummary>();
        try (SummaryFile.Reader reader = SummaryFile.open(some)) {
            while (reader.next()) {
                read.put(reader.name(), reader.summary());
            }
        }
        assertEquals(expected, read);
        for (Path file : shards) {
            Files.delete(file);
        }
        Files.delete(all);
        Files.delete(folder);
    }
}
