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
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Memory and speed of calibrating more data than memory: 64 tensors of float32, read by the command line in a JVM of 256 MB
 * on two threads, beside {@code cat} of the same files, both from the page cache. Linux; takes as much disk as data.
 */
@Tag("big")
class BigCalibrationTest {
    private static final int TENSORS = 64;
    private static final int ROW = 1024;
    private static final int RUNS = 3;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(ints = {1, 8})
    void peakMemoryDoesNotGrowWithTheData(int gigabytes) throws IOException, InterruptedException {
        assumeTrue(Files.exists(Path.of("/proc/self/status")));
        Path data = Files.createDirectory(folder.resolve("data"));
        long values = ((long) gigabytes << 30) / Float.BYTES / TENSORS;
        for (int t = 0; t < TENSORS; t++) {
            write(data.resolve(String.format(Locale.ROOT, "t%02d.npy", t)), values, t);
        }
        double[] cat = new double[RUNS + 1];
        double[] octant = new double[RUNS + 1];
        long peak = 0;
        for (int run = 0; run <= RUNS; run++) {
            long start = System.nanoTime();
            assertEquals(0, cat(data));
            cat[run] = (System.nanoTime() - start) / 1e9;
            start = System.nanoTime();
            Child child = Child.start(
                    folder.resolve("err"),
                    List.of("-Xmx256m", "-XX:+UseSerialGC", "--add-modules", "jdk.incubator.vector"),
                    "calibrate",
                    data,
                    "--threads",
                    2,
                    "-o",
                    folder.resolve("t.json"));
            while (!child.endsWithin(20)) {
                peak = Math.max(peak, child.peakKib());
            }
            assertEquals(0, child.waitFor(), child.err());
            octant[run] = (System.nanoTime() - start) / 1e9;
        }
        var table = CalibrationFile.read(folder.resolve("t.json")).table();
        assertEquals(TENSORS, table.entries().size());
        table.entries()
                .values()
                .forEach(entry -> assertEquals(values, entry.values().count()));
        // The first of each reads the files into the cache.
        double catSeconds = median(cat);
        double octantSeconds = median(octant);
        System.out.printf(
                Locale.ROOT,
                "%d GB: peak %d MB; octant %.2f s, cat %.2f s, %.2f x the speed of cat, %.0f M values/s%n",
                gigabytes,
                peak / 1024,
                octantSeconds,
                catSeconds,
                catSeconds / octantSeconds,
                values * TENSORS / octantSeconds / 1e6);
        assertTrue(peak > 0 && peak < 512 * 1024, "peak was " + peak + " KiB");
    }

    private static double median(double[] seconds) {
        double[] warm = Arrays.copyOfRange(seconds, 1, seconds.length);
        Arrays.sort(warm);
        return warm[warm.length / 2];
    }

    private static int cat(Path data) throws IOException, InterruptedException {
        return new ProcessBuilder("sh", "-c", "cat \"$0\"/*.npy > /dev/null", data.toString())
                .start()
                .waitFor();
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
