// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The report of an int8 model: the page says what the JSON says, and both what the models do. */
class ModelReportTest {
    @TempDir
    private Path folder;

    private static Path resource(String name) {
        String path = "/dev/octant/onnx/models/digits_cnn/" + name;
        try {
            return Path.of(Objects.requireNonNull(ModelReportTest.class.getResource(path), path)
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static JsonNode named(JsonNode all, String list, String name) {
        for (JsonNode one : all.get(list)) {
            if (one.get("name").asString().equals(name)) {
                return one;
            }
        }
        throw new AssertionError(name + " is not in " + all.get(list));
    }

    /** A device that is always full stands for a disk that is. */
    @ParameterizedTest
    @ValueSource(strings = {"--json", "--report"})
    void aFullDiskIsRefusedInASentence(String option) throws IOException {
        assumeTrue(Files.exists(Path.of("/dev/full")));
        Arrays.floats(folder.resolve("x.npy"), 1f, -2f, 3f);
        List<Object> compare = List.of(
                "model", "compare", resource("model.onnx"), resource("model.onnx"), "--data", resource("test.npz"));
        for (List<Object> words : List.of(List.<Object>of("evaluate", folder.resolve("x.npy")), compare)) {
            Shell shell = Shell.run(Stream.concat(words.stream(), Stream.of(option, "/dev/full"))
                    .toArray());
            assertEquals(2, shell.code(), shell::toString);
            assertTrue(
                    shell.err().contains("/dev/full: output must be writable, was refused by the file system ("),
                    shell::toString);
        }
    }

    @Test
    void pageAndFiguresSayWhatAModelDoes() throws Exception {
        Path html = folder.resolve("r.html");
        Path json = folder.resolve("r.json");
        Shell shell = Shell.run(
                "model",
                "quantize",
                resource("model.onnx"),
                "--data",
                resource("calib.npz"),
                "--test",
                resource("test.npz"),
                "--keep-float",
                "node_linear_1",
                "-o",
                folder.resolve("int8.onnx"),
                "--report",
                html,
                "--json",
                json);
        assertEquals(0, shell.code(), shell::toString);
        JsonNode all = JsonMapper.shared().readTree(json.toFile());
        assertEquals(500, all.get("rows").asInt());
        JsonNode output = named(all, "outputs", "logits");
        assertTrue(shell.out()
                .contains(
                        String.format(Locale.ROOT, "%.2f", output.get("sqnrDb").asDouble())));
        assertTrue(output.get("sameClass").asDouble() > 0.98);
        assertEquals(276_392, all.get("floatBytes").asLong());
        assertTrue(all.get("int8Bytes").asLong() < 100_000);
        assertEquals(
                "QLinearConv", named(all, "nodes", "node_Conv_59").get("kernel").asString());
        assertEquals("int8", named(all, "nodes", "node_Conv_59").get("runsAs").asString());
        assertEquals("float", named(all, "nodes", "node_linear_1").get("runsAs").asString());
        assertEquals(
                "moves codes",
                named(all, "nodes", "node_max_pool2d").get("runsAs").asString());
        assertEquals("float", named(all, "nodes", "node_mean").get("runsAs").asString());
        assertEquals(
                List.of(
                        "--weights per-tensor",
                        "--method mse",
                        "--method minmax",
                        "biases as they were (--summary without --data)"),
                all.get("otherSettings")
                        .valueStream()
                        .map(other -> other.get("settings").asString())
                        .toList());
        double perTensor = all.get("otherSettings")
                .get(0)
                .get("outputs")
                .get(0)
                .get("sqnrDb")
                .asDouble();
        assertTrue(perTensor > 30 && perTensor < 50, all::toString);
        assertTrue(Math.abs(perTensor - output.get("sqnrDb").asDouble()) > 0.01, all::toString);
        double unmoved = all.get("otherSettings")
                .get(3)
                .get("outputs")
                .get(0)
                .get("sqnrDb")
                .asDouble();
        assertTrue(unmoved < output.get("sqnrDb").asDouble(), "moving biases has brought something");
        JsonNode silu = named(all, "tensors", "silu");
        assertTrue(silu.get("sqnrDb").asDouble() > 30 && silu.get("sqnrDb").asDouble() < 50, silu::toString);
        assertTrue(silu.get("scale").asDouble() > 0);
        long counted = 0;
        for (JsonNode count : silu.get("histogram").get("counts")) {
            counted += count.asLong();
        }
        assertEquals(500 * 16 * 64, counted);
        assertFalse(named(all, "tensors", "logits").has("scale"));
        page(html, all);
    }

    /** Well-formed, loads nothing, and links lead somewhere. */
    private static void page(Path html, JsonNode all) throws Exception {
        String text = Files.readString(html);
        assertTrue(text.contains("default-src &#39;none&#39;"));
        assertTrue(text.contains("--accurate: "), "38 dB can be more");
        Document page = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
        Set<String> ids = new HashSet<>();
        NodeList elements = page.getElementsByTagName("*");
        for (int i = 0; i < elements.getLength(); i++) {
            String id = ((Element) elements.item(i)).getAttribute("id");
            assertTrue(id.isEmpty() || ids.add(id), id);
        }
        NodeList links = page.getElementsByTagName("a");
        assertTrue(links.getLength() > 5);
        for (int i = 0; i < links.getLength(); i++) {
            String target = ((Element) links.item(i)).getAttribute("href");
            assertTrue(ids.contains(target.substring(1)), target);
        }
        int drawings = 0;
        for (JsonNode tensor : all.get("tensors")) {
            drawings += tensor.has("scale") ? 1 : 0;
        }
        drawings += all.get("channels").size();
        assertTrue(all.get("channels").size() > 1, "weights have a step for each channel");
        assertEquals(drawings, page.getElementsByTagName("figure").getLength());
        for (JsonNode node : all.get("nodes")) {
            assertTrue(text.contains(">" + node.get("name").asString() + "</th>"), node::toString);
        }
    }

    @Test
    void whatCannotBeReportedIsRefused() throws IOException {
        Path summary = folder.resolve("s");
        Path int8 = folder.resolve("int8.onnx");
        Path model = resource("model.onnx");
        Shell made = Shell.run("model", "calibrate", model, "--data", resource("calib.npz"), "--summary", summary);
        assertEquals(0, made.code(), made::toString);
        Shell shell = Shell.run(
                "model", "quantize", model, "--summary", summary, "-o", int8, "--report", folder.resolve("r.html"));
        assertEquals(2, shell.code());
        assertTrue(shell.err().contains("--report and --json must have --test or --data, were without"), shell.err());
        shell = Shell.run("model", "compare", model, model, "--data", resource("test.npz"), "--report", model);
        assertEquals(2, shell.code());
        assertTrue(shell.err().contains("must be no input"), shell.err());
        assertFalse(Files.exists(int8));
    }
}
