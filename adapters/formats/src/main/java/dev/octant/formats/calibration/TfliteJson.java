// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.calibration;

import dev.octant.core.QuantParams;
import dev.octant.core.QuantScheme;
import dev.octant.core.QuantType;
import dev.octant.core.RealRange;
import dev.octant.formats.AtomicFile;
import dev.octant.formats.FormatException;
import dev.octant.observers.ValueCounts;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Quantization parameters of a TensorFlow Lite model, as {@code flatc} prints a {@code .tflite} file in JSON; written
 * with the tensors' names, types and parameters only.
 *
 * <pre>
 * {"subgraphs": [{"tensors": [{"type": "INT8", "name": "act", "quantization":
 *     {"min": [-1.0], "max": [3.0], "scale": [0.015686275], "zero_point": [-64], "quantized_dimension": 0}}]}]}
 * </pre>
 *
 * <p>A name is unique in its subgraph only: a tensor whose name stands in an earlier one is read as {@code name@2},
 * with the number of its subgraph from 0. A zero point that is not there is 0. Ends of ranges are floats; where there
 * are none, the range is that of the codes. Tensors of other types than
 * INT8 and UINT8, without a scale or with one for each channel are not read. {@code flatc} rounds floats to six
 * decimals unless it was built otherwise, so that its scales may differ from the model's. The weights of a larger
 * model exceed the size that is read: {@code jq 'del(.buffers)'} leaves them out.
 *
 * <p>Source: TensorFlow Lite's {@code schema.fbs}, table {@code QuantizationParameters}; FlatBuffers' text generator.
 */
final class TfliteJson implements TableCodec {
    private static final String LABEL = "tflite";
    private static final int FLATC_DECIMALS = 6;

    @Override
    public TableImport read(Path file, InputStream content, QuantType type, QuantScheme scheme) throws IOException {
        JsonPlace root = JsonText.root(file, content, JsonText.LENIENT);
        Omissions omissions = new Omissions();
        Map<String, CalibrationTable.Entry> entries = new LinkedHashMap<>();
        List<JsonPlace> scales = new ArrayList<>();
        List<JsonPlace> graphs = root.field("subgraphs").items();
        for (int graph = 0; graph < graphs.size(); graph++) {
            Set<String> names = new HashSet<>();
            for (JsonPlace tensor : graphs.get(graph).field("tensors").items()) {
                Optional<JsonPlace> name = tensor.optional("name");
                String text = name.isEmpty() ? "" : name.get().text();
                Optional<QuantType> known = type(tensor);
                if (known.isEmpty() || !hasScale(tensor)) {
                    omissions.add(text, "left out, without parameters of 8 bits");
                } else if (tensor.field("quantization").field("scale").node().size() > 1) {
                    omissions.add(text, "left out, with parameters for each channel");
                } else if (text.isBlank()) {
                    omissions.add(text, "left out, without a name");
                } else {
                    String unique = text;
                    if (names.add(text) && entries.containsKey(text)) {
                        unique = text + "@" + graph;
                        omissions.add(unique, "renamed by its subgraph, for an earlier one has its name");
                    }
                    if (entries.containsKey(unique)) {
                        throw tensor.field("name").mustBe("a name that no tensor before has");
                    }
                    entries.put(unique, entry(tensor.field("quantization"), known.get()));
                    scales.add(tensor.field("quantization").field("scale").only());
                }
            }
        }
        List<String> losses = new ArrayList<>(omissions.sentences());
        if (!scales.isEmpty() && areRounded(scales)) {
            losses.add("no scale has more than six decimals, to which flatc rounds: those of the model may be others");
        }
        return new TableImport(
                root.checked(() -> new CalibrationFile(LABEL, Optional.empty(), CalibrationTable.of(entries))), losses);
    }

    private static Optional<QuantType> type(JsonPlace tensor) throws FormatException {
        Optional<JsonPlace> type = tensor.optional("type");
        if (type.isEmpty()) {
            return Optional.empty(); // flatc leaves out FLOAT32
        }
        return switch (type.get().text()) {
            case "INT8" -> Optional.of(QuantType.INT8);
            case "UINT8" -> Optional.of(QuantType.UINT8);
            default -> Optional.empty();
        };
    }

    private static boolean hasScale(JsonPlace tensor) throws FormatException {
        if (!tensor.has("quantization")) {
            return false;
        }
        JsonPlace quantization = tensor.field("quantization");
        Optional<JsonPlace> details = quantization.optional("details_type");
        if (details.isPresent() && !details.get().text().equals("NONE")) {
            return false;
        }
        Optional<JsonPlace> scale = quantization.optional("scale");
        return scale.isPresent() && !scale.get().items().isEmpty();
    }

    private static CalibrationTable.Entry entry(JsonPlace place, QuantType type) throws FormatException {
        float scale = place.field("scale").only().realFloat();
        Optional<JsonPlace> zeroPoints = place.optional("zero_point");
        int zeroPoint = zeroPoints.isEmpty() || zeroPoints.get().items().isEmpty()
                ? 0
                : zeroPoints.get().only().integral();
        QuantParams params = place.checked(() -> QuantParams.of(type, scale, zeroPoint));
        Optional<RealRange> range = Optional.empty();
        if (place.has("min") || place.has("max")) {
            double min = place.field("min").only().realFloat();
            double max = place.field("max").only().realFloat();
            range = Optional.of(place.checked(() -> RealRange.of(min, max)));
        }
        return entry(range.orElse(TableCodec.span(params)), params);
    }

    private static CalibrationTable.Entry entry(RealRange range, QuantParams params) {
        return new CalibrationTable.Entry(range, params, LABEL, ValueCounts.NONE);
    }

    /** Whether all scales could be what is left of others after rounding to six decimals. */
    private static boolean areRounded(List<JsonPlace> scales) throws FormatException {
        boolean isAnyInexact = false;
        for (JsonPlace place : scales) {
            BigDecimal decimal = place.node().decimalValue();
            if (decimal.stripTrailingZeros().scale() > FLATC_DECIMALS) {
                return false;
            }
            isAnyInexact |= decimal.compareTo(new BigDecimal((double) place.realFloat())) != 0;
        }
        return isAnyInexact;
    }

    @Override
    public UnaryOperator<CalibrationTable.Entry> held(CalibrationFile of) {
        return TfliteJson::held;
    }

    private static CalibrationTable.Entry held(CalibrationTable.Entry entry) {
        QuantParams params = entry.params();
        QuantType type = params.type() == QuantType.UINT8 ? QuantType.UINT8 : QuantType.INT8;
        return entry(
                RealRange.of((double) (float) entry.range().min(), (double)
                        (float) entry.range().max()),
                QuantParams.of(type, params.scale(), params.zeroPoint()));
    }

    @Override
    public String heldTool(CalibrationFile of) {
        return LABEL;
    }

    @Override
    public Optional<QuantScheme> heldScheme(CalibrationFile of) {
        return Optional.empty();
    }

    @Override
    public List<String> remarks(CalibrationFile of) {
        return List.of();
    }

    @Override
    public AtomicFile.Content content(CalibrationFile held) {
        ObjectNode root = JsonText.LENIENT.createObjectNode();
        ArrayNode tensors = root.putArray("subgraphs").addObject().putArray("tensors");
        held.table().entries().forEach((name, entry) -> {
            ObjectNode tensor = tensors.addObject();
            tensor.put("type", entry.params().type() == QuantType.UINT8 ? "UINT8" : "INT8")
                    .put("name", name);
            ObjectNode quantization = tensor.putObject("quantization");
            quantization.putArray("min").add(PythonJson.number((float)
                    entry.range().min()));
            quantization.putArray("max").add(PythonJson.number((float)
                    entry.range().max()));
            quantization.putArray("scale").add(PythonJson.number(entry.params().scale()));
            quantization.putArray("zero_point").add(entry.params().zeroPoint());
            quantization.put("quantized_dimension", 0);
        });
        byte[] content = (PythonJson.indented(root, 2) + "\n").getBytes(StandardCharsets.US_ASCII);
        return out -> out.write(content);
    }

    @Override
    public int mostTensors() {
        return JsonText.MAX_TOKENS / JsonText.TOKENS_OF_TENSOR;
    }
}
