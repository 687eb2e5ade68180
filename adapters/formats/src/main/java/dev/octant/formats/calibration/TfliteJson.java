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
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
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
 * <p>A name is unique in its subgraph at most: a tensor whose name stands in an earlier one is read as {@code name@2},
 * with the number of its subgraph from 0, as is a second one of its own subgraph, and as {@code name@2@1} where that is
 * the name of another. A zero point that is not there is 0. Ends of ranges are floats; where there are none, or not
 * one of each in their order, the range is that of the codes. A tensor whose scale or zero point no parameters can have
 * is left out. A subgraph may be without tensors. Tensors of other types than
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
        List<Held> held = new ArrayList<>();
        List<JsonPlace> graphs = root.field("subgraphs").items();
        for (int graph = 0; graph < graphs.size(); graph++) {
            Optional<JsonPlace> tensors = graphs.get(graph).optional("tensors");
            for (JsonPlace tensor :
                    tensors.isEmpty() ? List.<JsonPlace>of() : tensors.get().items()) {
                Optional<JsonPlace> name = tensor.optional("name");
                String text = name.isEmpty() ? "" : name.get().name();
                Optional<CalibrationTable.Entry> entry = entry(text, tensor, omissions);
                if (entry.isPresent()) {
                    held.add(new Held(
                            text,
                            graph,
                            entry.get(),
                            tensor.field("quantization").field("scale").only()));
                }
            }
        }
        Map<String, CalibrationTable.Entry> entries = named(held, omissions);
        List<String> losses = new ArrayList<>(omissions.sentences());
        List<JsonPlace> scales = held.stream().map(Held::scale).toList();
        if (!scales.isEmpty() && areRounded(scales)) {
            losses.add("no scale has more than six decimals, to which flatc rounds: those of the model may be others");
        }
        return new TableImport(
                root.checked(() -> new CalibrationFile(LABEL, Optional.empty(), CalibrationTable.of(entries))), losses);
    }

    /** A tensor that is read, by the name that it has in its subgraph. */
    private record Held(String name, int graph, CalibrationTable.Entry entry, JsonPlace scale) {}

    /** Gives every tensor a name of its own: the first with a name keeps it, whatever others are renamed to. */
    private static Map<String, CalibrationTable.Entry> named(List<Held> held, Omissions omissions) {
        Set<String> taken = new HashSet<>();
        held.forEach(tensor -> taken.add(tensor.name()));
        Map<String, CalibrationTable.Entry> entries = new LinkedHashMap<>();
        Map<String, Integer> graphs = new HashMap<>();
        // Numbers go on where they ended, so that many equal names take no more time than others.
        Map<String, Integer> numbers = new HashMap<>();
        for (Held tensor : held) {
            Integer first = graphs.putIfAbsent(tensor.name(), tensor.graph());
            if (first == null) {
                entries.put(tensor.name(), tensor.entry());
                continue;
            }
            String start = tensor.name() + "@" + tensor.graph();
            String name = start;
            while (!taken.add(name)) {
                name = start + "@" + numbers.merge(start, 1, (number, one) -> number + one);
            }
            omissions.add(
                    name,
                    first == tensor.graph()
                            ? "renamed by its subgraph, for an earlier tensor of it has its name"
                            : "renamed by its subgraph, for an earlier one has its name");
            entries.put(name, tensor.entry());
        }
        return entries;
    }

    /** A tensor with parameters that a table holds, or nothing, which is said. */
    private static Optional<CalibrationTable.Entry> entry(String name, JsonPlace tensor, Omissions omissions)
            throws FormatException {
        Optional<QuantType> type = type(tensor);
        if (type.isEmpty() || !hasScale(tensor)) {
            omissions.add(name, "left out, without parameters of 8 bits");
            return Optional.empty();
        }
        JsonPlace quantization = tensor.field("quantization");
        if (quantization.field("scale").node().size() > 1) {
            omissions.add(name, "left out, with parameters for each channel");
            return Optional.empty();
        }
        if (!omissions.isName(name)) {
            return Optional.empty();
        }
        float scale = quantization.field("scale").only().anyFloat();
        List<JsonPlace> zeroPoints = items(quantization, "zero_point");
        if (zeroPoints.size() > 1) {
            omissions.add(name, "left out, with more than one zero point");
            return Optional.empty();
        }
        OptionalInt zeroPoint =
                zeroPoints.isEmpty() ? OptionalInt.of(0) : zeroPoints.get(0).anyWhole();
        if (!omissions.isScale(name, scale) || !omissions.isZeroPoint(name, zeroPoint, type.get())) {
            return Optional.empty();
        }
        QuantParams params = QuantParams.of(type.get(), scale, zeroPoint.getAsInt());
        return Optional.of(entry(range(name, quantization, omissions).orElse(TableCodec.span(params)), params));
    }

    /** The range of a tensor, or nothing where there is none; one that is no range is ignored, which is said. */
    private static Optional<RealRange> range(String name, JsonPlace quantization, Omissions omissions)
            throws FormatException {
        List<JsonPlace> least = items(quantization, "min");
        List<JsonPlace> most = items(quantization, "max");
        if (least.isEmpty() && most.isEmpty()) {
            return Optional.empty();
        }
        if (least.size() == 1 && most.size() == 1) {
            float min = least.get(0).anyFloat();
            float max = most.get(0).anyFloat();
            if (min <= max && Float.isFinite(min) && Float.isFinite(max)) {
                return Optional.of(RealRange.of((double) min, (double) max));
            }
        }
        omissions.add(
                name, "min and max not held, which are not the ends of one range; the range is that of the codes");
        return Optional.empty();
    }

    /** The items of an array, none where it is not there. */
    private static List<JsonPlace> items(JsonPlace place, String name) throws FormatException {
        Optional<JsonPlace> array = place.optional(name);
        return array.isEmpty() ? List.of() : array.get().items();
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
        Optional<JsonPlace> quantization = tensor.optional("quantization");
        if (quantization.isEmpty()) {
            return false;
        }
        Optional<JsonPlace> details = quantization.get().optional("details_type");
        if (details.isPresent() && !details.get().text().equals("NONE")) {
            return false;
        }
        return !items(quantization.get(), "scale").isEmpty();
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
