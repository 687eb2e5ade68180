// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.formats.tensor.ElementType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever is wrong with the input: exit code 2, one sentence that says what, nothing written. */
class BadInputTest {
    @TempDir
    private Path folder;

    private static void refused(Shell shell, String... parts) {
        assertEquals(2, shell.code(), shell::toString);
        assertEquals("", shell.out(), shell::toString);
        for (String part : parts) {
            assertTrue(shell.err().contains(part), () -> "'" + part + "' expected in: " + shell.err());
        }
        List<String> lines = shell.err().lines().toList();
        assertEquals(1, lines.size(), shell::err);
        assertFalse(shell.err().contains("Exception"), shell::err);
        assertFalse(shell.err().contains("\tat "), shell::err);
    }

    @Test
    void missingFile() {
        for (String command : List.of("evaluate", "calibrate")) {
            refused(Shell.run(command, folder.resolve("none.npy")), "none.npy", "must exist");
        }
        refused(quantize(folder.resolve("none.npy"), "0.1", "0"), "none.npy", "must exist");
        refused(Shell.run("table", "--batch", folder.resolve("none.csv"), "-o", folder.resolve("o")), "none.csv");
    }

    /** A host's thread that was interrupted before: files that it opens are closed under it. */
    @Test
    void interruptedThread() throws IOException {
        Path file = Arrays.floats(folder.resolve("a.npy"), 1, -2, 3);
        Path out = folder.resolve("out");
        for (String[] command : new String[][] {
            {"evaluate", file.toString()},
            {"calibrate", file.toString(), "-o", out.toString()},
            {"quantize", file.toString(), "--scale", "0.1", "--zero-point", "0", "-o", out.toString()},
        }) {
            Thread.currentThread().interrupt();
            Shell shell;
            try {
                shell = Shell.run((Object[]) command);
            } finally {
                Thread.interrupted();
            }
            refused(shell, "interrupt");
            assertFalse(Files.exists(out));
        }
    }

    @Test
    void truncatedArray() throws IOException {
        Path whole = Arrays.floats(folder.resolve("a.npy"), new float[100]);
        byte[] bytes = Files.readAllBytes(whole);
        for (int length : new int[] {0, 5, 9, 60, bytes.length - 1}) {
            Path cut = folder.resolve("cut.npy");
            Files.write(cut, java.util.Arrays.copyOf(bytes, length));
            refused(Shell.run("evaluate", cut), "cut.npy");
            refused(Shell.run("calibrate", cut), "cut.npy");
            refused(quantize(cut, "0.1", "0"), "cut.npy");
        }
    }

    @Test
    void objectArray() throws IOException {
        Path file = Arrays.npz(folder.resolve("o.npz"), "things", Arrays.npy("|O", "(3,)", new byte[24]));
        refused(Shell.run("evaluate", file), "o.npz", "things");
        refused(Shell.run("calibrate", file), "o.npz", "things");
    }

    @Test
    void emptyArray() throws IOException {
        Path file = folder.resolve("e.npy");
        Files.write(file, Arrays.npy("<f4", "(0, 3)", new byte[0]));
        refused(Shell.run("evaluate", file), "e.npy", "at least one value");
        refused(Shell.run("calibrate", file), "e.npy", "at least one value");
        refused(quantize(file, "0.1", "0"), "e.npy", "at least one value");
    }

    @Test
    void allNaN() throws IOException {
        Path file = Arrays.floats(folder.resolve("nan.npy"), Float.NaN, Float.NaN);
        refused(Shell.run("evaluate", file), "nan", "finite");
        refused(Shell.run("calibrate", file), "nan", "finite");
        refused(quantize(file, "0.1", "0"), "nan.npy", "NaN");
        assertFalse(Files.exists(folder.resolve("out.npy")));
    }

    @Test
    void arrayOfIntegers() throws IOException {
        Path codes = Arrays.bytes(folder.resolve("i.npy"), ElementType.INT8, (byte) 1);
        refused(Shell.run("evaluate", codes), "int8");
        refused(quantize(codes, "0.1", "0"), "int8");
        Path floats = Arrays.floats(folder.resolve("f.npy"), 1f);
        refused(
                Shell.run("dequantize", floats, "--scale", "1", "--zero-point", "0", "-o", folder.resolve("out")),
                "float32");
        refused(
                Shell.run("dequantize", codes, "--scale", "1", "--zero-point", "0", "--type", "uint8", "-o", "out"),
                "type must be");
    }

    @ParameterizedTest
    @CsvSource({
        "0, positive normal",
        "-0.5, positive normal",
        "nan, scale must be",
        "NaN, positive normal",
        "1e-40, positive normal",
        "bits:00000001, positive normal",
        "bits:7f800000, positive normal",
        "bits:12, eight hex digits",
        "Infinity, positive normal",
        "0.1f, scale must be",
        "tiny, scale must be"
    })
    void scale(String scale, String part) throws IOException {
        refused(table(scale, "0", "0.1", "0"), part);
        refused(table("0.1", "0", scale, "0"), part);
        refused(quantize(Arrays.floats(folder.resolve("x.npy"), 1f), scale, "0"), part);
    }

    @Test
    void zeroPoint() throws IOException {
        refused(table("0.1", "128", "0.1", "0"), "input zero point must be within -128..127", "was 128");
        refused(table("0.1", "0", "0.1", "-129"), "output zero point must be within -128..127", "was -129");
        refused(
                table("0.1", "x", "0.1", "0"),
                "--input-zero-point: value must be a whole number within -128..127, or 0..255 of uint8, was 'x'");
        refused(quantize(Arrays.floats(folder.resolve("x.npy"), 1f), "0.1", "300"), "was 300");
    }

    @Test
    void op() {
        refused(Shell.run("table", "sillu", "--input-scale", "1"), "op must be one of sigmoid, silu", "sillu");
        refused(Shell.run("table", "elu(x)", "--input-scale", "1"), "must be a number");
        refused(Shell.run("table", "elu(1,2)", "--input-scale", "1"), "must have 1 parameters, had 2");
        refused(Shell.run("table", "silu(1)", "--input-scale", "1"), "no parameters");
        refused(Shell.run("table"), "OP must be given");
        refused(Shell.run("evaluate", "--op", "nothing=silu"), "b1_act", "nothing");
    }

    @Test
    void options() throws IOException {
        Path file = Arrays.floats(folder.resolve("x.npy"), 1f);
        refused(
                Shell.run("evaluate", file, "--method", "bestest"),
                "method must be one of minmax, ",
                "nvidia-mse, best, all");
        refused(Shell.run("evaluate", file, "--method", "consumer"), "op that reads the tensor", "was without");
        refused(Shell.run("evaluate", file, "--method", "minmax=3"), "method minmax must have no parameter, was 3");
        refused(Shell.run("evaluate", file, "--method", "fixed"), "fixed=-6,6");
        refused(Shell.run("evaluate", file, "--method", "fixed=2,1"), "min <= max");
        refused(Shell.run("evaluate", file, "--method", "fixed=1"), "two numbers LO,HI");
        refused(Shell.run("evaluate", file, "--method", "ort-percentile=101"), "within 0..100");
        refused(Shell.run("evaluate", file, "--method", "moving-average=0"), "above 0 and at most 1");
        refused(
                Shell.run("calibrate", file, "--method", "all"),
                "method must be one of",
                "nvidia-mse, best, was 'all'");
        refused(Shell.run("calibrate", file, "--method", "minmax,mse"), "was 'minmax,mse'");
        refused(
                Shell.run("calibrate", file, "--method", "moving-average", "--json", folder.resolve("f.json")),
                "histogram",
                "was moving-average");
        refused(Shell.run("calibrate", file, "--policy", "nvidia"), "x: scheme must be SYMMETRIC under NVIDIA");
        refused(Shell.run("evaluate", file, "--policy", "nvidia"), "x: scheme must be SYMMETRIC under NVIDIA");
        refused(
                Shell.run("calibrate", file, "--policy", "odd"),
                "policy must be one of octant, onnxruntime",
                "was 'odd'");
        refused(Shell.run("evaluate", file, "--method", "percentile=40"), "percent");
        refused(Shell.run("evaluate", file, "--type", "int4"), "type must be one of int8, uint8");
        refused(Shell.run("evaluate", file, "--scheme", "odd"), "scheme must be");
        refused(Shell.run("evaluate", file, "--op", "silu", "--op", "relu"), "once");
        refused(Shell.run("calibrate"), "INPUT");
        refused(Shell.run("brew"), "brew");
        refused(table("0.1", "0", "0.1", "0", "--output-range", "2,1"), "min <= max");
        refused(table("0.1", "0", "0.1", "0", "--output-range", "0.01,0.02"), "at least one code");
        refused(table("0.1", "0", "0.1", "0", "-o", folder.resolve("t.txt")), ".json, .csv");
    }

    /** A list that may be empty leaves over what it refuses: the reason is said all the same. */
    @Test
    void noNamesOfFiles() throws IOException {
        Path file = Arrays.floats(folder.resolve("x.npy"), 1f);
        for (String command : List.of("evaluate", "calibrate")) {
            refused(Shell.run(command, ""), ": path must not be empty, was ''");
            refused(Shell.run(command, file, ""), ": path must not be empty, was ''");
            refused(Shell.run(command, file + "/"), "path that ends in / must be a folder, was the file '");
        }
    }

    /** The words of the command line themselves: what must hold, what came, and of which option. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "|command must be one of evaluate, calibrate,",
                "brew|info, help, generate-completion, was 'brew'",
                "--bogus|option must be one of -h, -V, was '--bogus'",
                "calibrate|INPUT must be given, was missing",
                "calibrate x.npy --bad|option must be one of --op, ",
                "calibrate x.npy --bad|, was '--bad'",
                "calibrate x.npy -x|, was '-x'",
                "calibrate x.npy --threads 99999999999|--threads: value must be a whole number within 1..1024, was '99",
                "calibrate x.npy --threads=|--threads: value must be a whole number",
                "calibrate x.npy --threads 1.5|, was '1.5'",
                "calibrate x.npy --threads|--threads must have its value N, was without",
                "calibrate x.npy --threads --fresh|--threads must have its value N, was without",
                "calibrate x.npy --checkpoint-every soon|--checkpoint-every: value must be a number, was 'soon'",
                "calibrate x.npy --until-stable=x|until-stable must be FRACTION,ROUNDS, as 0.1,3, was 'x'",
                "calibrate x.npy --until-stable=0.1,x|rounds of until-stable must be a whole number",
                "calibrate x.npy --until-stable 0.1,-1|rounds",
                "calibrate x.npy --type int4|--type: type must be one of int8, uint8, int8_narrow, was 'int4'",
                "calibrate x.npy --scheme odd|--scheme: scheme must be asymmetric or symmetric, was 'odd'",
                "calibrate x.npy --type int8 --type int8|--type must be given once, was given again",
                "calibrate x.npy -o a -o b|-o must be given once, was given again",
                "calibrate x.npy -o|-o must have its value table.json, was without",
                "calibrate x.npy --json -o t|--json must have its value FILE, was without",
                "calibrate x.npy --fresh=maybe|--fresh: value must be true or false, was 'maybe'",
                "calibrate x.npy -h=3|-h: value must be true or false, was",
                "evaluate x.npy --profile odd|--profile: profile must be one of onnx,",
                "merge -o m|FILE.summary must be given, was missing",
                "merge a.summary|-o must be given, was missing",
                "ranges|FILE.summary must be given, was missing",
                "ranges a b|words that are no options must be FILE.summary only, was also 'b'",
                "convert a.json|OUT must be given, was missing",
                "convert a b --to odd|--to: format must be one of octant,",
                "convert a b c|words that are no options must be IN and OUT only, was also 'c'",
                "table relu --input-scale x|--input-scale: scale must be a decimal,",
                "table relu --output-range 1|--output-range: range must be two numbers LO,HI, was '1'",
                "compare silu|--profile must be given, was missing",
                "quantize x.npy -o y|--scale and --zero-point must be given, was missing",
                "quantize x.npy -o y --scale 1,x --zero-point 0|--scale: scale must be a decimal,",
                "quantize x.npy -o y --scale 1 --zero-point 1e9|--zero-point: value must be a whole number",
                "quantize x.npy -o y --scale 1 --zero-point 0 --axis one|--axis: value must be a whole number",
                "info x|words that are no options must be none, was also 'x'",
                "calibrate x.npy -o E|-o: path must not be empty, was ''",
                "calibrate x.npy --checkpoint E|--checkpoint: path must not be empty, was ''",
                "calibrate E|INPUT: path must not be empty, was ''",
                "merge E -o m|FILE.summary: path must not be empty, was ''",
                "table --batch E -o m|--batch: path must not be empty, was ''",
            })
    void words(String words, String part) {
        Shell shell = Shell.run(java.util.Arrays.stream(words == null ? new String[0] : words.split(" "))
                .map(word -> word.equals("E") ? "" : word)
                .toArray());
        refused(shell, part, " must ");
        assertFalse(shell.err().contains("Try '"), shell::err);
    }

    /** What ends in a slash is a folder: it is not taken for the file of that name. */
    @Test
    void slashes() throws IOException {
        Path file = Arrays.floats(folder.resolve("x.npy"), 1f);
        for (String option : List.of("-o", "--summary", "--json", "--report", "--checkpoint")) {
            refused(
                    Shell.run("calibrate", file, option, folder + "/new/"),
                    option + ": output must be a file, was the folder '" + folder + "/new/'");
            refused(Shell.run("calibrate", file, option, file + "/"), "must be a folder, was the file");
        }
        refused(Shell.run("calibrate", file + "/"), "INPUT: path that ends in / must be a folder, was the file");
        refused(Shell.run("merge", file + "/", "-o", "m"), "must be a folder, was the file");
        refused(Shell.run("convert", file, folder + "/t.json/"), "OUT: output must be a file");
        assertEquals(0, Shell.run("calibrate", folder + "/").code());
        try (var files = Files.list(folder)) {
            assertEquals(List.of(file), files.toList());
        }
    }

    /** A file of another kind is told by how it begins. */
    @Test
    void otherKindsOfFiles() throws IOException {
        Path file = Arrays.floats(folder.resolve("x.npy"), 1f);
        Path empty = Files.createFile(folder.resolve("empty"));
        for (List<Object> words :
                List.<List<Object>>of(List.of("merge", file, "-o", folder.resolve("m")), List.of("ranges", file))) {
            refused(
                    Shell.run(words.toArray()),
                    "x.npy: summary file must begin with OCTF, as calibrate --summary writes it, was '\\u0093NUM'");
        }
        refused(Shell.run("ranges", empty), "empty: summary file must begin with OCTF", ", was empty");
    }

    @Test
    void channels() throws IOException {
        Path file = Arrays.floats(folder.resolve("x.npy"), List.of(2L, 3L), 1, 2, 3, 4, 5, 6);
        refused(quantize(file, "0.1,0.2", "0,0"), "without --axis");
        refused(quantize(file, "0.1,0.2", "0,0", "--axis", "1"), "3 channels, had 2");
        refused(quantize(file, "0.1,0.2", "0", "--axis", "0"), "lists of one length");
        refused(quantize(file, "0.1,0.2", "0,0", "--axis", "2"), "axis must be within -2..1");
        refused(quantize(file, "0.1,0", "0,0", "--axis", "0"), "channel 1", "positive normal");
    }

    @Test
    void outputStaysWhenItCannotBeWritten() throws IOException {
        Path input = Arrays.floats(folder.resolve("x.npy"), 1f, 2f);
        Path isFolder = Files.createDirectory(folder.resolve("folder"));
        refused(quantizeTo(input, isFolder), "must be a file, was a folder");
        refused(quantizeTo(input, folder.resolve("none/out.npy")), "folder of the output must exist");

        byte[] before = "kept".getBytes(StandardCharsets.UTF_8);
        Path nan = Arrays.floats(folder.resolve("nan.npy"), Float.NaN);
        Path out = Files.write(folder.resolve("out.npy"), before);
        refused(quantizeTo(nan, out), "NaN");
        assertArrayEquals(before, Files.readAllBytes(out));

        Path params = Files.writeString(folder.resolve("p.csv"), """
                op;type;input_scale;input_zero_point;output_scale;output_zero_point;output_low;output_high
                silu;int8;0.1;0;0.1;0;;
                silu;int8;0;0;0.1;0;;
                """);
        refused(Shell.run("table", "--batch", params, "-o", out), "p.csv line 3: input scale must be");
        assertArrayEquals(before, Files.readAllBytes(out));
        try (var files = Files.list(folder)) {
            assertEquals(0, files.filter(f -> f.toString().endsWith(".tmp")).count());
        }
    }

    @Test
    void oneRefusedFileDoesNotCostTheOther() throws IOException {
        Path input = Arrays.floats(folder.resolve("x.npy"), 1f, 2f, -1f);
        Path report = folder.resolve("report.html");
        Shell shell = Shell.run("evaluate", input, "--json", folder.resolve("none/f.json"), "--report", report);
        assertEquals(2, shell.code(), shell::toString);
        assertTrue(shell.out().contains("minmax"), shell::out);
        assertTrue(shell.err().contains("folder of the output must exist"), shell::err);
        assertTrue(Files.exists(report));
    }

    private static final String BATCH =
            "op;type;input_scale;input_zero_point;output_scale;output_zero_point;output_low;output_high\n";

    @Test
    void batch() throws IOException {
        Path params = folder.resolve("p.csv");
        Files.writeString(params, "op;type\n");
        refused(
                Shell.run("table", "--batch", params, "-o", folder.resolve("t")),
                "first line must be op;type;input_scale");
        Files.writeString(params, """
                op;type;input_scale;input_zero_point;output_scale;output_zero_point;output_low;output_high
                silu;int8
                """);
        refused(
                Shell.run("table", "--batch", params, "-o", folder.resolve("t")),
                "line 2: row must have 8 fields, had 2");
        refused(Shell.run("table", "--batch", params), "-o must be given");
        for (String row : List.of(
                "silu\tint8\t0.1\t0\t0.1\t0\t\t", "silu;int8;\t0.1;0;0.1;0;;", "silu;int8;0.1;0;0.1;0;\u2028;")) {
            Files.writeString(params, BATCH + row + "\n");
            refused(
                    Shell.run("table", "--batch", params, "-o", folder.resolve("t")),
                    "line 2: row must have ; between its fields, and no tabs or other control characters, was 'silu");
        }
    }

    /** Lines and files without an end, of a device or a pipe, are refused as soon as they are too long. */
    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "has no such files")
    void batchesWithoutAnEnd() throws IOException {
        Path out = Files.writeString(folder.resolve("t"), "old");
        refused(
                Shell.run("table", "--batch", "/dev/zero", "-o", out),
                "/dev/zero, line 1 must be at most 65536 characters long, was longer");
        refused(Shell.run("table", "--batch", "/dev/null", "-o", out), "/dev/null: first line must be op;type;");
        Path params = Files.writeString(folder.resolve("p.csv"), BATCH + "x".repeat(1 << 17));
        refused(
                Shell.run("table", "--batch", params, "-o", out),
                "p.csv, line 2 must be at most 65536 characters long, was longer");
        Files.writeString(params, BATCH + "\n".repeat(1_000_000));
        refused(Shell.run("table", "--batch", params, "-o", out), "p.csv: file must have at most 1000000 lines");
        assertEquals("old", Files.readString(out));
        try (var files = Files.list(folder)) {
            assertEquals(2, files.count());
        }
        refused(Shell.run("table", "silu", "--batch", params, "-o", "t"), "without OP");
        for (String type : new String[] {"int8", "uint8"}) {
            refused(Shell.run("table", "--type", type, "--batch", params, "-o", "t"), "without OP");
        }
        refused(Shell.run("table", "--output-range=-inf,inf", "--batch", params, "-o", "t"), "without OP");
    }

    private Shell table(String inputScale, String inputZero, String outputScale, String outputZero, Object... more) {
        Object[] words = {
            "table",
            "relu",
            "--input-scale",
            inputScale,
            "--input-zero-point",
            inputZero,
            "--output-scale",
            outputScale,
            "--output-zero-point",
            outputZero
        };
        return Shell.run(concat(words, more));
    }

    private Shell quantize(Path input, String scale, String zeroPoint, Object... more) {
        Object[] words = {
            "quantize", input, "--scale", scale, "--zero-point", zeroPoint, "-o", folder.resolve("out.npy")
        };
        return Shell.run(concat(words, more));
    }

    private static Shell quantizeTo(Path input, Path output) {
        return Shell.run("quantize", input, "--scale", "1", "--zero-point", "0", "-o", output);
    }

    private static Object[] concat(Object[] first, Object[] second) {
        Object[] all = java.util.Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }
}
