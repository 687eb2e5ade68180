// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx.internal.quantize;

import ai.onnx.proto.OnnxMl.NodeProto;
import dev.octant.core.RealRange;
import dev.octant.onnx.internal.graph.FloatGraph;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.DoubleUnaryOperator;

/**
 * Which values become codes, with whose parameters, for whom, and which nodes vanish. A placement makes it; no number
 * is in it yet.
 *
 * <p>Mutable while a placement fills it.
 */
public final class QuantizationPlan {
    /** What a value is for those who read it. */
    public enum Role {
        /** Codes of the type of activations; a constant may be one. */
        ACTIVATION,

        /** A constant on the symmetric int8 grid. */
        WEIGHT
    }

    /** Who reads codes in place of the float value. */
    public enum Readers {
        /** Every node. */
        ALL,

        /** Nodes that are {@linkplain #markInt8 marked} as int8; others read the value as it is. */
        INT8,

        /** The same, each with a pair of its own. */
        INT8_APART
    }

    /**
     * How a value becomes codes.
     *
     * @param axis of the channels that have parameters each; empty for one pair of parameters
     * @param paramsOf the value whose parameters it has: its own name, or that of another
     */
    public record Mark(Role role, OptionalInt axis, String paramsOf, Readers readers) {}

    /**
     * A bias as int32: {@code scale = scale of input * scale of weight}, zero point 0.
     *
     * @param bias the constant; {@code name} is another where two nodes read it
     */
    public record Bias(String bias, String name, String input, String weight) {}

    /** The range of {@code value} is that of {@code source} in place of what it was seen with. */
    public record Borrowed(String value, String source) {}

    /**
     * A function of one number between codes, as a table of 256 entries, in place of nodes that have vanished.
     *
     * @param nodes the first outputs of these
     */
    public record Table(String input, String output, DoubleUnaryOperator function, List<String> nodes) {}

    /** A node that stays; {@code isInt8} if it reads all its marked inputs as codes. */
    public record Placed(NodeProto node, boolean isInt8) {}

    /** Null where a node has vanished. */
    private final List<Placed> nodes = new ArrayList<>();

    private final Map<String, Integer> producers = new HashMap<>();
    private final Map<String, Mark> marks = new LinkedHashMap<>();
    private final Map<String, Bias> biases = new LinkedHashMap<>();
    private final List<Borrowed> borrowed = new ArrayList<>();
    private final List<String> probabilities = new ArrayList<>();
    private final List<Table> tables = new ArrayList<>();
    private final Map<String, RealRange> bounds = new HashMap<>();

    QuantizationPlan(List<NodeProto> all) {
        for (NodeProto node : all) {
            for (String output : node.getOutputList()) {
                producers.put(output, nodes.size());
            }
            nodes.add(new Placed(node, false));
        }
    }

    /** The plan for a graph by the rules of a target. */
    static QuantizationPlan of(FloatGraph graph, PlacementRules rules) throws IOException {
        return switch (rules.target()) {
            case ONNX_RUNTIME, QNN -> OnnxRuntimePlacement.of(graph, rules);
            case CPU, ARM64 -> CpuPlacement.of(graph, rules);
            case TENSORRT -> TensorRtPlacement.of(graph, rules);
        };
    }

    /** The activations whose ranges are asked for: marked, and with parameters of their own. */
    Set<String> observed(FloatGraph graph) {
        Set<String> observed = new LinkedHashSet<>();
        marks.forEach((value, mark) -> {
            if (mark.paramsOf().equals(value) && graph.constant(value).isEmpty()) {
                observed.add(value);
            }
        });
        return observed;
    }

    /**
     * The activations whose ranges may be asked for once less becomes codes: what shares its parameters now, and what
     * nodes read that have vanished, but for those in tables.
     */
    Set<String> observedWithLess(FloatGraph graph) {
        Set<String> inTables = new HashSet<>();
        tables.forEach(table -> inTables.addAll(table.nodes()));
        Set<String> observed = new LinkedHashSet<>(marks.keySet());
        for (int at = 0; at < nodes.size(); at++) {
            NodeProto node = graph.nodes().get(at);
            if (!isThere(at) && !inTables.contains(node.getOutput(0))) {
                observed.add(node.getInput(0));
            }
        }
        observed.removeIf(value -> graph.constant(value).isPresent());
        return observed;
    }

    /** The nodes that stay, in order. */
    public List<Placed> nodes() {
        return nodes.stream().filter(placed -> placed != null).toList();
    }

    /** The values that become codes, in the order they were met. */
    public Map<String, Mark> marks() {
        return Collections.unmodifiableMap(marks);
    }

    /** The biases, by their names in the new model. */
    public Map<String, Bias> biases() {
        return Collections.unmodifiableMap(biases);
    }

    /** Ranges that stand for others, to be followed in this order. */
    public List<Borrowed> borrowed() {
        return Collections.unmodifiableList(borrowed);
    }

    /** Values of which it is known that they fill 0 to 1. */
    public List<String> probabilities() {
        return Collections.unmodifiableList(probabilities);
    }

    /** What values were clipped to by nodes that have vanished: their codes must end there. */
    public Map<String, RealRange> bounds() {
        return Collections.unmodifiableMap(bounds);
    }

    /** The tables. */
    public List<Table> tables() {
        return Collections.unmodifiableList(tables);
    }

    /** The value whose parameters a value has in the end. */
    public String paramsOf(String value) {
        String at = value;
        for (Mark mark = marks.get(at); !mark.paramsOf().equals(at); mark = marks.get(at)) {
            at = mark.paramsOf();
        }
        return at;
    }

    boolean isMarked(String value) {
        return marks.containsKey(value)
                || biases.values().stream().anyMatch(bias -> bias.bias().equals(value));
    }

    void own(String value, Role role, Readers readers) {
        marks.putIfAbsent(value, new Mark(role, OptionalInt.empty(), value, readers));
    }

    void perChannel(String value, int axis, Readers readers) {
        marks.put(value, new Mark(Role.WEIGHT, OptionalInt.of(axis), value, readers));
    }

    void same(String value, String paramsOf, Readers readers) {
        marks.put(value, new Mark(Role.ACTIVATION, OptionalInt.empty(), paramsOf, readers));
    }

    void unmark(String value) {
        marks.remove(value);
    }

    Optional<Bias> bias(String name) {
        return Optional.ofNullable(biases.get(name));
    }

    void bias(Bias bias) {
        biases.put(bias.name(), bias);
    }

    /** Gives a bias another name, which only the node that reads it as a bias uses. */
    void rename(Bias bias, String name) {
        biases.remove(bias.name());
        biases.put(name, new Bias(bias.bias(), name, bias.input(), bias.weight()));
        for (int at = 0; at < nodes.size(); at++) {
            NodeProto node = nodes.get(at) == null ? NodeProto.getDefaultInstance() : node(at);
            if (node.getInputCount() > 2
                    && node.getInput(0).equals(bias.input())
                    && node.getInput(1).equals(bias.weight())
                    && node.getInput(2).equals(bias.name())) {
                replace(at, node.toBuilder().setInput(2, name).build());
            }
        }
    }

    void borrow(String value, String source) {
        borrowed.add(new Borrowed(value, source));
    }

    void probability(String value) {
        probabilities.add(value);
    }

    /** How many places of nodes there are; one may be empty. */
    int size() {
        return nodes.size();
    }

    /** Whether the node there computes on codes. */
    boolean isInt8(int at) {
        return isThere(at) && nodes.get(at).isInt8();
    }

    boolean isThere(int at) {
        return nodes.get(at) != null;
    }

    NodeProto node(int at) {
        return nodes.get(at).node();
    }

    /** Where the node is that computes a value. */
    OptionalInt producer(String value) {
        Integer at = producers.get(value);
        return at == null ? OptionalInt.empty() : OptionalInt.of(at);
    }

    /** Where the first node is that reads a value. */
    OptionalInt reader(String value) {
        for (int at = 0; at < nodes.size(); at++) {
            if (isThere(at) && node(at).getInputList().contains(value)) {
                return OptionalInt.of(at);
            }
        }
        return OptionalInt.empty();
    }

    /** Puts a node in the place of another. */
    void replace(int at, NodeProto node) {
        nodes.set(at, new Placed(node, nodes.get(at).isInt8()));
    }

    /** Whether the node there reads a value as codes. */
    boolean readsCodes(int at, String value) {
        Mark mark = marks.get(value);
        return mark != null && (mark.readers() == Readers.ALL || nodes.get(at).isInt8());
    }

    void markInt8(int at) {
        nodes.set(at, new Placed(node(at), true));
    }

    /** Puts a table in the place of nodes. */
    void table(ScalarRegion region) {
        List<String> outputs =
                region.nodes().stream().map(at -> node(at).getOutput(0)).toList();
        tables.add(new Table(region.input(), region.output(), region.function(), outputs));
        outputs.forEach(producers::remove);
        region.nodes().forEach(at -> nodes.set(at, null));
    }

    /** Takes a Relu or Clip out, which clips to {@code range}: the producer of its input writes its output. */
    void removeByRenaming(int at, RealRange range) {
        String from = node(at).getInput(0);
        String to = node(at).getOutput(0);
        RealRange before = bounds.remove(from);
        bounds.put(to, before == null ? range : before.intersect(range));
        int producer = producers.remove(from);
        NodeProto node = node(producer);
        replace(
                producer,
                node.toBuilder()
                        .setOutput(node.getOutputList().indexOf(from), to)
                        .build());
        producers.put(to, producer);
        nodes.set(at, null);
        marks.remove(from);
    }
}
