// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.core.ParameterPolicy;
import dev.octant.formats.calibration.CalibrationFile;
import dev.octant.formats.calibration.CalibrationTable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Methods and policies from the command line to the table, against what the engines give and against plain sums. */
class CalibrationMethodsTest {
    @TempDir
    private Path folder;

    private Path table;

    @BeforeEach
    void name() {
        table = folder.resolve("table.json");
    }

    private CalibrationTable.Entry calibrate(Object... words) throws IOException {
        List<Object> all = new ArrayList<>(List.of("calibrate", "-o", table));
        all.addAll(List.of(words));
        Shell shell = Shell.run(all.toArray());
        assertEquals(0, shell.code(), shell::toString);
        return CalibrationFile.read(table).table().entry("x");
    }

    /** The engines' parameters for [-1, 3], computed by them. */
    @ParameterizedTest
    @CsvSource({
        "octant, asymmetric, uint8, 0x1.010102p-6, 64",
        "onnxruntime, asymmetric, uint8, 0x1.010102p-6, 64",
        "onnxruntime, asymmetric, int8, 0x1.010102p-6, -64",
        "onnxruntime, symmetric, int8, 0x1.83060cp-6, 0",
        "pytorch, symmetric, int8, 0.0235294122, 0",
        "pytorch, asymmetric, uint8, 0x1.010102p-6, 64",
        "tflite, asymmetric, int8, 0x1.010102p-6, -64",
        "nvidia, symmetric, int8, 0x1.83060cp-6, 0",
        "aimet, symmetric, int8, 0x1.83060cp-6, 0",
        "aimet, asymmetric, uint8, 0x1.010102p-6, 64",
    })
    void policiesToTheBit(String policy, String scheme, String type, float scale, int zeroPoint) throws IOException {
        Path file = Arrays.floats(folder.resolve("x.npy"), -1, 3);
        CalibrationTable.Entry entry = calibrate(file, "--policy", policy, "--scheme", scheme, "--type", type);
        assertEquals(scale, entry.params().scale());
        assertEquals(zeroPoint, entry.params().zeroPoint());
    }

    /** 65,536 heavy-tailed values for which the engines' answers are known. */
    private Path heavyTailed() throws IOException {
        SplittableRandom random = new SplittableRandom(42);
        float[] values = new float[65_536];
        for (int i = 0; i < values.length; i++) {
            double t = random.nextDouble() + random.nextDouble() + random.nextDouble() - 1.5;
            values[i] = (float) (t * t * t * 8);
        }
        return Arrays.floats(folder.resolve("x.npy"), values);
    }

    @ParameterizedTest
    @CsvSource({
        "nvidia-percentile=99.9, symmetric, int8, -19.698483, 19.698483",
        "nvidia-percentile, symmetric, int8, -23.802332, 23.802332",
        "nvidia-entropy, symmetric, int8, -18.804211, 18.804211",
        "nvidia-entropy, symmetric, uint8, 0, 21.928036",
        "nvidia-mse, symmetric, int8, -23.600201, 23.600201",
        "ort-entropy, asymmetric, int8, -25.088614, 24.590809",
        "ort-entropy=2048, asymmetric, int8, -17.370926, 17.395426",
        "ort-percentile=99.99, symmetric, int8, -23.802332, 23.802332",
        "ort-percentile=99.99, asymmetric, int8, -23.618578, 23.790083",
        "minmax, asymmetric, int8, -25.088614, 24.590809",
        "absmax, asymmetric, int8, -25.088614, 25.088614",
        "'fixed=-2,5', asymmetric, int8, -2, 5",
    })
    void rangesOfTheEngines(String method, String scheme, String type, double min, double max) throws IOException {
        CalibrationTable.Entry entry = calibrate(heavyTailed(), "--method", method, "--scheme", scheme, "--type", type);
        assertEquals(min, entry.range().min(), 1e-6 * Math.abs(min));
        assertEquals(max, entry.range().max(), 1e-6 * Math.abs(max));
    }

    @Test
    void pytorchFromDataToParameters() throws IOException {
        CalibrationTable.Entry entry =
                calibrate(heavyTailed(), "--method", "torch-histogram", "--policy", "pytorch", "--type", "uint8");
        assertEquals(0.192918703f, entry.params().scale());
        assertEquals(130, entry.params().zeroPoint());
        assertEquals("torch-histogram", entry.method());
    }

    /** Samples are the entries of the first dimension, over all files; an array of one dimension is one sample. */
    @Test
    void meanAndMedianOfSamples() throws IOException {
        Path first = Arrays.floats(folder.resolve("x.npy"), List.of(2L, 3L), -1, 0, 2, -3, 1, 6);
        Path second = Arrays.floats(Files.createDirectory(folder.resolve("b")).resolve("x.npy"), -8, 7, 10);
        CalibrationTable.Entry mean = calibrate(first, second, "--method", "mean");
        assertEquals(-4, mean.range().min());
        assertEquals(6, mean.range().max());
        assertEquals(9, mean.values().count());
        CalibrationTable.Entry median = calibrate(first, second, "--method", "median");
        assertEquals(-3, median.range().min(), 10 / 1024.0);
        assertEquals(6, median.range().max(), 10 / 1024.0);
    }

    @Test
    void samplesLongerThanABlock() throws IOException {
        int length = 40_000;
        float[] values = new float[3 * length];
        values[length - 1] = 3;
        values[length] = -3;
        values[2 * length + 17] = 6;
        Path file = Arrays.floats(folder.resolve("x.npy"), List.of(3L, 200L, 200L), values);
        CalibrationTable.Entry mean = calibrate(file, "--method", "mean");
        assertEquals(-1, mean.range().min());
        assertEquals(3, mean.range().max());
    }

    @Test
    void samplesThatAreNotInARowAreRefused() throws IOException {
        ByteBuffer data = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        data.putFloat(1).putFloat(2).putFloat(3).putFloat(4);
        byte[] npy = Arrays.npy("<f4", "(2, 2)", data.array());
        String header = new String(npy, 0, 128, java.nio.charset.StandardCharsets.ISO_8859_1);
        int at = header.indexOf("False,");
        System.arraycopy("True ,".getBytes(java.nio.charset.StandardCharsets.US_ASCII), 0, npy, at, 6);
        Path file = Files.write(folder.resolve("x.npy"), npy);
        Shell shell = Shell.run("calibrate", file, "--method", "mean");
        assertEquals(2, shell.code());
        assertTrue(shell.err().matches("(?s).* x: .*samples.* for mean, .*"), shell::toString);
        assertEquals(4, calibrate(file, "--method", "minmax").range().max());
    }

    /** A batch is an array: the second moves the average by the constant. */
    @Test
    void movingAverageOverFiles() throws IOException {
        Path first = Arrays.floats(folder.resolve("x.npy"), -1, 2);
        Path second = Arrays.floats(Files.createDirectory(folder.resolve("b")).resolve("x.npy"), -5, 10);
        CalibrationTable.Entry entry = calibrate(first, second, "--method", "moving-average=0.25");
        assertEquals(-2, entry.range().min());
        assertEquals(4, entry.range().max());
        CalibrationTable.Entry reversed = calibrate(second, first, "--method", "moving-average=0.25");
        assertEquals(-4, reversed.range().min());
        assertEquals(8, reversed.range().max());
    }

    private Path gaussian(int n) throws IOException {
        Random random = new Random(5);
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = (float) (3 * random.nextGaussian());
        }
        return Arrays.floats(folder.resolve("x.npy"), values);
    }

    /** The method chosen without a second pass is the one the second pass would choose, and the evidence says so. */
    @Test
    void bestIsWhatTheDataSays() throws IOException {
        Path file = gaussian(50_000);
        for (String op : List.of("silu", "sigmoid", "identity", "relu")) {
            Path json = folder.resolve("evaluated.json");
            assertEquals(
                    0, Shell.run("evaluate", file, "--op", op, "--json", json).code());
            JsonNode measured = null;
            JsonNode second = null;
            for (JsonNode node : JsonMapper.builder()
                    .build()
                    .readTree(Files.readAllBytes(json))
                    .get("figures")) {
                measured = node.get("best").booleanValue() ? node : measured;
            }
            for (JsonNode node : JsonMapper.builder()
                    .build()
                    .readTree(Files.readAllBytes(json))
                    .get("figures")) {
                boolean other = !node.equals(measured);
                second = other && (second == null || sqnr(node) > sqnr(second)) ? node : second;
            }
            Path figures = folder.resolve("figures.json");
            Shell shell = Shell.run(
                    "calibrate",
                    file,
                    "--op",
                    op,
                    "--method",
                    "best",
                    "-o",
                    table,
                    "--json",
                    figures,
                    "--report",
                    folder.resolve("r.html"));
            assertEquals(0, shell.code(), shell::toString);
            CalibrationTable.Entry entry = CalibrationFile.read(table).table().entry("x");
            String chosen = entry.method().replaceFirst("\\(.*", "");
            String winner = measured.get("method").stringValue();
            // Where two are within 0.05 dB, either may win.
            assertTrue(chosen.equals(winner) || sqnr(measured) - sqnr(second) < 0.05, () -> op + ": " + chosen + shell);
            assertTrue(shell.out().contains("  * " + chosen), shell::out);
            assertTrue(
                    shell.out()
                            .replaceAll("\\s+", " ")
                            .matches(".* the next best(: of that one's error it |,.* are equal to the second).*"),
                    shell::out);
            for (JsonNode node : JsonMapper.builder()
                    .build()
                    .readTree(Files.readAllBytes(figures))
                    .get("figures")) {
                assertEquals("expected", node.get("evidence").stringValue());
                assertTrue(node.get("maxErrorSteps").isNull());
                assertEquals(
                        chosen.equals(node.get("method").stringValue()),
                        node.get("best").booleanValue());
            }
            assertTrue(Files.readString(folder.resolve("r.html")).contains("This page estimates"));
        }
    }

    /** However many threads choose the ranges, files and text are the same. */
    @Test
    void threadsMakeNoDifference() throws IOException {
        Path data = Files.createDirectory(folder.resolve("data"));
        Random random = new Random(2);
        for (int t = 0; t < 5; t++) {
            float[] values = new float[2000];
            for (int i = 0; i < values.length; i++) {
                values[i] = t == 3 ? Float.NaN : (float) (t * random.nextGaussian());
            }
            Arrays.floats(data.resolve("t" + t + ".npy"), values);
        }
        Path summary = folder.resolve("all.summary");
        assertEquals(0, Shell.run("calibrate", data, "--summary", summary).code());
        for (List<Object> command : List.<List<Object>>of(
                List.of("evaluate", data, "--op", "silu", "--json", table),
                List.of("ranges", summary, "--op", "silu", "--method", "consumer", "-o", table),
                List.of("ranges", summary, "--op", "silu", "--method", "best", "-o", table),
                List.of("calibrate", data, "--op", "silu", "--method", "best", "-o", table))) {
            byte[] first = null;
            String said = null;
            for (int threads : new int[] {1, 2, 7}) {
                List<Object> words = new ArrayList<>(command);
                words.addAll(List.of("--threads", threads));
                Shell shell = Shell.run(words.toArray());
                assertEquals(0, shell.code(), shell::toString);
                assertTrue(shell.out().contains("Left out: t3: "), shell::out);
                byte[] written = Files.readAllBytes(table);
                if (first == null) {
                    first = written;
                    said = withoutThreads(shell);
                }
                assertArrayEquals(first, written);
                assertEquals(said, withoutThreads(shell));
            }
        }
        Shell none = Shell.run("evaluate", data, "--threads", 0);
        assertEquals(2, none.code());
        assertTrue(none.err().contains("threads must be within 1..1024, was 0"), none::err);
    }

    /** The command to run next has as many as this one. */
    private static String withoutThreads(Shell shell) {
        return shell.out().replaceAll(" --threads \\d", "");
    }

    private static double sqnr(JsonNode node) {
        return node.get("outputSqnrDb").doubleValue();
    }

    @Test
    void aMethodThatKnowsTheOpSaysWhich() throws IOException {
        CalibrationTable.Entry entry = calibrate(gaussian(5000), "--op", "leaky_relu(0.1)", "--method", "consumer");
        assertEquals("consumer(leaky_relu(0.1))", entry.method());
    }

    /** The output that was chosen along with the input is in the table, and is the one the report shows. */
    @Test
    void theTableHoldsTheConsumersOutput() throws IOException {
        for (String method : List.of("best", "consumer")) {
            for (String op : List.of("silu", "sigmoid")) {
                Path figures = folder.resolve("figures.json");
                CalibrationTable.Entry entry =
                        calibrate(gaussian(5000), "--op", op, "--method", method, "--json", figures, "--type", "uint8");
                CalibrationTable.Consumer consumer = entry.consumer().orElseThrow();
                assertEquals(op, consumer.op().toString());
                JsonNode shown = null;
                for (JsonNode node : JsonMapper.builder()
                        .build()
                        .readTree(Files.readAllBytes(figures))
                        .get("figures")) {
                    shown = method.equals("best")
                            ? (node.get("best").booleanValue() ? node : shown)
                            : (node.get("method").stringValue().equals(method) ? node : shown);
                }
                assertEquals(
                        shown.get("outputScaleBits").stringValue(),
                        String.format(
                                "%08x",
                                Float.floatToRawIntBits(consumer.params().scale())));
                assertEquals(
                        shown.get("outputZeroPoint").intValue(),
                        consumer.params().zeroPoint());
                if (op.equals("silu")) {
                    // Not fixed by the op: the range has room for 256 codes of this step.
                    assertEquals(
                            consumer.range().width() / 255, consumer.params().scale(), 1e-6);
                } else {
                    assertEquals(0x1p-8f, consumer.params().scale());
                }
                assertTrue(consumer.range().isFinite());
            }
        }
        assertEquals(
                Optional.empty(), calibrate(gaussian(5000), "--method", "best").consumer());
    }

    /**
     * A method that chooses the input alone has the same output in both commands, and the same judgement: that of the
     * data is what the histogram expects, but for what the evenly spread values of a bin differ.
     */
    @Test
    void evaluateAndCalibrateJudgeAMethodAlike() throws IOException {
        Path file = gaussian(50_000);
        for (String op : List.of("silu", "relu", "sigmoid")) {
            Path measured = folder.resolve("measured.json");
            Path expected = folder.resolve("expected.json");
            assertEquals(
                    0,
                    Shell.run("evaluate", file, "--op", op, "--json", measured, "-q")
                            .code());
            JsonNode rows = JsonMapper.builder()
                    .build()
                    .readTree(Files.readAllBytes(measured))
                    .get("figures");
            for (JsonNode row : rows) {
                String method = row.get("method").stringValue();
                CalibrationTable.Entry entry =
                        calibrate(file, "--op", op, "--method", method, "--json", expected, "-q");
                CalibrationTable.Consumer consumer = entry.consumer().orElseThrow();
                assertEquals(row.get("scale").floatValue(), entry.params().scale(), method);
                assertEquals(
                        row.get("bestOutputScale").floatValue(),
                        consumer.params().scale(),
                        method);
                assertEquals(
                        row.get("bestOutputZeroPoint").intValue(),
                        consumer.params().zeroPoint(),
                        method);
                JsonNode own = null;
                for (JsonNode node : JsonMapper.builder()
                        .build()
                        .readTree(Files.readAllBytes(expected))
                        .get("figures")) {
                    own = node.get("method").stringValue().equals(method) ? node : own;
                }
                assertEquals(
                        row.get("bestOutputSqnrDb").doubleValue(),
                        own.get("outputSqnrDb").doubleValue(),
                        0.1,
                        op + " " + method);
                // The best range loses no more than the method's own, as far as the histogram can tell.
                assertTrue(
                        row.get("bestOutputSqnrDb").doubleValue()
                                > row.get("outputSqnrDb").doubleValue() - 0.1,
                        row::toString);
            }
        }
    }

    /** A histogram does not tell how many values exp takes beyond the floats, only that some are. */
    @Test
    void estimatesWarnOfOutputsBeyondTheFloats() throws IOException {
        for (float largest : new float[] {88.5f, 89f}) {
            float[] values = new float[2000];
            for (int i = 0; i < values.length; i++) {
                values[i] = i / 2000f - 0.5f;
            }
            values[1999] = largest;
            Path figures = folder.resolve("figures.json");
            calibrate(Arrays.floats(folder.resolve("x.npy"), values), "--op", "exp", "--json", figures);
            JsonNode first = JsonMapper.builder()
                    .build()
                    .readTree(Files.readAllBytes(figures))
                    .get("figures")
                    .get(0);
            assertTrue(first.get("outputOverflows").isNull());
            List<String> titles = new ArrayList<>();
            first.get("warnings").forEach(w -> titles.add(w.get("title").stringValue()));
            assertEquals(largest == 89f, titles.contains("Overflow"), titles::toString);
        }
    }

    @Test
    void theTableSaysByWhosePolicy() throws IOException {
        Path table = folder.resolve("policy.json");
        Shell shell = Shell.run(
                "calibrate",
                gaussian(5000),
                "--policy",
                "tflite",
                "--type",
                "uint8",
                "--op",
                "silu",
                "--method",
                "consumer",
                "-o",
                table);
        assertEquals(0, shell.code(), shell::err);
        assertEquals(
                Optional.of(ParameterPolicy.TFLITE), CalibrationFile.read(table).policy());
        assertTrue(shell.out().startsWith("uint8, asymmetric, parameters of tflite"), shell::out);
    }

    /** What a table of the op can write: no value beyond its own range, whatever range was asked for. */
    @Test
    void theOutputIsSaidByTheCodesThatOccur() throws IOException {
        float[] values = new float[3000];
        Random random = new Random(1);
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (2 * random.nextGaussian());
        }
        values[3] = 50;
        Shell shell = Shell.run(
                "calibrate",
                Arrays.floats(folder.resolve("x.npy"), values),
                "--op",
                "silu",
                "--method",
                "consumer",
                "-o",
                table);
        CalibrationTable.Consumer consumer =
                CalibrationFile.read(table).table().entry("x").consumer().orElseThrow();
        // Its steps are those of a range, whose lower end silu does not reach.
        assertTrue(consumer.range().min() < -0.2785, () -> consumer.range().toString());
        float least = Float.POSITIVE_INFINITY;
        float most = Float.NEGATIVE_INFINITY;
        for (int q = -128; q <= 127; q++) {
            float value =
                    (q - consumer.params().zeroPoint()) * consumer.params().scale();
            if (value >= -0.2784645427610738) {
                least = Math.min(least, value);
                most = Math.max(most, value);
            }
        }
        String row = shell.out()
                .lines()
                .dropWhile(line -> !line.startsWith("output of"))
                .skip(1)
                .findFirst()
                .orElseThrow();
        assertEquals(
                String.format(
                        Locale.ROOT,
                        "x silu %.6g %.6g %s %s",
                        least,
                        most,
                        consumer.params().scale(),
                        consumer.params().zeroPoint()),
                row.replaceAll(" +", " "));
    }

    @Test
    void aReportOfOneMethodBesideTheOthers() throws IOException {
        Path figures = folder.resolve("figures.json");
        calibrate(gaussian(5000), "--method", "percentile=99", "--json", figures);
        JsonNode all = JsonMapper.builder()
                .build()
                .readTree(Files.readAllBytes(figures))
                .get("figures");
        assertEquals(7, all.size());
        assertEquals("percentile=99", all.get(0).get("method").stringValue());
        long values = 0;
        for (JsonNode count : all.get(0).get("histogram").get("counts")) {
            values += count.longValue();
        }
        assertEquals(5000, values + all.get(0).get("zeros").longValue());
    }

    @Test
    void noFiniteValueNoTable() throws IOException {
        Path file = Arrays.floats(folder.resolve("x.npy"), Float.NaN, Float.POSITIVE_INFINITY);
        for (String method : List.of("minmax", "best", "consumer", "mean", "nvidia-mse", "mse")) {
            Path out = folder.resolve(method + ".json");
            Shell shell = Shell.run("calibrate", file, "--op", "silu", "--method", method, "-o", out);
            assertEquals(2, shell.code(), method);
            assertTrue(shell.err().contains("x: observed values must include a finite one"), shell::toString);
            assertTrue(Files.notExists(out));
        }
    }
}
