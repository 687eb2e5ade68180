// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx.internal.graph;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.octant.onnx.internal.file.Domains;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Makes constants of the graph of nodes {@code Constant} that hold a tensor: some exporters write all weights so. */
public final class ConstantNodes {
    private ConstantNodes() {}

    /** The model without such nodes. */
    public static ModelProto removed(ModelProto model) {
        GraphProto.Builder graph = model.getGraph().toBuilder().clearNode();
        Set<String> outputs =
                graph.getOutputList().stream().map(ValueInfoProto::getName).collect(Collectors.toSet());
        for (NodeProto node : model.getGraph().getNodeList()) {
            Optional<AttributeProto> value =
                    Domains.isOp(node, "Constant") ? FloatGraph.attribute(node, "value") : Optional.empty();
            if (value.isPresent() && Collections.disjoint(outputs, node.getOutputList())) {
                graph.addInitializer(value.get().getT().toBuilder().setName(node.getOutput(0)));
            } else {
                graph.addNode(node);
            }
        }
        return model.toBuilder().setGraph(graph).build();
    }
}
