// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.calibration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.core.QuantParams;
import dev.octant.core.QuantScheme;
import dev.octant.core.QuantType;
import dev.octant.core.RealRange;
import dev.octant.formats.FormatException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One odd tensor costs the others nothing: it is left out, or read as far as it goes, and that is said. */
class OddTensorsTest {
    @TempDir
    private Path folder;

    private TableImport read(CalibrationFormat format, String text) throws IOException {
        return read(format, text.getBytes(StandardCharsets.UTF_8));
    }

    private TableImport read(CalibrationFormat format, byte[] content) throws IOException {
        return format.read(Files.write(folder.resolve("table"), content), QuantType.INT8, QuantScheme.ASYMMETRIC);
    }

    private String refusal(CalibrationFormat format, String text) {
        return assertThrows(FormatException.class, () -> read(format, text)).getMessage();
    }

    private static List<String> names(TableImport read) {
        return List.copyOf(read.file().table().entries().keySet());
    }

    private static String tflite(String... graphs) {
        return "{subgraphs: [{tensors: [" + String.join("]}, {tensors: [", graphs) + "]}]}";
    }

    private static String tensor(String name, String quantization) {
        return "{type: \"INT8\", name: \"" + name + "\", quantization: {" + quantization + "}}";
    }

    private static final String GOOD = "scale: [0.5], zero_point: [-3]";

    private static final String NO_RANGE =
            "min and max not held, which are not the ends of one range; the range is that of the codes: 1 tensor (odd)";

    /** What of a quantization makes no parameters; the tensor beside it is read. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "scale: [0.0], zero_point: [0]   | with a scale of 0",
                "scale: [-0.0]                   | with a scale of 0",
                "scale: [-0.5]                   | with a scale below 0",
                "scale: [1e-39]                  | with a scale below the smallest normal float",
                "scale: [1e39]                   | with a scale that is not finite as a float",
                "scale: [NaN]                    | with a scale that is not finite as a float",
                "scale: [Infinity]               | with a scale that is not finite as a float",
                "scale: [0.5], zero_point: [200] | with a zero point that is no code of its type",
                "scale: [0.5], zero_point: [0.5] | with a zero point that is no code of its type",
                "scale: [0.5], zero_point: [NaN] | with a zero point that is no code of its type",
                "scale: [0.5], zero_point: [9223372036854775808] | with a zero point that is no code of its type",
                "scale: [0.5], zero_point: [1, 2] | with more than one zero point",
                "scale: []                       | without parameters of 8 bits",
                "scale: null                     | without parameters of 8 bits",
            })
    void tfliteLeavesOut(String quantization, String reason) throws IOException {
        String loss = "left out, " + reason + ": 1 tensor (odd)";
        TableImport read =
                read(CalibrationFormat.TFLITE, tflite(tensor("odd", quantization) + ", " + tensor("good", GOOD)));
        assertEquals(List.of("good"), names(read));
        assertEquals(
                QuantParams.of(QuantType.INT8, 0.5f, -3), read.file().table().params("good"));
        assertEquals(List.of(loss), read.losses());
        // Of it alone nothing is left.
        String refused = refusal(CalibrationFormat.TFLITE, tflite(tensor("odd", quantization)));
        assertTrue(refused.endsWith(" must have a tensor that is not left out, was without: " + loss), refused);
    }

    /** What of a quantization is no range costs the range only. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "min: [], max: []          | true",
                "min: []                   | true",
                "min: null, max: null      | true",
                "min: [-1.0]               | false",
                "max: [1.0], min: []       | false",
                "min: [3.0], max: [-1.0]   | false",
                "min: [NaN], max: [1.0]    | false",
                "min: [-1.0], max: [1e39]  | false",
                "min: [-1.0, 0.0], max: [1.0, 2.0] | false",
            })
    void tfliteIgnoresRanges(String range, boolean isNone) throws IOException {
        TableImport read = read(CalibrationFormat.TFLITE, tflite(tensor("odd", GOOD + ", " + range)));
        assertEquals(RealRange.of(-62.5, 65), read.file().table().entry("odd").range());
        assertEquals(
                QuantParams.of(QuantType.INT8, 0.5f, -3), read.file().table().params("odd"));
        assertEquals(isNone ? List.of() : List.of(NO_RANGE), read.losses());
    }

    @Test
    void tfliteWithoutTensorsInAGraph() throws IOException {
        String good = tflite(tensor("good", GOOD));
        for (String none : List.of("{}, ", "{tensors: []}, ", "{tensors: null}, ")) {
            assertEquals(
                    List.of("good"),
                    names(read(CalibrationFormat.TFLITE, good.replace("subgraphs: [", "subgraphs: [" + none))));
        }
        assertThrows(FormatException.class, () -> read(CalibrationFormat.TFLITE, "{subgraphs: [{}]}"));
    }

    /** The first of a name keeps it, and so does every other name of the file; who else has it, is renamed. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a;a                | a, a@1",
                "a,a                | a, a@0",
                "a,a,a              | a, a@0, a@0@1",
                "a,a@1;a            | a, a@1, a@1@1",
                "a;a,a@1            | a, a@1@1, a@1",
                "a;a;a,a@1          | a, a@1@1, a@2, a@1",
                "a,a@1@1;a,a@1,a    | a, a@1@1, a@1@2, a@1, a@1@3",
                "a@1;a;a            | a@1, a, a@2",
            })
    void tfliteRenames(String graphs, String expected) throws IOException {
        String[] texts = graphs.strip().split(";", -1);
        int count = 0;
        for (int i = 0; i < texts.length; i++) {
            StringBuilder tensors = new StringBuilder();
            for (String name : texts[i].split(",", -1)) {
                // Scales tell the tensors apart.
                tensors.append(tensors.isEmpty() ? "" : ", ").append(tensor(name, "scale: [" + ++count + "]"));
            }
            texts[i] = tensors.toString();
        }
        TableImport read = read(CalibrationFormat.TFLITE, tflite(texts));
        assertEquals(List.of(expected.split(", ", -1)), names(read));
        int met = 0;
        for (CalibrationTable.Entry entry : read.file().table().entries().values()) {
            assertEquals((float) ++met, entry.params().scale());
        }
        assertTrue(!read.losses().isEmpty()
                && read.losses().stream()
                        .allMatch(loss -> loss.startsWith("renamed by its subgraph, for an earlier ")));
    }

    /** Many equal names take the time of others. */
    @Test
    void tfliteOfEqualNames() throws IOException {
        int count = 20_000;
        String equal = (tensor("a", "scale: [1.0]") + ",").repeat(count);
        TableImport read = read(CalibrationFormat.TFLITE, tflite(equal + tensor("b", GOOD)));
        assertEquals(count + 1, names(read).size());
        assertEquals("a@0@" + (count - 2), names(read).get(count - 1));
    }

    private static final String AIMET_GOOD =
            "\"good\": [{\"bitwidth\": 8, \"dtype\": \"int\", \"is_symmetric\": \"False\", \"max\": 63.5,"
                    + " \"min\": -64.0, \"offset\": -128, \"scale\": 0.5}]";

    private static final String AIMET_LISTED =
            "{\"bw\": 8, \"dtype\": \"INT\", \"enc_type\": \"PER_TENSOR\", \"is_sym\": false, \"name\": \"good\","
                    + " \"offset\": [-128], \"scale\": [0.5]}";

    /** An encoding that was changed in one place makes no parameters; the tensor beside it is read. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0.5    | 0.0      | with a scale of 0",
                "0.5    | -0.5     | with a scale below 0",
                "0.5    | 1e-40    | with a scale below the smallest normal float",
                "0.5    | 1e200    | with a scale that is not finite as a float",
                "0.5    | 1e400    | with a scale that is not finite as a float",
                "0.5    | NaN      | with a scale that is not finite as a float",
                "-128   | 1        | with an offset that is no whole number within -255..0",
                "-128   | -256     | with an offset that is no whole number within -255..0",
                "-128   | -127.5   | with an offset that is no whole number within -255..0",
                "-128   | NaN      | with an offset that is no whole number within -255..0",
                "-128   | -1e99999 | with an offset that is no whole number within -255..0",
                "63.5   | 70.0     | with min and max more than a step away from the ends of its grid",
                "63.5   | -65.0    | with min and max more than a step away from the ends of its grid",
                "63.5   | Infinity | with min and max more than a step away from the ends of its grid",
                "63.5   | NaN      | with min and max more than a step away from the ends of its grid",
                "-128   | -114     | with min and max more than a step away from the ends of its grid",
            })
    void aimetLeavesOut(String part, String other, String reason) throws IOException {
        String odd = AIMET_GOOD.replace("good", "odd").replace(": " + part, ": " + other);
        List<String> losses = List.of("left out, " + reason + ": 1 tensor (odd)");
        for (String version : List.of("0.6.1", "0.6.2")) {
            TableImport read = read(
                    CalibrationFormat.AIMET,
                    "{\"version\": \"" + version + "\", \"activation_encodings\": {" + odd + ", " + AIMET_GOOD + "}}");
            assertEquals(List.of("good"), names(read));
            assertEquals(
                    QuantParams.of(QuantType.INT8, 0.5f, 0), read.file().table().params("good"));
            assertEquals(
                    RealRange.of(-64, 63.5), read.file().table().entry("good").range());
            assertEquals(losses, read.losses());
        }
        if (!reason.contains("min and max")) {
            String listed = AIMET_LISTED.replace("good", "odd").replace("[" + part, "[" + other);
            TableImport read = read(
                    CalibrationFormat.AIMET,
                    "{\"version\": \"1.0.0\", \"activation_encodings\": [" + listed + ", " + AIMET_LISTED + "]}");
            assertEquals(List.of("good"), names(read));
            assertEquals(losses, read.losses());
        }
    }

    @Test
    void aimetWithOddPartsOfAFile() throws IOException {
        String start = "{\"version\": \"0.6.2\", \"activation_encodings\": {";
        TableImport read = read(CalibrationFormat.AIMET, start + "\"none\": [], " + AIMET_GOOD + "}, \"p\": 0}");
        assertEquals(List.of("good"), names(read));
        assertEquals(List.of("left out, without an encoding: 1 tensor (none)"), read.losses());
        CalibrationTable.Entry good = read.file().table().entry("good");
        // A truth value as JSON has it; no parameters; only parameters; an end that is not known.
        for (String text : List.of(
                start + AIMET_GOOD.replace("\"False\"", "false") + "}}",
                start + AIMET_GOOD + "}, \"param_encodings\": null}",
                start.replace("activation", "param") + AIMET_GOOD + "}}",
                start + AIMET_GOOD.replace("63.5", "null") + "}}")) {
            assertEquals(
                    CalibrationFormat.AIMET, CalibrationFormat.ofContent(Files.writeString(folder.resolve("t"), text)));
            assertEquals(
                    good, read(CalibrationFormat.AIMET, text).file().table().entry("good"));
        }
        String symmetric =
                AIMET_GOOD.replace("good", "odd").replace("\"False\"", "true").replace("-128", "-126");
        assertEquals(
                List.of("left out, symmetric with an offset other than 0, -127 and -128: 1 tensor (odd)"),
                read(CalibrationFormat.AIMET, start + symmetric + ", " + AIMET_GOOD + "}}")
                        .losses());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "'y_scale': 0.5, 'y_zero_point': null    |",
                "'y_scale': 0.5, 'axis': null            |",
                "'y_scale': [0.5], 'y_zero_point': [0]   |",
                "'y_scale': 0.0                          | with a scale of 0",
                "'y_scale': -1                           | with a scale below 0",
                "'y_scale': 1e39                         | with a scale that is not finite as a float",
                "'y_scale': NaN                          | with a scale that is not finite as a float",
                "'y_scale': null                         | with more than one scale",
                "'y_scale': []                           | with more than one scale",
                "'y_scale': 0.5, 'y_zero_point': 256     | with a zero point that is no code of its type",
                "'y_scale': 0.5, 'y_zero_point': 1.5     | with a zero point that is no code of its type",
                "'y_scale': 0.5, 'y_zero_point': [0, 0]  | with more than one zero point",
            })
    void aimetTwoLeavesOut(String parameters, String reason) throws IOException {
        for (String version : List.of("2.0.0", "2.1.0")) {
            String text = "{'version': '" + version + "', 'encodings': [{'name': 'odd', 'output_dtype': 'uint8', "
                    + parameters + "}, {'name': 'good', 'output_dtype': 'int8', 'y_scale': 0.25}]}";
            TableImport read = read(CalibrationFormat.AIMET, text.replace('\'', '"'));
            assertEquals(
                    QuantParams.of(QuantType.INT8, 0.25f, 0),
                    read.file().table().params("good"));
            if (reason == null) {
                assertEquals(
                        QuantParams.of(QuantType.UINT8, 0.5f, 0),
                        read.file().table().params("odd"));
                assertEquals(List.of(), read.losses());
            } else {
                assertEquals(List.of("good"), names(read));
                assertEquals(List.of("left out, " + reason + ": 1 tensor (odd)"), read.losses());
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 throughout",
        "80000000, 0 throughout",
        "1, with a scale below the smallest normal float",
        "007fffff, with a scale below the smallest normal float",
        "bc010a14, with a scale below 0",
        "80000001, with a scale below 0",
        "7fc00000, with a scale that is not finite as a float",
        "7f800000, with a scale that is not finite as a float",
        "ff800000, with a scale that is not finite as a float"
    })
    void tensorRtLeavesOut(String bits, String reason) throws IOException {
        String loss = "left out, " + reason + ": 1 tensor (odd)";
        TableImport read = read(CalibrationFormat.TENSORRT, "TRT-8601-A\nodd: " + bits + "\ngood: 3f000000\n");
        assertEquals(List.of("good"), names(read));
        assertEquals(
                QuantParams.of(QuantType.INT8, 0.5f, 0), read.file().table().params("good"));
        assertEquals(List.of(loss), read.losses());
        String refused = refusal(CalibrationFormat.TENSORRT, "TRT-8601-A\nodd: " + bits + "\n");
        assertTrue(refused.endsWith(" must have a tensor that is not left out, was without: " + loss), refused);
    }

    @Test
    void tensorRtWithoutAName() throws IOException {
        TableImport read = read(CalibrationFormat.TENSORRT, "TRT-8601-A\n: 3f000000\ngood: 3f000000\na\tb: 1\n");
        assertEquals(List.of("good"), names(read));
        assertEquals(
                List.of(
                        "left out, without a name: 1 tensor",
                        "left out, with a name that cannot be printed: 1 tensor (a\\u0009b)"),
                read.losses());
    }

    /** Blank lines wherever they are, blanks where a line ends, and what begins a text; as editors leave them. */
    @Test
    void tensorRtWithBlanks() throws IOException {
        for (String text : List.of(
                "\nTRT-8601-A\ngood: 3f000000\n",
                "\r\n \t\r\nTRT-8601-A \r\ngood: 3f000000 \t\r\n  \r\n",
                "\uFEFF\nTRT-8601-A\n\ngood: 3f000000",
                "TRT-8601-A\ngood: 3f000000 ")) {
            Path file = Files.writeString(folder.resolve("t"), text);
            assertEquals(CalibrationFormat.TENSORRT, CalibrationFormat.ofContent(file));
            assertEquals(
                    QuantParams.of(QuantType.INT8, 0.5f, 0),
                    read(CalibrationFormat.TENSORRT, text).file().table().params("good"));
        }
        // Without a line end there may have been more digits.
        String cut = refusal(CalibrationFormat.TENSORRT, "TRT-8601-A\ngood: 3f000000\nodd: 0");
        assertTrue(cut.contains(", line 3 must be a name"), cut);
    }

    @ParameterizedTest
    @CsvSource({
        "nan, that is not finite as a float",
        "inf, that is not finite as a float",
        "-inf, that is not finite as a float",
        "NaN, that is not finite as a float",
        "Infinity, that is not finite as a float",
        "1e39, that is not finite as a float",
        "1e99999999999, that is not finite as a float",
        "-1.0, of 0 or below",
        "1e-46, of 0 or below"
    })
    void magnitudesLeftOut(String value, String reason) throws IOException {
        List<String> losses = List.of("left out, with a largest value " + reason + ": 1 tensor (odd)");
        String text = "odd " + value + "\ngood 63.5 \n";
        TableImport read = read(CalibrationFormat.ONNXRUNTIME_CACHE, text);
        assertEquals(List.of("good"), names(read));
        assertEquals(
                QuantParams.of(QuantType.INT8, 0.5f, 0), read.file().table().params("good"));
        assertEquals(losses, read.losses());
        byte[] bytes = TableText.flatBuffer("odd", value, "good", "63.5");
        assertEquals(
                losses, read(CalibrationFormat.ONNXRUNTIME_FLATBUFFERS, bytes).losses());
        assertEquals(
                CalibrationFormat.ONNXRUNTIME_CACHE,
                CalibrationFormat.ofContent(Files.writeString(folder.resolve("t"), text)));
    }

    @Test
    void magnitudesTooSmall() throws IOException {
        assertEquals(
                List.of("left out, with a scale below the smallest normal float: 1 tensor (odd)"),
                read(CalibrationFormat.ONNXRUNTIME_CACHE, "odd 1e-37\ngood 1\n").losses());
    }

    @ParameterizedTest
    @CsvSource({
        "-1.0, NaN, with a range that is not finite as floats",
        "-1.0, -Infinity, with a range that is not finite as floats",
        "-1.0, -1e999999999, with a range that is not finite as floats",
        "3.0, 1e39, with a range that is not finite as floats",
        "-1.0, 4.0, with a lowest value above the highest"
    })
    void onnxRuntimeLeavesOut(String part, String other, String reason) throws IOException {
        TableImport read = read(
                CalibrationFormat.ONNXRUNTIME,
                TableText.ONNXRUNTIME.replace("\"data\": " + part + ",", "\"data\": " + other + ","));
        assertEquals(List.of("/act/Sigmoid:out", "gr\u00f6\u00dfe", "wide"), names(read));
        assertEquals(List.of("left out, " + reason + ": 1 tensor (input)"), read.losses());
    }

    /** What no content tells is judged by the reader that its name calls for, not as JSON. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "t.onnxruntime.cache | a [3.5]     | ONNXRUNTIME_CACHE | line 1: value must be a decimal number, was",
                "t.onnxruntime.cache | a           | ONNXRUNTIME_CACHE | line 1 must be a name, a blank, a number",
                "t.onnxruntime.cache | ~~          | ONNXRUNTIME_CACHE | calibration cache must have a line, was empty",
                "t.onnxruntime.cache | a nan       | ONNXRUNTIME_CACHE | with a largest value that is not finite",
                "t.onnxruntime.cache | a inf       | ONNXRUNTIME_CACHE | with a largest value that is not finite",
                "t.cache             | a: 3c010a14 | TENSORRT          | line 1 must be TRT-<version>-<algorithm>",
                "t.flatbuffers       | text        | ONNXRUNTIME_FLATBUFFERS | must lie within the file",
            })
    void theNameTellsWhatContentDoesNot(String name, String text, CalibrationFormat format, String reason)
            throws IOException {
        Path file = Files.writeString(folder.resolve(name), text.isEmpty() ? text : text + "\n");
        assertEquals(format, CalibrationFormat.ofContent(file));
        String refused = assertThrows(
                        FormatException.class, () -> format.read(file, QuantType.INT8, QuantScheme.ASYMMETRIC))
                .getMessage();
        assertTrue(refused.contains(reason), refused);
        // JSON stays JSON, whatever it is called.
        Files.writeString(file, "\n " + TableText.TFLITE);
        assertEquals(CalibrationFormat.TFLITE, CalibrationFormat.ofContent(file));
    }
}
