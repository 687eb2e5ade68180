// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx.internal.run;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.octant.onnx.internal.graph.Captures;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The part of a model that computes some of its values: ONNX Runtime runs all nodes, needed or not. */
public final class ModelPart {
    private ModelPart() {}

    /**
     * The nodes and constants that these values need, with them as outputs, and all inputs.
     *
     * @param model its nodes in an order in which they can run
     */
    public static ModelProto of(ModelProto model, Set<String> values) {
        GraphProto graph = model.getGraph();
        Set<String> needed = new HashSet<>(values);
        List<NodeProto> nodes = new ArrayList<>();
        for (int i = graph.getNodeCount() - 1; i >= 0; i--) {
            NodeProto node = graph.getNode(i);
            if (node.getOutputList().stream().anyMatch(needed::contains)) {
                nodes.add(node);
                needed.addAll(Captures.reads(node));
            }
        }
        Collections.reverse(nodes);
        GraphProto.Builder part = graph.toBuilder().clearNode().addAllNode(nodes);
        part.clearInitializer();
        graph.getInitializerList().stream()
                .filter(constant -> needed.contains(constant.getName()))
                .forEach(part::addInitializer);
        part.clearOutput().clearValueInfo();
        values.forEach(value -> part.addOutput(ValueInfoProto.newBuilder().setName(value)));
        return model.toBuilder().setGraph(part).build();
    }
}
