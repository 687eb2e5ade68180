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
        assertTrue(shell.out().contains("The largest gain is +"), shell.out());
        String page = Files.readString(html);
        assertTrue(page.startsWith("<!DOCTYPE html>") && page.contains("Two runs") && page.contains("layer10"), page);
        String reversed = Shell.run("report", after, before).out();
        assertTrue(reversed.contains("better on 0 of 2 tensors, worse on 2 and equal on 0;"), reversed);
        assertTrue(reversed.contains("The largest loss is -"), reversed);
        String same = Shell.run("report", after, after).out();
        assertTrue(same.contains("better on 0 of 2 tensors, worse on 0 and equal on 2;"), same);
        assertEquals("", Shell.run("report", before, after, "-q").out());
    }

    @Test
    void whatIsNotAlikeIsSaid() throws IOException {
        Path before = evaluated("a.json", "--method", "minmax");
        Path after = evaluated("b.json", "--method", "minmax", "--type", "uint8", "--skip", "layer2");
        String out = Shell.run(line -> line.setUsageHelpWidth(500), "report", before, after)
                .out();
        assertTrue(out.contains("Only the first run has layer2."), out);
        assertTrue(
                out.contains("different settings: int8, asymmetric, octant, onnx, measured; uint8, asymmetric, octant,"
                        + " onnx, measured."),
                out);
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
