// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.cli.words.Terminal;
import dev.octant.cli.words.TextTable;
import dev.octant.cli.words.TextTable.Column;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.Help;

/** Tables and words are as wide as a line, which is 80 characters where nobody says otherwise. */
class TextTableTest {
    @TempDir
    private Path folder;

    private static TextTable table() {
        TextTable table = new TextTable(
                Column.text("name", 0), Column.number("a", 2), Column.number("long title", 0), Column.text("text", 1));
        table.add(false, "x", "1", "-2.5", "some words");
        table.add(true, "y", "12345", "7", "");
        return table;
    }

    private static List<String> lines(int width) {
        return table().lines(" ", new Terminal(width, false, false));
    }

    @Test
    void columnsMoveTogetherAndAreSpared() {
        assertEquals(
                List.of(
                        " name      a  long title  text",
                        " x         1        -2.5  some words",
                        " y     12345           7"),
                lines(37));
        assertEquals(
                List.of(" name     a long title text", " x        1       -2.5 some words", " y    12345          7"),
                lines(34));
        assertEquals(List.of(" name long title text", " x          -2.5 some words", " y             7"), lines(32));
        assertEquals(List.of(" name long title", " x          -2.5", " y             7"), lines(20));
    }

    @Test
    void longNamesHaveLinesOfTheirOwnWhereTheyMust() {
        String name = "n".repeat(30);
        TextTable table = table();
        table.add(false, name, "3", "4", "5");
        assertEquals(
                " " + name + "      3           4  5",
                table.lines(" ", new Terminal(80, false, false)).get(3));
        List<String> narrow = table.lines(" ", new Terminal(40, false, false));
        assertEquals(" " + name, narrow.get(3));
        assertEquals("          3          4 5", narrow.get(4));
    }

    @Test
    void markedRowsAreBoldWhereThatIsShown() {
        List<String> styled = table().lines("", new Terminal(80, true, false));
        assertTrue(styled.get(2).startsWith("\033[1my ") && styled.get(2).endsWith("\033[0m"), styled.get(2));
        assertEquals("x         1        -2.5  some words", styled.get(1));
    }

    @Test
    void sentencesAreBrokenAtSpaces() {
        Terminal terminal = new Terminal(20, false, false);
        assertEquals(
                List.of("Head: one two three", "      four", "      aVeryLongWordIndeed", "      five"),
                terminal.lines("Head: ", "one two three four aVeryLongWordIndeed five"));
    }

    private Path activations() throws IOException {
        Path data = Files.createDirectory(folder.resolve("data"));
        Random random = new Random(8);
        for (String name :
                List.of("layer49", "layer5", "encoder.block.17.attention.self.query.output.act", "layer10")) {
            float[] values = new float[1200];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) random.nextGaussian();
            }
            values[7] = name.equals("layer5") ? 900 : 0;
            Arrays.floats(data.resolve(name + ".npy"), values);
        }
        Arrays.floats(data.resolve("tiny.npy"), 1, 1, 1);
        return data;
    }

    @ParameterizedTest
    @ValueSource(ints = {60, 80, 100, 160})
    void nothingIsWiderThanALine(int width) throws IOException {
        Path data = activations();
        Path summary = folder.resolve("s.summary");
        for (List<Object> command : List.<List<Object>>of(
                List.of("evaluate", data, "--op", "silu", "--method", "all,moving-average"),
                List.of("calibrate", data, "--op", "silu", "--method", "best", "--summary", summary),
                List.of("ranges", summary, "--op", "silu", "--method", "consumer"),
                List.of("evaluate", "--help"),
                List.of("info"))) {
            Shell shell = Shell.run(line -> line.setUsageHelpWidth(width), command.toArray());
            assertEquals(0, shell.code(), shell::toString);
            List<String> tooWide = shell.out()
                    .lines()
                    .filter(line -> line.length() > width)
                    // A command is to be copied, a path is what it is.
                    .filter(line -> !line.contains("[") || width >= 80)
                    .filter(line -> !line.matches("(Next|Summaries|Octant \\w+): .*"))
                    .toList();
            assertEquals(List.of(), tooWide, shell::out);
        }
    }

    /** The order of people, in whatever order the files came. */
    @Test
    void layer5IsBeforeLayer49() throws IOException {
        Path data = activations();
        for (String command : List.of("evaluate", "calibrate")) {
            String out = Shell.run(command, data, "--skip", "tiny").out();
            int five = out.indexOf("\nlayer5 ");
            int ten = out.indexOf("\nlayer10 ");
            int last = out.indexOf("\nlayer49 ");
            assertTrue(0 < five && five < ten && ten < last, out);
        }
    }

    /** It ends in words: who is best, where it is worst, what is odd, and what to do. */
    @Test
    void evaluateEndsInWords() throws IOException {
        Path data = activations();
        String out = Shell.run(
                        line -> line.setUsageHelpWidth(1000),
                        "evaluate",
                        data,
                        "--op",
                        "silu",
                        "--skip",
                        "it's*",
                        "--scheme",
                        "symmetric",
                        "--json",
                        folder.resolve("f.json"))
                .out();
        assertTrue(out.matches("(?s).*\nconsumer is best on \\d of \\d tensors, by .* dB over the next best.*"), out);
        assertTrue(out.matches("(?s).*\nWorst: layer5 \\d+\\.\\d+ dB by .*"), out);
        assertTrue(out.contains("\nWarning: Outliers: layer5. The largest magnitude, 900.0, "), out);
        assertTrue(out.contains("\nWarning: Constant: tiny. Every value is 1.000."), out);
        assertTrue(out.contains("\nWarning: Few values: tiny. Only 3 values."), out);
        String next = out.lines()
                .filter(line -> line.startsWith("Next: "))
                .findFirst()
                .orElseThrow();
        assertTrue(
                next.matches(
                        "Next: octant calibrate \\S+ --op silu .*--skip 'it'\\\\''s\\*' .*--method (best|consumer) -o"
                                + " table.json"),
                next);
        assertTrue(next.contains(" --scheme symmetric "), next);
        String styled = styled("evaluate", data, "--op", "silu");
        assertTrue(styled.contains("\033[33mWarning: Outliers"), styled);
        assertTrue(styled.contains("\033[1mlayer5\033[0m -> silu"), styled);
    }

    private static String styled(Object... words) {
        java.io.StringWriter out = new java.io.StringWriter();
        picocli.CommandLine line = Octant.commandLine();
        line.setOut(new java.io.PrintWriter(out));
        line.setColorScheme(Help.defaultColorScheme(Help.Ansi.ON));
        line.execute(java.util.stream.Stream.of(words).map(Object::toString).toArray(String[]::new));
        return out.toString();
    }

    /** The bundled activations can be chosen from, too. */
    @Test
    void oneOfTheBundledTensors() {
        Path report = folder.resolve("r.html");
        String out = Shell.run("evaluate", "--tensors", "b1_act", "--method", "minmax", "--report", report)
                .out();
        assertTrue(out.contains("\n1 tensor, 65,536 values;") && out.contains("\nb1_act -> silu "), out);
    }

    /** The README shows what the command prints. */
    @Test
    void theReadmeShowsWhatEvaluatePrints() throws IOException {
        String readme = Files.readString(Path.of("../../README.md"));
        int from = readme.indexOf("\nb1_act -> silu") + 1;
        String shown = readme.substring(from, readme.indexOf("```", from));
        Path report = folder.resolve("r.html");
        String out = Shell.run(line -> line.setUsageHelpWidth(80), "evaluate", "--report", report)
                .out();
        for (String part : shown.split("\n\n", -1)) {
            assertTrue(out.contains("\n" + part.strip().replaceFirst("^(?=    method)", "") + "\n"), part);
        }
    }
}
