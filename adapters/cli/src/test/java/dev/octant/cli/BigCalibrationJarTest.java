// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.octant.formats.calibration.CalibrationFile;
import dev.octant.formats.tensor.ArrayHeader;
import dev.octant.formats.tensor.ArrayWriter;
import dev.octant.formats.tensor.ElementType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Memory and speed of calibrating more data than memory: 64 tensors of float32, read by the packaged command line in
 * a JVM of 256 MB on two threads, beside {@code cat} of the same files, both from the page cache. Linux; takes as
 * much disk as data.
 *
 * <p>A command takes a while before it is at full speed: a JVM starts, loads and compiles. So the same files are read
 * under more names, too; what that takes longer is the speed at which data are read.
 */
@Tag("big")
class BigCalibrationJarTest {
    private static final int TENSORS = 64;
    private static final int ROW = 1024;
    private static final int RUNS = 5;

    /** How often the files are read beyond the first time, where speed is measured without the start. */
    private static final int FURTHER = 3;

    @TempDir
    private Path folder;

    private long peakKib;

    @ParameterizedTest
    @ValueSource(ints = {1, 8})
    void peakMemoryDoesNotGrowWithTheData(int gigabytes) throws IOException, InterruptedException {
        assumeTrue(Files.exists(Path.of("/proc/self/status")));
        Path data = Files.createDirectory(folder.resolve("data"));
        long values = ((long) gigabytes << 30) / Float.BYTES / TENSORS;
        List<Path> folders = new ArrayList<>(List.of(data));
        for (int again = 1; again <= FURTHER; again++) {
            folders.add(Files.createDirectory(folder.resolve("again" + again)));
        }
        for (int t = 0; t < TENSORS; t++) {
            Path file = data.resolve(String.format(Locale.ROOT, "t%02d.npy", t));
            write(file, values, t);
            for (int again = 1; again <= FURTHER; again++) {
                Files.createLink(folders.get(again).resolve("again" + again + file.getFileName()), file);
            }
        }
        double[] cat = new double[RUNS + 1];
        double[] once = new double[RUNS + 1];
        double[] more = new double[RUNS + 1];
        for (int run = 0; run <= RUNS; run++) {
            cat[run] = cat(data);
            once[run] = calibrate(List.of(data), values);
            more[run] = calibrate(folders, values);
        }
        // The first of each reads the files into the cache.
        double catSeconds = median(cat);
        double octantSeconds = median(once);
        double further = (median(more) - octantSeconds) / FURTHER;
        System.out.printf(
                Locale.ROOT,
                "%s GB: peak %s MB; cat %.2f s; octant %.2f s, %.2f x the speed of cat; "
                        + "the same data once more %.2f s, %.2f x, %.0f M values/s%n",
                gigabytes,
                peakKib / 1024,
                catSeconds,
                octantSeconds,
                catSeconds / octantSeconds,
                further,
                catSeconds / further,
                values * TENSORS / further / 1e6);
        assertTrue(peakKib > 0 && peakKib < 512 * 1024, "peak was " + peakKib + " KiB");
    }

    /** Seconds of a command that reads all files of these folders. */
    private double calibrate(List<Path> folders, long values) throws IOException, InterruptedException {
        List<Object> words = new ArrayList<>(List.of("calibrate"));
        words.addAll(folders);
        words.addAll(List.of("--threads", 2, "-o", folder.resolve("t.json")));
        long start = System.nanoTime();
        Child child = Child.start(
                folder.resolve("err"),
                List.of("-Xmx256m", "-XX:+UseSerialGC", "--add-modules", "jdk.incubator.vector"),
                words.toArray());
        while (!child.endsWithin(5)) {
            peakKib = Math.max(peakKib, child.peakKib());
        }
        assertEquals(0, child.waitFor(), child.err());
        double seconds = (System.nanoTime() - start) / 1e9;
        var entries = CalibrationFile.read(folder.resolve("t.json")).table().entries();
        assertEquals(TENSORS * folders.size(), entries.size());
        entries.values().forEach(entry -> assertEquals(values, entry.values().count()));
        return seconds;
    }

    private static double median(double[] seconds) {
        double[] warm = Arrays.copyOfRange(seconds, 1, seconds.length);
        Arrays.sort(warm);
        return warm[warm.length / 2];
    }

    /** Seconds of reading all files of the folder and throwing them away. */
    private static double cat(Path data) throws IOException, InterruptedException {
        long start = System.nanoTime();
        int end = new ProcessBuilder("sh", "-c", "cat \"$0\"/*.npy > /dev/null", data.toString())
                .start()
                .waitFor();
        assertEquals(0, end);
        return (System.nanoTime() - start) / 1e9;
    }

    /** A million normal values over and over, each time from another place and with another scale. */
    private static void write(Path file, long values, int tensor) throws IOException {
        float[] block = new float[1 << 20];
        Random random = new Random(tensor);
        for (int i = 0; i < block.length; i++) {
            float value = (float) (random.nextGaussian() * (1 + tensor));
            block[i] = tensor % 4 == 3 ? Math.max(0, value) : value;
        }
        ArrayWriter.write(file, ArrayHeader.of("x", ElementType.FLOAT32, List.of(values / ROW, (long) ROW)), out -> {
            for (long done = 0; done < values; done += block.length) {
                out.writeFloats(block, 0, (int) Math.min(block.length, values - done));
            }
        });
    }
}
