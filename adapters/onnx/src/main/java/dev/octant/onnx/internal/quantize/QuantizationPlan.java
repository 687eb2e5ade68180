// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx.internal.quantize;

import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Which values become codes, with whose parameters, and which nodes vanish. A placement makes it; no number is in it
 * yet.
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

    /**
     * How a value becomes codes.
     *
     * @param axis of the channels that have parameters each; empty for one pair of parameters
     * @param paramsOf the value whose parameters it has: its own name, or that of another
     */
    public record Mark(Role role, OptionalInt axis, String paramsOf) {}

    /**
     * A bias as int32: {@code scale = scale of input * scale of weight}, zero point 0.
     *
     * @param bias the constant; {@code name} is another where two nodes read it
     */
    public record Bias(String bias, String name, String input, String weight) {}

    /** The range of {@code value} is that of {@code source} in place of what it was seen with. */
    public record Borrowed(String value, String source) {}

    private final List<NodeProto> nodes;
    private final Map<String, Mark> marks = new LinkedHashMap<>();
    private final Map<String, Bias> biases = new LinkedHashMap<>();
    private final List<Borrowed> borrowed = new ArrayList<>();
    private final List<String> probabilities = new ArrayList<>();

    QuantizationPlan(List<NodeProto> nodes) {
        this.nodes = new ArrayList<>(nodes);
    }

    /** The nodes that stay, in order. */
    public List<NodeProto> nodes() {
        return Collections.unmodifiableList(nodes);
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

    void own(String value, Role role) {
        marks.putIfAbsent(value, new Mark(role, OptionalInt.empty(), value));
    }

    void perChannel(String value, int axis) {
        marks.put(value, new Mark(Role.WEIGHT, OptionalInt.of(axis), value));
    }

    void same(String value, String paramsOf) {
        marks.put(value, new Mark(Role.ACTIVATION, OptionalInt.empty(), paramsOf));
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
        for (int i = 0; i < nodes.size(); i++) {
            NodeProto node = nodes.get(i);
            if (node.getInputCount() > 2
                    && node.getInput(0).equals(bias.input())
                    && node.getInput(1).equals(bias.weight())
                    && node.getInput(2).equals(bias.name())) {
                nodes.set(i, node.toBuilder().setInput(2, name).build());
            }
        }
    }

    void borrow(String value, String source) {
        borrowed.add(new Borrowed(value, source));
    }

    void probability(String value) {
        probabilities.add(value);
    }

    /** Puts a node in the place of another. */
    void replace(int at, NodeProto node) {
        nodes.set(at, node);
    }

    NodeProto node(int at) {
        return nodes.get(at);
    }

    int size() {
        return nodes.size();
    }

    /** Takes a node of one input and one output out: its producer writes its output. */
    void removeByRenaming(int at) {
        String from = nodes.get(at).getInput(0);
        String to = nodes.get(at).getOutput(0);
        for (int i = 0; i < at; i++) {
            int output = nodes.get(i).getOutputList().indexOf(from);
            if (output >= 0) {
                nodes.set(i, nodes.get(i).toBuilder().setOutput(output, to).build());
            }
        }
        nodes.remove(at);
        marks.remove(from);
    }
}
