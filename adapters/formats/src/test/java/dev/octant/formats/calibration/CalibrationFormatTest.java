// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.calibration;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.core.QuantParams;
import dev.octant.core.QuantScheme;
import dev.octant.core.QuantType;
import dev.octant.core.RealRange;
import dev.octant.formats.FormatException;
import dev.octant.observers.ValueCounts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What each format holds, on files whose content is known. */
class CalibrationFormatTest {
    @TempDir
    private Path folder;

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("table"), text);
    }

    private TableImport read(CalibrationFormat format, String text) throws IOException {
        return read(format, text.getBytes(StandardCharsets.UTF_8));
    }

    private TableImport read(CalibrationFormat format, byte[] content) throws IOException {
        return format.read(Files.write(folder.resolve("table"), content), QuantType.INT8, QuantScheme.ASYMMETRIC);
    }

    private static CalibrationTable.Entry entry(double min, double max, QuantParams params, String method) {
        return new CalibrationTable.Entry(RealRange.of(min, max), params, method, ValueCounts.NONE);
    }

    private static QuantParams int8(float scale, int zeroPoint) {
        return QuantParams.of(QuantType.INT8, scale, zeroPoint);
    }

    private static CalibrationFile table(CalibrationTable.Entry... entries) {
        Map<String, CalibrationTable.Entry> named = new LinkedHashMap<>();
        for (int i = 0; i < entries.length; i++) {
            named.put("t" + i, entries[i]);
        }
        return new CalibrationFile("octant 0.1.0", Optional.empty(), CalibrationTable.of(named));
    }

    @Test
    void tensorRt() throws IOException {
        TableImport read = read(CalibrationFormat.TENSORRT, TableText.TENSORRT);
        assertEquals(List.of(), read.losses());
        assertEquals("TensorRT 8205", read.file().tool());
        // 3c010a14: 0.0078759, the largest magnitude 1.00024; 3d4ccccd is the float of 0.05.
        CalibrationTable.Entry input = read.file().table().entry("input");
        assertEquals(int8(Float.intBitsToFloat(0x3c010a14), 0), input.params());
        assertEquals(1.00024, input.range().max(), 5e-6);
        assertEquals(-input.range().max(), input.range().min());
        assertEquals("tensorrt(EntropyCalibration2)", input.method());
        assertEquals(int8(0.05f, 0), read.file().table().params("block::conv: 1"));
        assertEquals(ValueCounts.NONE, input.values());
    }

    /** As TensorRT writes it, which leaves out zeros in front, and as editors leave it. */
    @Test
    void tensorRtOfTensorsThatWereZero() throws IOException {
        TableImport read = read(
                CalibrationFormat.TENSORRT,
                "\uFEFFTRT-8401-EntropyCalibration2\n\ninput: 3caa54fc\r\n366: 0\n368: 00000000\nsmall: 800000\n\n");
        assertEquals(List.of("left out, 0 throughout: 2 tensors (366, 368)"), read.losses());
        assertEquals(
                Map.of("input", int8(Float.intBitsToFloat(0x3caa54fc), 0), "small", int8(Float.MIN_NORMAL, 0)),
                read.file().table().entries().entrySet().stream()
                        .collect(Collectors.toMap(
                                Map.Entry::getKey, entry -> entry.getValue().params())));
    }

    @Test
    void onnxRuntime() throws IOException {
        CalibrationFile file =
                read(CalibrationFormat.ONNXRUNTIME, TableText.ONNXRUNTIME).file();
        // Scale and zero point of (-1, 3): 4 / 255, by compute_scale_zp of onnxruntime.quantization.
        assertEquals(
                entry(-1, 3, int8(0x1.010102p-6f, -64), "onnxruntime(MinMax)"),
                file.table().entry("input"));
        assertEquals(RealRange.of(-0.1f, 1e-5f), file.table().entry("größe").range());
        assertEquals(Optional.of(QuantScheme.ASYMMETRIC), file.scheme());
        CalibrationFile unsigned = CalibrationFormat.ONNXRUNTIME
                .read(file(TableText.ONNXRUNTIME), QuantType.UINT8, QuantScheme.ASYMMETRIC)
                .file();
        assertEquals(
                QuantParams.of(QuantType.UINT8, 0x1.010102p-6f, 64),
                unsigned.table().params("input"));
        CalibrationFile symmetric = CalibrationFormat.ONNXRUNTIME
                .read(file(TableText.ONNXRUNTIME), QuantType.INT8, QuantScheme.SYMMETRIC)
                .file();
        assertEquals(int8(0x1.83060cp-6f, 0), symmetric.table().params("input"));
    }

    @Test
    void onnxRuntimeSaysWhatIsNotRead() throws IOException {
        String text = TableText.ONNXRUNTIME
                .replace("\"data\": -1.0", "\"data\": [[-1.0, -2.0]]")
                .replace("\"data\": 0.99609375", "\"data\": [0.99609375]")
                .replace("\"highest\": {\"data\": 1.1", "\"hist\": {\"data\": [1, 2]}, \"highest\": {\"data\": 1.1")
                .replace("\"smooth_quant\": false", "\"smooth_quant\": true");
        TableImport read = read(CalibrationFormat.ONNXRUNTIME, text);
        assertEquals(
                List.of("/act/Sigmoid:out", "größe", "wide"),
                List.copyOf(read.file().table().entries().keySet()));
        assertEquals(
                List.of(
                        "left out, with a range for each channel: 1 tensor (input)",
                        "histogram or mean not held: 1 tensor (wide)",
                        "smooth_quant is true, which is not held: the ranges are those of a model changed by "
                                + "SmoothQuant"),
                read.losses());
    }

    /** The FlatBuffer has its tensors from the last to the first. */
    @ParameterizedTest
    @EnumSource(names = {"ONNXRUNTIME_CACHE", "ONNXRUNTIME_FLATBUFFERS"})
    void magnitudesOfOnnxRuntime(CalibrationFormat format) throws IOException {
        TableImport read = read(format, TableText.of(format));
        assertEquals(List.of(), read.losses());
        assertEquals("onnxruntime", read.file().tool());
        // The float of 3 / 127, and of the floats of 0.1 and 1e-5 by 127.
        assertEquals(
                Map.of(
                        "input", entry(-3, 3, int8(0x1.83060cp-6f, 0), "onnxruntime"),
                        "a b", entry(-0.1f, 0.1f, int8(0.1f / 127, 0), "onnxruntime"),
                        "conv::1", entry(-1e-5f, 1e-5f, int8(1e-5f / 127, 0), "onnxruntime")),
                read.file().table().entries());
        List<String> names = List.of("a b", "conv::1", "input");
        assertEquals(
                format == CalibrationFormat.ONNXRUNTIME_CACHE ? names : List.of("input", "conv::1", "a b"),
                List.copyOf(read.file().table().entries().keySet()));
    }

    /** As older versions write numbers, which knew floats, and as editors leave it. */
    @Test
    void cacheOfOnnxRuntimeOfAllKinds() throws IOException {
        TableImport read = read(
                CalibrationFormat.ONNXRUNTIME_CACHE,
                "\uFEFFz 0.1\r\n\r\na  b 1\n \ndead 0.0\nfar 1.5e+38\nbelow -2.5\nminus -0.0\n{ 7\n");
        assertEquals(
                List.of("left out, with a largest value of 0 or below: 3 tensors (dead, below, minus)"), read.losses());
        Map<String, Double> ends = new LinkedHashMap<>();
        read.file()
                .table()
                .entries()
                .forEach((name, entry) -> ends.put(name, entry.range().max()));
        assertEquals(Map.of("z", (double) 0.1f, "a  b", 1.0, "far", (double) 1.5e38f, "{", 7.0), ends);
        assertEquals(CalibrationFormat.ONNXRUNTIME_CACHE, CalibrationFormat.ofContent(file("\uFEFF\n \nTRT a 1e-3\n")));
    }

    /** Names by their code points, as Python sorts them, whatever the order of the table. */
    @Test
    void magnitudesAreWrittenInOrder() throws IOException {
        Map<String, CalibrationTable.Entry> entries = new LinkedHashMap<>();
        for (String name : List.of("\uD834\uDD1E", "\uFB01", "b", "a", "B")) {
            entries.put(name, entry(-1, 1, int8(1 / 127f, 0), "minmax"));
        }
        CalibrationFile table = new CalibrationFile("octant 0.1.0", Optional.empty(), CalibrationTable.of(entries));
        assertEquals(
                "B 1.0\na 1.0\nb 1.0\n\uFB01 1.0\n\uD834\uDD1E 1.0\n",
                text(CalibrationFormat.ONNXRUNTIME_CACHE.export(table)));
    }

    /** Symmetric grids keep their scale, whatever range they are for; another one gets that of its larger end. */
    @ParameterizedTest
    @EnumSource(names = {"ONNXRUNTIME_CACHE", "ONNXRUNTIME_FLATBUFFERS"})
    void magnitudesHoldSymmetricGrids(CalibrationFormat format) {
        TableExport export = format.export(table(entry(-10, 1, int8(0.1f, -28), "minmax")));
        assertEquals(
                Optional.of("1 tensor; t0 has int8(scale=0.1, zeroPoint=-28) here"
                        + " and int8(scale=0.07874016, zeroPoint=0) there"),
                export.change());
        assertEquals(RealRange.of(-10, 10), export.held().table().entry("t0").range());
        // 127 steps of 2^-7, for a narrower range.
        export = format.export(table(entry(-0.5, 0.25, int8(0x1p-7f, 0), "mse")));
        assertEquals(Optional.empty(), export.change());
        assertEquals(
                RealRange.of(-127 / 128.0, 127 / 128.0),
                export.held().table().entry("t0").range());
        export = format.export(table(entry(0, 0, int8(1, 0), "minmax"), entry(0, 0, int8(1, -128), "minmax")));
        assertEquals(int8(1, 0), export.held().table().params("t0"));
        assertEquals(int8(1, 0), export.held().table().params("t1"));
        String far = refused(format, table(entry(-3e38, 3e38, int8(3e38f, 0), "mse")));
        assertTrue(far.startsWith("t0: scale must be ") && far.endsWith("was Infinity"), far);
    }

    /** Names are what a reader looks for; of many, the first are enough. */
    @Test
    void nameTheFirstOfWhatIsLeftOut() throws IOException {
        StringBuilder text = new StringBuilder("TRT-8401-EntropyCalibration2\ninput: 3caa54fc\n");
        for (int i = 0; i < 11; i++) {
            text.append('d').append(i).append(": 0\n");
        }
        assertEquals(
                List.of("left out, 0 throughout: 11 tensors (d0, d1, d2, d3, d4, d5, d6, d7 and 3 more)"),
                read(CalibrationFormat.TENSORRT, text.toString()).losses());
    }

    /** A file of which no tensor is left is none that could be used. */
    @Test
    void aFileWithoutAnythingLeftIsRefused() throws IOException {
        String start = folder.resolve("table") + ": calibration table must have a tensor that is not left out, was"
                + " without: left out, ";
        assertEquals(
                start + "0 throughout: 2 tensors (a, b)",
                refusal(CalibrationFormat.TENSORRT, "TRT-8401-EntropyCalibration2\na: 0\nb: 00000000\n"));
        assertEquals(
                start + "with a largest value of 0 or below: 1 tensor (a)",
                refusal(CalibrationFormat.ONNXRUNTIME_CACHE, "a 0.0\n"));
        assertEquals(
                start + "without parameters of 8 bits: 1 tensor (f)",
                refusal(CalibrationFormat.TFLITE, "{subgraphs: [{tensors: [{name: \"f\"}]}]}"));
        assertEquals(
                start + "of floats: 1 tensor (f)",
                refusal(
                        CalibrationFormat.AIMET,
                        "{\"version\": \"0.6.1\", \"param_encodings\": {}, \"activation_encodings\": {\"f\":"
                                + " [{\"dtype\": \"float\", \"bitwidth\": 16}]}}"));
        byte[] dead = TableText.flatBuffer("a", "0.0", "b", "-1.0");
        assertEquals(
                start + "with a largest value of 0 or below: 2 tensors (a, b)",
                assertThrows(FormatException.class, () -> read(CalibrationFormat.ONNXRUNTIME_FLATBUFFERS, dead))
                        .getMessage());
    }

    /** An empty one cannot be told from one that was cut. */
    @Test
    void aForeignFileWithoutTensorsIsRefused() throws IOException {
        Map<CalibrationFormat, byte[]> none = new EnumMap<>(CalibrationFormat.class);
        none.put(CalibrationFormat.TENSORRT, "TRT-8401-EntropyCalibration2\n".getBytes(StandardCharsets.UTF_8));
        none.put(
                CalibrationFormat.ONNXRUNTIME,
                ("{\"CLS\": \"TensorsData\", \"data\": {}, \"calibration_method\": {\"CLS\": \"CalibrationMethod\","
                                + " \"value\": \"CalibrationMethod.MinMax\"}}")
                        .getBytes(StandardCharsets.UTF_8));
        none.put(CalibrationFormat.ONNXRUNTIME_CACHE, " \n\n".getBytes(StandardCharsets.UTF_8));
        none.put(CalibrationFormat.ONNXRUNTIME_FLATBUFFERS, TableText.flatBuffer());
        none.put(
                CalibrationFormat.AIMET,
                "{\"encodings\": [], \"version\": \"2.0.0\"}".getBytes(StandardCharsets.UTF_8));
        none.put(CalibrationFormat.TFLITE, "{subgraphs: [{tensors: []}]}".getBytes(StandardCharsets.UTF_8));
        for (CalibrationFormat format : CalibrationFormat.values()) {
            if (format == CalibrationFormat.OCTANT) {
                continue;
            }
            assertEquals(
                    folder.resolve("table") + ": calibration table must have a tensor, was without any",
                    assertThrows(FormatException.class, () -> read(format, none.get(format)))
                            .getMessage(),
                    format.label());
            assertEquals(
                    "table must be of one tensor at least to be written as " + format.label() + ", was without any",
                    refused(format, table()));
        }
        assertEquals(
                table(),
                read(
                                CalibrationFormat.OCTANT,
                                CalibrationFormat.OCTANT.export(table()).content())
                        .file());
    }

    /** A tree of JSON is held whole while it is made, and there is no file of more than can be read. */
    @Test
    void moreTensorsThanATreeHoldsAreRefusedBeforeItIsMade() {
        Map<String, CalibrationTable.Entry> entries = new LinkedHashMap<>();
        CalibrationTable.Entry entry = entry(-1, 1, int8(0.5f, 0), "minmax");
        for (int i = 0; i <= JsonText.MAX_TOKENS / 30; i++) {
            entries.put("t" + i, entry);
        }
        CalibrationFile many = new CalibrationFile("octant", Optional.empty(), CalibrationTable.of(entries));
        for (CalibrationFormat format :
                List.of(CalibrationFormat.ONNXRUNTIME, CalibrationFormat.AIMET, CalibrationFormat.TFLITE)) {
            String message = refused(format, many);
            assertTrue(
                    message.startsWith("table must have at most " + (entries.size() - 1) + " tensors to be written as "
                            + format.label()),
                    message);
        }
    }

    @Test
    void aimet() throws IOException {
        TableImport read = read(CalibrationFormat.AIMET, TableText.AIMET);
        assertEquals(List.of(), read.losses());
        assertEquals("AIMET 0.6.1", read.file().tool());
        assertEquals(
                entry(-2.109158515930176, 2.6086959838867188, int8(0.018501389771699905f, -14), "aimet(asymmetric)"),
                read.file().table().entry("20"));
        assertEquals(
                entry(-7.9375, 7.9375, QuantParams.of(QuantType.INT8_NARROW, 0.0625f, 0), "aimet(symmetric)"),
                read.file().table().entry("conv.weight"));
        CalibrationFile unsigned = CalibrationFormat.AIMET
                .read(file(TableText.AIMET_LISTED), QuantType.UINT8, QuantScheme.ASYMMETRIC)
                .file();
        float scale = 0.018501389771699905f;
        assertEquals(
                entry(
                        -114 * (double) scale,
                        141 * (double) scale,
                        QuantParams.of(QuantType.UINT8, scale, 114),
                        "aimet(asymmetric)"),
                unsigned.table().entry("20"));
        assertEquals(
                entry(0, 127.5, QuantParams.of(QuantType.UINT8, 0.5f, 0), "aimet(symmetric)"),
                unsigned.table().entry("relu"));
    }

    @Test
    void aimetTwo() throws IOException {
        String text = "{\"version\": \"2.1.0\", \"producer\": {\"aimet\": \"2.22\"}, \"encodings\": ["
                + "{\"name\": \"a\", \"y_scale\": 0.5, \"y_zero_point\": 41, \"output_dtype\": \"uint8\"},"
                + "{\"name\": \"s\", \"y_scale\": 0.25, \"output_dtype\": \"int8\"},"
                + "{\"name\": \"w\", \"y_scale\": [0.5, 0.25], \"axis\": 0, \"output_dtype\": \"int8\"},"
                + "{\"name\": \"m\", \"y_scale\": {\"x\": [3], \"x_scale\": 0.1}, \"output_dtype\": \"int8\"},"
                + "{\"name\": \"b\", \"y_scale\": 0.5, \"output_dtype\": \"int32\"}]}";
        TableImport read = read(CalibrationFormat.AIMET, text);
        assertEquals(CalibrationFormat.AIMET, CalibrationFormat.ofContent(file(text)));
        assertEquals("AIMET 2.1.0", read.file().tool());
        assertEquals(
                Map.of(
                        "a",
                        entry(-20.5, 107, QuantParams.of(QuantType.UINT8, 0.5f, 41), "aimet"),
                        "s",
                        entry(-32, 31.75, int8(0.25f, 0), "aimet")),
                read.file().table().entries());
        assertEquals(
                List.of(
                        "left out, with more than one scale: 2 tensors (w, m)",
                        "left out, not of 8 bits: 1 tensor (b)",
                        "producer are not held"),
                read.losses());
        assertTrue(refusal(CalibrationFormat.AIMET, text.replace("2.1.0", "3.0.0"))
                .contains("$.version must be 2.0.0 or 2.1.0, was \"3.0.0\""));
    }

    @Test
    void aimetSaysWhatIsNotRead() throws IOException {
        String second =
                "{\"bitwidth\": 8, \"is_symmetric\": \"True\", \"min\": -12.8, \"max\": 12.7, \"offset\": -128.0,"
                        + " \"scale\": 0.1}";
        String text = "{\"version\": \"0.4.0\", \"quantizer_args\": {\"a\": 1}, \"excluded_layers\": [],"
                + " \"activation_encodings\": {\"a\": [" + second
                + "], \"f\": [{\"dtype\": \"float\", \"bitwidth\": 16}],"
                + " \"layer\": {\"input\": {\"0\": " + second + ", \"1\": " + second + "}, \"output\": {}},"
                + " \"b\": [" + second.replace(": 8", ": 16") + "]},"
                + " \"param_encodings\": {\"w\": [" + second + "], \"v\": [" + second + ", " + second + "]}}";
        TableImport read = read(CalibrationFormat.AIMET, text);
        assertEquals(
                List.of("a", "w"), List.copyOf(read.file().table().entries().keySet()));
        assertEquals(int8(0.1f, 0), read.file().table().params("w"));
        assertEquals(
                List.of(
                        "left out, a layer with encodings of its inputs and outputs: 1 tensor (layer)",
                        "scale rounded to a float: 2 tensors (a, w)",
                        "left out, of floats: 1 tensor (f)",
                        "left out, not of 8 bits: 1 tensor (b)",
                        "left out, with an encoding for each channel: 1 tensor (v)",
                        "that they are parameters is not held: 1 tensor (w)",
                        "quantizer_args are not held"),
                read.losses());
    }

    @Test
    void tflite() throws IOException {
        TableImport read = read(CalibrationFormat.TFLITE, TableText.TFLITE);
        assertEquals(List.of(), read.losses());
        assertEquals(
                entry(-1, 3, int8(0.015686275f, -64), "tflite"),
                read.file().table().entry("act"));
    }

    /** flatc without --strict-json writes names without quotes, and leaves out what has its default. */
    @Test
    void tfliteAsFlatcPrintsAModel() throws IOException {
        String text = "{ version: 3, subgraphs: [ { tensors: ["
                + "{ shape: [1, 8], type: \"UINT8\", buffer: 1, name: \"in\","
                + "  quantization: { scale: [0.007843], zero_point: [128] } },"
                + "{ shape: [8], name: \"float\", quantization: { min: [0.0], max: [1.0] } },"
                + "{ shape: [8], type: \"INT32\", name: \"bias\", quantization: { scale: [0.5], zero_point: [0] } },"
                + "{ type: \"INT8\", name: \"w\", quantization: { scale: [0.5, 0.25], zero_point: [0, 0],"
                + "  quantized_dimension: 3 } } ] } ], buffers: [ { }, { data: [1, 2, 3] } ] }";
        TableImport read = read(CalibrationFormat.TFLITE, text);
        double scale = 0.007843f;
        assertEquals(
                Map.of(
                        "in",
                        entry(-128 * scale, 127 * scale, QuantParams.of(QuantType.UINT8, 0.007843f, 128), "tflite")),
                read.file().table().entries());
        assertEquals(
                List.of(
                        "left out, without parameters of 8 bits: 2 tensors (float, bias)",
                        "left out, with parameters for each channel: 1 tensor (w)",
                        "no scale has more than six decimals, to which flatc rounds: those of the model may be others"),
                read.losses());
    }

    /** Names are unique in their subgraph only; flatc leaves out zero points of 0. */
    @Test
    void tfliteOfTwoSubgraphs() throws IOException {
        String tensor = "{ type: \"INT8\", name: \"act\", quantization: { scale: [0.5] } }";
        String text = "{ subgraphs: [ { tensors: [" + tensor + "] }, { tensors: [" + tensor.replace("0.5", "0.25")
                + "] } ] }";
        TableImport read = read(CalibrationFormat.TFLITE, text);
        assertEquals(int8(0.5f, 0), read.file().table().params("act"));
        assertEquals(int8(0.25f, 0), read.file().table().params("act@1"));
        assertEquals(
                List.of("renamed by its subgraph, for an earlier one has its name: 1 tensor (act@1)"), read.losses());
        assertEquals(
                List.of("renamed by its subgraph, for an earlier tensor of it has its name: 1 tensor (act@0)"),
                read(CalibrationFormat.TFLITE, text.replace("] }, { tensors: [", ", "))
                        .losses());
    }

    @ParameterizedTest
    @EnumSource
    void filesInTheFormOfTheirToolComeBackByteForByte(CalibrationFormat format) throws IOException {
        comesBack(format, TableText.of(format));
    }

    @Test
    void theOtherVersionOfAimetToo() throws IOException {
        comesBack(CalibrationFormat.AIMET, TableText.AIMET_LISTED);
        comesBack(
                CalibrationFormat.AIMET,
                TableText.AIMET
                        .replace("\"False\"", "\"True\"")
                        .replace("-114", "-128")
                        .replace("2.6086959838867188", "2.349676501005888")
                        .replace("-2.109158515930176", "-2.368177890777588"));
        // The same zero point as of a symmetric encoding, by chance.
        comesBack(CalibrationFormat.AIMET, TableText.AIMET_LISTED.replace("-114", "-128"));
        comesBack(CalibrationFormat.AIMET, TableText.AIMET_LINEAR);
    }

    private String refusal(CalibrationFormat format, String text) {
        return assertThrows(FormatException.class, () -> read(format, text)).getMessage();
    }

    private void comesBack(CalibrationFormat format, String text) throws IOException {
        comesBack(format, text.getBytes(StandardCharsets.UTF_8));
    }

    private void comesBack(CalibrationFormat format, byte[] content) throws IOException {
        TableImport read = read(format, content);
        assertEquals(List.of(), read.losses());
        Path ours = folder.resolve("ours.json");
        read.file().write(ours);
        Path theirs = folder.resolve("theirs");
        format.export(CalibrationFile.read(ours)).write(theirs);
        assertArrayEquals(content, Files.readAllBytes(theirs), () -> format + " was written otherwise");
    }

    @Test
    void tensorRtNeedsSymmetry() throws IOException {
        CalibrationTable.Entry asymmetric = entry(-1, 3, int8(0.015686275f, -64), "minmax");
        TableExport export = CalibrationFormat.TENSORRT.export(table(asymmetric));
        assertEquals(
                Optional.of("1 tensor; t0 has int8(scale=0.015686275, zeroPoint=-64) here"
                        + " and int8(scale=0.023622047, zeroPoint=0) there"),
                export.change());
        assertEquals("TRT-100300-EntropyCalibration2\nt0: 3cc18306\n", text(export));
        assertTrue(export.losses().contains("not held by tensorrt: method, tool"), export.losses()::toString);

        CalibrationTable.Entry unsigned = entry(-1, 1, QuantParams.of(QuantType.UINT8, 0.0078125f, 128), "minmax");
        export = CalibrationFormat.TENSORRT.export(table(unsigned));
        assertEquals(Optional.empty(), export.change());
        assertEquals(int8(0.0078125f, 0), export.held().table().params("t0"));
        assertEquals(
                "codes of another type, the same real values: 1 tensor; t0 has uint8(scale=0.0078125, "
                        + "zeroPoint=128) here"
                        + " and int8(scale=0.0078125, zeroPoint=0) there",
                export.losses().get(0));
    }

    private static String text(TableExport export) throws IOException {
        return new String(export.content(), StandardCharsets.UTF_8);
    }

    @Test
    void onnxRuntimeHoldsParametersOnlyThatFollowFromRanges() throws IOException {
        CalibrationTable.Entry follows = entry(-1, 3, int8(0x1.010102p-6f, -64), "percentile=99.99");
        TableExport export = CalibrationFormat.ONNXRUNTIME.export(table(follows));
        assertEquals(Optional.empty(), export.change());
        assertTrue(text(export).contains("\"value\": \"CalibrationMethod.Percentile\""), text(export));
        CalibrationTable.Entry other = entry(-1, 3, int8(0x1.010104p-6f, -64), "mse");
        assertTrue(CalibrationFormat.ONNXRUNTIME.export(table(other)).change().isPresent());
        CalibrationTable.Entry symmetric = entry(-1, 3, int8(0x1.83060cp-6f, 0), "minmax");
        export = CalibrationFormat.ONNXRUNTIME.export(table(symmetric));
        assertEquals(Optional.empty(), export.change());
        assertEquals(Optional.of(QuantScheme.SYMMETRIC), export.held().scheme());
        assertTrue(
                export.losses()
                        .contains("type and scheme are not held: read the file with type int8, scheme symmetric"),
                export.losses()::toString);
    }

    @Test
    void whatCannotBeWrittenIsRefusedWithTheNameOfTheTensor() {
        CalibrationTable.Entry infinite = entry(-1, Double.POSITIVE_INFINITY, int8(1, 0), "relu");
        CalibrationTable.Entry huge = entry(-1e300, 1e300, int8(1, 3), "fixed");
        for (CalibrationFormat format : CalibrationFormat.values()) {
            String message = refused(format, table(infinite));
            assertTrue(message.startsWith("t0: range must be finite"), message);
        }
        for (CalibrationFormat format :
                List.of(CalibrationFormat.TENSORRT, CalibrationFormat.ONNXRUNTIME, CalibrationFormat.TFLITE)) {
            String message = refused(format, table(huge));
            assertTrue(message.startsWith("t0: range must ") && message.contains("finite as floats"), message);
        }
    }

    private static String refused(CalibrationFormat format, CalibrationFile file) {
        return assertThrows(IllegalArgumentException.class, () -> format.export(file), format.label())
                .getMessage();
    }

    @ParameterizedTest
    @EnumSource
    void contentTellsTheFormat(CalibrationFormat format) throws IOException {
        Path file = Files.write(folder.resolve("table"), TableText.of(format));
        assertEquals(format, CalibrationFormat.ofContent(file));
        assertEquals(Optional.of(format), CalibrationFormat.ofName(Path.of("a.b" + format.ending())));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "[]", "7", "null", "{\"schemas\": 1}"})
    void contentOfNoFormat(String text) throws IOException {
        Path file = file(text);
        String message = assertThrows(FormatException.class, () -> CalibrationFormat.ofContent(file))
                .getMessage();
        assertTrue(message.startsWith(file + ", $ must be an object with schema (octant)"), message);
    }

    @Test
    void unknownEnding() {
        assertEquals(Optional.empty(), CalibrationFormat.ofName(Path.of("table.json.txt")));
    }

    /** As Python prints them: repr(float). */
    @ParameterizedTest
    @CsvSource({
        "0, 0.0",
        "1, 1.0",
        "-0.1, -0.1",
        "1e15, 1000000000000000.0",
        "9007199254740993, 9007199254740992.0",
        "1e16, 1e+16",
        "1.5e16, 1.5e+16",
        "123456789012345680000, 1.2345678901234568e+20",
        "1e100, 1e+100",
        "0.0001, 0.0001",
        "0.00012, 0.00012",
        "0.00001, 1e-05",
        "0.0000125, 1.25e-05",
        "4.9e-324, 5e-324",
        "2.2250738585072014e-308, 2.2250738585072014e-308",
        "1.7976931348623157e308, 1.7976931348623157e+308",
        "5.684341886080802e-14, 5.684341886080802e-14",
        "0.30000000000000004, 0.30000000000000004",
        "2e-3, 0.002"
    })
    void numbersAreThoseOfPython(double value, String expected) {
        assertEquals(expected, PythonJson.line(PythonJson.number(value)));
    }

    @Test
    void shortestFloats() {
        assertEquals("0.003921569", PythonJson.line(PythonJson.number(1 / 255f)));
        assertEquals("3.4028235e+38", PythonJson.line(PythonJson.number(Float.MAX_VALUE)));
        assertEquals("1e-45", PythonJson.line(PythonJson.number(Float.MIN_VALUE)));
        assertEquals("16777216.0", PythonJson.line(PythonJson.number(0x1p24f)));
    }
}
