// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.formats.tensor.ArrayHeader;
import dev.octant.formats.tensor.ArrayWriter;
import dev.octant.formats.tensor.ElementType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs that are killed or told to stop at random moments, and gone on with until they end: the bytes are those of a
 * run that was left alone. {@code -Doctant.kills=50} kills more often.
 */
class KillTest {
    private static final int KILLS = Integer.getInteger("octant.kills", 5);

    /** After these a run is left alone, so that there are many runs. */
    private static final int MOST_KILLS_OF_RUN = 4;

    @TempDir
    private Path folder;

    private Path data;
    private byte[] expectedTable;
    private byte[] expectedSummary;
    private final Random random = new Random(1);

    /** Many small parts, one that is long and cannot be cut, and text, whose columns come in turns. */
    @BeforeEach
    void data() throws IOException, InterruptedException {
        data = Files.createDirectory(folder.resolve("data"));
        for (int i = 0; i < 60; i++) {
            Path own = data.resolve("t" + i % 7 + (i < 7 ? "" : "_" + i) + ".npy");
            write(own, values(20_000), 20);
        }
        Path part = folder.resolve("part");
        write(part, values(2_000_000), 2000);
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(data.resolve("z.npz")))) {
            for (String name : List.of("deflated", "t1")) {
                zip.putNextEntry(new ZipEntry(name + ".npy"));
                Files.copy(part, zip);
                zip.closeEntry();
            }
        }
        StringBuilder text = new StringBuilder("a,b,t3\n");
        for (int row = 0; row < 60_000; row++) {
            text.append(random.nextFloat())
                    .append(',')
                    .append(random.nextInt(9))
                    .append(",1e-")
                    .append(row % 30)
                    .append('\n');
        }
        Files.writeString(data.resolve("text.csv"), text);

        Shell shell = Shell.run(words("calm").toArray());
        assertEquals(0, shell.code(), shell::toString);
        expectedTable = Files.readAllBytes(folder.resolve("calm.json"));
        expectedSummary = Files.readAllBytes(folder.resolve("calm.summary"));
    }

    private float[] values(int length) {
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = random.nextInt(50) == 0 ? Float.NaN : (float) random.nextGaussian() * (1 + i / 1000);
        }
        return values;
    }

    private static void write(Path file, float[] values, long rows) throws IOException {
        ArrayWriter.write(
                file,
                ArrayHeader.of("x", ElementType.FLOAT32, List.of(rows, values.length / rows)),
                out -> out.writeFloats(values, 0, values.length));
    }

    private List<Object> words(String name) {
        return List.of(
                "calibrate",
                data,
                "--method",
                "percentile=99.9",
                "--threads",
                1 + random.nextInt(3),
                "--checkpoint-every",
                "0",
                "-o",
                folder.resolve(name + ".json"),
                "--summary",
                folder.resolve(name + ".summary"));
    }

    private Child start(String name) throws IOException {
        return Child.start(
                folder.resolve("err"),
                List.of("-Xmx256m", "-XX:+UseSerialGC"),
                words(name).toArray());
    }

    private void requireSame(String name) throws IOException {
        assertArrayEquals(expectedTable, Files.readAllBytes(folder.resolve(name + ".json")));
        assertArrayEquals(expectedSummary, Files.readAllBytes(folder.resolve(name + ".summary")));
        assertTrue(Files.notExists(folder.resolve(name + ".json.checkpoint")));
    }

    @Test
    void everyKilledRunEndsWithTheSameBytes() throws IOException, InterruptedException {
        int kills = 0;
        int resumed = 0;
        int ended = 0;
        int killsOfRun = 0;
        long usual = 2000;
        while (kills < KILLS || ended == 0) {
            String name = "run" + ended;
            Path checkpoint = folder.resolve(name + ".json.checkpoint");
            boolean hadCheckpoint = Files.exists(checkpoint);
            Child child = start(name);
            long begin = System.nanoTime();
            boolean isLeftAlone = kills >= KILLS || killsOfRun == MOST_KILLS_OF_RUN;
            // Some at any moment of its life, some soon after its first checkpoint: both, for machines differ.
            if (isLeftAlone) {
                child.waitFor();
            } else if (random.nextInt(3) > 0) {
                while (!Files.exists(checkpoint) && child.isAlive()) {
                    Thread.sleep(1);
                }
                child.endsWithin(random.nextLong(usual));
            } else {
                child.endsWithin(random.nextLong(usual));
            }
            if (child.isAlive()) {
                child.kill();
                kills++;
                killsOfRun++;
            } else {
                assertEquals(0, child.waitFor(), child.err());
                usual = Math.max(100, (System.nanoTime() - begin) / 1_000_000);
                requireSame(name);
                ended++;
                killsOfRun = 0;
            }
            if (hadCheckpoint) {
                resumed++;
                assertTrue(
                        child.err().isEmpty()
                                || child.err().startsWith("octant calibrate: going on from " + checkpoint),
                        child.err());
            }
        }
        System.out.println(kills + " kills, " + resumed + " runs that went on, " + ended + " that ended");
        assertTrue(resumed > 0, "no run left a checkpoint");
    }

    @Test
    void aRunToldToStopSaysHowToGoOn() throws IOException, InterruptedException {
        Path checkpoint = folder.resolve("told.json.checkpoint");
        Child child = start("told");
        while (!Files.exists(checkpoint) && child.isAlive()) {
            Thread.sleep(1);
        }
        assertTrue(child.isAlive(), child.err());
        child.terminate();
        // 128 and the number of the signal.
        assertEquals(143, child.waitFor(), child.err());
        List<String> lines = child.err().lines().toList();
        assertEquals(1, lines.size(), child.err());
        assertTrue(lines.get(0).startsWith("octant calibrate: stopped after "), child.err());
        assertTrue(lines.get(0).endsWith("; the same command goes on from " + checkpoint), child.err());
        Child again = start("told");
        assertEquals(0, again.waitFor(), again.err());
        assertTrue(again.err().contains("going on from " + checkpoint), again.err());
        requireSame("told");
    }
}
