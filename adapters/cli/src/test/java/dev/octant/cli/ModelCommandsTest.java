// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.formats.tensor.NumberType;
import dev.octant.formats.tensor.RowArray;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelCommandsTest {
    private static final Path DIGITS = resource("digits_cnn/model.onnx");
    private static final Path CALIBRATION = resource("digits_cnn/calib.npz");
    private static final Path TEST = resource("digits_cnn/test.npz");

    @TempDir
    private Path folder;

    private static Path resource(String name) {
        String path = "/dev/octant/onnx/models/" + name;
        try {
            return Path.of(Objects.requireNonNull(ModelCommandsTest.class.getResource(path), path)
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Shell ok(Object... words) {
        Shell shell = Shell.run(words);
        assertEquals(0, shell.code(), shell::toString);
        assertEquals("", shell.err());
        return shell;
    }

    /** What is printed when the digits' model is quantized and compared on the test data. */
    private static String quantized(Path int8, String... more) {
        List<Object> words = new ArrayList<>(
                List.of("model", "quantize", DIGITS, "--data", CALIBRATION, "-o", int8, "--test", TEST));
        words.addAll(List.of(more));
        return withoutSpeed(ok(words.toArray()).out());
    }

    /** What is printed but for what a clock has said. */
    private static String withoutSpeed(String out) {
        return out.lines()
                .filter(line -> !line.startsWith("speed: "))
                .map(line -> line + "\n")
                .collect(Collectors.joining());
    }

    /** The figure of the one output in what a comparison prints. */
    private static double sqnr(String out) {
        List<String> found =
                out.lines().filter(line -> line.endsWith("  logits")).toList();
        assertEquals(1, found.size(), out);
        return Double.parseDouble(found.get(0).strip().split(" +", -1)[0]);
    }

    private static String refused(Object... words) {
        Shell shell = Shell.run(words);
        assertEquals(2, shell.code(), shell::toString);
        assertEquals(1, shell.err().lines().count(), shell::toString);
        return shell.err();
    }

    @Test
    void infoSaysWhatAModelIs() {
        String out = ok("model", "info", DIGITS).out();
        for (String line : List.of(
                "producer   pytorch 2.13.0+cpu",
                "opset      18, file format 10",
                "input      image float32 [batch, 1, 8, 8]",
                "output     logits float32 [batch, 10]",
                "parameters 69,094 numbers, 276,392 bytes",
                "quantized  no",
                "op             5 Conv")) {
            assertTrue(out.lines().anyMatch(line::equals), () -> line + "\n" + out);
        }
    }

    @Test
    void infoSaysWhatBecomesOfNodes() {
        String out = ok("model", "info", DIGITS, "--target", "cpu").out();
        for (String line : List.of(
                "node       int8  Conv                 node_Conv_59: it computes on codes",
                "node       float ReduceMean           node_mean: ONNX Runtime has no int8 kernel for it")) {
            assertTrue(out.lines().anyMatch(line::equals), () -> line + "\n" + out);
        }
        String summary = out.lines()
                .filter(line -> line.startsWith("nodes "))
                .findFirst()
                .orElseThrow();
        assertEquals(
                "nodes      19 of 22 int8, 0 in tables, 0 fused or folded, 3 float (2: not all that it reads is written"
                        + " as codes, or nothing reads codes of it; 1: ONNX Runtime has no int8 kernel for it)",
                summary);
        assertTrue(refused("model", "info", DIGITS, "--target", "gpu").contains("target must be cpu, arm64"));
    }

    @Test
    void aModelIsQuantizedAndCompared() {
        Path int8 = folder.resolve("int8.onnx");
        String out = quantized(int8, "--target", "onnxruntime");
        assertTrue(out.contains("int8.onnx: "), out);
        assertTrue(out.contains("watched on 256 rows"), out);
        // What ONNX Runtime's tool reaches with these settings.
        assertEquals(36.89, sqnr(out), 0.05);
        String compared = ok("model", "compare", DIGITS, int8, "--data", TEST).out();
        assertTrue(compared.contains("speed: ") && compared.contains("tensor, the worst of 22"), compared);
        String outputs = compared.substring(0, compared.indexOf("speed: "));
        assertTrue(out.endsWith(outputs), out + compared);
        assertTrue(ok("model", "info", int8).out().contains("quantized  yes"));
    }

    @Test
    void theUsualTargetIsTheCpu() {
        Path int8 = folder.resolve("int8.onnx");
        String usual = quantized(int8);
        String asked = quantized(
                int8,
                "--target",
                "cpu",
                "--weights",
                "per-channel",
                "--type",
                "uint8",
                "--scheme",
                "asymmetric",
                "--method",
                "consumer");
        assertEquals(usual, asked);
        assertEquals(38.55, sqnr(usual), 0.2);
    }

    /** As of a loader that found nothing: the model is written, and of little use. */
    @Test
    void calibrationDataThatDoNotVaryAreNamed() throws IOException {
        Path zeros = Arrays.npz(
                folder.resolve("zeros.npz"),
                "image",
                Arrays.npy("<f4", "(4, 1, 8, 8)", new byte[4 * 64 * Float.BYTES]));
        Path json = folder.resolve("figures.json");
        Path html = folder.resolve("report.html");
        Shell shell = Shell.run(
                "model",
                "quantize",
                DIGITS,
                "--data",
                zeros,
                "-o",
                folder.resolve("int8.onnx"),
                "-q",
                "--json",
                json,
                "--report",
                html);
        assertEquals(0, shell.code(), shell::toString);
        assertEquals(1, shell.err().lines().count(), shell::toString);
        assertTrue(
                shell.err()
                        .matches("(?s).*: one number throughout the calibration data: image \\(0\\).*; the int8"
                                + " model knows no other numbers there, and is likely wrong on data that vary\\R"),
                shell.err());
        String sentence = shell.err().strip().split(": ", 2)[1];
        assertTrue(Files.readString(json).contains(sentence), sentence);
        assertTrue(Files.readString(html).contains("image (0)"), sentence);
        Path summary = folder.resolve("s.summary");
        ok("model", "calibrate", DIGITS, "--data", zeros, "--summary", summary, "-q");
        shell = Shell.run("model", "quantize", DIGITS, "--summary", summary, "-o", folder.resolve("2.onnx"));
        assertEquals(0, shell.code(), shell::toString);
        assertTrue(shell.err().contains("calibration data: image (0)"), shell::toString);
    }

    /** An SQNR that is no number has a reason. */
    @Test
    void testDataThatAreNoNumbersAreNamed() throws IOException {
        ByteBuffer image = ByteBuffer.allocate(64 * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        image.putFloat(Float.NaN);
        Path nan = Arrays.npz(folder.resolve("nan.npz"), "image", Arrays.npy("<f4", "(1, 1, 8, 8)", image.array()));
        Path int8 = folder.resolve("int8.onnx");
        Object[] words = {"model", "quantize", DIGITS, "--data", CALIBRATION, "-o", int8, "--test", nan};
        Shell shell = ok(words);
        assertTrue(
                shell.out().contains("output logits has no SQNR: it is NaN or infinite somewhere on the data"),
                shell.out());
        List<Object> more = new ArrayList<>(List.of(words));
        more.addAll(List.of("--min-sqnr", "30"));
        String message = refused(more.toArray());
        assertTrue(message.contains("output logits must be finite on the test data to have an SQNR"), message);
    }

    @Test
    void withoutAModelTheBundledOneIsQuantized() {
        Path int8 = folder.resolve("int8.onnx");
        Shell shell = ok("model", "quantize", "-o", int8);
        assertTrue(shell.out().startsWith("bundled digits model"), shell.out());
        assertEquals(38.55, sqnr(withoutSpeed(shell.out())), 0.2);
        assertTrue(shell.out().contains("compared on 500 rows"), shell.out());
        assertTrue(shell.out().contains("speed: "), shell.out());
        assertTrue(refused("model", "quantize", "--test", TEST).contains("MODEL.onnx must be given with --data"));
        assertTrue(refused("model", "quantize", DIGITS, "-o", int8).contains("--data must be given, was missing"));
        assertTrue(refused("model", "quantize", DIGITS, "--data", TEST).contains("-o must be given, was missing"));
    }

    @Test
    void settingsReachTheModel() {
        Path int8 = folder.resolve("int8.onnx");
        String out = quantized(
                int8, "--target", "onnxruntime", "--type", "int8", "--scheme", "symmetric", "--weights", "per-channel");
        assertEquals(33.49, sqnr(out), 0.05);
        String kept = quantized(
                int8, "--target", "onnxruntime", "--keep-float", "node_linear_1", "--method", "percentile=99.9");
        assertTrue(Math.abs(sqnr(kept) - 36.89) > 0.1, kept);
    }

    @Test
    void accuracyIsAskedFor() {
        Path int8 = folder.resolve("int8.onnx");
        double usual = sqnr(quantized(int8));
        assertTrue(sqnr(quantized(int8, "--accurate")) > usual + 1);
        String reached = quantized(int8, "--min-sqnr", "40");
        assertTrue(sqnr(reached) >= 40, reached);
        assertTrue(reached.lines().anyMatch(line -> line.startsWith("left in float: silu, for it ")), reached);
        assertTrue(
                reached.lines()
                        .anyMatch(line -> line.matches("with what is left in float it runs \\d+\\.\\d\\d times as"
                                + " fast as without, at 1 row")),
                reached);
        String message = refused(
                "model", "quantize", DIGITS, "--data", CALIBRATION, "-o", folder.resolve("no.onnx"), "--min-sqnr", 300);
        assertTrue(message.contains("SQNR of the int8 model must reach 300.00 dB, was "), message);
        assertFalse(Files.exists(folder.resolve("no.onnx")));
    }

    @Test
    void exceptionsAreAskedFor() {
        Path int8 = folder.resolve("int8.onnx");
        String usual = quantized(int8);
        for (List<String> words : List.of(
                List.of("--reduce-range"),
                List.of("--exact-activations"),
                List.of("--keep-float", "Gemm"),
                List.of("--keep-float", "node_conv*"),
                List.of("--tensor", "silu=-0.3,3", "image=symmetric"),
                List.of("--target", "tensorrt"),
                List.of("--target", "qnn"))) {
            String other = quantized(int8, words.toArray(String[]::new));
            assertTrue(sqnr(other) > 20 && !other.equals(usual), words + other);
        }
        assertEquals(sqnr(usual), sqnr(quantized(int8, "--target", "arm64")), 0.1, "the same codes, 128 below");
    }

    @Test
    void outputsOfARunAreArrays() throws IOException {
        Path first = folder.resolve("1.npz");
        Path second = folder.resolve("2.npz");
        assertEquals(
                "500 rows: " + first + "\n",
                ok("model", "run", DIGITS, "--data", TEST, "-o", first).out());
        RowArray logits = RowArray.find(first, List.of("logits")).get("logits");
        assertEquals(List.of(500L, 10L), logits.shape());
        assertEquals(NumberType.FLOAT32, logits.type());
        assertEquals(
                "",
                ok("model", "run", DIGITS, "--data", TEST, "-o", second, "-q").out());
        assertArrayEquals(Files.readAllBytes(first), Files.readAllBytes(second));
    }

    /** A folder of which little is data is likely another than was meant. */
    @Test
    void whatIsPassedOverInAFolderIsNamed() throws IOException {
        Path data = Files.createDirectory(folder.resolve("data"));
        Files.copy(CALIBRATION, data.resolve("1.npz"));
        Path out = folder.resolve("out.npz");
        ok("model", "run", DIGITS, "--data", data, "-o", out);
        Files.createDirectory(data.resolve("c"));
        for (String name : List.of("b.txt", ".DS_Store", "a.json", "e\u001b.dat", "d.NPZX")) {
            Files.writeString(data.resolve(name), "");
        }
        for (List<Object> words : List.<List<Object>>of(
                List.of("run", DIGITS, "--data", data, "-o", out),
                List.of("calibrate", DIGITS, "--data", data, "--summary", folder.resolve("s")),
                List.of("quantize", DIGITS, "--data", data, "--test", data, "-o", folder.resolve("int8.onnx"), "-q"))) {
            List<Object> all = new ArrayList<>(List.of("model"));
            all.addAll(words);
            Shell shell = Shell.run(all.toArray());
            assertEquals(0, shell.code(), shell::toString);
            assertEquals(
                    "octant model " + words.get(0) + ": passed over what is no data in the folders given, 5 names:"
                            + " a.json, b.txt, c and 2 more\n",
                    shell.err());
        }
    }

    @Test
    void externalDataAndFloat16() {
        Path int8 = folder.resolve("int8.onnx");
        ok(
                "model",
                "quantize",
                resource("fp16_external/model.onnx"),
                "--target",
                "onnxruntime",
                "--data",
                resource("fp16_external/calib.npz"),
                "-o",
                int8);
        String info = ok("model", "info", int8).out();
        assertTrue(info.contains("input      x float16 [batch, 1, 8, 8]"), info);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "--target gpu; --target: target must be cpu, arm64, tensorrt, qnn or onnxruntime, was 'gpu'",
                "--weights both; --weights: weights must be per-tensor or per-channel, was 'both'",
                "--method mean; method must be one that needs neither samples nor the order of the data, was mean",
                "--method nothing; --method: ",
                "--type int4; --type: type must be one of int8, uint8",
                "--tensor silu; --tensor: tensor must be NAME=LO,HI or NAME=symmetric, was 'silu'",
                "--tensor silu=1; --tensor: range must be two numbers LO,HI, was '1'",
                "--tensor nobody=0,1; parameters of its own, was nobody, which does not become codes",
                "--min-sqnr many; --min-sqnr: value must be",
                "--keep-float nobody; nodes to keep in float must be in the model, was nobody",
                "--test missing.npz; missing.npz: input must exist, was missing"
            })
    void whatIsWrongIsOneSentence(String words, String sentence) {
        Path int8 = folder.resolve("int8.onnx");
        String[] more = words.split(" ");
        Object target = more[0].equals("--target") ? more[1] : "onnxruntime";
        Object[] extra = more[0].equals("--target") ? new Object[] {"--weights", "per-tensor"} : more;
        String message = refused(
                "model", "quantize", DIGITS, "--target", target, "--data", CALIBRATION, "-o", int8, extra[0], extra[1]);
        assertTrue(message.contains(sentence), message);
        assertFalse(Files.exists(int8), "nothing is written");
    }

    /** The library of the CPU is on the class path. */
    @Test
    void aProviderThatIsNotThereIsRefused() {
        Path npz = folder.resolve("y.npz");
        for (String provider : List.of("cuda", "tensorrt")) {
            String message = refused("model", "run", DIGITS, "--data", TEST, "-o", npz, "--provider", provider);
            assertTrue(message.contains("provider " + provider + " must be there"), message);
            assertTrue(refused("model", "compare", DIGITS, DIGITS, "--data", TEST, "--provider", provider)
                    .contains("must be there"));
        }
        assertFalse(Files.exists(npz));
        assertTrue(refused("model", "run", DIGITS, "--data", TEST, "-o", npz, "--provider", "npu")
                .contains("provider must be cpu, cuda or tensorrt, was 'npu'"));
        ok("model", "run", DIGITS, "--data", TEST, "-o", npz, "--provider", "CPU");
    }

    @Test
    void filesThatDoNotFitAreRefused() throws IOException {
        Path int8 = folder.resolve("int8.onnx");
        Path text = Files.writeString(folder.resolve("x.onnx"), "hello");
        assertTrue(refused("model", "info", text)
                .contains("x.onnx: file must be an ONNX model, was a text that begins with 'hello'"));
        assertTrue(refused("model", "info", folder.resolve("no.onnx")).contains("must exist, was missing"));
        assertTrue(
                refused("model").contains("command must be one of info, run, quantize, calibrate, compare, was none"));
        assertTrue(refused("model", "quantize", DIGITS, "--target", "onnxruntime", "--data", CALIBRATION, "-o", DIGITS)
                .contains("must be no input"));
        Path floats = Arrays.floats(folder.resolve("x.npy"), 1, 2, 3);
        assertTrue(refused("model", "run", DIGITS, "--data", floats, "-o", int8)
                .contains("shape must be [batch, 1, 8, 8] but for the rows, as the model's input is, was [3]"));
        assertTrue(refused("model", "run", DIGITS, "--data", TEST, "-o", folder.resolve("no/out.npz"))
                .contains("folder of the output must exist"));
        Path ids = resource("digits_cnn/test.npz");
        assertTrue(refused("model", "compare", DIGITS, resource("fp16_external/model.onnx"), "--data", ids)
                .contains("must have an output in common"));
    }

    private Path copied() throws IOException {
        for (String name : List.of("model.onnx", "model.onnx.data", "test.npz")) {
            Files.copy(resource("fp16_external/" + name), folder.resolve(name));
        }
        return folder.resolve("model.onnx");
    }

    /** The files of a model's external data are inputs, by whatever name. */
    @Test
    void noOutputIsAnInput() throws IOException {
        Path model = copied();
        Path external = folder.resolve("model.onnx.data");
        Path rows = folder.resolve("test.npz");
        Path hard = Files.createLink(folder.resolve("hard.onnx"), external);
        Path soft = Files.createSymbolicLink(folder.resolve("soft.onnx"), external);
        // Its data would go over the rows.
        Files.createLink(folder.resolve("rows.onnx.data"), rows);
        Path overRows = folder.resolve("rows.onnx");
        byte[] before = Files.readAllBytes(external);
        byte[] rowsBefore = Files.readAllBytes(rows);
        byte[] modelBefore = Files.readAllBytes(model);
        for (Path output : List.of(external, hard, soft, model, rows)) {
            String run = refused("model", "run", model, "--data", rows, "-o", output);
            assertTrue(run.contains("must be no input, was the input "), run);
        }
        Path calibration = resource("fp16_external/calib.npz");
        for (Path output : List.of(external, hard, soft, model, rows, overRows)) {
            String message = refused("model", "quantize", model, "--data", calibration, "--test", rows, "-o", output);
            assertTrue(message.contains("must be no input, was the input "), message);
            message = refused("model", "quantize", model, "--data", rows, "-o", output);
            assertTrue(message.contains("must be no input, was the input "), message);
        }
        assertArrayEquals(before, Files.readAllBytes(external));
        assertArrayEquals(rowsBefore, Files.readAllBytes(rows));
        assertArrayEquals(modelBefore, Files.readAllBytes(model));
    }

    @Test
    void theDataOfAnInt8ModelGoToAnOrdinaryFileOfTheirOwn() throws IOException {
        Path model = copied();
        Path rows = folder.resolve("test.npz");
        Path output = folder.resolve("int8.onnx");
        Path data = folder.resolve("int8.onnx.data");
        Files.createSymbolicLink(data, Path.of("/dev/null"));
        String message = refused("model", "quantize", model, "--data", rows, "-o", output);
        assertTrue(message.contains("must be an ordinary one, was a link"), message);
        Files.delete(data);
        Files.createDirectory(data);
        message = refused("model", "quantize", model, "--data", rows, "-o", output);
        assertTrue(message.contains("int8.onnx.data: output must be a file, was a folder"), message);
        Files.delete(data);
        Files.createSymbolicLink(output, data);
        message = refused("model", "quantize", model, "--data", rows, "-o", output);
        assertTrue(message.contains("must be another than that of -o"), message);
        message = refused("model", "quantize", model, "--data", rows, "-o", folder.resolve("m".repeat(252)));
        assertTrue(message.contains(".data: output must be writable"), message);
        assertFalse(Files.exists(data));
    }

    @Test
    void aRunThatIsToldToEndLeavesNoTemporaryFile() throws IOException, InterruptedException {
        Path temporary = Files.createDirectory(folder.resolve("tmp"));
        Path pipe = folder.resolve("pipe");
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
        // It waits for a reader of the pipe, with its outputs in temporary files.
        Child child = Child.start(
                folder.resolve("err"),
                List.of("-Djava.io.tmpdir=" + temporary),
                "model",
                "run",
                DIGITS,
                "--data",
                TEST,
                "-o",
                pipe);
        while (child.isAlive() && !holdsOutputs(temporary)) {
            Thread.sleep(1);
        }
        assertTrue(child.isAlive(), child.err());
        child.terminate();
        assertEquals(143, child.waitFor(), child.err());
        try (Stream<Path> files = Files.list(temporary)) {
            assertEquals(
                    List.of(),
                    files.filter(file -> file.getFileName().toString().startsWith("octant-"))
                            .toList());
        }
    }

    private static boolean holdsOutputs(Path temporary) throws IOException {
        try (Stream<Path> files = Files.list(temporary)) {
            return files.anyMatch(file -> file.getFileName().toString().startsWith("octant-output")
                    && file.toFile().length() > 0);
        }
    }

    /** ONNX Runtime is 50 MB of native code, which only running a model needs. */
    @Test
    void whatRunsNoModelDoesNotLoadOnnxRuntime() throws IOException, InterruptedException {
        assertFalse(loads("model", "info", DIGITS.toString()));
        assertFalse(loads("model", "quantize", "--help"));
        assertFalse(loads("info"));
        assertTrue(loads("model", "run", DIGITS.toString(), "--data", TEST.toString(), "-o", folder + "/y.npz"));
    }

    private static boolean loads(String... words) throws IOException, InterruptedException {
        String classes = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        List<String> line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Xlog:class+load:stdout",
                "-cp",
                classes,
                Octant.class.getName()));
        line.addAll(List.of(words));
        Process process = new ProcessBuilder(line)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), out);
        return out.contains(" ai.onnxruntime.");
    }
}
