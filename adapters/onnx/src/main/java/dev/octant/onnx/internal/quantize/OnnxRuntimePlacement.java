// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx.internal.quantize;

import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.octant.core.RealRange;
import dev.octant.onnx.internal.file.Domains;
import dev.octant.onnx.internal.file.Tensors;
import dev.octant.onnx.internal.graph.Captures;
import dev.octant.onnx.internal.graph.FloatGraph;
import dev.octant.onnx.internal.quantize.QuantizationPlan.Mark;
import dev.octant.onnx.internal.quantize.QuantizationPlan.Readers;
import dev.octant.onnx.internal.quantize.QuantizationPlan.Role;
import dev.octant.onnx.values.Target;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Which values ONNX Runtime's own tool turns into codes: {@code quantize_static} with its list of ops, or, for QNN,
 * with all ops of the model but Cast.
 *
 * <p>The nodes are met in order. Each op marks what it reads and writes: values with parameters of their own, values
 * that share those of what they are made from, weights, biases. Bodies of nodes are left as they are.
 *
 * <p>Source: onnxruntime 1.30.0, {@code onnxruntime.quantization}, {@code qdq_quantizer} and {@code operators}. Left
 * out is what is wrong there: the tool loses a factor {@code beta} of Gemm, which is folded before, and any Clip, where
 * one whose bounds codes cannot have stays here; it gives scales per channel to MatMul's weights of more than two
 * dimensions, which ONNX Runtime does not load, and to weights that two ops read along different axes.
 */
final class OnnxRuntimePlacement {
    private static final Set<String> PAD_MODES_THAT_COPY = Set.of("reflect", "edge", "wrap");

    private static final Set<String> WITH_WEIGHTS = Set.of(
            "Conv",
            "ConvTranspose",
            "Gemm",
            "MatMul",
            "LayerNormalization",
            "InstanceNormalization",
            "BatchNormalization");

    private final FloatGraph graph;
    private final PlacementRules rules;
    private final QuantizationPlan plan;
    private final PlanBiases biases;
    private final Clips clips;
    private final boolean isQnn;

    private OnnxRuntimePlacement(FloatGraph graph, PlacementRules rules) {
        this.graph = graph;
        this.rules = rules;
        this.plan = new QuantizationPlan(graph.nodes());
        this.biases = new PlanBiases(graph, plan);
        this.clips = new Clips(graph, rules);
        this.isQnn = rules.target() == Target.QNN;
    }

    /** The plan for a model. */
    static QuantizationPlan of(FloatGraph graph, PlacementRules rules) throws IOException {
        OnnxRuntimePlacement placement = new OnnxRuntimePlacement(graph, rules);
        for (int at = 0; at < placement.plan.size(); at++) {
            placement.place(at);
        }
        placement.biases.separate();
        return placement.plan;
    }

    /** Marks what a node reads and writes. */
    private void place(int at) throws IOException {
        NodeProto node = plan.node(at);
        boolean isEmbedding =
                node.getDomain().equals(Domains.MICROSOFT) && node.getOpType().equals("EmbedLayerNormalization");
        if (rules.keepsFloat(node) || hasEmptyWeight(node)) {
            return;
        }
        if (!Domains.isOnnx(node.getDomain()) && !isEmbedding) {
            other(at);
            return;
        }
        switch (node.getOpType()) {
            case "Conv" -> kernel(at, 0, rules.isPerChannel());
            case "ConvTranspose" -> kernel(at, 1, rules.isPerChannel());
            case "Gemm" -> kernel(at, FloatGraph.isSet(node, "transB") ? 0 : 1, hasProductChannels());
            case "MatMul" -> product(node);
            case "LayerNormalization", "InstanceNormalization", "BatchNormalization" -> normalization(at);
            case "Relu", "Clip" -> clipped(at);
            case "MaxPool" -> sameAsInput(node, 12);
            case "Resize" -> sameAsInput(node, 11);
            case "AveragePool", "Reshape", "Transpose", "Squeeze", "Unsqueeze", "Flatten", "Slice", "TopK" ->
                sameAsInput(node, 1);
            case "Split" -> split(node);
            case "Gather", "GatherElements" -> gather(node);
            case "Pad" -> pad(node);
            case "Where" -> where(node);
            case "Softmax" -> {
                everything(node);
                plan.probability(node.getOutput(0));
            }
            case "Add",
                    "Mul",
                    "Sigmoid",
                    "LeakyRelu",
                    "GlobalAveragePool",
                    "Concat",
                    "ArgMax",
                    "CumSum",
                    "EmbedLayerNormalization" -> everything(node);
            default -> {
                other(at);
                return;
            }
        }
        if (plan.isThere(at)) {
            plan.markInt8(at);
        }
    }

    /** A weight without elements has no codes; what has one stays float. */
    private boolean hasEmptyWeight(NodeProto node) {
        return WITH_WEIGHTS.contains(node.getOpType())
                && node.getInputList().stream().anyMatch(graph::isEmpty);
    }

    /** An op that the tool has no rule for: QNN has all of ONNX's and ONNX Runtime's. */
    private void other(int at) {
        NodeProto node = plan.node(at);
        boolean isKnown = Domains.isOnnx(node.getDomain()) || node.getDomain().equals(Domains.MICROSOFT);
        boolean isInt8 = isQnn
                && isKnown
                && !node.getOpType().equals("Cast")
                && Captures.bodies(node).isEmpty();
        if (isInt8) {
            everything(node);
            plan.markInt8(at);
        }
    }

    /** QNN has scales for channels at convolutions only. */
    private boolean hasProductChannels() {
        return rules.isPerChannel() && !isQnn;
    }

    private void kernel(int at, int weightAxis, boolean hasChannels) {
        NodeProto node = plan.node(at);
        own(node.getInput(0));
        own(node.getOutput(0));
        weight(node.getInput(1), weightAxis, hasChannels);
        biases.add(at);
    }

    private void product(NodeProto node) {
        for (String input : node.getInputList()) {
            if (graph.constant(input).isPresent()) {
                // Matrices behind one another have no channels in common.
                boolean isMatrix = graph.constant(input).get().getDimsCount() == 2;
                weight(input, 1, hasProductChannels() && isMatrix);
            } else {
                own(input);
            }
        }
        own(node.getOutput(0));
    }

    private void normalization(int at) {
        NodeProto node = plan.node(at);
        own(node.getInput(0));
        if (graph.constant(node.getInput(1)).isPresent()) {
            weight(node.getInput(1), 1, hasProductChannels());
        } else {
            own(node.getInput(1));
        }
        biases.add(at);
        node.getOutputList().forEach(this::own);
    }

    /** The quantizer clips: a node that does nothing else vanishes, if codes can end at its bounds. */
    private void clipped(int at) throws IOException {
        NodeProto node = plan.node(at);
        String input = node.getInput(0);
        String output = node.getOutput(0);
        boolean isOnlyReader = graph.readers(input) == 1;
        if (isOnlyReader && graph.isFloat(input) && graph.isFloat(output)) {
            plan.borrow(input, output);
        }
        if (!plan.isMarked(input)) {
            return;
        }
        Optional<RealRange> bounds = clips.saturated(node);
        boolean vanishes = bounds.isPresent()
                && isOnlyReader
                && graph.isFloat(output)
                && !graph.isOutput(input)
                && !graph.isInput(input)
                && graph.constant(input).isEmpty();
        if (vanishes) {
            plan.removeByRenaming(at, bounds.get());
        } else {
            own(input);
        }
        own(output);
    }

    private void sameAsInput(NodeProto node, int leastOpset) {
        if (graph.opset() >= leastOpset && plan.isMarked(node.getInput(0))) {
            same(node.getOutput(0), node.getInput(0));
        }
    }

    private void split(NodeProto node) {
        own(node.getInput(0));
        node.getOutputList().forEach(output -> same(output, node.getInput(0)));
    }

    private void gather(NodeProto node) {
        String data = node.getInput(0);
        if (graph.constant(data).isPresent()) {
            own(data);
        }
        if (plan.isMarked(data)) {
            same(node.getOutput(0), data);
        }
    }

    private void pad(NodeProto node) throws IOException {
        node.getInputList().forEach(this::own);
        if (padsWithWhatIsThere(node)) {
            same(node.getOutput(0), node.getInput(0));
        } else {
            own(node.getOutput(0));
        }
    }

    /** With values of the input, or with 0, which every range of codes holds. */
    private boolean padsWithWhatIsThere(NodeProto node) throws IOException {
        String mode = FloatGraph.attribute(node, "mode")
                .map(attribute -> attribute.getS().toStringUtf8())
                .orElse("constant");
        if (!mode.equals("constant")) {
            return PAD_MODES_THAT_COPY.contains(mode);
        }
        if (graph.opset() < 11) {
            return FloatGraph.number(node, "value", 0) == 0;
        }
        Optional<String> value = FloatGraph.input(node, 2);
        if (value.isEmpty()) {
            return true;
        }
        Optional<TensorProto> constant = graph.constant(value.get());
        return constant.isPresent()
                && graph.isFloat(value.get())
                && Tensors.size(constant.get()) == 1
                && Tensors.floats(constant.get(), graph.external())[0] == 0;
    }

    private void where(NodeProto node) {
        if (plan.isMarked(node.getInput(1)) && plan.isMarked(node.getInput(2))) {
            own(node.getOutput(0));
        }
    }

    private void everything(NodeProto node) {
        node.getInputList().forEach(this::own);
        node.getOutputList().forEach(this::own);
    }

    private void own(String value) {
        if (graph.isFloat(value)) {
            plan.own(value, Role.ACTIVATION, Readers.ALL);
        }
    }

    /** The same parameters, where the value they belong to becomes codes with one scale. */
    private void same(String value, String paramsOf) {
        Mark mark = plan.marks().get(paramsOf);
        if (mark != null && mark.axis().isPresent()) {
            own(value);
        } else if (graph.isFloat(value) && mark != null) {
            plan.same(value, paramsOf, Readers.ALL);
        }
    }

    private void weight(String value, int axis, boolean hasChannels) {
        if (!graph.isFloat(value)) {
            return;
        }
        Optional<TensorProto> constant = graph.constant(value);
        OptionalInt channels =
                hasChannels && constant.isPresent() && axis < constant.get().getDimsCount()
                        ? OptionalInt.of(axis)
                        : OptionalInt.empty();
        Mark before = plan.marks().get(value);
        if (before == null && channels.isPresent()) {
            plan.perChannel(value, axis, Readers.ALL);
        } else if (before == null
                || (before.axis().isPresent() && !before.axis().equals(channels))) {
            // Read with channels along either axis, it has one scale.
            plan.unmark(value);
            plan.own(value, Role.WEIGHT, Readers.ALL);
        }
    }
}
