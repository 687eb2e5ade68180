// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.cli.codes.ArrayTask;
import dev.octant.cli.words.Progress;
import dev.octant.cli.words.QuietOption;
import dev.octant.core.QuantType;
import dev.octant.formats.tensor.ElementType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Commands on arrays of codes say how far they are, on a terminal, unless they are told not to. */
class QuietTest {
    private static final String TERMINAL = "octant.stderr.terminal";

    /** Longer than from one line of progress to the next. */
    private static final long PAUSE_NANOS = 250_000_000;

    @TempDir
    Path folder;

    private final PrintStream err = System.err;
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();

    @BeforeEach
    void standardErrorIsATerminal() {
        System.setProperty(TERMINAL, "true");
        System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void itIsWhatItWas() {
        System.clearProperty(TERMINAL);
        System.setErr(err);
    }

    @Test
    void progressIsShownUnlessQuiet() throws IOException {
        Path floats = Arrays.floats(folder.resolve("x.npy"), 1, 2, 3);
        Path codes = Arrays.bytes(folder.resolve("q.npy"), ElementType.INT8, (byte) 1, (byte) 2);
        Path out = folder.resolve("out.npy");
        for (boolean quiet : new boolean[] {false, true}) {
            QuietOption option =
                    CommandLine.populateCommand(new QuietOption(), quiet ? new String[] {"-q"} : new String[0]);
            ArrayTask.floatsToCodes(floats, out, QuantType.INT8, option, header -> QuietTest::pause);
            assertEquals(quiet ? "" : "100% done", share());
            ArrayTask.codesToFloats(codes, out, option, header -> QuietTest::pause);
            assertEquals(quiet ? "" : "100% done", share());
        }
    }

    /** Nothing of a longer line stays, without a sequence that a terminal could fail to know. */
    @Test
    void linesOfProgressReplaceEachOther() {
        try (Progress progress = new Progress(0, true)) {
            progress.showRanges(1, 1_000_000);
            progress.showRanges(2, 9);
        }
        String said = said();
        assertTrue(said.chars().allMatch(c -> c == '\r' || (c >= ' ' && c < 127)), said);
        List<String> lines = List.of(said.split("\r", -1));
        assertEquals(
                List.of("", "ranges of 1 of 1,000,000 tensors chosen", "ranges of 2 of 9 tensors chosen        "),
                lines.subList(0, 3));
        assertEquals(lines.get(1).length(), lines.get(2).length());
        assertEquals(List.of(" ".repeat(31), ""), lines.subList(3, lines.size()));
    }

    private static void pause(float[] reals, byte[] codes, int length, long position) {
        long start = System.nanoTime();
        while (System.nanoTime() - start < PAUSE_NANOS) {
            Thread.onSpinWait();
        }
    }

    /** The share of the one line of progress, or nothing where none was shown. */
    private String share() {
        return said().replaceAll("(?s).*, (\\d+% done),.*", "$1").strip();
    }

    private String said() {
        String text = said.toString(StandardCharsets.UTF_8);
        said.reset();
        return text;
    }

    @Test
    void quietCommandsWriteTheSameBytes() throws IOException {
        Path floats = Arrays.floats(folder.resolve("x.npy"), 1, 2, 3);
        Path codes = folder.resolve("q.npy");
        Path last = folder.resolve("last.npy");
        for (List<Object> command : List.<List<Object>>of(
                List.of("quantize", floats, "--scale", "0.05", "--zero-point", "3", "-o", codes),
                List.of("dequantize", codes, "--scale", "0.05", "--zero-point", "3", "-o", last),
                List.of(
                        "apply",
                        "relu",
                        codes,
                        "--input-scale",
                        "0.05",
                        "--input-zero-point",
                        "3",
                        "--output-scale",
                        "0.05",
                        "--output-zero-point",
                        "3",
                        "-o",
                        last))) {
            byte[] loud = written(command);
            List<Object> words = new ArrayList<>(command);
            words.add("-q");
            assertArrayEquals(loud, written(words));
        }
    }

    private static byte[] written(List<Object> words) throws IOException {
        Path out = (Path) words.get(words.indexOf("-o") + 1);
        Files.deleteIfExists(out);
        assertEquals(new Shell(0, "", ""), Shell.run(words.toArray()));
        assertTrue(Files.exists(out));
        return Files.readAllBytes(out);
    }
}
