// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.fixtures.Grid;
import dev.octant.fixtures.Oracle;
import dev.octant.fixtures.ReferenceFunction;
import dev.octant.formats.calibration.CalibrationFile;
import dev.octant.formats.calibration.CalibrationTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** From a calibration table to tables of ops and to codes, without a scale written by hand; judged by the oracle. */
class FromTableTest {
    private static final int VALUES = 3000;

    @TempDir
    private Path folder;

    private Path table;
    private Path data;

    @BeforeEach
    void calibrate() throws IOException {
        data = Files.createDirectory(folder.resolve("data"));
        Random random = new Random(3);
        for (String name : List.of("act", "b1 gate", "b1:gate", "plain")) {
            float[] values = new float[VALUES];
            for (int i = 0; i < VALUES; i++) {
                values[i] = (float) (2 * random.nextGaussian());
            }
            Arrays.floats(data.resolve(name + ".npy"), values);
        }
        table = folder.resolve("table.json");
        ok(Shell.run(
                "calibrate", data, "--op", "act=silu", "--op", "*gate=sigmoid", "--method", "best", "-o", table, "-q"));
    }

    private static Shell ok(Shell shell) {
        assertEquals(0, shell.code(), shell::toString);
        return shell;
    }

    private CalibrationTable.Entry entry(String tensor) throws IOException {
        return CalibrationFile.read(table).table().entry(tensor);
    }

    private static Grid grid(dev.octant.core.QuantParams params) {
        return Grid.int8(params.scale(), params.zeroPoint());
    }

    private int[] expected(String tensor) throws IOException {
        CalibrationTable.Entry entry = entry(tensor);
        CalibrationTable.Consumer consumer = entry.consumer().orElseThrow();
        return Oracle.table(ReferenceFunction.of(consumer.op().name()), grid(entry.params()), grid(consumer.params()));
    }

    @Test
    void aFolderHasATableForEveryTensorWithAnOp() throws IOException {
        Path tables = folder.resolve("tables");
        Shell shell = ok(Shell.run("table", "--from", table, "-o", tables + "/"));
        assertTrue(shell.out().contains("Left out: plain: no op that reads it is in the table"), shell.out());
        try (var files = Files.list(tables)) {
            assertEquals(
                    List.of("act.json", "b1_gate.json", "b1_gate_2.json"),
                    files.map(file -> file.getFileName().toString()).sorted().toList());
        }
        for (String file : List.of("act", "b1_gate", "b1_gate_2")) {
            JsonNode node = JsonMapper.builder().build().readTree(Files.readAllBytes(tables.resolve(file + ".json")));
            assertEquals(1, node.get("schema").intValue());
            assertTrue(node.get("tool").stringValue().startsWith("octant "));
            String tensor = node.get("tensor").stringValue();
            assertEquals(file.equals("act"), tensor.equals("act"));
            int[] codes = expected(tensor);
            for (int i = 0; i < codes.length; i++) {
                assertEquals(codes[i], node.get("table").get(i).intValue());
            }
        }
        assertEquals(
                "",
                ok(Shell.run("table", "--from", table, "-o", tables, "--as", "h", "-q"))
                        .out());
        assertTrue(Files.readString(tables.resolve("b1_gate.h")).contains(" octant_b1_gate[256] = {"));
    }

    /** Headers of tensors that one program reads: no two with the same name of a table or the same guard. */
    @Test
    void everyHeaderOfAFolderHasItsOwnName() throws IOException {
        Path odd = folder.resolve("odd.csv");
        Files.writeString(odd, "a b,\"a\"\"b\",a.b,a-b,A_b,*/ #define x /*\n-1,-1,-1,-1,-1,-1\n2,2,2,2,2,2\n");
        Path oddTable = folder.resolve("odd.json");
        ok(Shell.run("calibrate", odd, "--op", "silu", "--method", "consumer", "-o", oddTable, "-q"));
        Path tables = folder.resolve("headers");
        ok(Shell.run("table", "--from", oddTable, "-o", tables, "--as", "h"));
        Set<String> names = new HashSet<>();
        Set<String> guards = new HashSet<>();
        try (var files = Files.list(tables)) {
            for (Path file : files.toList()) {
                String text = Files.readString(file);
                Matcher name = Pattern.compile("int8_t (octant_\\w+)\\[256]").matcher(text);
                Matcher guard =
                        Pattern.compile("\n#ifndef (\\w+)\n#define (\\w+)\n").matcher(text);
                assertTrue(name.find() && guard.find() && text.endsWith("\n#endif\n"), text);
                assertEquals(guard.group(1), guard.group(2));
                assertTrue(names.add(name.group(1).toLowerCase(Locale.ROOT)), text);
                assertTrue(guards.add(guard.group(1)), text);
                assertEquals(2, text.split("\\*/", -1).length, text);
                assertEquals(2, text.split("/\\*", -1).length, text);
                assertFalse(text.contains("Infinity"), text);
            }
        }
        assertEquals(6, names.size());
        assertTrue(Files.readString(tables.resolve("a_b_3.h")).startsWith("/* Tensor \"a\"b\".\n   silu: "));
    }

    /** The ending of a file or --as says the format, also where the file is standard output. */
    @Test
    void theFormatIsAsAsked() throws IOException {
        Path file = folder.resolve("t.csv");
        Path plain = folder.resolve("t");
        ok(Shell.run("table", "--from", table, "--tensor", "act", "-o", file, "--as", "csv"));
        ok(Shell.run("table", "--from", table, "--tensor", "act", "-o", plain, "--as", "csv"));
        assertArrayEquals(Files.readAllBytes(file), Files.readAllBytes(plain));
        assertTrue(Files.readString(file).startsWith("input_code,"));
        Shell shell = Shell.run("table", "--from", table, "--tensor", "act", "-o", file, "--as", "json");
        assertEquals(2, shell.code(), shell::toString);
        assertEquals(
                "octant table: --as must say what -o ends in, csv, or be left out, was json",
                shell.err().strip());
    }

    @Test
    void aTensorsTableIsTheOneOfItsFile() throws IOException {
        Path file = folder.resolve("t.npy");
        ok(Shell.run("table", "--from", table, "--tensor", "act", "-o", file));
        byte[] codes = Arrays.readBytes(file, 256);
        int[] expected = expected("act");
        for (int i = 0; i < 256; i++) {
            assertEquals(expected[i], codes[i]);
        }
        String printed =
                ok(Shell.run("table", "--from", table, "--tensor", "act")).out();
        assertTrue(printed.startsWith("silu\ninput   "), printed);
    }

    @Test
    void codesAndBack() throws IOException {
        Path q = folder.resolve("q.npy");
        Path y = folder.resolve("y.npy");
        Path z = folder.resolve("z.npy");
        Path in = data.resolve("act.npy");
        ok(Shell.run("quantize", in, "--from", table, "--tensor", "act", "-o", q));
        ok(Shell.run("apply", q, "--from", table, "--tensor", "act", "-o", y));
        ok(Shell.run("dequantize", y, "--from", table, "--tensor", "act", "--op-output", "-o", z));
        float[] x = Arrays.readFloats(in, VALUES);
        byte[] codes = Arrays.readBytes(q, VALUES);
        float[] outputs = Arrays.readFloats(z, VALUES);
        Grid input = grid(entry("act").params());
        Grid output = grid(entry("act").consumer().orElseThrow().params());
        int[] ops = expected("act");
        for (int i = 0; i < VALUES; i++) {
            int code = Oracle.quantize(x[i], input);
            assertEquals(code, codes[i]);
            assertEquals(Oracle.dequantize(ops[code + 128], output), outputs[i]);
        }
        ok(Shell.run("dequantize", q, "--from", table, "--tensor", "plain", "-o", z));
        assertEquals(Oracle.dequantize(codes[0], grid(entry("plain").params())), Arrays.readFloats(z, 1)[0]);
    }

    @Test
    void ofOneTensorTheNameMayBeLeftOut() throws IOException {
        Path one = folder.resolve("one.json");
        ok(Shell.run("calibrate", data, "--tensors", "act", "--op", "silu", "--method", "consumer", "-o", one));
        Path named = folder.resolve("named.npy");
        Path unnamed = folder.resolve("unnamed.npy");
        Path in = data.resolve("act.npy");
        ok(Shell.run("quantize", in, "--from", one, "--tensor", "act", "-o", named));
        ok(Shell.run("quantize", in, "--from", one, "-o", unnamed));
        assertArrayEquals(Files.readAllBytes(named), Files.readAllBytes(unnamed));
        assertTrue(ok(Shell.run("table", "--from", one)).out().startsWith("silu\n"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "quantize IN --from T -o O|--tensor must say which tensor of T, one of act, b1 gate, .*, was missing",
                "quantize IN --from T --tensor atc -o O|--tensor must be one of T, .*, was 'atc'; did you mean act\\?",
                "quantize IN --tensor act -o O|--tensor must be given with --from, was without",
                "quantize IN --from T --tensor act --scale 1 -o O|--from must stand without --scale, .*",
                "quantize IN --from T --tensor act --type int8 -o O|--from must stand without --scale, .*",
                "quantize IN --scale 1 -o O|--zero-point must be given, was missing; --from .*",
                "quantize IN --scale 1 --zero-point 0 --op-output -o O|--op-output must be given with --from, .*",
                "quantize IN --from T --tensor plain --op-output -o O|T: tensor plain must have the op .*",
                "quantize IN --from IN --tensor plain -o O|IN: .*",
                "quantize IN --from T --tensor act -o T|T: file of -o must be no input, was the input T",
                "table --from T|--tensor must say which tensor of T, .*",
                "table silu --from T -o O|OP must not be given with --from, which says the op, was 'silu'",
                "table --from T --tensor plain|T: tensor plain must have the op that reads it, .*",
                "table --from T --input-scale 1 -o O|--from must stand without .*",
                "table --from T -o O --as bin|format of tables must be one of json, csv, npy, h, hex, was 'bin'",
                "table --from T -o IN|IN: output for tables of several tensors must be a folder, was a file",
                "table --from T -o O/O|O/O: folder above it must exist, was missing",
                "table --from T --tensor act -o O/|-o: output must be a file, was the folder 'O'",
                "table --from T --batch IN -o O|--batch must stand without OP, --from, --type, .*",
                "apply silu IN --from T --tensor act -o O|OP must not be given with --from, .*, was 'silu'",
                "apply IN -o O|IN.npy must be given, was missing",
                "apply silu -o O|IN.npy must be given, was missing",
                "apply -o O|OP and IN.npy must be given, or --from and IN.npy, were missing",
                "apply --from T --tensor act -o O|IN.npy must be given, was missing",
                "quantize --from T --tensor act -o O|IN.npy must be given, was missing",
                "dequantize --from T --tensor act -o O|IN.npy must be given, was missing",
                "apply sillu IN -o O|OP: op must be one of .*, was 'sillu'; did you mean silu\\?",
                "apply IN --from T --tensor plain -o O|T: tensor plain must have the op that reads it, .*",
            })
    void refusals(String words, String sentence) throws IOException {
        Path out = folder.resolve("O");
        Path in = data.resolve("act.npy");
        Object[] all = java.util.Arrays.stream(words.split(" "))
                .map(word -> switch (word) {
                    case "T" -> table;
                    case "IN" -> in;
                    case "O" -> out;
                    case "O/" -> out + "/";
                    case "O/O" -> out.resolve("O");
                    default -> word;
                })
                .toArray();
        byte[] before = Files.readAllBytes(table);
        Shell shell = Shell.run(all);
        assertEquals(2, shell.code(), shell::toString);
        String said = shell.err()
                .replace(out.toString(), "O")
                .replace(table.toString(), "T")
                .replace(in.toString(), "IN")
                .strip();
        assertTrue(said.matches("octant [a-z]+: " + sentence), said);
        assertFalse(Files.exists(out));
        assertArrayEquals(before, Files.readAllBytes(table));
    }
}
