// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.codes;

import dev.octant.cli.words.Version;
import dev.octant.core.Profile;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantType;
import dev.octant.core.internal.text.Labels;
import dev.octant.formats.AtomicFile;
import dev.octant.formats.tensor.ArrayHeader;
import dev.octant.formats.tensor.ArrayWriter;
import dev.octant.formats.tensor.ElementType;
import dev.octant.ops.QuantizedActivation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A table as text and in files. Entries always stand in ascending order of input code. */
final class TableFormat {
    private static final List<String> ENDINGS = List.of("json", "csv", "npy", "h", "hex");

    /** The version of the layout of the JSON. */
    private static final int SCHEMA = 1;

    private TableFormat() {}

    /** Loaded when JSON is written and not before: it takes longer than a table of any other kind. */
    private static final class Json {
        static final JsonMapper MAPPER = JsonMapper.builder().build();
    }

    /** What may end the name of a file, for completion. */
    static final class Endings implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return ENDINGS.iterator();
        }
    }

    /** The ending that a word names. */
    static String ending(String word) {
        return Labels.find("format of tables", word, ENDINGS.toArray(new String[0]), ending -> ending);
    }

    /**
     * Writes the table in the format that the file's ending names.
     *
     * @param tensor the tensor that it is for, where that is known
     */
    static void write(Path file, QuantizedActivation op, Optional<String> tensor) throws IOException {
        String name = file.toString().toLowerCase(Locale.ROOT);
        if (name.endsWith(".npy")) {
            ElementType element = op.output().type().isSigned() ? ElementType.INT8 : ElementType.UINT8;
            byte[] codes = codes(op);
            ArrayWriter.write(
                    file,
                    ArrayHeader.of("table", element, List.of((long) codes.length)),
                    out -> out.writeBytes(codes, 0, codes.length));
            return;
        }
        byte[] content;
        if (name.endsWith(".json")) {
            content = json(op, tensor);
        } else if (name.endsWith(".csv")) {
            content = utf8(csv(op));
        } else if (name.endsWith(".h")) {
            content = utf8(cHeader(op, tensor));
        } else if (name.endsWith(".hex")) {
            content = utf8(hex(op) + "\n");
        } else {
            throw new IllegalArgumentException("output must end in .json, .csv, .npy, .h or .hex, was " + file
                    + " (without -o the table is printed)");
        }
        AtomicFile.write(file, out -> out.write(content));
    }

    /** 512 hex digits. */
    static String hex(QuantizedActivation op) {
        return HexFormat.of().formatHex(codes(op));
    }

    /** For the terminal: the parameters, then sixteen output codes a line, each line headed by its first input code. */
    static String text(QuantizedActivation op) {
        StringBuilder text = new StringBuilder();
        text.append(op.activation()).append('\n');
        text.append("input   ").append(op.input()).append('\n');
        text.append("output  ")
                .append(op.output())
                .append(" within ")
                .append(op.outputRange())
                .append('\n');
        if (op.profile() != Profile.ONNX) {
            text.append("profile ").append(op.profile()).append('\n');
        }
        text.append('\n');
        int first = op.input().type().firstStored();
        for (int row = 0; row < QuantType.RAW_VALUES; row += 16) {
            text.append(String.format(Locale.ROOT, "%5d |", first + row));
            for (int i = 0; i < 16; i++) {
                text.append(String.format(Locale.ROOT, "%5d", op.apply(first + row + i)));
            }
            text.append('\n');
        }
        return text.toString();
    }

    private static byte[] json(QuantizedActivation op, Optional<String> tensor) {
        ObjectNode node = Json.MAPPER.createObjectNode();
        node.put("schema", SCHEMA);
        node.put("tool", "octant " + Version.text());
        tensor.ifPresent(name -> node.put("tensor", name));
        node.put("op", op.activation().toString());
        node.put("profile", op.profile().label());
        params(node.putObject("input"), op.input());
        params(node.putObject("output"), op.output());
        ArrayNode range = node.putArray("outputRange");
        end(range, op.outputRange().min());
        end(range, op.outputRange().max());
        node.put("firstInputCode", op.input().type().firstStored());
        ArrayNode table = node.putArray("table");
        inputCodes(op).forEach(code -> table.add(op.apply(code)));
        return Json.MAPPER.writeValueAsBytes(node);
    }

    private static void params(ObjectNode node, QuantParams params) {
        node.put("type", params.type().label());
        node.put("scale", params.scale());
        node.put("scaleBits", String.format(Locale.ROOT, "%08x", Float.floatToRawIntBits(params.scale())));
        node.put("zeroPoint", params.zeroPoint());
    }

    /** JSON has no infinity: null is an open end. */
    private static void end(ArrayNode range, double value) {
        if (Double.isFinite(value)) {
            range.add(value);
        } else {
            range.addNull();
        }
    }

    private static String csv(QuantizedActivation op) {
        return inputCodes(op)
                .mapToObj(code -> code + "," + op.apply(code) + "," + op.input().dequantize(code) + ","
                        + op.output().dequantize(op.apply(code)) + "\n")
                .collect(Collectors.joining("", "input_code,output_code,input_value,output_value\n", ""));
    }

    private static String cHeader(QuantizedActivation op, Optional<String> tensor) {
        String type = op.output().type().isSigned() ? "int8_t" : "uint8_t";
        // Of several tensors in one program each has a name of its own.
        String name = "octant_" + tensor.orElse(op.activation().name()).replaceAll("[^A-Za-z0-9_]", "_");
        int first = op.input().type().firstStored();
        StringBuilder text = new StringBuilder();
        text.append("/* ").append(op).append(".\n");
        text.append("   The output of input code q is ")
                .append(name)
                .append("[q")
                .append(first == 0 ? "" : " + " + -first);
        text.append("]. */\n#include <stdint.h>\n\nstatic const ")
                .append(type)
                .append(' ')
                .append(name);
        text.append("[").append(QuantType.RAW_VALUES).append("] = {");
        inputCodes(op)
                .forEach(code -> text.append((code - first) % 16 == 0 ? "\n    " : " ")
                        .append(op.apply(code))
                        .append(','));
        return text.append("\n};\n").toString();
    }

    private static IntStream inputCodes(QuantizedActivation op) {
        int first = op.input().type().firstStored();
        return IntStream.range(first, first + QuantType.RAW_VALUES);
    }

    private static byte[] codes(QuantizedActivation op) {
        return op.table().codes(op.input().type());
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
