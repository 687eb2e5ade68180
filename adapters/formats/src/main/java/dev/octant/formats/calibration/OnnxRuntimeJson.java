// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.calibration;

import dev.octant.core.ParameterPolicy;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantScheme;
import dev.octant.core.QuantType;
import dev.octant.core.RealRange;
import dev.octant.formats.AtomicFile;
import dev.octant.formats.FormatException;
import dev.octant.observers.ValueCounts;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import tools.jackson.databind.node.ObjectNode;

/**
 * ONNX Runtime's calibration cache in JSON, the {@code calibration_cache_path} of {@code quantize_static} and the
 * {@code calibration.json} of {@code write_calibration_table}: the range of each tensor.
 *
 * <pre>
 * {"CLS": "TensorsData", "data": {"act": {"lowest": {"data": -1.0, "dtype": "float32", "CLS": "numpy.array"},
 *                                         "highest": {..}, "CLS": "TensorData"}},
 *  "calibration_method": {"CLS": "CalibrationMethod", "value": "CalibrationMethod.MinMax"}, "smooth_quant": false}
 * </pre>
 *
 * <p>Scale and zero point are what {@link ParameterPolicy#ONNX_RUNTIME} makes of the range, the type and the scheme, as
 * that engine will. A table whose parameters come from its ranges in this way is held without change. Ends of ranges
 * are floats. Histograms and per-channel ranges are not read.
 *
 * <p>Source: {@code onnxruntime.quantization.calibrate} 1.30, {@code save_tensors_data}.
 */
final class OnnxRuntimeJson implements TableCodec {
    private static final String LABEL = "onnxruntime";
    private static final String CLASS = "CLS";
    private static final String METHOD_PREFIX = "CalibrationMethod.";

    /** How a range was found, as the file says it. */
    private enum Method {
        MIN_MAX("MinMax", "minmax"),
        ENTROPY("Entropy", "entropy"),
        PERCENTILE("Percentile", "percentile"),
        DISTRIBUTION("Distribution", "distribution");

        private final String label;
        private final String ours;

        Method(String label, String ours) {
            this.label = label;
            this.ours = ours;
        }

        private String text() {
            return LABEL + "(" + label + ")";
        }

        /** The method of every tensor of a table, min-max where they differ or are none of these. */
        private static Method of(CalibrationFile file) {
            List<String> used = file.table().entries().values().stream()
                    .map(CalibrationTable.Entry::method)
                    .distinct()
                    .toList();
            for (Method method : values()) {
                if (!used.isEmpty()
                        && used.stream().allMatch(text -> text.equals(method.text()) || text.startsWith(method.ours))) {
                    return method;
                }
            }
            return MIN_MAX;
        }
    }

    @Override
    public TableImport read(Path file, InputStream content, QuantType type, QuantScheme scheme) throws IOException {
        JsonPlace root = JsonText.root(file, content, JsonText.LENIENT);
        requireClass(root, "TensorsData");
        Method method = method(root.field("calibration_method"));
        Omissions omissions = new Omissions();
        Map<String, CalibrationTable.Entry> entries = new LinkedHashMap<>();
        for (Map.Entry<String, JsonPlace> tensor : root.field("data").tensors().entrySet()) {
            JsonPlace place = tensor.getValue();
            requireClass(place, "TensorData");
            JsonPlace lowest = number(place.field("lowest"));
            JsonPlace highest = number(place.field("highest"));
            if (hasChannels(lowest) || hasChannels(highest)) {
                omissions.add(tensor.getKey(), "left out, with a range for each channel");
                continue;
            }
            float min = scalar(lowest).anyFloat();
            float max = scalar(highest).anyFloat();
            if (!omissions.isName(tensor.getKey())) {
                continue;
            }
            if (!Float.isFinite(min) || !Float.isFinite(max)) {
                omissions.add(tensor.getKey(), "left out, with a range that is not finite as floats");
            } else if (min > max) {
                omissions.add(tensor.getKey(), "left out, with a lowest value above the highest");
            } else {
                if (place.has("hist") || place.has("avg")) {
                    omissions.add(tensor.getKey(), "histogram or mean not held");
                }
                entries.put(tensor.getKey(), place.checked(() -> entry(min, max, type, scheme, method.text())));
            }
        }
        List<String> losses = new ArrayList<>(omissions.sentences());
        Optional<JsonPlace> smooth = root.optional("smooth_quant");
        if (smooth.isPresent() && smooth.get().truth()) {
            losses.add(
                    "smooth_quant is true, which is not held: the ranges are those of a model changed by SmoothQuant");
        }
        return new TableImport(
                root.checked(() -> new CalibrationFile(LABEL, Optional.of(scheme), CalibrationTable.of(entries))),
                losses);
    }

    private static void requireClass(JsonPlace place, String name) throws FormatException {
        if (!place.field(CLASS).text().equals(name)) {
            throw place.field(CLASS).mustBe(name);
        }
    }

    private static Method method(JsonPlace place) throws FormatException {
        requireClass(place, "CalibrationMethod");
        for (Method method : Method.values()) {
            if (place.field("value").text().equals(METHOD_PREFIX + method.label)) {
                return method;
            }
        }
        throw place.field("value").mustBe("CalibrationMethod. and MinMax, Entropy, Percentile or Distribution");
    }

    /** The number or array of numbers that a NumPy array stands for; older versions write a bare number. */
    private static JsonPlace number(JsonPlace place) throws FormatException {
        if (place.node().isNumber()) {
            return place;
        }
        requireClass(place, "numpy.array");
        String element = place.field("dtype").text();
        if (!element.equals("float32") && !element.equals("float16")) {
            throw place.field("dtype").mustBe("float32 or float16");
        }
        return place.field("data");
    }

    private static boolean hasChannels(JsonPlace data) throws FormatException {
        if (!data.node().isArray()) {
            return false;
        }
        return data.node().size() > 1 || (data.node().size() == 1 && hasChannels(data.only()));
    }

    /** The number inside brackets of one item. */
    private static JsonPlace scalar(JsonPlace data) throws FormatException {
        return data.node().isArray() ? scalar(data.only()) : data;
    }

    private static CalibrationTable.Entry entry(
            float min, float max, QuantType type, QuantScheme scheme, String method) {
        RealRange range = RealRange.of((double) min, (double) max);
        return new CalibrationTable.Entry(
                range, ParameterPolicy.ONNX_RUNTIME.choose(range, type, scheme), method, ValueCounts.NONE);
    }

    @Override
    public UnaryOperator<CalibrationTable.Entry> held(CalibrationFile of) {
        QuantScheme scheme = scheme(of);
        String method = Method.of(of).text();
        return entry -> entry(
                (float) entry.range().min(),
                (float) entry.range().max(),
                entry.params().type(),
                scheme,
                method);
    }

    /**
     * The scheme with which the engine is to read the table: that of the table, or else the one more tensors agree
     * with.
     */
    private static QuantScheme scheme(CalibrationFile file) {
        if (file.scheme().isPresent() && file.scheme().get() != QuantScheme.FIXED) {
            return file.scheme().get();
        }
        return agreeing(file, QuantScheme.SYMMETRIC) > agreeing(file, QuantScheme.ASYMMETRIC)
                ? QuantScheme.SYMMETRIC
                : QuantScheme.ASYMMETRIC;
    }

    private static long agreeing(CalibrationFile file, QuantScheme scheme) {
        return file.table().entries().values().stream()
                .filter(entry -> chosen(entry, scheme).equals(Optional.of(entry.params())))
                .count();
    }

    private static Optional<QuantParams> chosen(CalibrationTable.Entry entry, QuantScheme scheme) {
        try {
            return Optional.of(ParameterPolicy.ONNX_RUNTIME.choose(
                    entry.range(), entry.params().type(), scheme));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    @Override
    public String heldTool(CalibrationFile of) {
        return LABEL;
    }

    @Override
    public Optional<QuantScheme> heldScheme(CalibrationFile of) {
        return Optional.of(scheme(of));
    }

    @Override
    public List<String> remarks(CalibrationFile of) {
        List<QuantType> types = of.table().entries().values().stream()
                .map(entry -> entry.params().type())
                .distinct()
                .toList();
        if (types.isEmpty() || (types.equals(List.of(QuantType.INT8)) && scheme(of) == QuantScheme.ASYMMETRIC)) {
            return List.of();
        }
        return List.of("type and scheme are not held: read the file with type "
                + types.stream()
                        .map(QuantType::label)
                        .reduce((a, b) -> a + " or " + b)
                        .orElseThrow() + ", scheme "
                + scheme(of).label());
    }

    @Override
    public AtomicFile.Content content(CalibrationFile held) {
        ObjectNode root = JsonText.LENIENT.createObjectNode();
        root.put(CLASS, "TensorsData");
        ObjectNode data = root.putObject("data");
        held.table().entries().forEach((name, entry) -> {
            ObjectNode tensor = data.putObject(name);
            put(tensor.putObject("lowest"), entry.range().min());
            put(tensor.putObject("highest"), entry.range().max());
            tensor.put(CLASS, "TensorData");
        });
        root.putObject("calibration_method")
                .put(CLASS, "CalibrationMethod")
                .put("value", METHOD_PREFIX + Method.of(held).label);
        root.put("smooth_quant", false);
        byte[] content = PythonJson.line(root).getBytes(StandardCharsets.US_ASCII);
        return out -> out.write(content);
    }

    @Override
    public int mostTensors() {
        return JsonText.MAX_TOKENS / JsonText.TOKENS_OF_TENSOR;
    }

    private static void put(ObjectNode array, double value) {
        array.set("data", PythonJson.number(value));
        array.put("dtype", "float32").put(CLASS, "numpy.array");
    }
}
