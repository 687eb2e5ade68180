// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.report;

import dev.octant.calibration.evaluation.Evaluation;
import dev.octant.calibration.evaluation.MethodResult;
import dev.octant.calibration.evaluation.SplitError;
import dev.octant.calibration.evaluation.TensorResult;
import dev.octant.cli.words.StandardStreams;
import dev.octant.cli.words.Version;
import dev.octant.core.QuantParams;
import dev.octant.formats.tensor.LeftOut;
import dev.octant.observers.HistogramSummary;
import dev.octant.observers.ValueCounts;
import dev.octant.ops.QuantizedActivation;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Locale;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.SerializableString;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.core.io.CharacterEscapes;
import tools.jackson.core.io.SerializedString;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The facts of the report as JSON:
 *
 * <pre>
 * { "schema": 1, "tool": "octant 0.1.0", "inputs": ["activations/"], "figures": [ { "name": "act", .. }, .. ] }
 * </pre>
 *
 * <p>Of the figures there is one flat object per tensor and method. What belongs to the tensor alone is
 * repeated in each, but for the histogram, which stands in the first. A tensor that was left out has one object with
 * the method null and the reason in {@code leftOut}; if it was not read, with its name and file and nothing else.
 * Infinities and NaN, which JSON does not have, are null: of a ratio of signal to noise, {@code outputExact} beside it
 * says whether nothing was lost. Stateless and thread safe.
 */
public final class JsonReport {
    /** The version of the layout. */
    static final int SCHEMA = 1;

    static final JsonMapper MAPPER = JsonMapper.builder(
                    JsonFactory.builder().characterEscapes(new Spelled()).build())
            .build();

    /** Invisible characters as escapes: they are the same text to a parser, and do not deceive who reads the file. */
    private static final class Spelled extends CharacterEscapes {
        private static final long serialVersionUID = 1L;

        @Override
        public int[] getEscapeCodesForAscii() {
            return standardAsciiEscapesForJSON();
        }

        @Override
        public SerializableString getEscapeSequence(int c) {
            return isInvisible(c) ? new SerializedString(String.format("\\u%04x", c)) : null;
        }

        private static boolean isInvisible(int c) {
            return switch (Character.getType(c)) {
                case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
                    true;
                default -> false;
            };
        }
    }

    private JsonReport() {}

    /**
     * Writes the facts, in UTF-8, one tensor after the other: memory does not grow with their number. Does not close
     * the stream.
     *
     * @throws IOException as the stream throws it
     */
    public static void write(Evaluation evaluation, OutputStream out) throws IOException {
        written(() -> writeAll(evaluation, out));
    }

    /** Writes JSON; where the stream refuses, throws what the stream threw, and not what is made of it on the way. */
    static void written(Runnable writing) throws IOException {
        try {
            writing.run();
        } catch (JacksonIOException e) {
            throw e.getCause();
        }
    }

    private static void writeAll(Evaluation evaluation, OutputStream out) {
        try (JsonGenerator all = MAPPER.writerWithDefaultPrettyPrinter()
                .without(StreamWriteFeature.AUTO_CLOSE_TARGET)
                .createGenerator(out)) {
            all.writeStartObject();
            all.writeName("schema").writeNumber(SCHEMA);
            all.writeName("tool").writeString("octant " + Version.text());
            all.writeName("inputs").writeStartArray();
            evaluation.inputs().forEach(all::writeString);
            all.writeEndArray();
            all.writeName("figures").writeStartArray();
            for (TensorResult tensor : evaluation.tensors()) {
                if (tensor.methods().isEmpty()) {
                    ObjectNode node = MAPPER.createObjectNode();
                    tensor(node, evaluation, tensor);
                    node.putNull("method");
                    node.put("leftOut", evaluation.reason(tensor));
                    histogram(node, tensor.input());
                    all.writeTree(node);
                    continue;
                }
                MethodResult best = tensor.best();
                boolean first = true;
                for (MethodResult result : tensor.methods()) {
                    ObjectNode node = MAPPER.createObjectNode();
                    tensor(node, evaluation, tensor);
                    method(node, result);
                    node.put("best", result.equals(best));
                    if (result.equals(best)) {
                        node.put("reason", tensor.reason());
                    }
                    if (first) {
                        histogram(node, tensor.input());
                    }
                    all.writeTree(node);
                    first = false;
                }
            }
            for (LeftOut left : evaluation.leftOut()) {
                if (left.file().isPresent()) {
                    all.writeTree(unread(left));
                }
            }
            all.writeEndArray().writeEndObject();
        }
    }

    /** A tensor of which nothing was read, or not all. */
    private static ObjectNode unread(LeftOut left) {
        ObjectNode node = MAPPER.createObjectNode();
        node.put("name", left.tensor());
        node.put("file", StandardStreams.name(left.file().orElseThrow()));
        node.putNull("method");
        node.put("leftOut", left.reason());
        return node;
    }

    private static void tensor(ObjectNode node, Evaluation evaluation, TensorResult tensor) {
        ValueCounts counts = tensor.input().counts();
        node.put("name", tensor.name());
        node.put("op", tensor.function().toString());
        node.put("type", evaluation.rule().type().label());
        node.put("scheme", evaluation.rule().scheme().label());
        node.put("policy", evaluation.rule().policy().label());
        node.put("profile", evaluation.profile().label());
        node.put("evidence", evaluation.evidence().name().toLowerCase(Locale.ROOT));
        node.put("values", counts.count());
        node.put("zeros", counts.zeros());
        node.put("nan", counts.nan());
        node.put("positiveInfinities", counts.positiveInfinities());
        node.put("negativeInfinities", counts.negativeInfinities());
        if (tensor.overflows().isPresent()) {
            node.put("outputOverflows", tensor.overflows().getAsLong());
        } else {
            node.putNull("outputOverflows");
        }
        figure(node, "observedMin", counts.min());
        figure(node, "observedMax", counts.max());
        figure(node, "mean", counts.finite() > 0 ? tensor.input().mean() : Double.NaN);
        ArrayNode warnings = node.putArray("warnings");
        Warning.of(tensor, evaluation.rule().scheme())
                .forEach(w -> warnings.addObject().put("title", w.title()).put("text", w.text()));
    }

    private static void method(ObjectNode node, MethodResult result) {
        QuantizedActivation op = result.quantized();
        node.put("method", result.method().toString());
        node.put("min", result.range().min());
        node.put("max", result.range().max());
        params(node, "scale", "zeroPoint", op.input());
        params(node, "outputScale", "outputZeroPoint", op.output());
        figure(node, "clippedFraction", result.error().clippedFraction());
        sqnr(node, "input", result.error().inputSqnrDb());
        sqnr(node, "output", result.error().outputSqnrDb());
        params(
                node,
                "bestOutputScale",
                "bestOutputZeroPoint",
                result.bestOutput().params());
        sqnr(node, "bestOutput", result.bestOutput().outputSqnrDb());
        figure(node, "maxErrorSteps", result.error().maxErrorSteps());
        split(node, "input", result.error().input());
        split(node, "output", result.error().output());
        node.put("codesOutsideRange", result.codesOutsideRange());
    }

    /** A ratio is no number where nothing is lost, and where there is no signal to lose: said beside it. */
    private static void sqnr(ObjectNode node, String of, double decibels) {
        figure(node, of + "SqnrDb", decibels);
        node.put(of + "Exact", decibels == Double.POSITIVE_INFINITY);
    }

    /** Mean squared errors, in squares of real values. */
    private static void split(ObjectNode node, String side, SplitError error) {
        figure(node, side + "RoundingError", error.rounding());
        figure(node, side + "ClippingError", error.clipping());
    }

    private static void params(ObjectNode node, String scale, String zeroPoint, QuantParams params) {
        node.put(scale, params.scale());
        node.put(scale + "Bits", String.format(Locale.ROOT, "%08x", Float.floatToRawIntBits(params.scale())));
        node.put(zeroPoint, params.zeroPoint());
    }

    /** The bars the report draws: {@code counts[i]} values from {@code first + i * width} on; zeros are in none. */
    static void histogram(ObjectNode node, HistogramSummary input) {
        Bars bars = Bars.of(input, HistogramPlot.BARS);
        ObjectNode histogram = node.putObject("histogram");
        histogram.put("first", bars.edge(0));
        histogram.put("width", bars.width());
        ArrayNode counts = histogram.putArray("counts");
        for (int i = 0; i < bars.size(); i++) {
            counts.add(bars.count(i));
        }
    }

    static void figure(ObjectNode node, String name, double value) {
        if (Double.isFinite(value)) {
            node.put(name, value);
        } else {
            node.putNull(name);
        }
    }
}
