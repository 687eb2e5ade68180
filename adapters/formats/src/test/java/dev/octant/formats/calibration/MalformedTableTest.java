// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.calibration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.core.QuantScheme;
import dev.octant.core.QuantType;
import dev.octant.formats.FormatException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Broken calibration tables of every format: one sentence with file and place, in bounded memory. */
class MalformedTableTest {
    /** What a refusal may allocate: so many bytes for each byte of the file, and a MiB for the parser's buffers. */
    private static final int BYTES_PER_BYTE = 96;

    private static final int FIXED = 1 << 20;
    private static final int MUTATIONS = 3000;

    @TempDir
    private Path folder;

    /** A file that differs in one place from a good one. */
    private static Arguments bad(CalibrationFormat format, String part, String other, String reason) {
        String good = TableText.text(format);
        int at = good.indexOf(part);
        assertTrue(at >= 0, part);
        return whole(format, good.substring(0, at) + other + good.substring(at + part.length()), reason);
    }

    private static Arguments whole(CalibrationFormat format, String text, String reason) {
        return raw(format, text.getBytes(StandardCharsets.UTF_8), reason);
    }

    private static Arguments raw(CalibrationFormat format, byte[] content, String reason) {
        return Arguments.of(format, reason, content);
    }

    private static final String LIMITS = "must have at most " + JsonText.MAX_TOKENS
            + " tokens, 500 levels, names and strings of 65536" + " characters and numbers of 1000, was with more";

    private static final String NOTHING_LEFT =
            ": calibration table must have a tensor that is not left out, was without: left out, ";

    /** What breaks any JSON. */
    private static Stream<Arguments> json(CalibrationFormat format, String name) {
        String good = TableText.text(format);
        byte[] notUtf8 = good.getBytes(StandardCharsets.ISO_8859_1);
        notUtf8[good.indexOf(name)] = (byte) 0xC0;
        return Stream.of(
                whole(format, "", "must be "),
                whole(format, " \n ", "must be "),
                whole(format, "null", "$ must be an object, was null"),
                whole(format, "[]", "$ must be an object, was []"),
                whole(format, "{}", "$ must have the field "),
                whole(format, "\"text\"", "$ must be an object, was \"text\""),
                whole(
                        format,
                        good.substring(0, good.length() / 2),
                        "must be JSON with each name of an object once, was broken at line"),
                whole(format, good + "{}", "must be JSON with each name of an object once, was broken at line"),
                whole(format, "[".repeat(100_000), LIMITS),
                whole(format, "{\"a\":".repeat(100_000), LIMITS),
                whole(format, "{\"a\": 1" + "0".repeat(100_000) + "}", LIMITS),
                whole(format, "[" + "0,".repeat(JsonText.MAX_TOKENS) + "0]", LIMITS),
                whole(format, "{\"" + "a".repeat(100_000) + "\": 1}", LIMITS),
                whole(format, "{\"a\": \"" + "a".repeat(100_000) + "\"}", LIMITS),
                whole(format, "{\"\\ud8\": 1}", "must be JSON with each name of an object once, was broken"),
                raw(format, new byte[] {0, 0, 0, 0}, "must be JSON with each name of an object once, was broken"),
                raw(format, new byte[] {0, 0, 'x', 0}, "must be JSON with each name of an object once, was broken"),
                raw(format, new byte[] {0, '{', 0, 0}, "must be JSON with each name of an object once, was broken"),
                raw(format, new byte[1000], "must be JSON with each name of an object once, was broken"),
                raw(format, notUtf8, "must be JSON with each name of an object once, was broken at line"));
    }

    static Stream<Arguments> octant() {
        CalibrationFormat format = CalibrationFormat.OCTANT;
        String tensor =
                TableText.OCTANT.substring(TableText.OCTANT.indexOf('[') + 1, TableText.OCTANT.lastIndexOf(']'));
        return Stream.concat(
                json(format, "act"),
                Stream.of(
                        bad(format, "1,", "2,", "$.schema must be 1, was 2"),
                        bad(
                                format,
                                tensor,
                                tensor + "," + tensor,
                                "$.tensors[1].name must be a name that no tensor before"),
                        bad(
                                format,
                                "3b808081",
                                "7fc00000",
                                "$.tensors[0].scale.bits must be the bits of a finite number"),
                        bad(format, "0.003921569", "NaN", "must be JSON with each name of an object once, was broken"),
                        bad(format, "0.003921569", "-0.003921569", "$.tensors[0].scale.value must be"),
                        bad(format, "0.003921569", "1e-999999999", "$.tensors[0].scale.value must be"),
                        bad(format, "0.003921569", "1e999999999", "$.tensors[0].scale.value must be"),
                        bad(format, "3b808081", "00000001", "$.tensors[0].scale.value must be 1.4E-45"),
                        bad(
                                format,
                                "0.003921569,\n      \"bits\" : \"3b808081\"",
                                "0, \"bits\" : \"00000000\"",
                                "$.tensors[0]: scale must be a positive normal float"),
                        bad(format, "3b808081", "zb808081", "8 hexadecimal digits"),
                        bad(format, "-128", "-129", "zero point must be within -128..127"),
                        bad(format, "9f86", "9F86", "digest must be 64 hexadecimal digits in lower case"),
                        bad(format, "9f86", "9f8", "digest must be 64 hexadecimal digits in lower case"),
                        bad(format, "\"9f86", "7, \"d\" : \"9f86", "$.tensors[0].observed must have the fields values"),
                        bad(
                                format,
                                "\"values\" : 6",
                                "\"values\" : 1e3",
                                "$.tensors[0].observed.values must be a whole number from -2^63 to 2^63 - 1, in digits"
                                        + " only, was 1E+3"),
                        bad(
                                format,
                                "\"act\"",
                                "\"\\ud800\"",
                                "must be text without control characters and halves of characters"),
                        bad(
                                format,
                                "\"observed\" : {",
                                "\"observed\" : null, \"o\" : {",
                                "$.tensors[0] must have the fields")));
    }

    static Stream<Arguments> tensorrt() {
        CalibrationFormat format = CalibrationFormat.TENSORRT;
        return Stream.of(
                whole(format, "", ", line 1 must be TRT-<version>-<algorithm>, was ''"),
                whole(format, "\n", ", line 1 must be TRT-<version>-<algorithm>, was ''"),
                whole(format, "input: 3c010a14\n", ", line 1 must be TRT-<version>-<algorithm>, was 'input"),
                bad(format, "TRT-", "trt-", ", line 1 must be"),
                bad(format, "8205", "", ", line 1 must be"),
                bad(format, "8205", "8XXX", ", line 1 must be"),
                bad(format, "8205", "-1", ", line 1 must be"),
                bad(format, "8205", "82050000000000000000", ", line 1 must be"),
                bad(format, "EntropyCalibration2", "", ", line 1 must be"),
                bad(format, "EntropyCalibration2", "x".repeat(1 << 20), ", line 1 must be"),
                bad(format, "EntropyCalibration2\n", "EntropyCalibration2 ", ", line 1 must be"),
                whole(format, "\n \r\ninput: 3c010a14\n", ", line 3 must be TRT-<version>-<algorithm>, was 'input"),
                whole(format, "TRT-1-A\na: bc010a14\n", NOTHING_LEFT + "with a scale below 0: 1 tensor (a)"),
                whole(format, "TRT-1-A\na: 7fc00000\n", NOTHING_LEFT + "with a scale that is not finite as a float"),
                bad(format, "3c010a14", "3c01 a14", ", line 2 must be a name, ': ' and 1 to 8 hexadecimal digits"),
                whole(format, "TRT-1-A\na: 3c010a1 ", ", line 2 must be a name"),
                bad(format, "3c010a14", "3c010a140", ", line 2 must be a name"),
                bad(format, "3c010a14", "0x3c010a14", ", line 2 must be a name"),
                bad(format, "3c010a14", "3c010a1g", ", line 2 must be a name"),
                bad(format, "3c010a14", "+c010a14", ", line 2 must be a name"),
                bad(format, "3c010a14", "0.0078759", ", line 2 must be a name"),
                bad(format, "3c010a14", "", ", line 2 must be a name"),
                bad(format, "3c010a14\n", "\n3c010a14\n", ", line 2 must be a name"),
                bad(format, ": 3c010a14", " 3c010a14", ", line 2 must be a name"),
                bad(format, ": 3c010a14", ":3c010a14", ", line 2 must be a name"),
                bad(
                        format,
                        "block::conv: 1",
                        "input",
                        ", line 3 must have a name that no line before has, was 'input'"),
                bad(format, "input: ", "\n", ", line 3 must be a name"),
                whole(format, TableText.TENSORRT + "\u202e\0", ", line 4 must be a name"),
                raw(format, TableText.TENSORRT.getBytes(StandardCharsets.UTF_16LE), ", line 1 must be"),
                raw(format, "TRT-1-A\n\u00e9: 3c010a14\n".getBytes(StandardCharsets.ISO_8859_1), "must be UTF-8 text"),
                raw(format, Arrays.copyOf(TableText.TENSORRT.getBytes(StandardCharsets.UTF_8), 60), ", line 3 must be"),
                whole(format, "TRT-1-A\na: 3c010a1", ", line 2 must be a name"),
                whole(format, "TRT-1-A\n" + "a: 3c010a14\n".repeat(1 << 16), ", line 3 must have a name"));
    }

    static Stream<Arguments> onnxruntime() {
        CalibrationFormat format = CalibrationFormat.ONNXRUNTIME;
        String first = "$.data['input']";
        return Stream.concat(
                json(format, "gr"),
                Stream.of(
                        bad(format, "TensorsData", "TensorData", "$.CLS must be TensorsData, was \"TensorData\""),
                        bad(format, "\"TensorsData\"", "7", "$.CLS must be a string, was 7"),
                        bad(format, "\"data\": {\"input\"", "\"d\": {\"input\"", "$ must have the field data"),
                        whole(
                                format,
                                "{\"CLS\": \"TensorsData\", \"calibration_method\": {\"CLS\": \"CalibrationMethod\","
                                        + " \"value\": \"CalibrationMethod.MinMax\"}, \"data\": []}",
                                "$.data must be an object"),
                        bad(
                                format,
                                "\"wide\"",
                                "\"input\"",
                                "must be JSON with each name of an object once, was broken"),
                        bad(format, "-1.0", "\"-1.0\"", first + ".lowest.data must be a finite number, was \"-1.0\""),
                        bad(format, "-1.0", "null", first + ".lowest.data must be a finite number"),
                        bad(format, "-1.0", "[]", first + ".lowest.data must be an array of one item, was []"),
                        bad(
                                format,
                                "-1.0",
                                "[[[[\"a\"]]]]",
                                first + ".lowest.data[0][0][0][0] must be a finite number"),
                        bad(format, "float32", "float64", first + ".lowest.dtype must be float32 or float16"),
                        bad(format, "numpy.array", "numpy.matrix", first + ".lowest.CLS must be numpy.array"),
                        bad(format, "\"lowest\"", "\"low\"", first + " must have the field lowest"),
                        bad(format, "-1.0", "{}", first + ".lowest.data must be a finite number, was {}"),
                        bad(
                                format,
                                "CalibrationMethod.MinMax",
                                "CalibrationMethod.Max",
                                "$.calibration_method.value must be"),
                        bad(format, "CalibrationMethod.MinMax", "MinMax", "$.calibration_method.value must be"),
                        bad(format, "\"calibration_method\"", "\"method\"", "$ must have the field calibration_method"),
                        bad(format, "false", "0", "$.smooth_quant must be true or false, was 0")));
    }

    static Stream<Arguments> onnxruntimeCache() {
        CalibrationFormat format = CalibrationFormat.ONNXRUNTIME_CACHE;
        return Stream.of(
                whole(format, "", ": calibration cache must have a line, was empty"),
                bad(format, "input 3.0", "input", ", line 3 must be a name, a blank, a number and a line end, was"),
                bad(format, "input 3.0", "input\t3.0", ", line 3 must be a name"),
                bad(format, "input 3.0", "input ", ", line 3 must be a name"),
                bad(format, "3.0\n", "3.0", ", line 3 must be a name, a blank, a number and a line end, was"),
                bad(format, "3.0\n", "3.", ", line 3 must be a name, a blank, a number and a line end, was"),
                whole(format, "a nan\n", NOTHING_LEFT + "with a largest value that is not finite as a float: 1 tensor"),
                bad(format, "3.0", "[3.0]", ", line 3: value must be a decimal number, was '[3.0]'"),
                bad(format, "3.0", "nano", ", line 3: value must be a decimal number, was 'nano'"),
                bad(format, "3.0", "3.0f", ", line 3: value must be a decimal number"),
                bad(format, "3.0", "0x1p3", ", line 3: value must be a decimal number"),
                bad(format, "3.0", "3,0", ", line 3: value must be a decimal number"),
                bad(format, "3.0", ".", ", line 3: value must be a decimal number"),
                bad(format, "3.0", "3.0e", ", line 3: value must be a decimal number"),
                bad(format, "3.0", "0." + "3".repeat(100), ", line 3: value must be a decimal number"),
                bad(format, "conv::1", "a b", ", line 2: name must be one that no tensor before has, was 'a b'"),
                whole(format, "a".repeat(1 << 17), ", line 1 must be at most 65536 characters long"),
                raw(format, "\u00e9 1\n".getBytes(StandardCharsets.ISO_8859_1), "must be UTF-8 text"),
                raw(format, TableText.ONNXRUNTIME_CACHE.getBytes(StandardCharsets.UTF_16LE), ", line 1"),
                whole(format, TableText.TENSORRT, ", line 1 must be a name, a blank"),
                whole(format, "a 1.0\n".repeat(1 << 16), ", line 2: name must be one that no tensor before has"));
    }

    /** The good FlatBuffer with four bytes at a place that others lead to. */
    private static Arguments bent(int at, int value, String reason) {
        byte[] content = TableText.of(CalibrationFormat.ONNXRUNTIME_FLATBUFFERS);
        return raw(CalibrationFormat.ONNXRUNTIME_FLATBUFFERS, put(content, at, value), reason);
    }

    private static byte[] put(byte[] content, int at, int value) {
        ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN).putInt(at, value);
        return content;
    }

    private static int at(byte[] content, int at) {
        return ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN).getInt(at);
    }

    static Stream<Arguments> onnxruntimeFlatBuffers() {
        CalibrationFormat format = CalibrationFormat.ONNXRUNTIME_FLATBUFFERS;
        byte[] good = TableText.of(format);
        String lie = " must lie within the file of " + good.length + " bytes, was of ";
        int root = at(good, 0);
        int dict = root + Integer.BYTES + at(good, root + Integer.BYTES);
        int pair = dict + Integer.BYTES + at(good, dict + Integer.BYTES);
        int places = pair - at(good, pair);
        // The key's place in the table is the first of the list behind its two lengths.
        int first = pair + good[places + 4];
        int name = first + at(good, first);
        String start = ": calibration table must begin with the place of its root, 4 to 2^31 - 1, as a FlatBuffer";
        return Stream.of(
                raw(format, new byte[0], start),
                raw(format, new byte[3], start),
                raw(format, new byte[4], start),
                raw(format, new byte[1000], start),
                whole(format, "{}", start),
                whole(format, TableText.ONNXRUNTIME, ", root must lie within the file of "),
                bent(0, -1, start),
                bent(0, 3, start),
                bent(0, Integer.MAX_VALUE, ", root" + lie + "4 at 2147483647"),
                bent(0, good.length - 3, ", root" + lie),
                bent(root, Integer.MAX_VALUE, ", root" + lie),
                bent(root, Integer.MIN_VALUE, ", root" + lie),
                bent(root, root + 1, ", root" + lie + "4 at -1"),
                bent(root + 4, -1, ", root.dict" + lie),
                bent(dict, -1, ", dict" + lie + "4294967295 at " + dict),
                bent(dict, good.length / 4, ", dict" + lie),
                bent(dict + 4, -1, ", dict[0]" + lie),
                bent(dict + 4, good.length, ", dict[0]" + lie),
                bent(pair, -good.length, ", dict[0]" + lie),
                bent(places, 0xFFFF, ", dict[0]" + lie + "65535 at " + places),
                bent(places, 4, ", dict[0] must have a key, was without it"),
                bent(places + 4, 0, ", dict[0] must have a key, was without it"),
                bent(places + 4, 0xFFFF, ", dict[0]" + lie),
                bent(first, -1, ", dict[0].key" + lie),
                bent(name, good.length, ", dict[0].key" + lie),
                bent(name, -1, ", dict[0].key" + lie),
                bent(name + 4, 0x80808080, ", dict[0].key must be UTF-8 text"),
                raw(format, Arrays.copyOf(good, good.length / 2), lie.substring(0, 10)),
                raw(
                        format,
                        TableText.flatBuffer("a", "1", "a", "2"),
                        ", dict[1]: name must be one that no tensor before"),
                raw(format, TableText.flatBuffer("a", "nan"), NOTHING_LEFT + "with a largest value that is not finite"),
                raw(format, TableText.flatBuffer("a", ""), ", dict[0]: value must be a decimal number"),
                raw(format, TableText.flatBuffer("a", "1\0"), ", dict[0]: value must be a decimal number"),
                raw(
                        format,
                        TableText.flatBuffer("a", "1".repeat(2000)),
                        ", dict[0].value must have at most 1024 bytes"),
                raw(
                        format,
                        TableText.flatBuffer("x".repeat(1 << 19), "1"),
                        ", dict[0].key must have at most 262144 bytes, was of 524288"));
    }

    /** Many tensors whose offsets lead to the same few places: a file is no more than its bytes. */
    @Test
    void sharedPartsOfAFlatBufferTakeBoundedMemory() throws IOException {
        CalibrationFormat format = CalibrationFormat.ONNXRUNTIME_FLATBUFFERS;
        byte[] pairs = TableText.flatBuffer("x".repeat(1 << 18), "1");
        int root = at(pairs, 0);
        int dict = root + Integer.BYTES + at(pairs, root + Integer.BYTES);
        int pair = dict + Integer.BYTES + at(pairs, dict + Integer.BYTES);
        // A second dictionary at the end, of which every item is the one pair: offsets lead forward only, so the
        // pair is written there, too, and its key leads to itself.
        int count = 1 << 16;
        byte[] content = Arrays.copyOf(pairs, pairs.length + 4 + 4 * count + pairs.length);
        int list = pairs.length;
        int copy = list + 4 + 4 * count;
        System.arraycopy(pairs, 0, content, copy, pairs.length);
        put(content, root + 4, list - root - 4);
        put(content, list, count);
        for (int i = 0; i < count; i++) {
            put(content, list + 4 + 4 * i, copy + pair - (list + 4 + 4 * i));
        }
        Path file = Files.write(folder.resolve("shared"), content);
        FormatException refused = assertThrows(FormatException.class, () -> read(format, file));
        assertTrue(
                refused.getMessage().contains("dict[1]: name must be one that no tensor before"), refused.getMessage());
        assertBoundedMemory(format, file);
    }

    static Stream<Arguments> aimet() {
        CalibrationFormat format = CalibrationFormat.AIMET;
        String first = "$.activation_encodings['20'][0]";
        String listed = TableText.AIMET_LISTED;
        String item = "$.activation_encodings[0]";
        return Stream.of(
                        json(format, "conv"),
                        Stream.of(
                                bad(
                                        format,
                                        "0.6.1",
                                        "2.0.0",
                                        "$.version must be 0.4.0, 0.5.0, 0.5.1, 0.6.1, 0.6.2 or 1.0.0"),
                                bad(format, "\"0.6.1\"", "0.61", "$.version must be a string, was 0.61"),
                                bad(format, "0.6.1", "1.0.0", "$.activation_encodings must be an array"),
                                bad(format, "\"param_encodings\": {}", "\"param_encodings\": []", "must be an object"),
                                bad(
                                        format,
                                        "\"conv.weight\"",
                                        "\"20\"",
                                        "must be JSON with each name of an object once, was broken"),
                                bad(
                                        format,
                                        "\"param_encodings\": {}",
                                        "\"param_encodings\": {\"20\": [{}]}",
                                        "must be of a tensor that no encoding before is of"),
                                bad(
                                        format,
                                        "\"bitwidth\": 8",
                                        "\"bitwidth\": \"8\"",
                                        first + ".bitwidth must be a whole number from -2^31 to 2^31 - 1, was \"8\""),
                                bad(
                                        format,
                                        "\"bitwidth\": 8",
                                        "\"bitwidth\": 8.5",
                                        first + ".bitwidth must be a whole"),
                                bad(format, "\"bitwidth\"", "\"bw\"", first + " must have the field bitwidth"),
                                bad(format, "\"int\"", "\"INT\"", first + ".dtype must be int or float"),
                                bad(format, "\"False\"", "0", first + ".is_symmetric must be a string"),
                                bad(format, "\"False\"", "\"false\"", first + ".is_symmetric must be True or False"),
                                bad(
                                        format,
                                        "0.018501389771699905",
                                        "[0.0185]",
                                        first + ".scale must be a finite number"),
                                bad(format, "\"20\": [", "\"20\": [[]], \"21\": [", "must be an object, was []"),
                                bad(
                                        format,
                                        "\"20\": [",
                                        "\"20\": {}, \"21\": [",
                                        "must be an array of one item, was {}")),
                        Stream.of(
                                whole(
                                        format,
                                        listed.replace("\"20\"", "\"relu\""),
                                        "must be a name that no encoding before"),
                                whole(format, listed.replace("\"20\"", "20"), item + ".name must be a string, was 20"),
                                whole(
                                        format,
                                        listed.replace("-114", "-114, 0"),
                                        item + ".offset must be an array of one item"),
                                whole(
                                        format,
                                        listed.replace("false", "\"no\""),
                                        item + ".is_sym must be True or False"),
                                whole(
                                        format,
                                        listed.replace("\"dtype\": \"INT\"", "\"dtype\": 1"),
                                        ".dtype must be a string"),
                                whole(
                                        format,
                                        listed.replace("\"enc_type\"", "\"enc\""),
                                        " must have the field enc_type")))
                .flatMap(cases -> cases);
    }

    static Stream<Arguments> tflite() {
        CalibrationFormat format = CalibrationFormat.TFLITE;
        String tensor = "$.subgraphs[0].tensors[0]";
        String first = tensor + ".quantization";
        return Stream.concat(
                json(format, "act"),
                Stream.of(
                        bad(format, "\"subgraphs\": [", "\"subgraphs\": {}, \"s\": [", "$.subgraphs must be an array"),
                        bad(
                                format,
                                "\"subgraphs\": [",
                                "\"subgraphs\": [7,",
                                "$.subgraphs[0] must be an object, was 7"),
                        bad(format, "\"INT8\"", "9", tensor + ".type must be a string, was 9"),
                        bad(format, "\"act\"", "[\"act\"]", tensor + ".name must be a string"),
                        bad(
                                format,
                                "\"name\": \"act\"",
                                "\"name\": \"a\", \"name\": \"b\"",
                                "must be JSON with each name of an object once, was broken"),
                        bad(
                                format,
                                "\"quantization\": {",
                                "\"quantization\": [], \"q\": {",
                                first + " must be an object"),
                        bad(format, "0.015686275", "\"0.0156\"", first + ".scale[0] must be a finite number"),
                        bad(format, "0.015686275", "0.0", NOTHING_LEFT + "with a scale of 0: 1 tensor (act)"),
                        bad(format, "\"scale\": [", "\"scale\": {}, \"s\": [", first + ".scale must be an array"),
                        bad(format, "-64", "-129", NOTHING_LEFT + "with a zero point that is no code of its type"),
                        bad(format, "-64", "\"0\"", first + ".zero_point[0] must be a finite number"),
                        bad(format, "-1.0", "\"4\"", first + ".min[0] must be a finite number"),
                        bad(format, "\"max\": [", "\"max\": {}, \"m\": [", first + ".max must be an array")));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource({"octant", "tensorrt", "onnxruntime", "onnxruntimeCache", "onnxruntimeFlatBuffers", "aimet", "tflite"
    })
    void isRefusedInOneSentence(CalibrationFormat format, String reason, byte[] content) throws IOException {
        Path file = Files.write(folder.resolve("bad table"), content);
        FormatException refused = assertThrows(FormatException.class, () -> read(format, file));
        assertSentence(refused, file);
        assertTrue(refused.getMessage().contains(reason), refused.getMessage());
        assertBoundedMemory(format, file);
    }

    /** The least of some runs counts: now and then the JVM links or compiles something at the cost of the thread. */
    private static void assertBoundedMemory(CalibrationFormat format, Path file) throws IOException {
        com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        // Of a cache of ONNX Runtime, whose lines have four bytes at the least, twice as many.
        int perByte = format == CalibrationFormat.ONNXRUNTIME_CACHE ? 2 * BYTES_PER_BYTE : BYTES_PER_BYTE;
        long bound = FIXED + perByte * Files.size(file);
        long least = Long.MAX_VALUE;
        for (int run = 0; run < 10 && least >= bound; run++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            try {
                read(format, file);
            } catch (FormatException e) {
                assertSentence(e, file);
            }
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        assertTrue(least < bound, least + " bytes allocated for " + Files.size(file));
    }

    private static TableImport read(CalibrationFormat format, Path file) throws IOException {
        return format.read(file, QuantType.INT8, QuantScheme.ASYMMETRIC);
    }

    private static void assertSentence(FormatException e, Path file) {
        String message = e.getMessage();
        assertTrue(message.startsWith(file + ": ") || message.startsWith(file + ", "), message);
        assertTrue(message.contains(" must ") && message.contains(", was "), message);
        assertTrue(message.chars().noneMatch(Character::isISOControl), message);
        assertTrue(message.length() < 700 + file.toString().length(), message);
    }

    /** Files that make as much of each byte as they can, of one MiB: refused, or read, in the memory that is stated. */
    @ParameterizedTest
    @EnumSource
    void hostileFilesTakeBoundedMemory(CalibrationFormat format) throws IOException {
        String good = new String(TableText.of(format), StandardCharsets.ISO_8859_1);
        int length = 1 << 20;
        for (String hostile : new String[] {
            "[" + "[],".repeat(length / 3) + "0]",
            "[" + "{},".repeat(length / 3) + "0]",
            "[" + "0,".repeat(length / 2) + "0]",
            "{\"a\": [" + "[[[[[]]]]],".repeat(length / 11) + "0]}",
            "\"" + "\\u0041".repeat(length / 6) + "\"",
            fields(length),
            good.substring(0, good.length() / 2) + "x".repeat(length),
            good.replace("}", " ".repeat(length) + "}"),
            "TRT-1-A\n" + lines(length),
            lines(length).replace(": 3c010a14", " 1")
        }) {
            Path file = Files.writeString(folder.resolve("hostile"), hostile, StandardCharsets.ISO_8859_1);
            assertBoundedMemory(format, file);
        }
    }

    /**
     * The names of a long file are not kept for those that are read after it. A parser that keeps them forgets them
     * all at some number above 40,000, which changes from run to run, and then keeps the room that they took.
     */
    @ParameterizedTest
    @EnumSource(names = {"OCTANT", "ONNXRUNTIME", "AIMET", "TFLITE"})
    void aLongFileCostsTheFilesAfterItNothing(CalibrationFormat format) throws IOException {
        for (int names = 44_000; names < 56_000; names += 700) {
            Path hostile = Files.writeString(folder.resolve("hostile"), fields(names * 9));
            assertThrows(FormatException.class, () -> read(format, hostile));
            // Broken, so that a parser does not learn its names.
            String newNames = "{\"a" + names + "\": {\"b" + names + "\": 1}]";
            assertBoundedMemory(format, Files.writeString(folder.resolve("after"), newNames));
        }
    }

    private static String fields(int length) {
        StringBuilder text = new StringBuilder("{");
        for (int i = 0; text.length() < length; i++) {
            text.append('"').append(Integer.toString(i, 36)).append("\":{},");
        }
        return text.append("\"\":0}").toString();
    }

    private static String lines(int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; text.length() < length; i++) {
            text.append(Integer.toString(i, 36)).append(": 3c010a14\n");
        }
        return text.toString();
    }

    /** Whatever is read can be written for every tool, or is refused with a sentence. */
    @ParameterizedTest
    @EnumSource
    void damagedBytesEndInOneSentenceOrInATable(CalibrationFormat format) throws IOException {
        byte[] good = TableText.of(format);
        Path file = folder.resolve("damaged");
        int read = 0;
        for (int seed = 0; seed < MUTATIONS; seed++) {
            Files.write(file, damaged(good, new Random(seed)));
            try {
                CalibrationFormat.ofContent(file);
            } catch (FormatException e) {
                assertSentence(e, file);
            }
            TableImport table;
            try {
                table = read(format, file);
            } catch (FormatException e) {
                assertSentence(e, file);
                continue;
            }
            read++;
            for (CalibrationFormat other : CalibrationFormat.values()) {
                try {
                    assertNotEquals(0, other.export(table.file()).content().length);
                } catch (IllegalArgumentException e) {
                    assertTrue(e.getMessage().contains(" must be "), "seed " + seed + ": " + e.getMessage());
                }
            }
        }
        assertTrue(read > 0 && read < MUTATIONS, read + " of " + MUTATIONS + " were read");
    }

    /** One to four bytes changed, left out, put in, or repeated. */
    private static byte[] damaged(byte[] good, Random random) {
        byte[] bytes = good;
        for (int i = random.nextInt(4); i >= 0; i--) {
            int at = random.nextInt(bytes.length);
            int length = Math.min(bytes.length - at, 1 + random.nextInt(random.nextInt(4) == 0 ? 200 : 4));
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            out.write(bytes, 0, at);
            switch (random.nextInt(5)) {
                case 0 -> out.write(random.nextInt(256));
                case 1 -> out.write("0123456789-+.eE\"{}[],:\\ ".charAt(random.nextInt(24)));
                case 2 -> {
                    out.write(bytes, at, length);
                    out.write(bytes, at, length);
                }
                case 3 -> out.write(bytes, random.nextInt(bytes.length - length + 1), length);
                default -> length = Math.min(length, bytes.length - 1);
            }
            out.write(bytes, at + length, bytes.length - at - length);
            bytes = out.size() == 0 ? good : out.toByteArray();
        }
        return bytes;
    }

    @Test
    void filesThatAreTooLongAreNotRead() throws IOException {
        Path file = folder.resolve("long");
        try (var channel = java.nio.channels.FileChannel.open(
                file, java.nio.file.StandardOpenOption.CREATE, java.nio.file.StandardOpenOption.WRITE)) {
            channel.write(java.nio.ByteBuffer.wrap(new byte[1]), CalibrationFile.MAX_BYTES);
        }
        for (CalibrationFormat format : CalibrationFormat.values()) {
            FormatException refused = assertThrows(FormatException.class, () -> read(format, file));
            assertEquals(
                    file + ": calibration table must have at most 1073741824 bytes, was longer", refused.getMessage());
        }
    }
}
