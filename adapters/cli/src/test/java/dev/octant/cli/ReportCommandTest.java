// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two runs side by side. */
class ReportCommandTest {
    @TempDir
    private Path folder;

    private Path evaluated(String name, Object... words) throws IOException {
        Path data = Files.createDirectories(folder.resolve("data"));
        Random random = new Random(3);
        for (String tensor : new String[] {"layer2", "layer10"}) {
            float[] values = new float[2000];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) random.nextGaussian();
            }
            Arrays.floats(data.resolve(tensor + ".npy"), values);
        }
        Path json = folder.resolve(name);
        Object[] all = new Object[words.length + 6];
        System.arraycopy(new Object[] {"evaluate", data, "--op", "silu", "--json", json}, 0, all, 0, 6);
        System.arraycopy(words, 0, all, 6, words.length);
        assertEquals(0, Shell.run(all).code());
        return json;
    }

    @Test
    void changesAreThoseOfTheBestMethods() throws IOException {
        Path before = evaluated("a.json", "--method", "absmax");
        Path after = evaluated("b.json", "--method", "absmax,consumer");
        Path html = folder.resolve("c.html");
        Shell shell = Shell.run("report", before, after, "-o", html);
        assertEquals(0, shell.code(), shell::toString);
        assertTrue(shell.out().matches("(?s)tensor +op +first +dB +second +dB +change\n.*"), shell.out());
        for (String tensor : new String[] {"layer2", "layer10"}) {
            String row = tensor + " +silu +absmax +\\d+\\.\\d\\d +consumer +\\d+\\.\\d\\d +\\+\\d\\.\\d\\d";
            assertTrue(shell.out().matches("(?s).*\n" + row + "\n.*"), shell.out());
        }
        assertTrue(shell.out().contains("The second run is better on 2 of 2 tensors, worse on 0 and equal on 0;"));
        assertTrue(shell.out().contains("The largest gain is of "), shell.out());
        String page = Files.readString(html);
        assertTrue(page.startsWith("<!DOCTYPE html>") && page.contains("Two runs") && page.contains("layer10"), page);
        assertEquals(3, page.split("<svg [^>]*class=\"gain\"").length, page);
        assertEquals(1, page.split("<svg [^>]*class=\"loss\"").length, page);
        String reversed = Shell.run("report", after, before).out();
        assertTrue(reversed.contains("better on 0 of 2 tensors, worse on 2 and equal on 0;"), reversed);
        assertTrue(reversed.contains("The largest loss is of "), reversed);
        String same = Shell.run("report", after, after).out();
        assertTrue(same.contains("No change: the runs are equal to the second decimal on 2 tensors."), same);
        assertTrue(same.matches("(?s).* no change\n.* no change\n.*"), same);
        assertEquals("", Shell.run("report", before, after, "-q").out());
    }

    @Test
    void whatIsNotAlikeIsSaid() throws IOException {
        Path before = evaluated("a.json", "--method", "minmax");
        Path after = evaluated("b.json", "--method", "minmax", "--type", "uint8", "--skip", "layer2");
        String out = Shell.run(line -> line.setUsageHelpWidth(500), "report", before, after)
                .out();
        assertTrue(out.contains("Only the first run has layer2."), out);
        assertTrue(out.contains("made with different settings: type int8 in the first and uint8 in the second."), out);
        Path other = evaluated("c.json", "--method", "minmax", "--tensors", "layer10");
        Path another = evaluated("d.json", "--method", "minmax", "--skip", "layer10");
        out = Shell.run("report", other, another).out();
        assertTrue(out.startsWith("The runs have no tensor in common.\n"), out);
    }

    private Path figures(String name, String... tensors) throws IOException {
        StringBuilder rows = new StringBuilder();
        for (String tensor : tensors) {
            String[] words = tensor.split(" ", -1);
            rows.append(rows.length() == 0 ? "" : ",")
                    .append("{\"name\": \"" + words[0] + "\", \"op\": \"" + words[1] + "\", \"method\": \"mse\","
                            + " \"type\": \"int8\", \"scheme\": \"symmetric\", \"policy\": \"octant\","
                            + " \"profile\": \"onnx\", \"evidence\": \"measured\", \"best\": true,"
                            + " \"outputSqnrDb\": " + words[2] + ", \"outputExact\": " + words[3] + "}");
        }
        return Files.writeString(folder.resolve(name), "{\"schema\": 1, \"figures\": [" + rows + "]}");
    }

    /** No change is what is printed alike, however far apart it is; what is printed apart has changed. */
    @Test
    void whatIsPrintedAlikeHasNotChanged() throws IOException {
        Path before = figures("a.json", "a silu 40.8351 false", "b silu 40.8449 false", "c silu 20.006 false");
        Path after = figures("b.json", "a silu 40.8449 false", "b silu 40.8451 false", "c silu 20.004 false");
        String out = Shell.run(line -> line.setUsageHelpWidth(500), "report", before, after)
                .out();
        assertTrue(
                out.contains("The second run is better on 1 of 3 tensors, worse on 1 and equal on 1; in the median: up"
                        + " by less than 0.01 dB."),
                out);
        assertTrue(out.contains("The largest loss is of c: down by less than 0.01 dB."), out);
        assertTrue(out.contains("The largest gain is of b: up by less than 0.01 dB."), out);
        assertTrue(out.matches("(?s).*\na +silu +mse +40.84 +mse +40.84 +no change\n.*"), out);
        assertTrue(out.matches("(?s).*\nb +silu +mse +40.84 +mse +40.85 +up by less than 0.01\n.*"), out);
    }

    /** What loses nothing is better than all that does; another op, or no signal, is no comparison. */
    @Test
    void exactAndOtherOpsAndNoSignal() throws IOException {
        Path before = figures(
                "a.json",
                "a silu 30 false",
                "b silu null true",
                "c silu 20 false",
                "d silu null false",
                "e relu null true");
        Path after = figures(
                "b.json",
                "a tanh 50 false",
                "b silu null true",
                "c silu null true",
                "d silu null false",
                "e relu 9 false");
        Path html = folder.resolve("c.html");
        String out = Shell.run(line -> line.setUsageHelpWidth(500), "report", before, after, "-o", html)
                .out();
        assertTrue(
                out.contains("The second run is better on 1 of 3 tensors, worse on 1 and equal on 1; in the median: no"
                        + " change."),
                out);
        assertTrue(out.contains("The largest loss is of e: was exact."), out);
        assertTrue(out.contains("The largest gain is of c: now exact."), out);
        assertTrue(
                out.contains("Left out of the verdict, for another op reads them in the second run:"
                        + " a (silu, then tanh)."),
                out);
        assertTrue(out.contains("Left out of the verdict, for they have no signal: d."), out);
        assertTrue(out.matches("(?s).*\na +silu, then tanh +mse +30.00 +mse +50.00 +other op\n.*"), out);
        assertTrue(out.matches("(?s).*\nb +silu +mse +exact +mse +exact +no change\n.*"), out);
        assertTrue(out.matches("(?s).*\nd +silu +mse +no signal +mse +no signal +no signal\n.*"), out);
        String page = Files.readString(html);
        assertTrue(page.contains("silu, then tanh") && !page.contains("<svg"), page);
        assertTrue(!page.contains("From first"), page);
        String narrow = Shell.run("report", before, after).out();
        assertTrue(narrow.matches("(?s).*\na +silu, then tanh .*"), narrow);
    }

    /** What evaluate calls so is called so where two runs are compared: zeros have no signal, whole steps no loss. */
    @Test
    void exactAndNoSignalAreThoseOfEvaluate() throws IOException {
        Path data = Files.createDirectories(folder.resolve("odd"));
        Arrays.floats(data.resolve("negative.npy"), -1, -2, -3, -5);
        Arrays.floats(data.resolve("whole.npy"), 0, 1, 2, 255);
        Path json = folder.resolve("odd.json");
        Shell shell = Shell.run("evaluate", data, "--op", "relu", "--method", "minmax", "--json", json);
        assertTrue(shell.out().matches("(?s).*negative no signal by minmax.*"), shell.out());
        assertTrue(shell.out().matches("(?s).*whole exact by minmax.*"), shell.out());
        String out = Shell.run("report", json, json).out();
        assertTrue(out.matches("(?s).*\nnegative .* no signal +no signal\n.*"), out);
        assertTrue(out.matches("(?s).*\nwhole .* exact +minmax +exact +no change\n.*"), out);
    }

    @Test
    void figuresThatCannotBe() throws IOException {
        Path good = figures("a.json", "a silu 30 false");
        for (String[] bad : new String[][] {
            {"a silu 1e308 false", "figures[0].outputSqnrDb must be null or a number within +-6316, was 1.0E308"},
            {"a silu null 1", "figures[0].outputExact must be true or false where outputSqnrDb is null, was 1"},
            {"a silu \"30\" false", "figures[0].outputSqnrDb must be null or a number within +-6316, was \"30\""},
        }) {
            Shell shell = Shell.run("report", good, figures("b.json", bad[0]));
            assertEquals(2, shell.code(), shell::toString);
            assertTrue(shell.err().strip().endsWith(bad[1]), shell::err);
        }
        Shell shell =
                Shell.run("report", good, figures("b.json", "a silu 30 false", "b silu 3 false", "a silu 31 false"));
        assertEquals(2, shell.code(), shell::toString);
        assertTrue(shell.err().strip().endsWith("figures[2].name must be of one tensor only, was again a"), shell::err);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{|figures must be JSON, as evaluate --json writes it, were not",
                "[]|figures must have the fields schema and figures, .*",
                "{\"schema\": 2, \"figures\": []}|schema of figures must be 1, was 2",
                "{\"schema\": 1, \"figures\": []}|figures must have a tensor with a best method, had none",
                "{\"schema\": 1, \"figures\": [{\"best\": true}]}|figures.0..name must be text, was missing",
            })
    void refusals(String content, String sentence) throws IOException {
        Path good = evaluated("a.json", "--method", "minmax");
        Path bad = Files.writeString(folder.resolve("bad.json"), content);
        Shell shell = Shell.run("report", good, bad);
        assertEquals(2, shell.code(), shell::toString);
        assertTrue(shell.err().strip().replace(bad + ": ", "").matches("octant report: " + sentence), shell::err);
        byte[] before = Files.readAllBytes(good);
        assertEquals(2, Shell.run("report", good, good, "-o", good).code());
        assertArrayEquals(before, Files.readAllBytes(good));
        assertEquals(2, Shell.run("report", good, folder.resolve("none.json")).code());
    }
}
