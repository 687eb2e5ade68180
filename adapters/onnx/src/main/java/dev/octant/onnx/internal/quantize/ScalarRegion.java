// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx.internal.quantize;

import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.octant.onnx.internal.file.Domains;
import dev.octant.onnx.internal.file.Tensors;
import dev.octant.onnx.internal.graph.FloatGraph;
import dev.octant.ops.functions.ActivationFunctions;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.DoubleUnaryOperator;

/**
 * Nodes that together compute a function of one number, for each number of a value by itself: a Mish, or what an
 * exporter wrote as Softplus, Tanh and Mul. Only functions that are finite for every finite number.
 *
 * @param input the value that it reads
 * @param output the value that it writes
 * @param nodes where its nodes are in the plan; nothing else reads what they compute, but for the output
 * @param function in double
 */
record ScalarRegion(String input, String output, SortedSet<Integer> nodes, DoubleUnaryOperator function) {

    /** Finds regions of a plan's nodes. */
    static final class Finder {
        private final FloatGraph graph;
        private final QuantizationPlan plan;

        Finder(FloatGraph graph, QuantizationPlan plan) {
            this.graph = graph;
            this.plan = plan;
        }

        /** The largest region that ends in a value, if any. */
        Optional<ScalarRegion> endingIn(String output) throws IOException {
            Set<String> stops = new HashSet<>();
            while (true) {
                Optional<String> input = source(output, stops);
                if (input.isEmpty()) {
                    return Optional.empty();
                }
                SortedSet<Integer> nodes = between(input.get(), output);
                Optional<String> leak = leak(nodes, output);
                if (leak.isEmpty()) {
                    return Optional.of(
                            new ScalarRegion(input.get(), output, nodes, function(input.get(), output, nodes)));
                }
                stops.add(leak.get());
            }
        }

        /** The value that a value is a function of, back to one of {@code stops}; empty where that is itself. */
        private Optional<String> source(String output, Set<String> stops) throws IOException {
            String source = root(output, output, stops, new HashMap<>());
            return source.equals(output) ? Optional.empty() : Optional.of(source);
        }

        private String root(String value, String output, Set<String> stops, Map<String, String> known)
                throws IOException {
            String found = known.get(value);
            if (found == null) {
                found = value;
                OptionalInt at = plan.producer(value);
                boolean goesOn = at.isPresent()
                        && plan.isThere(at.getAsInt())
                        && (value.equals(output) || !stops.contains(value))
                        && op(plan.node(at.getAsInt())).isPresent();
                if (goesOn) {
                    Set<String> roots = new HashSet<>();
                    for (String input : variables(plan.node(at.getAsInt()))) {
                        roots.add(root(input, output, stops, known));
                    }
                    found = roots.size() == 1 ? roots.iterator().next() : value;
                }
                known.put(value, found);
            }
            return found;
        }

        private SortedSet<Integer> between(String input, String output) {
            SortedSet<Integer> nodes = new TreeSet<>();
            Deque<String> open = new ArrayDeque<>(List.of(output));
            while (!open.isEmpty()) {
                int at = plan.producer(open.remove()).orElseThrow();
                if (nodes.add(at)) {
                    variables(plan.node(at)).stream()
                            .filter(value -> !value.equals(input))
                            .forEach(open::add);
                }
            }
            return nodes;
        }

        /** A value inside that something outside reads. */
        private Optional<String> leak(SortedSet<Integer> nodes, String output) {
            Map<String, Integer> inside = new HashMap<>();
            nodes.forEach(at -> plan.node(at).getInputList().forEach(input -> inside.merge(input, 1, Integer::sum)));
            return nodes.stream()
                    .map(at -> plan.node(at).getOutput(0))
                    .filter(value -> !value.equals(output))
                    .filter(value -> graph.isOutput(value)
                            || graph.readers(value) != inside.getOrDefault(value, 0)
                            || plan.marks().containsKey(value))
                    .findFirst();
        }

        private DoubleUnaryOperator function(String input, String output, SortedSet<Integer> nodes) throws IOException {
            Map<String, DoubleUnaryOperator> values = new LinkedHashMap<>();
            values.put(input, x -> x);
            for (int at : nodes) {
                NodeProto node = plan.node(at);
                values.put(node.getOutput(0), op(node).orElseThrow().of(values));
            }
            return values.get(output);
        }

        /** The inputs that are no constants. */
        private List<String> variables(NodeProto node) {
            return node.getInputList().stream()
                    .filter(value -> !value.isEmpty() && graph.constant(value).isEmpty())
                    .distinct()
                    .toList();
        }

        /** What a node makes of functions. */
        @FunctionalInterface
        private interface Op {
            DoubleUnaryOperator of(Map<String, DoubleUnaryOperator> values);
        }

        private Optional<Op> op(NodeProto node) throws IOException {
            if (!Domains.isOnnx(node.getDomain())
                    || node.getOutputCount() != 1
                    || !graph.isFloat(node.getOutput(0))
                    || variables(node).isEmpty()) {
                return Optional.empty();
            }
            Optional<DoubleUnaryOperator> unary = unary(node);
            if (unary.isPresent()) {
                String input = node.getInput(0);
                return Optional.of(values -> values.get(input).andThen(unary.get()));
            }
            return node.getInputCount() == 2 ? binary(node) : Optional.empty();
        }

        private Optional<DoubleUnaryOperator> unary(NodeProto node) throws IOException {
            return switch (node.getOpType()) {
                case "Relu" -> Optional.of(x -> Math.max(x, 0));
                case "Erf" -> Optional.of(ActivationFunctions::erf);
                case "Abs" -> Optional.of(Math::abs);
                case "Neg" -> Optional.of(x -> -x);
                case "Clip" -> clip(node);
                default -> OpFunctions.of(node).map(activation -> activation::value);
            };
        }

        private Optional<DoubleUnaryOperator> clip(NodeProto node) throws IOException {
            if (graph.opset() < 11) {
                float least = FloatGraph.number(node, "min", -Float.MAX_VALUE);
                float most = FloatGraph.number(node, "max", Float.MAX_VALUE);
                return Optional.of(x -> Math.min(Math.max(x, least), most));
            }
            Optional<Float> least = bound(node, 1, -Float.MAX_VALUE);
            Optional<Float> most = bound(node, 2, Float.MAX_VALUE);
            return least.isEmpty() || most.isEmpty()
                    ? Optional.empty()
                    : Optional.of(x -> Math.min(Math.max(x, least.get()), most.get()));
        }

        private Optional<Float> bound(NodeProto node, int input, float otherwise) throws IOException {
            Optional<String> value = FloatGraph.input(node, input);
            return value.isEmpty() ? Optional.of(otherwise) : number(value.get());
        }

        private Optional<Op> binary(NodeProto node) throws IOException {
            String first = node.getInput(0);
            String second = node.getInput(1);
            if (addsDimension(first, second) || addsDimension(second, first)) {
                return Optional.empty();
            }
            Optional<Float> left = number(first);
            Optional<Float> right = number(second);
            if ((graph.constant(first).isPresent() && left.isEmpty())
                    || (graph.constant(second).isPresent() && right.isEmpty())) {
                return Optional.empty();
            }
            return switch (node.getOpType()) {
                case "Add" ->
                    Optional.of(values -> {
                        DoubleUnaryOperator a = operand(values, first, left);
                        DoubleUnaryOperator b = operand(values, second, right);
                        return x -> a.applyAsDouble(x) + b.applyAsDouble(x);
                    });
                case "Sub" ->
                    Optional.of(values -> {
                        DoubleUnaryOperator a = operand(values, first, left);
                        DoubleUnaryOperator b = operand(values, second, right);
                        return x -> a.applyAsDouble(x) - b.applyAsDouble(x);
                    });
                case "Mul" ->
                    Optional.of(values -> {
                        DoubleUnaryOperator a = operand(values, first, left);
                        DoubleUnaryOperator b = operand(values, second, right);
                        return x -> a.applyAsDouble(x) * b.applyAsDouble(x);
                    });
                case "Div" ->
                    right.filter(divisor -> divisor != 0).map(divisor -> values -> {
                        DoubleUnaryOperator a = operand(values, first, left);
                        return x -> a.applyAsDouble(x) / divisor;
                    });
                case "Pow" ->
                    right.filter(exponent -> exponent > 0 && exponent <= 4 && exponent == Math.rint(exponent))
                            .map(exponent -> values -> {
                                DoubleUnaryOperator a = operand(values, first, left);
                                return x -> Math.pow(a.applyAsDouble(x), exponent);
                            });
                default -> Optional.empty();
            };
        }

        /** Whether a constant of one dimension may be the only one of the two that has any. */
        private boolean addsDimension(String constant, String other) {
            return graph.constant(constant)
                    .filter(value -> value.getDimsCount() > 0 && !graph.isArray(other))
                    .isPresent();
        }

        private static DoubleUnaryOperator operand(
                Map<String, DoubleUnaryOperator> values, String value, Optional<Float> constant) {
            return constant.isPresent() ? x -> constant.get() : values.get(value);
        }

        /** The number that a constant is, if it is a finite one. */
        private Optional<Float> number(String value) throws IOException {
            Optional<TensorProto> constant = graph.constant(value);
            // One of more dimensions may add some to what it is added to.
            boolean isNumber = constant.isPresent()
                    && graph.isFloat(value)
                    && constant.get().getDimsCount() <= 1
                    && Tensors.size(constant.get()) == 1;
            if (!isNumber) {
                return Optional.empty();
            }
            float number = Tensors.floats(constant.get(), graph.external())[0];
            return Float.isFinite(number) ? Optional.of(number) : Optional.empty();
        }
    }
}
