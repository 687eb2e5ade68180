// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx.internal.graph;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import dev.octant.onnx.internal.file.Domains;
import java.util.Optional;

/** Makes constants of the graph of nodes {@code Constant} that hold a tensor: some exporters write all weights so. */
public final class ConstantNodes {
    private ConstantNodes() {}

    /** The model without such nodes. */
    public static ModelProto removed(ModelProto model) {
        GraphProto.Builder graph = model.getGraph().toBuilder().clearNode();
        for (NodeProto node : model.getGraph().getNodeList()) {
            Optional<AttributeProto> value = node.getOpType().equals("Constant") && Domains.isOnnx(node.getDomain())
                    ? FloatGraph.attribute(node, "value")
                    : Optional.empty();
            boolean isOutput = graph.getOutputList().stream()
                    .anyMatch(output -> node.getOutputList().contains(output.getName()));
            if (value.isPresent() && !isOutput) {
                graph.addInitializer(value.get().getT().toBuilder().setName(node.getOutput(0)));
            } else {
                graph.addNode(node);
            }
        }
        return model.toBuilder().setGraph(graph).build();
    }
}
