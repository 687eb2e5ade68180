// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx.internal.graph;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.octant.onnx.internal.file.Domains;
import dev.octant.onnx.internal.file.ExternalData;
import dev.octant.onnx.internal.file.Tensors;
import dev.octant.onnx.values.OnnxType;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A model before it is quantized, with what a placement asks of it. Immutable. */
public final class FloatGraph {
    private final ModelProto model;
    private final ExternalData external;
    private final Map<String, TensorProto> constants = new LinkedHashMap<>();
    private final Map<String, OnnxType> types = new HashMap<>();
    private final Set<String> arrays;
    private final Map<String, Integer> readers;
    private final Set<String> inputs = new HashSet<>();
    private final Set<String> outputs = new HashSet<>();

    /**
     * A model and the types of the values that its nodes compute.
     *
     * @param arrays those of them of which it is known that they have a dimension
     */
    public FloatGraph(ModelProto model, ExternalData external, Map<String, OnnxType> computed, Set<String> arrays) {
        this.model = model;
        this.external = external;
        this.arrays = new HashSet<>(arrays);
        GraphProto graph = model.getGraph();
        readers = Captures.readers(graph.getNodeList());
        for (TensorProto constant : graph.getInitializerList()) {
            constants.put(constant.getName(), constant);
            Tensors.type(constant).ifPresent(type -> types.put(constant.getName(), type));
        }
        for (ValueInfoProto input : graph.getInputList()) {
            inputs.add(input.getName());
            OnnxType.of(input.getType().getTensorType().getElemType())
                    .ifPresent(type -> types.put(input.getName(), type));
            if (input.getType().getTensorType().getShape().getDimCount() > 0) {
                this.arrays.add(input.getName());
            }
        }
        graph.getOutputList().forEach(output -> outputs.add(output.getName()));
        types.putAll(computed);
    }

    /** The same with other values for some of its constants, of the same shapes. */
    public FloatGraph withConstants(Map<String, TensorProto> others) {
        if (others.isEmpty()) {
            return this;
        }
        GraphProto.Builder changed = model.getGraph().toBuilder();
        for (int i = 0; i < changed.getInitializerCount(); i++) {
            TensorProto constant = changed.getInitializer(i);
            changed.setInitializer(i, others.getOrDefault(constant.getName(), constant));
        }
        return new FloatGraph(model.toBuilder().setGraph(changed).build(), external, types, arrays);
    }

    /** The model as it is. */
    public ModelProto model() {
        return model;
    }

    /** Where its large constants are. */
    public ExternalData external() {
        return external;
    }

    /** The nodes, in an order in which they can run. */
    public List<NodeProto> nodes() {
        return model.getGraph().getNodeList();
    }

    /** The version of ONNX's operators. */
    public long opset() {
        return Domains.opset(model);
    }

    /** The constant of a name, if it is one. */
    public Optional<TensorProto> constant(String value) {
        return Optional.ofNullable(constants.get(value));
    }

    /** Whether a value is a constant without elements. */
    public boolean isEmpty(String value) {
        return constant(value).filter(tensor -> Tensors.size(tensor) == 0).isPresent();
    }

    /** Whether a value is of float32. */
    public boolean isFloat(String value) {
        return types.get(value) == OnnxType.FLOAT32;
    }

    /** Whether a value that is given or computed is known to have a dimension: one number may have none. */
    public boolean isArray(String value) {
        return arrays.contains(value);
    }

    /** How often nodes read a value, those of bodies too. */
    public int readers(String value) {
        return readers.getOrDefault(value, 0);
    }

    /** Whether the caller gives it. */
    public boolean isInput(String value) {
        return inputs.contains(value);
    }

    /** Whether the caller gets it. */
    public boolean isOutput(String value) {
        return outputs.contains(value);
    }

    /** An attribute of a node. */
    public static Optional<AttributeProto> attribute(NodeProto node, String name) {
        return node.getAttributeList().stream()
                .filter(attribute -> attribute.getName().equals(name))
                .findFirst();
    }

    /** Whether an attribute is there and not 0. */
    public static boolean isSet(NodeProto node, String name) {
        return attribute(node, name).map(AttributeProto::getI).orElse(0L) != 0;
    }

    /** The number that an attribute holds, or another where it is not there. */
    public static float number(NodeProto node, String name, float otherwise) {
        return attribute(node, name).map(AttributeProto::getF).orElse(otherwise);
    }

    /** An input of a node; empty where it has none at that place. */
    public static Optional<String> input(NodeProto node, int at) {
        return at < node.getInputCount() && !node.getInput(at).isEmpty()
                ? Optional.of(node.getInput(at))
                : Optional.empty();
    }
}
