// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.octant.calibration.methods.MethodKind;
import dev.octant.core.RealRange;
import dev.octant.formats.calibration.CalibrationFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** An array is one batch, whatever else its file holds and however the file cuts it. */
class BatchesTest {
    @TempDir
    Path folder;

    static Stream<String> ordered() {
        return Arrays.stream(MethodKind.values()).filter(MethodKind::isOrdered).map(MethodKind::form);
    }

    private RealRange range(Path data, String method) throws IOException {
        Path table = folder.resolve("table.json");
        Shell shell = Shell.run("calibrate", data, "--method", method, "-o", table);
        assertEquals(0, shell.code(), shell::toString);
        return CalibrationFile.read(table).table().entry("a").range();
    }

    private Path csv(String name, int rows, boolean isBesideOthers) throws IOException {
        Random random = new Random(3);
        StringBuilder text = new StringBuilder(isBesideOthers ? "b,a,c\n" : "a\n");
        for (int i = 0; i < rows; i++) {
            float a = (float) (random.nextGaussian() * (i % 1000 == 0 ? 8 : 1));
            text.append(isBesideOthers ? "0.5," + a + "," + i + "\n" : a + "\n");
        }
        return Files.writeString(folder.resolve(name), text);
    }

    private Path parquet(String name) throws IOException {
        Path file = folder.resolve(name);
        try (InputStream in = BatchesTest.class.getResourceAsStream("batches/" + name)) {
            Files.copy(in, file);
        }
        return file;
    }

    @ParameterizedTest
    @MethodSource("ordered")
    void aColumnOfTextIsOneBatch(String method) throws IOException {
        Path alone = csv("alone.csv", 20_000, false);
        assertEquals(range(alone, method), range(csv("beside.csv", 20_000, true), method));
    }

    @ParameterizedTest
    @MethodSource("ordered")
    void aColumnOfParquetIsOneBatch(String method) throws IOException {
        assertEquals(range(parquet("one.parquet"), method), range(parquet("two.parquet"), method));
    }

    /** Two files are two batches: what cuts the data in earnest still does. */
    @Test
    void filesAreBatches() throws IOException {
        Path file = csv("alone.csv", 5000, false);
        Path parts = Files.createDirectory(folder.resolve("parts"));
        String[] lines = Files.readString(file).split("\n", -1);
        Files.writeString(parts.resolve("0.csv"), String.join("\n", Arrays.copyOfRange(lines, 0, 2001)) + "\n");
        Files.writeString(
                parts.resolve("1.csv"), "a\n" + String.join("\n", Arrays.copyOfRange(lines, 2001, lines.length)));
        assertNotEquals(range(file, "moving-average=0.5"), range(parts, "moving-average=0.5"));
    }

    /** What evaluate shows of a column is what it shows of the column alone. */
    @Test
    void evaluationSeesTheSameBatches() throws IOException {
        String alone = evaluated(csv("alone.csv", 20_000, false));
        assertEquals(alone, evaluated(csv("beside.csv", 20_000, true)));
    }

    private static String evaluated(Path file) {
        Shell shell = Shell.run("evaluate", file, "--op", "a=silu", "--method", "engines");
        assertEquals(0, shell.code(), shell::toString);
        String out = shell.out();
        int from = out.indexOf("\na ->");
        int to = out.indexOf("\n\n", from + 1);
        return out.substring(from, to < 0 ? out.length() : to).strip();
    }
}
