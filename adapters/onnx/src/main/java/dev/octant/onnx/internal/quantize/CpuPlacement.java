// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx.internal.quantize;

import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.octant.core.RealRange;
import dev.octant.onnx.internal.file.Domains;
import dev.octant.onnx.internal.graph.FloatGraph;
import dev.octant.onnx.internal.quantize.QuantizationPlan.Mark;
import dev.octant.onnx.internal.quantize.QuantizationPlan.Readers;
import dev.octant.onnx.internal.quantize.QuantizationPlan.Role;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Only what an int8 kernel of ONNX Runtime's CPU provider reads or writes becomes codes:
 *
 * <ol>
 *   <li>Kernels are Conv with a constant weight, Gemm with a constant weight and bias, and MatMul. What they read
 *       becomes codes. What a Conv writes does too, for there is no int8 Conv that writes floats; the others write
 *       floats.
 *   <li>From each value that becomes codes backwards: an op that only moves values moves codes, with the parameters of
 *       what it reads. Add, Mul, Sigmoid, LeakyRelu, AveragePool, GlobalAveragePool and Concat compute on codes where
 *       all that they read is written as codes; a value times what is made of its own mean, and that mean, in any
 *       case.
 *   <li>What is written as floats is read as codes by int8 ops only: LayerNormalization, Softmax, Gelu and the residual
 *       sums of transformers stay exact. Outputs of the model stay float.
 *   <li>A Relu or Clip that is the only reader of what an int8 op computes vanishes, for codes saturate; not where
 *       {@link Clips} says that they would not do so at its bounds, and not behind an op that only moves codes, whose
 *       range is another value's.
 * </ol>
 *
 * <p>Source: which ops ONNX Runtime 1.30.0 fuses with pairs around them, tried one by one on x64.
 */
final class CpuPlacement {
    private static final Set<String> MOVES = Set.of(
            "MaxPool",
            "Resize",
            "Reshape",
            "Flatten",
            "Transpose",
            "Squeeze",
            "Unsqueeze",
            "Slice",
            "Gather",
            "GatherElements",
            "Split",
            "DepthToSpace",
            "Tile");

    private static final Set<String> COMPUTES =
            Set.of("Add", "Mul", "Sigmoid", "LeakyRelu", "AveragePool", "GlobalAveragePool", "Concat");

    /** Functions that cost more than arithmetic. */
    private static final Set<String> FUNCTIONS = Set.of(
            "Sigmoid",
            "Tanh",
            "HardSwish",
            "HardSigmoid",
            "LeakyRelu",
            "Elu",
            "Celu",
            "Gelu",
            "Softplus",
            "Softsign",
            "Mish",
            "Erf");

    /** Those that cost more than a table alone. */
    private static final Set<String> SLOW = Set.of("Elu", "Celu", "Softplus", "Mish");

    /** Those that cost ten times as much and more. */
    private static final Set<String> VERY_SLOW = Set.of("Softplus", "Mish");

    /** GatherElements. */
    private static final long OPSET_OF_TABLES = 11;

    private final FloatGraph graph;
    private final PlacementRules rules;
    private final QuantizationPlan plan;
    private final PlanBiases biases;
    private final ScalarRegion.Finder regions;
    private final Clips clips;

    /** Values of which GlobalAveragePool takes the mean. */
    private final Set<String> averaged = new HashSet<>();

    /** What is multiplied where one of the factors is averaged. */
    private final Set<String> gated = new HashSet<>();

    private final Map<String, Boolean> canBeCodes = new HashMap<>();
    private final Map<String, Optional<ScalarRegion>> tables = new HashMap<>();

    private CpuPlacement(FloatGraph graph, PlacementRules rules) {
        this.graph = graph;
        this.rules = rules;
        this.plan = new QuantizationPlan(graph.nodes());
        this.biases = new PlanBiases(graph, plan);
        this.regions = new ScalarRegion.Finder(graph, plan);
        this.clips = new Clips(graph, rules);
        for (NodeProto node : graph.nodes()) {
            if (isOp(node, "GlobalAveragePool") && isActivation(node.getInput(0))) {
                averaged.add(node.getInput(0));
            }
        }
        for (NodeProto node : graph.nodes()) {
            if (isGate(node)) {
                gated.addAll(node.getInputList());
            }
        }
    }

    /** The plan for a model. */
    static QuantizationPlan of(FloatGraph graph, PlacementRules rules) throws IOException {
        CpuPlacement placement = new CpuPlacement(graph, rules);
        for (int at = 0; at < placement.plan.size(); at++) {
            if (placement.plan.isThere(at)) {
                placement.place(at);
            }
        }
        if (rules.isExact()) {
            placement.tabulateAll();
        }
        placement.biases.separate();
        return placement.plan;
    }

    /** Backwards, so that the longest functions come first. */
    private void tabulateAll() throws IOException {
        for (int at = plan.size() - 1; at >= 0; at--) {
            if (plan.isThere(at) && !plan.isInt8(at) && plan.node(at).getOutputCount() == 1) {
                String output = plan.node(at).getOutput(0);
                Optional<ScalarRegion> region = table(output);
                if (region.isPresent() && !plan.marks().containsKey(output) && !graph.isOutput(output)) {
                    tabulate(region.get());
                }
            }
        }
    }

    private void place(int at) throws IOException {
        NodeProto node = plan.node(at);
        if (isConv(node)) {
            demand(node.getInput(0));
            weight(node.getInput(1), 0, 2);
            plan.own(clippedOutput(node.getOutput(0)), Role.ACTIVATION, Readers.ALL);
            plan.markInt8(at);
            biases.add(at);
        } else if (isGemm(node)) {
            demand(node.getInput(0));
            weight(node.getInput(1), FloatGraph.isSet(node, "transB") ? 0 : 1, 2);
            plan.markInt8(at);
            biases.add(at);
        } else if (isProduct(node)) {
            for (String input : node.getInputList()) {
                if (isConstant(input)) {
                    weight(input, 1, Integer.MAX_VALUE);
                } else {
                    demand(input);
                }
            }
            plan.markInt8(at);
        }
    }

    private boolean isOp(NodeProto node, Set<String> ops) {
        return ops.contains(node.getOpType()) && Domains.isOnnx(node.getDomain()) && !rules.keepsFloat(node);
    }

    private boolean isOp(NodeProto node, String op) {
        return isOp(node, Set.of(op));
    }

    private boolean isActivation(String value) {
        return graph.isFloat(value) && graph.constant(value).isEmpty();
    }

    private boolean isConstant(String value) {
        return graph.isFloat(value) && graph.constant(value).isPresent() && !graph.isEmpty(value);
    }

    private boolean isConv(NodeProto node) {
        return isOp(node, "Conv")
                && isActivation(node.getInput(0))
                && isConstant(node.getInput(1))
                && hasConstantBias(node)
                && !graph.isOutput(node.getOutput(0));
    }

    private boolean isGemm(NodeProto node) {
        return isOp(node, "Gemm")
                && isActivation(node.getInput(0))
                && isConstant(node.getInput(1))
                && hasConstantBias(node)
                && !FloatGraph.isSet(node, "transA");
    }

    private boolean isProduct(NodeProto node) {
        return isOp(node, "MatMul")
                && graph.isFloat(node.getInput(0))
                && graph.isFloat(node.getInput(1))
                && (isActivation(node.getInput(0)) || isActivation(node.getInput(1)))
                && node.getInputList().stream().noneMatch(graph::isEmpty);
    }

    private boolean hasConstantBias(NodeProto node) {
        Optional<String> bias = FloatGraph.input(node, 2);
        return bias.isEmpty()
                || (isConstant(bias.get())
                        && graph.constant(bias.get()).orElseThrow().getDimsCount() == 1);
    }

    /** A constant; one that two ops read with channels along different axes has one scale for both. */
    private void weight(String value, int axis, int leastRank) {
        TensorProto constant = graph.constant(value).orElseThrow();
        boolean hasChannels =
                rules.isPerChannel() && (constant.getDimsCount() >= leastRank || constant.getDimsCount() == 2);
        Mark before = plan.marks().get(value);
        if (before == null && hasChannels) {
            plan.perChannel(value, axis, Readers.INT8);
        } else if (before == null || !before.axis().equals(hasChannels ? OptionalInt.of(axis) : OptionalInt.empty())) {
            plan.unmark(value);
            plan.own(value, Role.WEIGHT, Readers.INT8);
        }
    }

    /** An activation that an int8 op reads. */
    private void demand(String value) throws IOException {
        if (plan.marks().containsKey(value)) {
            return;
        }
        OptionalInt producer = plan.producer(value);
        if (producer.isPresent() && canBeCodes(value)) {
            written(value, producer.getAsInt());
        } else if (producer.isPresent() && moves(plan.node(producer.getAsInt()))) {
            moved(producer.getAsInt());
        } else {
            plan.own(value, Role.ACTIVATION, Readers.INT8);
        }
    }

    /** A value that the op that computes it writes as codes. */
    private void written(String value, int producer) throws IOException {
        NodeProto node = plan.node(producer);
        Optional<ScalarRegion> table = table(value);
        Optional<RealRange> clipped = clipped(node);
        if (table.isPresent()) {
            tabulate(table.get());
        } else if (clipped.isPresent()) {
            plan.removeByRenaming(producer, clipped.get());
            written(value, plan.producer(value).orElseThrow());
        } else if (moves(node)) {
            moved(producer);
        } else {
            if (!isConv(node)) {
                for (String input : node.getInputList()) {
                    demand(input);
                }
                plan.markInt8(producer);
            }
            plan.own(value, Role.ACTIVATION, Readers.ALL);
        }
    }

    private void tabulate(ScalarRegion region) throws IOException {
        demand(region.input());
        plan.table(region);
        plan.own(region.output(), Role.ACTIVATION, Readers.ALL);
    }

    /** The nodes before a value that are to be a table. */
    private Optional<ScalarRegion> table(String value) throws IOException {
        Optional<ScalarRegion> known = tables.get(value);
        if (known == null) {
            known = regions.endingIn(value);
            if (known.isPresent() && !isTable(known.get())) {
                known = Optional.empty();
            }
            tables.put(value, known);
        }
        return known;
    }

    private boolean isTable(ScalarRegion region) throws IOException {
        List<NodeProto> nodes = region.nodes().stream().map(plan::node).toList();
        boolean isAsked = graph.opset() >= OPSET_OF_TABLES
                && isActivation(region.input())
                && nodes.stream().noneMatch(rules::keepsFloat);
        long functions = nodes.stream().filter(node -> isOp(node, FUNCTIONS)).count();
        if (rules.isExact()) {
            return isAsked && functions > 0;
        }
        boolean isSlow = nodes.stream().anyMatch(node -> isOp(node, VERY_SLOW));
        boolean isSlower = functions >= 2 || nodes.stream().anyMatch(node -> isOp(node, SLOW));
        return isAsked && (isSlow || (isSlower && canBeCodes(region.input())));
    }

    private void moved(int producer) throws IOException {
        NodeProto node = plan.node(producer);
        demand(node.getInput(0));
        for (String output : node.getOutputList()) {
            if (graph.isFloat(output)) {
                plan.same(output, node.getInput(0), Readers.ALL);
            }
        }
        plan.markInt8(producer);
    }

    /** Whether an op of ONNX only hands on what it reads, codes too. */
    static boolean isMove(NodeProto node) {
        return MOVES.contains(node.getOpType()) && Domains.isOnnx(node.getDomain());
    }

    /** Whether an op hands on what it reads, and would hand on codes. */
    private boolean moves(NodeProto node) {
        if (!isOp(node, MOVES)
                || !isActivation(node.getInput(0))
                || node.getOutputList().stream().anyMatch(graph::isOutput)) {
            return false;
        }
        return switch (node.getOpType()) {
            case "MaxPool" -> graph.opset() >= 12 && node.getOutputCount() == 1;
            case "Resize" ->
                FloatGraph.attribute(node, "mode")
                        .map(mode -> mode.getS().toStringUtf8().equals("nearest"))
                        .orElse(true);
            default -> true;
        };
    }

    /** Whether an op writes the value as codes, or can. */
    private boolean canBeCodes(String value) throws IOException {
        Boolean known = canBeCodes.get(value);
        if (known == null) {
            known = isActivation(value)
                    && !graph.isOutput(value)
                    && plan.producer(value).isPresent()
                    && writesCodes(plan.node(plan.producer(value).getAsInt()));
            canBeCodes.put(value, known);
        }
        return known;
    }

    private boolean writesCodes(NodeProto node) throws IOException {
        if (node.getOutputCount() == 1 && table(node.getOutput(0)).isPresent()) {
            return true;
        }
        if (moves(node) || clipped(node).isPresent()) {
            return canBeCodes(node.getInput(0));
        }
        if (isConv(node) || isGate(node) || isGatedMean(node)) {
            return true;
        }
        for (String input : node.getInputList()) {
            if (!computes(node) || !canBeCodes(input)) {
                return false;
            }
        }
        return computes(node);
    }

    /** Whether there is an int8 kernel for an op that is no kernel of its own here. */
    static boolean hasKernel(String op) {
        return MOVES.contains(op) || COMPUTES.contains(op);
    }

    /**
     * A product of a value with what is made of its own mean, as in a block of squeeze and excitation. Kernels of codes
     * have channels last there; for a mean of floats the value would be turned before it and after.
     */
    private boolean isGate(NodeProto node) {
        return !rules.isSigmoidFloat()
                && isOp(node, "Mul")
                && node.getInputList().stream().allMatch(this::isActivation)
                && node.getInputList().stream().anyMatch(averaged::contains);
    }

    /** The mean of such a value. */
    private boolean isGatedMean(NodeProto node) {
        return isOp(node, "GlobalAveragePool") && gated.contains(node.getInput(0));
    }

    private boolean computes(NodeProto node) {
        return isOp(node, COMPUTES)
                && !(rules.isSigmoidFloat() && node.getOpType().equals("Sigmoid"));
    }

    /** The bounds of a Relu or Clip that saturation makes needless once its input becomes codes; empty for others. */
    private Optional<RealRange> clipped(NodeProto node) throws IOException {
        return rules.keepsFloat(node)
                ? Optional.empty()
                : clips.saturated(node).filter(bounds -> isForClipAlone(node.getInput(0)));
    }

    private boolean isForClipAlone(String input) {
        OptionalInt producer = plan.producer(input);
        return graph.readers(input) == 1
                && !graph.isOutput(input)
                && isActivation(input)
                && (producer.isEmpty() || !moves(plan.node(producer.getAsInt())));
    }

    /** What a Conv writes, once the Relu or Clip behind it has vanished. */
    private String clippedOutput(String output) throws IOException {
        OptionalInt reader = plan.reader(output);
        if (reader.isEmpty()) {
            return output;
        }
        NodeProto clip = plan.node(reader.getAsInt());
        Optional<RealRange> bounds = clipped(clip);
        if (bounds.isEmpty() || !clip.getInput(0).equals(output) || graph.isOutput(clip.getOutput(0))) {
            return output;
        }
        plan.removeByRenaming(reader.getAsInt(), bounds.get());
        return clip.getOutput(0);
    }
}
