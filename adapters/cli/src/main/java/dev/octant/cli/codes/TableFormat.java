// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.codes;

import dev.octant.cli.words.StandardStreams;
import dev.octant.cli.words.Version;
import dev.octant.core.Profile;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantType;
import dev.octant.core.internal.text.Labels;
import dev.octant.formats.AtomicFile;
import dev.octant.formats.VisibleText;
import dev.octant.formats.tensor.ArrayHeader;
import dev.octant.formats.tensor.ArrayWriter;
import dev.octant.formats.tensor.ElementType;
import dev.octant.ops.QuantizedActivation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.DoubleSummaryStatistics;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A table as text and in files. Entries always stand in ascending order of input code. */
final class TableFormat {
    /** The ending of a header of C. */
    static final String C_HEADER = "h";

    private static final List<String> ENDINGS = List.of("json", "csv", "npy", C_HEADER, "hex");

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
     * The format of a file: the one asked for, or else the one that its ending names.
     *
     * @param asked a word, where one was given
     * @throws IllegalArgumentException if both say one and they differ, or none does
     */
    static String of(Path file, Optional<String> asked) {
        String name = file.toString().toLowerCase(Locale.ROOT);
        Optional<String> stated =
                ENDINGS.stream().filter(ending -> name.endsWith("." + ending)).findFirst();
        if (asked.isEmpty()) {
            return stated.orElseThrow(() -> new IllegalArgumentException(
                    "output must end in .json, .csv, .npy, .h or .hex, or --as must say its format, was "
                            + StandardStreams.name(file) + "; without -o the table is printed"));
        }
        String format = ending(asked.get());
        if (stated.isPresent() && !stated.get().equals(format)) {
            throw new IllegalArgumentException(
                    "--as must say what -o ends in, " + stated.get() + ", or be left out, was " + format);
        }
        return format;
    }

    /**
     * Writes the table.
     *
     * @param format one of the endings
     * @param tensor the tensor that it is for, where that is known
     */
    static void write(Path file, String format, QuantizedActivation op, Optional<String> tensor) throws IOException {
        if (format.equals("npy")) {
            ElementType element = op.output().type().isSigned() ? ElementType.INT8 : ElementType.UINT8;
            byte[] codes = codes(op);
            ArrayWriter.write(
                    file,
                    ArrayHeader.of("table", element, List.of((long) codes.length)),
                    out -> out.writeBytes(codes, 0, codes.length));
            return;
        }
        byte[] content = switch (format) {
            case "json" -> json(op, tensor);
            case "csv" -> utf8(csv(op));
            case C_HEADER -> utf8(cHeader(op, symbol(file, op, tensor), tensor));
            case "hex" -> utf8(hex(op) + "\n");
            default -> throw new IllegalArgumentException("format must be one of " + ENDINGS + ", was " + format);
        };
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
                .append(span(op))
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

    /** What C may call a table that others call so. */
    static String symbol(String name) {
        return "octant_" + name.replaceAll("[^A-Za-z0-9_]", "_");
    }

    /** Of a tensor's table that of its file, of which there is one only; of an op's that of the op. */
    private static String symbol(Path file, QuantizedActivation op, Optional<String> tensor) {
        String ending = "." + C_HEADER;
        String name = file.getFileName().toString();
        boolean isNamed = tensor.isPresent() && name.toLowerCase(Locale.ROOT).endsWith(ending);
        return symbol(
                isNamed
                        ? name.substring(0, name.length() - ending.length())
                        : tensor.orElse(op.activation().name()));
    }

    /** A text inside of a comment, which nothing in it ends or begins again. */
    private static String commented(String text) {
        return VisibleText.whole(text).replace("*/", "*\\/").replace("/*", "/\\*");
    }

    /**
     * The values from the lowest to the highest code that a table may emit: of the codes inside the op's range, and of
     * those beyond it that an engine emits all the same.
     */
    private static String span(QuantizedActivation op) {
        QuantType type = op.output().type();
        DoubleSummaryStatistics values = DoubleStream.concat(
                        IntStream.rangeClosed(type.low(), type.high())
                                .mapToDouble(op.output()::dequantize)
                                .filter(op.outputRange()::contains),
                        inputCodes(op).mapToDouble(code -> op.output().dequantize(op.apply(code))))
                .summaryStatistics();
        // All of them are floats.
        return "[" + (float) values.getMin() + ", " + (float) values.getMax() + "]";
    }

    private static String cHeader(QuantizedActivation op, String name, Optional<String> tensor) {
        String type = op.output().type().isSigned() ? "int8_t" : "uint8_t";
        String guard = name.toUpperCase(Locale.ROOT) + "_H";
        int first = op.input().type().firstStored();
        StringBuilder text = new StringBuilder();
        text.append("/* ");
        tensor.ifPresent(of -> text.append("Tensor \"").append(commented(of)).append("\".\n   "));
        text.append(op.activation())
                .append(": ")
                .append(op.input())
                .append(" -> ")
                .append(op.output())
                .append(" within ")
                .append(span(op))
                .append(op.profile() == Profile.ONNX ? "" : " as " + op.profile())
                .append(".\n");
        text.append("   The output of input code q is ")
                .append(name)
                .append("[q")
                .append(first == 0 ? "" : " + " + -first);
        text.append("]. */\n#ifndef ")
                .append(guard)
                .append("\n#define ")
                .append(guard)
                .append("\n\n#include <stdint.h>\n\nstatic const ")
                .append(type)
                .append(' ')
                .append(name);
        text.append("[").append(QuantType.RAW_VALUES).append("] = {");
        inputCodes(op)
                .forEach(code -> text.append((code - first) % 16 == 0 ? "\n    " : " ")
                        .append(op.apply(code))
                        .append(','));
        return text.append("\n};\n\n#endif\n").toString();
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
