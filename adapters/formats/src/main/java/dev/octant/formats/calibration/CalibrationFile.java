// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.calibration;

import dev.octant.core.ParameterPolicy;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantScheme;
import dev.octant.core.QuantType;
import dev.octant.core.RealRange;
import dev.octant.core.internal.text.Given;
import dev.octant.formats.AtomicFile;
import dev.octant.formats.FormatException;
import dev.octant.formats.ReadOutOfMemoryError;
import dev.octant.formats.VisibleText;
import dev.octant.observers.ValueCounts;
import dev.octant.ops.Activation;
import dev.octant.ops.ActivationKind;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.lang3.Validate;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.databind.node.ObjectNode;

/**
 * A calibration table as a JSON file, with what made it.
 *
 * <pre>
 * { "schema": 1, "tool": "octant 0.1.0", "scheme": "asymmetric", "policy": "octant",
 *   "tensors": [
 *     { "name": "act", "method": "percentile=99.99", "type": "int8",
 *       "min": {"value": -1.5, "bits": "bff8000000000000"}, "max": ...,
 *       "scale": {"value": 0.003921569, "bits": "3b808081"}, "zeroPoint": -128,
 *       "observed": {"values": 6, "zeros": 1, "nan": 0, "posInf": 0, "negInf": 0, "min": ..., "max": ...,
 *                   "digest": "9f86d081884c7d65..." },
 *       "consumer": {"op": "silu", "min": ..., "max": ..., "type": "int8", "scale": ..., "zeroPoint": -118} } ] }
 * </pre>
 *
 * <p>Every real number stands twice: as a decimal for people, and as its IEEE 754 bits in hexadecimal for programs. The
 * ends of ranges are doubles (16 digits), scales and the observed ends floats (8 digits). Reading takes the bits, and
 * refuses them when the decimal rounds to another number; so a table comes back exactly, and a hand-edited one is
 * noticed. Observed ends are null when no value was finite. What is not known is left out: {@code scheme}, {@code
 * policy}, {@code observed} and in it {@code digest}, as in tables that another tool made or an earlier version
 * wrote. {@code consumer} is there where the op that reads the tensor is known.
 *
 * <p>{@code values} and {@code digest} identify the data a tensor was calibrated on: how many values, and 64
 * hexadecimal digits of SHA-256 that do not depend on their order or on how they were cut into files ({@link
 * dev.octant.observers.HistogramSummary#digest()}).
 *
 * <p>Reading is strict: another schema, a missing, unknown or repeated field, a repeated tensor, a value no table can
 * hold are each a {@link FormatException} with the JSON path. Files are at most {@link #MAX_BYTES} long, and whatever
 * is written can be read: tensors are read and written one by one, so memory is that of the table, less than 4 bytes
 * for each byte of the file. Immutable and thread safe.
 *
 * <p>The names of tensors can be printed, see {@link VisibleText#isPrintable}: a table is also written line by line,
 * and shown; and so is all other text of it. Whatever file it is read from, and whatever it is to be written to, others
 * are refused here.
 *
 * @param tool name and version of the program that calibrated
 * @param scheme how ranges became parameters, when one scheme made the whole table and it is known
 * @param policy by whose rule they did, when it is known
 * @param table the table
 */
public record CalibrationFile(
        String tool, Optional<QuantScheme> scheme, Optional<ParameterPolicy> policy, CalibrationTable table) {
    /** The version of the layout above. */
    public static final int SCHEMA = 1;

    /** The longest file that is read, and that is written: room for some eight hundred thousand tensors. */
    public static final int MAX_BYTES = JsonText.MAX_BYTES;

    private static final String POLICIES = Stream.of(ParameterPolicy.values())
            .map(ParameterPolicy::label)
            .collect(Collectors.joining(", ", "one of ", ""));

    /**
     * @throws IllegalArgumentException if the tool is blank, the name of a tensor cannot be printed, or the tool, a
     *     method or an op is not {@linkplain VisibleText#isOneLine one line}
     */
    public CalibrationFile {
        Given.require("tool", tool);
        Validate.notBlank(tool, "tool must not be blank, was '%s'", tool);
        Validate.notNull(scheme, "scheme must be given or empty, was null");
        Validate.notNull(policy, "policy must be given or empty, was null");
        Validate.notNull(table, "table must be given, was null");
        requireOneLine("tool", tool);
        table.entries().forEach((name, entry) -> {
            VisibleText.requirePrintable(name);
            requireOneLine("method", entry.method());
            entry.consumer()
                    .ifPresent(consumer -> requireOneLine("op", consumer.op().toString()));
        });
    }

    private static void requireOneLine(String what, String text) {
        if (!VisibleText.isOneLine(text)) {
            throw new IllegalArgumentException(what + " must have no control characters, was " + VisibleText.of(text));
        }
    }

    /** A table of an unknown policy. */
    public CalibrationFile(String tool, Optional<QuantScheme> scheme, CalibrationTable table) {
        this(tool, scheme, Optional.empty(), table);
    }

    /**
     * Reads a file.
     *
     * @throws FormatException if it is missing, too long, not JSON, or not a calibration table of this schema
     */
    public static CalibrationFile read(Path file) throws IOException {
        return ReadOutOfMemoryError.named(file, () -> {
            try (InputStream content = JsonText.bytes(file)) {
                return parse(file, content);
            }
        });
    }

    /** Reads the bytes of a file. */
    static CalibrationFile parse(Path file, InputStream content) throws IOException {
        Map<String, CalibrationTable.Entry> entries = new LinkedHashMap<>();
        JsonPlace root = JsonText.root(file, content, JsonText.STRICT, "tensors", (before, tensor) -> {
            if (entries.isEmpty() && before.has("schema")) {
                requireSchema(before);
            }
            put(entries, tensor);
        });
        return read(root, entries);
    }

    private static void put(Map<String, CalibrationTable.Entry> entries, JsonPlace tensor) throws FormatException {
        tensor.requireFields("name", "method", "type", "min", "max", "scale", "zeroPoint", "observed", "consumer");
        JsonPlace name = tensor.field("name");
        if (entries.containsKey(name.text())) {
            throw name.mustBe("a name that no tensor before has");
        }
        entries.put(name.text(), entry(tensor));
    }

    private static void requireSchema(JsonPlace root) throws FormatException {
        if (root.field("schema").whole() != SCHEMA) {
            throw root.field("schema").mustBe(String.valueOf(SCHEMA));
        }
    }

    /**
     * Writes the file, all at once or not at all; see {@link AtomicFile}.
     *
     * @throws FormatException if the target cannot be written
     * @throws IllegalArgumentException if a range is infinite, which JSON cannot say, or an op is of the caller's own,
     *     which no name tells: that is known before data are read
     */
    public void write(Path target) throws IOException {
        AtomicFile.write(target, content());
    }

    /** The bytes of the file, which are made as they are written: memory does not grow with them. */
    AtomicFile.Content content() {
        table.entries().forEach(CalibrationFile::requireWritable);
        return this::writeTo;
    }

    /** Writes one tensor after the other: memory does not grow with their number. Does not close the stream. */
    private void writeTo(OutputStream target) throws IOException {
        Counted out = new Counted(target);
        try {
            JsonGenerator json = JsonText.STRICT
                    .writerWithDefaultPrettyPrinter()
                    .without(StreamWriteFeature.AUTO_CLOSE_TARGET)
                    .createGenerator(out);
            json.writeStartObject();
            json.writeName("schema").writeNumber(SCHEMA);
            json.writeName("tool").writeString(tool);
            scheme.ifPresent(known -> json.writeName("scheme").writeString(known.label()));
            policy.ifPresent(known -> json.writeName("policy").writeString(known.label()));
            json.writeName("tensors").writeStartArray();
            table.entries().forEach((name, entry) -> {
                ObjectNode tensor = JsonText.STRICT.createObjectNode();
                put(tensor, name, entry);
                json.writeTree(tensor);
            });
            json.writeEndArray().writeEndObject().flush();
        } catch (JacksonException e) {
            if (e.getCause() instanceof IOException unwritten) {
                throw unwritten;
            }
            throw e;
        }
        out.write('\n');
        out.flush();
    }

    /** Refuses to write more than is read. */
    private static final class Counted extends FilterOutputStream {
        private long count;

        Counted(OutputStream out) {
            super(out);
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            count += length;
            Validate.isTrue(
                    count <= MAX_BYTES, "table must have at most %s bytes to be read again, was longer", MAX_BYTES);
            out.write(bytes, offset, length);
        }
    }

    private static void requireWritable(String name, CalibrationTable.Entry entry) {
        Validate.isTrue(
                entry.range().isFinite(), "%s: range must be finite to be written, was %s", name, entry.range());
        entry.consumer().ifPresent(consumer -> {
            Validate.isTrue(
                    consumer.range().isFinite(),
                    "%s: output range must be finite to be written, was %s",
                    name,
                    consumer.range());
            Validate.isTrue(
                    consumer.op().kind() != ActivationKind.CUSTOM,
                    "%s: op must be one of the field's functions to be written, was %s",
                    name,
                    consumer.op());
        });
    }

    private static void put(ObjectNode tensor, String name, CalibrationTable.Entry entry) {
        RealRange range = entry.range();
        QuantParams params = entry.params();
        tensor.put("name", name)
                .put("method", entry.method())
                .put("type", params.type().label());
        put(tensor, "min", range.min());
        put(tensor, "max", range.max());
        put(tensor, "scale", params.scale());
        tensor.put("zeroPoint", params.zeroPoint());
        putObserved(tensor, entry);
        entry.consumer().ifPresent(consumer -> putConsumer(tensor.putObject("consumer"), consumer));
    }

    private static void putConsumer(ObjectNode output, CalibrationTable.Consumer consumer) {
        RealRange range = consumer.range();
        output.put("op", consumer.op().toString());
        put(output, "min", range.min());
        put(output, "max", range.max());
        output.put("type", consumer.params().type().label());
        put(output, "scale", consumer.params().scale());
        output.put("zeroPoint", consumer.params().zeroPoint());
    }

    private static void putObserved(ObjectNode tensor, CalibrationTable.Entry entry) {
        ValueCounts counts = entry.values();
        if (counts.equals(ValueCounts.NONE) && entry.digest().isEmpty()) {
            return;
        }
        ObjectNode observed = tensor.putObject("observed");
        observed.put("values", counts.count())
                .put("zeros", counts.zeros())
                .put("nan", counts.nan())
                .put("posInf", counts.positiveInfinities())
                .put("negInf", counts.negativeInfinities());
        if (counts.finite() == 0) {
            observed.putNull("min").putNull("max");
        } else {
            put(observed, "min", counts.min());
            put(observed, "max", counts.max());
        }
        entry.digest().ifPresent(digest -> observed.put("digest", digest));
    }

    private static void put(ObjectNode parent, String field, float value) {
        parent.putObject(field)
                .put("value", value)
                .put("bits", String.format(Locale.ROOT, "%08x", Float.floatToIntBits(value)));
    }

    private static void put(ObjectNode parent, String field, double value) {
        parent.putObject(field)
                .put("value", value)
                .put("bits", String.format(Locale.ROOT, "%016x", Double.doubleToLongBits(value)));
    }

    private static CalibrationFile read(JsonPlace root, Map<String, CalibrationTable.Entry> entries)
            throws FormatException {
        // First of all: of another schema, nothing else is known.
        requireSchema(root);
        root.requireFields("schema", "tool", "scheme", "policy", "tensors");
        String tool = root.field("tool").text();
        Optional<QuantScheme> scheme = root.optional("scheme", CalibrationFile::scheme);
        Optional<ParameterPolicy> policy = root.optional("policy", CalibrationFile::policy);
        // Where it is an array, its items were taken before.
        root.field("tensors").items();
        return root.checked(() -> new CalibrationFile(tool, scheme, policy, CalibrationTable.of(entries)));
    }

    private static CalibrationTable.Entry entry(JsonPlace tensor) throws FormatException {
        QuantType type = type(tensor.field("type"));
        double min = tensor.field("min").exactDouble();
        double max = tensor.field("max").exactDouble();
        float scale = tensor.field("scale").exactFloat();
        int zeroPoint = tensor.field("zeroPoint").wholeInt();
        String method = tensor.field("method").text();
        ValueCounts counts = ValueCounts.NONE;
        Optional<String> digest = Optional.empty();
        if (tensor.has("observed")) {
            JsonPlace observed = tensor.field("observed");
            observed.requireFields("values", "zeros", "nan", "posInf", "negInf", "min", "max", "digest");
            counts = counts(observed);
            digest = observed.optional("digest", JsonPlace::text);
        }
        Optional<CalibrationTable.Consumer> consumer = tensor.optional("consumer", CalibrationFile::consumer);
        ValueCounts values = counts;
        Optional<String> known = digest;
        return tensor.checked(() -> new CalibrationTable.Entry(
                RealRange.of(min, max), QuantParams.of(type, scale, zeroPoint), method, values, known, consumer));
    }

    private static CalibrationTable.Consumer consumer(JsonPlace output) throws FormatException {
        output.requireFields("op", "min", "max", "type", "scale", "zeroPoint");
        String op = output.field("op").text();
        double min = output.field("min").exactDouble();
        double max = output.field("max").exactDouble();
        QuantType type = type(output.field("type"));
        float scale = output.field("scale").exactFloat();
        int zeroPoint = output.field("zeroPoint").wholeInt();
        return output.checked(() -> new CalibrationTable.Consumer(
                Activation.parse(op), RealRange.of(min, max), QuantParams.of(type, scale, zeroPoint)));
    }

    private static ValueCounts counts(JsonPlace observed) throws FormatException {
        long values = observed.field("values").whole();
        long zeros = observed.field("zeros").whole();
        long nan = observed.field("nan").whole();
        long positive = observed.field("posInf").whole();
        long negative = observed.field("negInf").whole();
        float min = observed.field("min").exactFloatOrNaN();
        float max = observed.field("max").exactFloatOrNaN();
        return observed.checked(() -> new ValueCounts(values, zeros, nan, positive, negative, min, max));
    }

    private static QuantType type(JsonPlace place) throws FormatException {
        return place.constant(QuantType::parse, QuantType::label, "int8, uint8 or int8_narrow");
    }

    private static QuantScheme scheme(JsonPlace place) throws FormatException {
        return place.constant(QuantScheme::parse, QuantScheme::label, "asymmetric, symmetric or fixed");
    }

    private static ParameterPolicy policy(JsonPlace place) throws FormatException {
        return place.constant(ParameterPolicy::parse, ParameterPolicy::label, POLICIES);
    }
}
