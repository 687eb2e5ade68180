// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.fixtures.Grid;
import dev.octant.fixtures.Oracle;
import dev.octant.fixtures.QuantInputs;
import dev.octant.fixtures.ReferenceFunction;
import dev.octant.formats.calibration.CalibrationFile;
import dev.octant.formats.tensor.ElementType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the commands compute, judged by the oracle. */
class CommandsTest {
    @TempDir
    private Path folder;

    private static Shell ok(Shell shell) {
        assertEquals(0, shell.code(), shell::toString);
        return shell;
    }

    @Test
    void evaluateRunsOnTheBundledDigits() throws IOException {
        Path json = folder.resolve("figures.json");
        Path report = folder.resolve("report.html");
        Shell shell = ok(Shell.run("evaluate", "--json", json, "--report", report));
        for (String tensor : List.of("b1_act", "b2_act", "gate_act", "gate_sig", "b3_act", "act")) {
            assertTrue(shell.out().contains(tensor + " -> " + (tensor.equals("gate_sig") ? "sigmoid" : "silu")));
        }
        assertTrue(Files.readString(report).contains("<svg"));

        JsonNode all =
                JsonMapper.builder().build().readTree(Files.readAllBytes(json)).get("figures");
        assertEquals(6 * 7, all.size());
        List<String> fields = List.of(
                "name",
                "op",
                "method",
                "min",
                "max",
                "scale",
                "zeroPoint",
                "clippedFraction",
                "inputSqnrDb",
                "outputSqnrDb",
                "maxErrorSteps",
                "codesOutsideRange");
        for (JsonNode node : all) {
            for (String field : fields) {
                assertTrue(node.has(field), () -> field + " in " + node);
            }
            assertEquals(0, node.get("codesOutsideRange").intValue());
            assertTrue(node.get("outputSqnrDb").doubleValue() > 20, node::toString);
            if (node.get("method").stringValue().equals("minmax")) {
                assertEquals(0, node.get("clippedFraction").doubleValue());
            }
        }
        assertEquals(
                6,
                StreamSupport.stream(all.spliterator(), false)
                        .filter(n -> n.get("best").booleanValue())
                        .count());
    }

    /**
     * exp leaves the floats at 88.72..: such outputs are counted, said, and in no error; their inputs are in the
     * input's.
     */
    @Test
    void evaluateCountsOutputsBeyondTheFloats() throws IOException {
        float[] x = new float[40_000];
        Random random = new Random(17);
        int beyond = 0;
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) (random.nextGaussian() * 2);
            if (i % 1000 == 7) {
                x[i] = new float[] {Math.nextUp(88.72284f), 89, 500, 3e38f}[i / 1000 % 4];
                beyond++;
            }
        }
        x[3] = 88.72283f;
        Path json = folder.resolve("overflow.json");
        Path html = folder.resolve("overflow.html");
        Shell outcome = Shell.run(
                "evaluate",
                Arrays.floats(folder.resolve("x.npy"), x),
                "--op",
                "exp",
                "--method",
                "fixed=-8,8",
                "--json",
                json,
                "--report",
                html);
        ok(outcome);
        assertTrue(outcome.out().contains(", 40 outputs beyond float"), outcome.out());
        assertTrue(Files.readString(html).contains("is beyond the largest float"));
        JsonNode node = JsonMapper.builder()
                .build()
                .readTree(Files.readAllBytes(json))
                .get("figures")
                .get(0);
        assertEquals(40, beyond);
        assertEquals(40, node.get("outputOverflows").intValue());
        assertEquals("Overflow", node.get("warnings").get(0).get("title").stringValue());

        Grid in = Grid.int8(bits(node, "scaleBits"), node.get("zeroPoint").intValue());
        Grid out = Grid.int8(
                bits(node, "outputScaleBits"), node.get("outputZeroPoint").intValue());
        int[] table = Oracle.table(ReferenceFunction.of("exp"), in, out);
        double inputSignal = 0;
        double inputNoise = 0;
        double signal = 0;
        double noise = 0;
        double worst = 0;
        int clipped = 0;
        for (float v : x) {
            int code = Oracle.quantize(v, in);
            double inputError = v - Oracle.dequantize(code, in);
            inputSignal += (double) v * v;
            inputNoise += inputError * inputError;
            clipped += Math.abs(v) > 8 ? 1 : 0;
            float y = (float) Math.exp(v);
            if (y <= Float.MAX_VALUE) {
                double error = y - Oracle.dequantize(table[code - in.firstStored()], out);
                signal += (double) y * y;
                noise += error * error;
                worst = Math.max(worst, Math.abs(error));
            }
        }
        assertEquals(
                10 * Math.log10(inputSignal / inputNoise),
                node.get("inputSqnrDb").doubleValue(),
                1e-9);
        assertEquals(10 * Math.log10(signal / noise), node.get("outputSqnrDb").doubleValue(), 1e-6);
        assertEquals(worst / out.scale(), node.get("maxErrorSteps").doubleValue(), 1e-6 * worst / out.scale());
        assertEquals((double) clipped / x.length, node.get("clippedFraction").doubleValue());
    }

    /** A single output beyond the floats decides no range: neither that of least error, nor what calibrate chooses. */
    @Test
    void oneOutputBeyondTheFloatsRuinsNoRange() throws IOException {
        // Around the other values a bin is 1/16 wide at most: the squares of its outputs differ by a factor of e^(1/8).
        double bin = 10 * Math.log10(Math.exp(1.0 / 8));
        for (float largest : new float[] {88.73f, 100, 3e38f}) {
            float[] x = new float[20_000];
            Random random = new Random(23);
            for (int i = 0; i < x.length; i++) {
                x[i] = (float) random.nextGaussian();
            }
            x[777] = largest;
            Path file = Arrays.floats(folder.resolve("one.npy"), x);
            Path json = folder.resolve("one.json");
            ok(Shell.run("evaluate", file, "--op", "exp", "--json", json, "-q"));
            Map<String, List<JsonNode>> chosen = new HashMap<>();
            Map<String, Double> measured = new HashMap<>();
            for (JsonNode node : figures(json)) {
                double best = node.get("bestOutputSqnrDb").doubleValue();
                // The method's own range of the outputs was learnt from those within the floats.
                assertTrue(best > node.get("outputSqnrDb").doubleValue() - bin, node::toString);
                measured.put(node.get("method").stringValue(), best);
                chosen.put(node.get("method").stringValue(), parameters(node));
            }
            assertEquals(Collections.max(measured.values()), measured.get("consumer"), bin, measured::toString);
            ok(Shell.run(
                    "calibrate",
                    file,
                    "--op",
                    "exp",
                    "--method",
                    "consumer",
                    "--json",
                    json,
                    "-q",
                    "-o",
                    folder.resolve("one.table.json")));
            for (JsonNode node : figures(json)) {
                assertEquals(chosen.get(node.get("method").stringValue()), parameters(node), node::toString);
            }
        }
    }

    private static List<JsonNode> parameters(JsonNode row) {
        return List.of(
                row.get("scaleBits"),
                row.get("zeroPoint"),
                row.get("bestOutputScaleBits"),
                row.get("bestOutputZeroPoint"));
    }

    private static JsonNode figures(Path json) throws IOException {
        return JsonMapper.builder().build().readTree(Files.readAllBytes(json)).get("figures");
    }

    @Test
    void evaluateSaysWhenNoOutputIsWithinTheFloats() throws IOException {
        Shell outcome = Shell.run(
                "evaluate", Arrays.floats(folder.resolve("x.npy"), new float[] {100, 200, 300}), "--op", "exp");
        assertEquals(2, outcome.code());
        assertEquals(
                "octant evaluate: inputs must have a tensor that can be calibrated, had none: x: output of exp must be"
                        + " within the floats for one value, was beyond for all",
                outcome.err().strip());
    }

    /** The figures of one small tensor, computed by hand from the oracle. */
    @Test
    void evaluateMeasuresWhatTheOracleMeasures() throws IOException {
        float[] x = new float[5000];
        Random random = new Random(7);
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) (random.nextGaussian() * 2);
        }
        x[17] = Float.NaN;
        x[18] = Float.POSITIVE_INFINITY;
        Path json = folder.resolve("f.json");
        ok(Shell.run(
                "evaluate",
                Arrays.floats(folder.resolve("x.npy"), x),
                "--op",
                "silu",
                "--method",
                "minmax",
                "--type",
                "uint8",
                "--json",
                json));
        JsonNode node = JsonMapper.builder()
                .build()
                .readTree(Files.readAllBytes(json))
                .get("figures")
                .get(0);
        Grid in = Grid.uint8(bits(node, "scaleBits"), node.get("zeroPoint").intValue());
        Grid out = Grid.uint8(
                bits(node, "outputScaleBits"), node.get("outputZeroPoint").intValue());
        int[] table = Oracle.table(ReferenceFunction.of("silu"), in, out);
        double signal = 0;
        double noise = 0;
        double worst = 0;
        double inputNoise = 0;
        for (float v : x) {
            if (Float.isFinite(v)) {
                double y = (float) ReferenceFunction.of("silu").function().applyAsDouble(v);
                double error = y - Oracle.dequantize(table[Oracle.quantize(v, in)], out);
                signal += y * y;
                noise += error * error;
                worst = Math.max(worst, Math.abs(error));
                double inputError = v - Oracle.dequantize(Oracle.quantize(v, in), in);
                inputNoise += inputError * inputError;
            }
        }
        // Both sides add the same 5,000 terms; a reference may round to the float next to the other's.
        assertEquals(10 * Math.log10(signal / noise), node.get("outputSqnrDb").doubleValue(), 1e-9);
        assertEquals(worst / out.scale(), node.get("maxErrorSteps").doubleValue(), 1e-9);
        assertEquals(0, node.get("clippedFraction").doubleValue());
        double finite = x.length - 2.0;
        assertEquals(noise / finite, node.get("outputRoundingError").doubleValue(), 1e-15);
        assertEquals(inputNoise / finite, node.get("inputRoundingError").doubleValue(), 1e-15);
        assertEquals(0, node.get("inputClippingError").doubleValue());
        assertEquals(0, node.get("outputClippingError").doubleValue());
    }

    /** What lies outside the range is clipping, all else rounding; by hand, on a grid of whole numbers. */
    @Test
    void evaluateTellsRoundingFromClipping() throws IOException {
        Path json = folder.resolve("f.json");
        Path file = Arrays.floats(folder.resolve("x.npy"), 0, 0.25f, 100.5f, 257, -3);
        ok(Shell.run("evaluate", file, "--method", "fixed=0,255", "--json", json));
        JsonNode node = JsonMapper.builder()
                .build()
                .readTree(Files.readAllBytes(json))
                .get("figures")
                .get(0);
        assertEquals((0.0625 + 0.25) / 5, node.get("inputRoundingError").doubleValue());
        assertEquals((4 + 9) / 5.0, node.get("inputClippingError").doubleValue());
        assertEquals(0.4, node.get("clippedFraction").doubleValue());
        assertEquals("fixed=0,255", node.get("method").stringValue());
        assertEquals(5, node.get("values").intValue());
        assertEquals(1, node.get("zeros").intValue());
        assertEquals("Few values", node.get("warnings").get(0).get("title").stringValue());
    }

    @Test
    void arraysOfOneNameInSeveralFilesAreOneStream() throws IOException {
        Path first = Files.createDirectory(folder.resolve("one")).resolve("x.npy");
        Path second = Files.createDirectory(folder.resolve("two")).resolve("x.npy");
        Arrays.floats(first, -1, 2);
        Arrays.floats(second, 5);
        Path table = folder.resolve("t.json");
        ok(Shell.run("calibrate", first.getParent(), second, "-o", table));
        var entry = CalibrationFile.read(table).table().entry("x");
        assertEquals(-1, entry.range().min());
        assertEquals(5, entry.range().max());
        assertEquals(3, entry.values().count());
        assertEquals(6 / 255f, entry.params().scale());
        // -128 + 1 / (6 / 255) = -85.5, a tie: the even neighbour.
        assertEquals(-86, entry.params().zeroPoint());
    }

    @Test
    void batchEqualsTheOracle() throws IOException {
        Random random = new Random(11);
        StringBuilder rows = new StringBuilder(
                "op;type;input_scale;input_zero_point;output_scale;output_zero_point;output_low;output_high\n");
        StringBuilder expected = new StringBuilder(rows.toString().strip() + ";table\n");
        for (ReferenceFunction f : ReferenceFunction.all()) {
            for (int i = 0; i < 20; i++) {
                Grid in = QuantInputs.realisticGrid(random);
                Grid drawn = QuantInputs.realisticGrid(random);
                Grid out = new Grid(
                        drawn.scale(), Math.min(Math.max(drawn.zeroPoint(), in.low()), in.high()), in.low(), in.high());
                String row = String.join(
                        ";",
                        f.name(),
                        in.label().equals("int8Narrow") ? "int8_narrow" : in.label(),
                        scaleText(in.scale(), i),
                        "" + in.zeroPoint(),
                        scaleText(out.scale(), i),
                        "" + out.zeroPoint(),
                        i % 3 == 0 ? "" : "-1000",
                        i % 3 == 0 ? "" : "inf");
                rows.append(row).append('\n');
                double low = i % 3 == 0 ? f.low() : Math.max(f.low(), -1000);
                int[] table = Oracle.table(f.function(), in, out, low, f.high());
                expected.append(row).append(';').append(hex(table)).append('\n');
            }
        }
        Path params = Files.writeString(folder.resolve("p.csv"), rows);
        Path tables = folder.resolve("t.csv");
        ok(Shell.run("table", "--batch", params, "-o", tables));
        assertEquals(expected.toString(), Files.readString(tables));
    }

    @ParameterizedTest
    @ValueSource(strings = {"json", "csv", "npy", "h", "hex"})
    void tableFormatsHoldTheSameTable(String format) throws IOException {
        Path file = folder.resolve("t." + format);
        ok(Shell.run(
                "table",
                "leaky_relu(0.1)",
                "--input-scale",
                "0.05",
                "--input-zero-point",
                "3",
                "--output-scale",
                "0x1p-5",
                "--output-zero-point",
                "-100",
                "--output-range",
                "-0.5,4",
                "-o",
                file));
        int[] table = Oracle.table(x -> x > 0 ? x : 0.1 * x, Grid.int8(0.05f, 3), Grid.int8(0.03125f, -100), -0.5, 4);
        switch (format) {
            case "json" -> {
                JsonNode node = JsonMapper.builder().build().readTree(Files.readAllBytes(file));
                for (int i = 0; i < 256; i++) {
                    assertEquals(table[i], node.get("table").get(i).intValue());
                }
            }
            case "csv" -> {
                List<String> lines = Files.readAllLines(file);
                assertEquals(257, lines.size());
                for (int i = 0; i < 256; i++) {
                    assertTrue(lines.get(i + 1).startsWith((i - 128) + "," + table[i] + ","));
                }
            }
            case "npy" -> {
                byte[] codes = Arrays.readBytes(file, 256);
                for (int i = 0; i < 256; i++) {
                    assertEquals(table[i], codes[i]);
                }
            }
            case "h" -> {
                String text = Files.readString(file);
                String body = text.substring(text.indexOf("{") + 1, text.indexOf("}"));
                List<String> numbers = Pattern.compile("-?\\d+")
                        .matcher(body)
                        .results()
                        .map(MatchResult::group)
                        .toList();
                assertEquals(256, numbers.size());
                for (int i = 0; i < 256; i++) {
                    assertEquals(table[i], Integer.parseInt(numbers.get(i)));
                }
            }
            default -> assertEquals(hex(table) + "\n", Files.readString(file));
        }
    }

    @Test
    void quantizeApplyDequantize() throws IOException {
        float[] x = QuantInputs.tieRichFloats(3, 40_000, 0.05f);
        Path floats = Arrays.floats(folder.resolve("x.npy"), x);
        Path codes = folder.resolve("q.npy");
        Shell shell = ok(Shell.run("quantize", floats, "--scale", "0.05", "--zero-point", "7", "-o", codes));
        Grid in = Grid.int8(0.05f, 7);
        byte[] q = Arrays.readBytes(codes, x.length);
        long nan = 0;
        for (int i = 0; i < x.length; i++) {
            assertEquals(Oracle.quantize(x[i], in), q[i]);
            nan += Float.isNaN(x[i]) ? 1 : 0;
        }
        assertTrue(shell.err().contains(nan + " NaN"), shell::err);

        Path applied = folder.resolve("y.npy");
        ok(Shell.run(
                "apply",
                "tanh",
                codes,
                "--input-scale",
                "0.05",
                "--input-zero-point",
                "7",
                "--output-scale",
                "0x1p-7",
                "--output-zero-point",
                "0",
                "-o",
                applied));
        Grid out = Grid.int8(1 / 128f, 0);
        int[] table = Oracle.table(ReferenceFunction.of("tanh"), in, out);
        byte[] y = Arrays.readBytes(applied, x.length);
        Path back = folder.resolve("z.npy");
        ok(Shell.run("dequantize", applied, "--scale", "0x1p-7", "--zero-point", "0", "-o", back));
        float[] z = Arrays.readFloats(back, x.length);
        for (int i = 0; i < x.length; i++) {
            assertEquals(table[q[i] + 128], y[i]);
            assertEquals(Oracle.dequantize(y[i], out), z[i]);
        }
    }

    /** The same numbers in C and in Fortran order have the same codes, wherever the channels are. */
    @Test
    void channelsAlongAnyAxisAndOrder() throws IOException {
        int[] shape = {3, 4, 5};
        float[] scales = {0.1f, 0.02f, 0.5f, 0.25f, 0.3f};
        for (int axis = 0; axis < 3; axis++) {
            String scaleList = "";
            String zeroList = "";
            for (int c = 0; c < shape[axis]; c++) {
                scaleList += (c == 0 ? "" : ",") + scales[c];
                zeroList += (c == 0 ? "" : ",") + (c - 2);
            }
            for (boolean fortran : new boolean[] {false, true}) {
                ByteBuffer data = ByteBuffer.allocate(60 * 4).order(ByteOrder.LITTLE_ENDIAN);
                byte[] expected = new byte[60];
                for (int at = 0; at < 60; at++) {
                    int[] index = index(at, shape, fortran);
                    float value = index[0] * 1.37f - index[1] * 0.91f + index[2] * 0.333f;
                    data.putFloat(value);
                    int c = index[axis];
                    expected[at] = (byte) Oracle.quantize(value, Grid.int8(scales[c], c - 2));
                }
                byte[] npy = Arrays.npy("<f4", "(3, 4, 5)", data.array());
                Path in = folder.resolve("a.npy");
                Files.write(in, fortran ? fortranOrder(npy) : npy);
                Path out = folder.resolve("b.npy");
                ok(Shell.run(
                        "quantize", in, "--axis", axis - 3, "--scale", scaleList, "--zero-point", zeroList, "-o", out));
                assertArrayEquals(expected, Arrays.readBytes(out, 60));
                Path back = folder.resolve("c.npy");
                ok(Shell.run(
                        "dequantize", out, "--axis", axis, "--scale", scaleList, "--zero-point", zeroList, "-o", back));
                float[] reals = Arrays.readFloats(back, 60);
                for (int at = 0; at < 60; at++) {
                    int c = index(at, shape, fortran)[axis];
                    assertEquals(Oracle.dequantize(expected[at], Grid.int8(scales[c], c - 2)), reals[at]);
                }
            }
        }
    }

    @Test
    void uint8CodesAreReadUnsigned() throws IOException {
        Path codes = Arrays.bytes(folder.resolve("u.npy"), ElementType.UINT8, (byte) 0, (byte) 128, (byte) 255);
        Path out = folder.resolve("f.npy");
        ok(Shell.run("dequantize", codes, "--scale", "0.5", "--zero-point", "128", "-o", out));
        assertArrayEquals(new float[] {-64, 0, 63.5f}, Arrays.readFloats(out, 3));
    }

    @ParameterizedTest
    @ValueSource(strings = {"evaluate", "calibrate", "table", "compare", "quantize", "dequantize", "apply", "info"})
    void everyCommandHasHelp(String command) {
        Shell shell = ok(Shell.run(command, "--help"));
        assertTrue(shell.out().contains("Usage: octant " + command), shell::out);
        assertFalse(shell.out().contains("null"), shell::out);
    }

    @Test
    void infoVersionAndCompletion() {
        assertTrue(ok(Shell.run("info")).out().contains("silu"));
        assertTrue(ok(Shell.run("info")).out().contains("percentile=99.99, entropy"));
        assertTrue(ok(Shell.run("--version")).out().startsWith("octant "));
        assertTrue(ok(Shell.run("generate-completion")).out().contains("complete -F"));
    }

    private static float bits(JsonNode node, String field) {
        return Float.intBitsToFloat(Integer.parseUnsignedInt(node.get(field).stringValue(), 16));
    }

    private static String scaleText(float scale, int form) {
        return switch (form % 3) {
            case 0 -> Float.toString(scale);
            case 1 -> Float.toHexString(scale);
            default -> String.format("bits:%08x", Float.floatToRawIntBits(scale));
        };
    }

    private static String hex(int[] codes) {
        byte[] raw = new byte[codes.length];
        for (int i = 0; i < raw.length; i++) {
            raw[i] = (byte) codes[i];
        }
        return HexFormat.of().formatHex(raw);
    }

    private static int[] index(int at, int[] shape, boolean fortran) {
        int[] index = new int[3];
        for (int d = 0; d < 3; d++) {
            int dimension = fortran ? d : 2 - d;
            index[dimension] = at % shape[dimension];
            at /= shape[dimension];
        }
        return index;
    }

    private static byte[] fortranOrder(byte[] npy) {
        byte[] changed = npy.clone();
        String text = new String(npy, 0, 128, java.nio.charset.StandardCharsets.ISO_8859_1);
        int at = text.indexOf("False,");
        System.arraycopy("True ,".getBytes(java.nio.charset.StandardCharsets.US_ASCII), 0, changed, at, 6);
        return changed;
    }

    /** 127 or 255 steps, rounded to a float, times as many again would be infinite. */
    @ParameterizedTest
    @CsvSource({"symmetric, int8", "symmetric, uint8", "asymmetric, int8", "asymmetric, int8_narrow"})
    void theLargestFloatsHaveFiniteCodes(String scheme, String type) throws IOException {
        float max = Float.MAX_VALUE;
        for (float[] values : new float[][] {{max, -max, 1}, {max, 1}, {-max, 1}}) {
            Path json = folder.resolve("f.json");
            Path file = Arrays.floats(folder.resolve("x.npy"), values);
            Shell shell =
                    Shell.run("evaluate", file, "--op", "silu", "--scheme", scheme, "--type", type, "--json", json);
            assertEquals(0, shell.code(), shell::toString);
            for (JsonNode node : new JsonMapper().readTree(json).get("figures")) {
                String method = node.get("method").stringValue();
                assertTrue(node.get("maxErrorSteps").isNumber(), () -> method + shell);
                // Of whole steps, the codes of the ends are the ends.
                if (method.equals("minmax") && scheme.equals("symmetric")) {
                    assertTrue(node.get("inputSqnrDb").doubleValue() > 120, shell::toString);
                    assertTrue(node.get("maxErrorSteps").doubleValue() < 128, shell::toString);
                }
            }
        }
    }
}
