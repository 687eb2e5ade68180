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
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * AIMET's encodings in JSON, versions 0.4.0 to 0.6.2, 1.0.0, 2.0.0 and 2.1.0.
 *
 * <pre>
 * x = scale * (code + offset)      code 0..255, offset -255..0; 0..254 where a symmetric encoding has offset -127
 *
 * 0.6.1   "activation_encodings": {"act": [{"bitwidth": 8, "dtype": "int", "is_symmetric": "False",
 *                                           "max": 3.0, "min": -1.0, "offset": -64, "scale": 0.0157}]}
 * 1.0.0   "activation_encodings": [{"bw": 8, "dtype": "INT", "enc_type": "PER_TENSOR", "is_sym": false,
 *                                   "name": "act", "offset": [-64], "scale": [0.0157]}]
 * 2.0.0   "encodings": [{"name": "act", "output_dtype": "uint8", "y_scale": 0.0157, "y_zero_point": 64}]
 * </pre>
 *
 * <p>The codes have no sign before version 2.0.0: an encoding is read as int8 with zero point {@code -offset - 128}, or
 * as uint8 with
 * {@code -offset}, the same real values. Scales are doubles there and become floats. The range is {@code min} and
 * {@code max} where they stand, which are the ends of the grid, at most a step apart from them; versions from 1.0.0 on
 * have none. Version 2.0.0 says the type, has the zero point of {@code QuantizeLinear}, 0 where it is left out or null,
 * and does not tell parameters from activations. Whether an encoding is symmetric may stand as text or as a truth value
 * of JSON, and one of the two sections may be missing.
 *
 * <p>Encodings of parameters are read as those of activations are, and are written as those. Encodings for each
 * channel, of other than 8 bits or of floats are not read, nor those whose scale, offset or ends no grid can have, nor
 * those of a layer's inputs and outputs by number, which AIMET writes for PyTorch beside those of tensors.
 *
 * <p>Source: AIMET's quantization encoding specification, and files of AIMET 1 and 2.
 */
final class AimetEncodings implements TableCodec {
    private static final String ACTIVATIONS = "activation_encodings";
    private static final String PARAMETERS = "param_encodings";
    private static final String VERSION = "version";
    private static final String SYMMETRIC = "aimet(symmetric)";
    private static final String ASYMMETRIC = "aimet(asymmetric)";
    private static final String LINEAR_METHOD = "aimet";
    private static final String TOOL = "AIMET ";
    private static final String NESTED = "AIMET 0.6.1";
    private static final String LISTED = "AIMET 1.0.0";
    private static final String ENCODINGS = "encodings";
    private static final List<String> NESTED_VERSIONS = List.of("0.4.0", "0.5.0", "0.5.1", "0.6.1", "0.6.2");
    private static final List<String> LINEAR = List.of("AIMET 2.0.0", "AIMET 2.1.0");

    /** One encoding, in the terms of the file. */
    private record Encoding(float scale, int offset, boolean isSymmetric, Optional<RealRange> range) {
        int steps() {
            return isSymmetric && offset == -127 ? 254 : 255;
        }

        RealRange span() {
            return RealRange.of(offset * (double) scale, (offset + steps()) * (double) scale);
        }

        boolean hasEndsNear(RealRange other) {
            return Math.abs(other.min() - span().min()) <= scale && Math.abs(other.max() - span().max()) <= scale;
        }

        CalibrationTable.Entry entry(QuantType type) {
            QuantType full = type == QuantType.UINT8 ? type : QuantType.INT8;
            QuantParams params = steps() == 254
                    ? QuantParams.of(QuantType.INT8_NARROW, scale, 0)
                    : QuantParams.of(full, scale, full.low() - offset);
            return new CalibrationTable.Entry(
                    range.orElse(span()), params, isSymmetric ? SYMMETRIC : ASYMMETRIC, ValueCounts.NONE);
        }

        static Encoding of(CalibrationTable.Entry entry) {
            QuantParams params = entry.params();
            int offset = (params.type().isSigned() ? -128 : 0) - params.zeroPoint();
            boolean isNarrow = params.type() == QuantType.INT8_NARROW && params.zeroPoint() == 0;
            if (isNarrow) {
                return new Encoding(params.scale(), -127, true, Optional.of(entry.range()));
            }
            boolean isSymmetric = entry.method().equals(SYMMETRIC)
                    ? offset == 0 || offset == -128
                    : offset == -128 && !entry.method().equals(ASYMMETRIC);
            return new Encoding(params.scale(), offset, isSymmetric, Optional.of(entry.range()));
        }
    }

    @Override
    public TableImport read(Path file, InputStream content, QuantType type, QuantScheme scheme) throws IOException {
        JsonPlace root = JsonText.root(file, content, JsonText.LENIENT);
        if (root.has(ENCODINGS)) {
            return linear(root);
        }
        String version = version(root);
        boolean isListed = LISTED.equals(TOOL + version);
        Omissions omissions = new Omissions();
        Map<String, CalibrationTable.Entry> entries = new LinkedHashMap<>();
        for (String section : List.of(ACTIVATIONS, PARAMETERS)) {
            Optional<JsonPlace> place = root.optional(section);
            if (place.isEmpty()) {
                continue;
            }
            for (Map.Entry<String, JsonPlace> tensor :
                    (isListed ? listed(place.get()) : nested(place.get(), omissions)).entrySet()) {
                if (entries.containsKey(tensor.getKey())) {
                    throw tensor.getValue().mustBe("of a tensor that no encoding before is of");
                }
                Optional<Encoding> encoding = isListed
                        ? listed(tensor.getKey(), tensor.getValue(), omissions)
                        : nested(tensor.getKey(), tensor.getValue(), omissions);
                if (encoding.isPresent() && omissions.isName(tensor.getKey())) {
                    entries.put(
                            tensor.getKey(),
                            tensor.getValue().checked(() -> encoding.get().entry(type)));
                    if (section.equals(PARAMETERS)) {
                        omissions.add(tensor.getKey(), "that they are parameters is not held");
                    }
                }
            }
        }
        return table(root, TOOL + version, entries, omissions);
    }

    private static TableImport table(
            JsonPlace root, String tool, Map<String, CalibrationTable.Entry> entries, Omissions omissions)
            throws FormatException {
        List<String> losses = new ArrayList<>(omissions.sentences());
        for (String other : List.of("excluded_layers", "quantizer_args", "producer")) {
            if (root.has(other) && !root.field(other).node().isEmpty()) {
                losses.add(other + " are not held");
            }
        }
        return new TableImport(
                root.checked(() -> new CalibrationFile(tool, Optional.empty(), CalibrationTable.of(entries))), losses);
    }

    /** Versions from 2.0.0 on. */
    private static TableImport linear(JsonPlace root) throws FormatException {
        JsonPlace version = root.field(VERSION);
        if (!LINEAR.contains(TOOL + version.text())) {
            throw version.mustBe("2.0.0 or 2.1.0");
        }
        Omissions omissions = new Omissions();
        Map<String, CalibrationTable.Entry> entries = new LinkedHashMap<>();
        for (Map.Entry<String, JsonPlace> tensor : listed(root.field(ENCODINGS)).entrySet()) {
            Optional<CalibrationTable.Entry> entry = linear(tensor.getKey(), tensor.getValue(), omissions);
            if (entry.isPresent() && omissions.isName(tensor.getKey())) {
                entries.put(tensor.getKey(), entry.get());
            }
        }
        return table(root, TOOL + version.text(), entries, omissions);
    }

    private static Optional<CalibrationTable.Entry> linear(String name, JsonPlace place, Omissions omissions)
            throws FormatException {
        String type = place.field("output_dtype").text();
        if (!type.equals("int8") && !type.equals("uint8")) {
            omissions.add(name, "left out, not of 8 bits");
            return Optional.empty();
        }
        Optional<JsonPlace> scalePlace = place.optional("y_scale");
        if (scalePlace.isEmpty() || scalePlace.get().unwrapped().node().isContainer()) {
            omissions.add(name, "left out, with more than one scale");
            return Optional.empty();
        }
        Optional<JsonPlace> zeroPlace = place.optional("y_zero_point");
        if (zeroPlace.isPresent() && zeroPlace.get().unwrapped().node().isContainer()) {
            omissions.add(name, "left out, with more than one zero point");
            return Optional.empty();
        }
        double scale = scalePlace.get().unwrapped().anyReal();
        OptionalInt zeroPoint = zeroPlace.isEmpty()
                ? OptionalInt.of(0)
                : zeroPlace.get().unwrapped().anyWhole();
        QuantType codes = QuantType.parse(type);
        if (!omissions.isScale(name, (float) scale) || !omissions.isZeroPoint(name, zeroPoint, codes)) {
            return Optional.empty();
        }
        QuantParams params = QuantParams.of(codes, (float) scale, zeroPoint.getAsInt());
        if ((double) (float) scale != scale) {
            omissions.add(name, "scale rounded to a float");
        }
        return Optional.of(linear(params));
    }

    /** The range is that of the codes. */
    private static CalibrationTable.Entry linear(QuantParams params) {
        return new CalibrationTable.Entry(TableCodec.span(params), params, LINEAR_METHOD, ValueCounts.NONE);
    }

    /** The version; the first specification had none. */
    private static String version(JsonPlace root) throws FormatException {
        if (!root.has(PARAMETERS)) {
            root.field(ACTIVATIONS);
        }
        Optional<JsonPlace> place = root.optional(VERSION);
        if (place.isEmpty()) {
            return NESTED_VERSIONS.get(0);
        }
        String version = place.get().text();
        if (!NESTED_VERSIONS.contains(version) && !LISTED.equals(TOOL + version)) {
            throw place.get().mustBe("0.4.0, 0.5.0, 0.5.1, 0.6.1, 0.6.2 or 1.0.0");
        }
        return version;
    }

    /** Name to encoding, where a name stands for a list of one encoding for each channel. */
    private static Map<String, JsonPlace> nested(JsonPlace section, Omissions omissions) throws FormatException {
        Map<String, JsonPlace> encodings = new LinkedHashMap<>();
        for (Map.Entry<String, JsonPlace> tensor : section.tensors().entrySet()) {
            JsonPlace list = tensor.getValue();
            if (list.node().isArray() && list.node().size() > 1) {
                omissions.add(tensor.getKey(), "left out, with an encoding for each channel");
            } else if (list.node().isArray() && list.node().isEmpty()) {
                omissions.add(tensor.getKey(), "left out, without an encoding");
            } else if (list.has("input") || list.has("output")) {
                omissions.add(tensor.getKey(), "left out, a layer with encodings of its inputs and outputs");
            } else {
                encodings.put(tensor.getKey(), list.only());
            }
        }
        return encodings;
    }

    private static Map<String, JsonPlace> listed(JsonPlace section) throws FormatException {
        Map<String, JsonPlace> encodings = new LinkedHashMap<>();
        for (JsonPlace encoding : section.items()) {
            JsonPlace name = encoding.field("name");
            if (encodings.put(name.name(), encoding) != null) {
                throw name.mustBe("a name that no encoding before has");
            }
        }
        return encodings;
    }

    private static Optional<Encoding> nested(String name, JsonPlace place, Omissions omissions) throws FormatException {
        boolean isInteger = !place.has("dtype") || oneOf(place.field("dtype"), "int", "float");
        if (!isHeld(name, isInteger, place.field("bitwidth"), omissions)) {
            return Optional.empty();
        }
        return encoding(
                name,
                place.field("scale"),
                place.field("offset"),
                isSymmetric(place.field("is_symmetric")),
                place.optional("min"),
                place.optional("max"),
                omissions);
    }

    private static Optional<Encoding> listed(String name, JsonPlace place, Omissions omissions) throws FormatException {
        boolean isInteger = oneOf(place.field("dtype"), "INT", "FLOAT");
        if (!isHeld(name, isInteger, place.field("bw"), omissions)) {
            return Optional.empty();
        }
        if (!place.field("enc_type").text().equals("PER_TENSOR")) {
            omissions.add(name, "left out, with an encoding for each channel");
            return Optional.empty();
        }
        Optional<JsonPlace> min = place.optional("min");
        Optional<JsonPlace> max = place.optional("max");
        return encoding(
                name,
                place.field("scale").only(),
                place.field("offset").only(),
                isSymmetric(place.field("is_sym")),
                min.isEmpty() ? min : Optional.of(min.get().only()),
                max.isEmpty() ? max : Optional.of(max.get().only()),
                omissions);
    }

    /** A truth value of JSON, or its name in Python as text: versions and tools differ. */
    private static boolean isSymmetric(JsonPlace place) throws FormatException {
        return place.node().isBoolean() ? place.truth() : oneOf(place, "True", "False");
    }

    private static boolean oneOf(JsonPlace place, String yes, String no) throws FormatException {
        if (!place.text().equals(yes) && !place.text().equals(no)) {
            throw place.mustBe(yes + " or " + no);
        }
        return place.text().equals(yes);
    }

    private static boolean isHeld(String name, boolean isInteger, JsonPlace bits, Omissions omissions)
            throws FormatException {
        if (!isInteger) {
            omissions.add(name, "left out, of floats");
            return false;
        }
        if (bits.integral() != 8) {
            omissions.add(name, "left out, not of 8 bits");
            return false;
        }
        return true;
    }

    /** An encoding that a table holds, or nothing, which is said. */
    private static Optional<Encoding> encoding(
            String name,
            JsonPlace scalePlace,
            JsonPlace offsetPlace,
            boolean isSymmetric,
            Optional<JsonPlace> min,
            Optional<JsonPlace> max,
            Omissions omissions)
            throws FormatException {
        double scale = scalePlace.anyReal();
        if (!omissions.isScale(name, (float) scale)) {
            return Optional.empty();
        }
        int offset = offsetPlace.anyWhole().orElse(1);
        if (offset < -255 || offset > 0) {
            omissions.add(name, "left out, with an offset that is no whole number within -255..0");
            return Optional.empty();
        }
        if (isSymmetric && offset != 0 && offset != -127 && offset != -128) {
            omissions.add(name, "left out, symmetric with an offset other than 0, -127 and -128");
            return Optional.empty();
        }
        Encoding encoding = new Encoding((float) scale, offset, isSymmetric, Optional.empty());
        if (min.isPresent() && max.isPresent()) {
            double low = min.get().anyReal();
            double high = max.get().anyReal();
            // Which of the two is wrong cannot be known. Infinities are not near, and of NaN nothing is.
            if (!(low <= high && encoding.hasEndsNear(RealRange.of(low, high)))) {
                omissions.add(name, "left out, with min and max more than a step away from the ends of its grid");
                return Optional.empty();
            }
            encoding = new Encoding((float) scale, offset, isSymmetric, Optional.of(RealRange.of(low, high)));
        }
        if ((double) (float) scale != scale) {
            omissions.add(name, "scale rounded to a float");
        }
        return Optional.of(encoding);
    }

    @Override
    public UnaryOperator<CalibrationTable.Entry> held(CalibrationFile of) {
        String tool = heldTool(of);
        if (LINEAR.contains(tool)) {
            return entry -> {
                QuantParams params = entry.params();
                QuantType type = params.type() == QuantType.UINT8 ? QuantType.UINT8 : QuantType.INT8;
                return linear(QuantParams.of(type, params.scale(), params.zeroPoint()));
            };
        }
        return entry -> held(entry, !tool.equals(LISTED));
    }

    private static CalibrationTable.Entry held(CalibrationTable.Entry entry, boolean hasRanges) {
        Encoding encoding = Encoding.of(entry);
        boolean keepsRange = hasRanges && encoding.hasEndsNear(entry.range());
        return new Encoding(
                        encoding.scale,
                        encoding.offset,
                        encoding.isSymmetric,
                        keepsRange ? encoding.range : Optional.empty())
                .entry(entry.params().type());
    }

    @Override
    public String heldTool(CalibrationFile of) {
        return of.tool().equals(LISTED) || LINEAR.contains(of.tool()) ? of.tool() : NESTED;
    }

    @Override
    public List<String> remarks(CalibrationFile of) {
        boolean hasUnsigned = !LINEAR.contains(heldTool(of))
                && of.table().entries().values().stream()
                        .anyMatch(entry -> entry.params().type() == QuantType.UINT8);
        return hasUnsigned
                ? List.of("whether codes have a sign is not held: read the file with type uint8")
                : List.of();
    }

    @Override
    public AtomicFile.Content content(CalibrationFile held) {
        boolean isListed = heldTool(held).equals(LISTED);
        ObjectNode root = JsonText.LENIENT.createObjectNode();
        if (LINEAR.contains(heldTool(held))) {
            ArrayNode list = root.putArray(ENCODINGS);
            held.table().entries().forEach((name, entry) -> putLinear(list.addObject(), name, entry.params()));
        } else if (isListed) {
            ArrayNode list = root.putArray(ACTIVATIONS);
            held.table().entries().forEach((name, entry) -> putListed(list.addObject(), name, Encoding.of(entry)));
            root.putArray(PARAMETERS);
        } else {
            ObjectNode map = root.putObject(ACTIVATIONS);
            held.table()
                    .entries()
                    .forEach((name, entry) ->
                            putNested(map.putArray(name).addObject(), entry.range(), Encoding.of(entry)));
            root.putObject(PARAMETERS);
        }
        root.put(VERSION, heldTool(held).substring(TOOL.length()));
        byte[] content = PythonJson.indented(root, 4).getBytes(StandardCharsets.US_ASCII);
        return out -> out.write(content);
    }

    @Override
    public int mostTensors() {
        return JsonText.MAX_TOKENS / JsonText.TOKENS_OF_TENSOR;
    }

    private static void putLinear(ObjectNode node, String name, QuantParams params) {
        node.put("name", name).put("output_dtype", params.type().label());
        node.set("y_scale", PythonJson.number((double) params.scale()));
        if (params.zeroPoint() != 0) {
            node.put("y_zero_point", params.zeroPoint());
        }
    }

    private static void putNested(ObjectNode node, RealRange range, Encoding encoding) {
        node.put("bitwidth", 8).put("dtype", "int").put("is_symmetric", encoding.isSymmetric ? "True" : "False");
        node.set("max", PythonJson.number(range.max()));
        node.set("min", PythonJson.number(range.min()));
        node.put("offset", encoding.offset);
        node.set("scale", PythonJson.number((double) encoding.scale));
    }

    private static void putListed(ObjectNode node, String name, Encoding encoding) {
        node.put("bw", 8).put("dtype", "INT").put("enc_type", "PER_TENSOR").put("is_sym", encoding.isSymmetric);
        node.put("name", name);
        node.putArray("offset").add(encoding.offset);
        node.putArray("scale").add(PythonJson.number((double) encoding.scale));
    }
}
