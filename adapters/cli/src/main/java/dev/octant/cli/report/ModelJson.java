// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.report;

import dev.octant.core.QuantParams;
import dev.octant.onnx.ModelComparison;
import dev.octant.onnx.ModelEvaluation;
import dev.octant.onnx.ModelSpeed;
import dev.octant.onnx.values.ChannelSteps;
import dev.octant.onnx.values.NodeRun;
import dev.octant.onnx.values.TensorNoise;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The facts of the {@link ModelReport} as JSON, one object. Infinities and NaN, which JSON does not have, are null.
 * Stateless and thread safe.
 */
public final class ModelJson {
    private ModelJson() {}

    /** Writes the facts in UTF-8; does not close the stream. */
    public static void write(Map<String, String> facts, ModelEvaluation evaluation, List<Tried> tried, OutputStream out)
            throws IOException {
        ObjectNode all = JsonReport.MAPPER.createObjectNode();
        facts.forEach(all::put);
        all.put("rows", evaluation.comparison().rows());
        all.put("floatBytes", evaluation.floatBytes());
        all.put("int8Bytes", evaluation.int8Bytes());
        all.put("isSlower", ModelAdvice.isSlower(evaluation));
        ArrayNode advice = all.putArray("tryNext");
        ModelAdvice.of(evaluation, tried).forEach(advice::add);
        ArrayNode outputs = all.putArray("outputs");
        evaluation.comparison().outputs().forEach(output -> output(outputs.addObject(), output));
        ArrayNode others = all.putArray("otherSettings");
        for (Tried one : tried) {
            ObjectNode other = others.addObject().put("settings", one.settings());
            ArrayNode theirs = other.putArray("outputs");
            one.comparison().ifPresent(made -> made.outputs().forEach(output -> output(theirs.addObject(), output)));
            if (one.comparison().isEmpty()) {
                other.put("notMade", one.failure());
            }
        }
        ArrayNode speeds = all.putArray("speeds");
        evaluation.speeds().forEach(speed -> speed(speeds.addObject(), speed));
        ArrayNode nodes = all.putArray("nodes");
        evaluation.nodes().forEach(node -> node(nodes.addObject(), node));
        ArrayNode channels = all.putArray("channels");
        evaluation.channels().forEach(weight -> channels(channels.addObject(), weight));
        all.put("noiseRows", evaluation.noiseRows());
        ArrayNode tensors = all.putArray("tensors");
        evaluation.tensors().forEach(tensor -> tensor(tensors.addObject(), tensor));
        JsonReport.written(() -> JsonReport.MAPPER
                .writerWithDefaultPrettyPrinter()
                .without(StreamWriteFeature.AUTO_CLOSE_TARGET)
                .writeValue(out, all));
    }

    private static void output(ObjectNode node, ModelComparison.Output output) {
        node.put("name", output.name());
        JsonReport.figure(node, "sqnrDb", output.sqnrDb());
        JsonReport.figure(node, "largestError", output.largestError());
        JsonReport.figure(node, "sameClass", output.topAgreement().orElse(Double.NaN));
    }

    private static void speed(ObjectNode node, ModelSpeed speed) {
        node.put("rows", speed.rows());
        node.put("floatMicros", speed.first());
        node.put("int8Micros", speed.second());
        node.put("ratio", speed.ratio());
    }

    private static void node(ObjectNode node, NodeRun run) {
        node.put("name", run.name());
        node.put("output", run.output());
        node.put("op", run.op());
        node.put("runsAs", run.way().label());
        node.put("kernel", run.kernel());
        node.put("why", run.why());
    }

    private static void channels(ObjectNode node, ChannelSteps weight) {
        node.put("name", weight.name());
        node.put("type", weight.type().label());
        node.put("axis", weight.axis());
        ArrayNode scales = node.putArray("scales");
        weight.scales().forEach(scales::add);
        node.put("bitsLostWithOneStep", weight.bitsLostWithOneStep());
    }

    private static void tensor(ObjectNode node, TensorNoise tensor) {
        node.put("name", tensor.name());
        JsonReport.figure(node, "sqnrDb", tensor.sqnrDb());
        JsonReport.figure(node, "largestError", tensor.largestError());
        if (tensor.params().isPresent()) {
            QuantParams params = tensor.params().get();
            node.put("type", params.type().label());
            node.put("scale", params.scale());
            node.put("zeroPoint", params.zeroPoint());
            node.put("min", params.range().min());
            node.put("max", params.range().max());
            node.put("clippedFraction", tensor.clipped());
            JsonReport.histogram(node, tensor.seen());
        }
    }
}
