// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.cli.codes.TableDifference;
import dev.octant.core.Profile;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantType;
import dev.octant.ops.Activation;
import dev.octant.ops.QuantizedActivation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The commands with {@code --profile}, and {@code compare}. */
class ProfileCommandsTest {
    private static final QuantParams IN = QuantParams.of(QuantType.INT8, 0.125f, 5);
    private static final QuantParams OUT = QuantParams.of(QuantType.INT8, 0.0625f, -7);
    private static final String[] GRIDS = {
        "--input-scale", "0.125", "--input-zero-point", "5", "--output-scale", "0.0625", "--output-zero-point", "-7"
    };

    @TempDir
    private Path folder;

    private static Shell ok(Shell shell) {
        assertEquals(0, shell.code(), shell::toString);
        return shell;
    }

    private static Shell run(Object... words) {
        Object[] all = java.util.Arrays.copyOf(words, words.length + GRIDS.length);
        System.arraycopy(GRIDS, 0, all, words.length, GRIDS.length);
        return Shell.run(all);
    }

    private static byte[] table(Activation op, Profile profile) {
        return QuantizedActivation.compile(op, IN, OUT, profile).table().codes(QuantType.INT8);
    }

    @ParameterizedTest
    @EnumSource(names = {"ONNX", "ONNX_RUNTIME", "PYTORCH"})
    void tableAndApply(Profile profile) throws IOException {
        byte[] expected = table(Activation.HARDSWISH, profile);
        Path hex = folder.resolve("t.hex");
        ok(run("table", "hardswish", "--profile", profile.label(), "-o", hex));
        assertEquals(HexFormat.of().formatHex(expected), Files.readString(hex).strip());

        byte[] codes = new byte[256];
        for (int i = 0; i < 256; i++) {
            codes[i] = (byte) (i - 128);
        }
        Path in = Arrays.bytes(folder.resolve("q.npy"), dev.octant.formats.tensor.ElementType.INT8, codes);
        Path out = folder.resolve("y.npy");
        ok(run("apply", "hardswish", in, "--profile", profile.label(), "-o", out));
        assertArrayEquals(expected, Arrays.readBytes(out, 256));
    }

    @Test
    void aTableSaysWhoseItIs() throws IOException {
        assertFalse(ok(run("table", "tanh")).out().contains("profile"));
        assertTrue(ok(run("table", "tanh", "--profile", "onnxruntime")).out().contains("profile onnxruntime"));
        Path json = folder.resolve("t.json");
        ok(run("table", "hardswish", "--profile", "pytorch", "-o", json));
        JsonNode node = JsonMapper.builder().build().readTree(Files.readAllBytes(json));
        assertEquals("pytorch", node.get("profile").stringValue());
    }

    @ParameterizedTest
    @EnumSource
    void quantizeAndDequantize(Profile profile) throws IOException {
        Random random = new Random(5);
        float[] x = new float[600];
        for (int i = 0; i < x.length; i++) {
            x[i] = (random.nextInt(600) - 300) * 0.0625f;
        }
        x[7] = Float.NaN;
        Path in = Arrays.floats(folder.resolve("x.npy"), List.of(200L, 3L), x);
        Path out = folder.resolve("q.npy");
        Shell shell = ok(Shell.run(
                "quantize", in, "--profile", profile.label(), "--scale", "0.125", "--zero-point", "5", "-o", out));
        assertTrue(
                shell.err().contains(profile == Profile.ONNX_RUNTIME ? "the lowest code" : "the zero point"),
                shell::err);
        byte[] q = Arrays.readBytes(out, x.length);
        for (int i = 0; i < x.length; i++) {
            assertEquals(profile.quantize(x[i], IN), q[i]);
        }
        ok(Shell.run(
                "quantize",
                in,
                "--profile",
                profile.label(),
                "--axis",
                "1",
                "--scale",
                "0.125,0.1,0.3",
                "--zero-point",
                "5,0,-1",
                "-o",
                out));
        QuantParams[] channels = {IN, QuantParams.of(QuantType.INT8, 0.1f, 0), QuantParams.of(QuantType.INT8, 0.3f, -1)
        };
        q = Arrays.readBytes(out, x.length);
        for (int i = 0; i < x.length; i++) {
            assertEquals(profile.quantize(x[i], channels[i % 3]), q[i]);
        }
        Path back = folder.resolve("z.npy");
        ok(Shell.run(
                "dequantize",
                out,
                "--profile",
                profile.label(),
                "--axis",
                "1",
                "--scale",
                "0.125,0.1,0.3",
                "--zero-point",
                "5,0,-1",
                "-o",
                back));
        float[] z = Arrays.readFloats(back, x.length);
        for (int i = 0; i < x.length; i++) {
            assertEquals(profile.dequantize(q[i], channels[i % 3]), z[i]);
        }
    }

    @Test
    void aBatchMayNameProfiles() throws IOException {
        String header =
                "op;type;profile;input_scale;input_zero_point;output_scale;output_zero_point;output_low;output_high";
        String grids = ";0.125;5;0.0625;-7;;";
        Path params = Files.writeString(
                folder.resolve("p.csv"),
                header + "\nhardswish;int8;" + grids + "\nhardswish;int8;pytorch" + grids + "\nmish;int8;onnxruntime"
                        + grids + "\n");
        Path out = folder.resolve("t.csv");
        ok(Shell.run("table", "--batch", params, "-o", out));
        List<String> lines = Files.readAllLines(out);
        assertEquals(header + ";table", lines.get(0));
        assertTrue(lines.get(1).startsWith("hardswish;int8;" + grids + ";"));
        assertTrue(lines.get(1).endsWith(";" + HexFormat.of().formatHex(table(Activation.HARDSWISH, Profile.ONNX))));
        assertTrue(lines.get(2).endsWith(";" + HexFormat.of().formatHex(table(Activation.HARDSWISH, Profile.PYTORCH))));
        assertTrue(lines.get(3).endsWith(";" + HexFormat.of().formatHex(table(Activation.MISH, Profile.ONNX_RUNTIME))));
        assertEquals(4, lines.size());

        Files.writeString(params, header + "\nmish;int8;pytorch" + grids + "\n");
        refused(Shell.run("table", "--batch", params, "-o", out), "line 2: profile pytorch has no mish");
        Files.writeString(params, header + "\nmish;int8;caffe" + grids + "\n");
        refused(Shell.run("table", "--batch", params, "-o", out), "line 2: profile must be one of onnx, onnxruntime");
        Files.writeString(params, header + "\nmish;int8;0.1;0;0.1;0;;\n");
        refused(Shell.run("table", "--batch", params, "-o", out), "line 2: row must have 9 fields, had 8");
        refused(Shell.run("table", "--batch", params, "--profile", "onnx", "-o", out), "without OP");
    }

    @Test
    void evaluateFollowsAnEngine() throws IOException {
        float[] x = new float[3000];
        Random random = new Random(9);
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) random.nextGaussian();
        }
        Path in = Arrays.floats(folder.resolve("x.npy"), x);
        for (String op : List.of("relu", "sigmoid", "gelu", "tanh")) {
            Path json = folder.resolve("f.json");
            Shell shell = ok(Shell.run(
                    "evaluate", in, "--op", op, "--method", "minmax", "--profile", "pytorch", "--json", json));
            assertTrue(shell.out().contains("as pytorch"), shell::out);
            JsonNode node = JsonMapper.builder()
                    .build()
                    .readTree(Files.readAllBytes(json))
                    .get("figures")
                    .get(0);
            assertEquals("pytorch", node.get("profile").stringValue());
            assertTrue(node.get("outputSqnrDb").doubleValue() > 30);
            // The engine's ReLU and GELU keep the grid of their input.
            assertEquals(op.endsWith("elu"), node.get("scaleBits").equals(node.get("outputScaleBits")));
        }
        refused(Shell.run("evaluate", in, "--op", "silu", "--profile", "pytorch"), "profile pytorch has no silu");
    }

    /** Every line of compare is a difference of the two tables, and there is no other. */
    @ParameterizedTest
    @ValueSource(strings = {"hardswish", "leaky_relu(0.1)", "gelu", "sigmoid", "elu"})
    void compareListsEveryDifference(String op) {
        Activation activation = Activation.parse(op);
        Random random = new Random(op.hashCode());
        int total = 0;
        for (int i = 0; i < 40; i++) {
            QuantParams in = QuantParams.of(QuantType.UINT8, (1 + random.nextInt(9)) * 0.05f, random.nextInt(256));
            QuantParams out = op.equals("gelu")
                    ? in
                    : QuantParams.of(QuantType.UINT8, (1 + random.nextInt(9)) * 0.025f, random.nextInt(256));
            QuantizedActivation a = QuantizedActivation.compile(activation, in, out, Profile.ONNX_RUNTIME);
            QuantizedActivation b = QuantizedActivation.compile(activation, in, out, Profile.PYTORCH);
            List<TableDifference> differences = TableDifference.between(a, b);
            long expected = java.util.stream.IntStream.range(0, 256)
                    .filter(q -> a.apply(q) != b.apply(q))
                    .count();
            assertEquals(expected, differences.size());
            total += differences.size();
            for (TableDifference d : differences) {
                assertEquals(a.apply(d.code()), d.first());
                assertEquals(b.apply(d.code()), d.second());
                // Both engines compute in float and clip to no range: nothing else can part them.
                assertTrue(
                        List.of("tie rule", "reciprocal", "float")
                                .contains(d.reason().label()),
                        () -> d + " of " + a);
            }
            Shell shell = ok(Shell.run(
                    "compare",
                    "--profile",
                    "onnxruntime",
                    "--profile",
                    "pytorch",
                    op,
                    "--type",
                    "uint8",
                    "--input-scale",
                    in.scale(),
                    "--input-zero-point",
                    in.zeroPoint(),
                    "--output-scale",
                    out.scale(),
                    "--output-zero-point",
                    out.zeroPoint()));
            List<String> lines = shell.out().lines().toList();
            assertEquals(expected == 0 ? 1 : expected + 2, lines.size());
            assertTrue(lines.get(lines.size() - 1)
                    .contains("onnxruntime and pytorch differ in " + expected + " of 256 codes"));
        }
        assertTrue(!op.startsWith("leaky") || total > 0, "a test that compares nothing");
    }

    /** Sigmoid in steps of 0.6: 1 is 1.67 steps, and the code above it is 1.2. */
    @Test
    void compareKnowsClipping() {
        Shell shell = ok(Shell.run(
                "compare",
                "--profile",
                "onnx",
                "--profile",
                "onnxruntime",
                "sigmoid",
                "--input-scale",
                "1",
                "--input-zero-point",
                "0",
                "--output-scale",
                "0.6",
                "--output-zero-point",
                "0"));
        assertTrue(shell.out().contains("clipping"), shell::out);
        assertTrue(shell.out().contains("by 1 at most"), shell::out);
    }

    @Test
    void badProfiles() throws IOException {
        refused(run("compare", "--profile", "onnx", "silu"), "--profile must be given twice, was given once");
        refused(run("compare", "silu"), "--profile");
        refused(run("compare", "--profile", "onnx", "--profile", "pytorch", "silu"), "profile pytorch has no silu");
        refused(Shell.run("compare", "--profile", "onnx", "--profile", "pytorch", "tanh"), "--input-scale");
        refused(run("table", "silu", "--profile", "caffe"), "profile must be one of onnx, onnxruntime, tflite");
        refused(run("table", "relu", "--profile", "pytorch"), "with the input's parameters for output");
        refused(run("table", "gelu", "--profile", "pytorch"), "with the input's parameters for output");
        refused(
                run("table", "tanh", "--profile", "pytorch"),
                "profile pytorch must have tanh with the output parameters");
        refused(
                run("table", "sigmoid", "--profile", "pytorch", "--type", "int8_narrow"),
                "types of sigmoid must both be int8 or both uint8 under profile pytorch");
        Path in = Arrays.floats(folder.resolve("x.npy"), 1f);
        refused(
                Shell.run("quantize", in, "--profile", "?", "--scale", "1", "--zero-point", "0", "-o", "o"),
                "profile must be one of");
    }

    private static void refused(Shell shell, String part) {
        assertEquals(2, shell.code(), shell::toString);
        assertTrue(shell.err().contains(part), shell::err);
    }
}
