// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx.internal.graph;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.octant.onnx.internal.file.Domains;
import dev.octant.onnx.internal.file.ExternalData;
import dev.octant.onnx.internal.file.Tensors;
import dev.octant.onnx.values.OnnxType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Takes the factors of {@code Gemm}, {@code Y = alpha * A * B + beta * C}, into constant B and C, and makes a C of
 * shape (1, N) one of shape (N): an int8 Gemm has neither factors nor a bias of two dimensions. A constant that is read
 * elsewhere too is copied. What is not constant keeps its factor.
 */
public final class GemmFolding {
    private final ExternalData external;
    private final Map<String, TensorProto> constants;
    private final Map<String, Integer> readers;
    private final FreshNames names;

    private GemmFolding(GraphProto graph, ExternalData external) {
        this.external = external;
        this.readers = Captures.readers(graph.getNodeList());
        this.names = new FreshNames(graph);
        constants = Tensors.constants(graph);
        graph.getOutputList().forEach(output -> readers.merge(output.getName(), 1, Integer::sum));
    }

    /** The model without factors at its Gemms, where B and C are constant. */
    public static ModelProto apply(ModelProto model, ExternalData external) throws IOException {
        GemmFolding folding = new GemmFolding(model.getGraph(), external);
        List<NodeProto> nodes = new ArrayList<>();
        for (NodeProto node : model.getGraph().getNodeList()) {
            nodes.add(Domains.isOp(node, "Gemm") ? folding.folded(node) : node);
        }
        GraphProto.Builder graph = model.getGraph().toBuilder();
        graph.clearNode().addAllNode(nodes).clearInitializer().addAllInitializer(folding.constants.values());
        return model.toBuilder().setGraph(graph).build();
    }

    private NodeProto folded(NodeProto node) throws IOException {
        NodeProto.Builder builder = node.toBuilder();
        float alpha = FloatGraph.number(node, "alpha", 1);
        if (alpha != 1 && isFloat(builder, 1)) {
            TensorProto b = constants.get(builder.getInput(1));
            builder.setInput(1, put(b, scaled(b, b.getDimsList(), alpha)));
            clear(builder, "alpha");
        }
        if (isFloat(builder, 2)) {
            TensorProto c = constants.get(builder.getInput(2));
            float beta = FloatGraph.number(node, "beta", 1);
            boolean isRow = c.getDimsCount() == 2 && c.getDims(0) == 1;
            if (beta != 1 || isRow) {
                List<Long> shape = isRow ? c.getDimsList().subList(1, 2) : c.getDimsList();
                builder.setInput(2, put(c, scaled(c, shape, beta)));
                clear(builder, "beta");
            }
        }
        return builder.build();
    }

    private boolean isFloat(NodeProto.Builder node, int input) {
        TensorProto constant = node.getInputCount() > input ? constants.get(node.getInput(input)) : null;
        return constant != null && Tensors.isOf(constant, OnnxType.FLOAT32);
    }

    private TensorProto scaled(TensorProto constant, List<Long> shape, float factor) throws IOException {
        float[] values = Tensors.floats(constant, external);
        for (int i = 0; i < values.length; i++) {
            values[i] *= factor;
        }
        return Tensors.ofFloats(constant.getName(), shape, values);
    }

    /** Puts a constant in the place of another, or beside it under a new name where that is read elsewhere too. */
    private String put(TensorProto before, TensorProto after) {
        if (readers.getOrDefault(before.getName(), 0) <= 1) {
            constants.put(before.getName(), after);
            return before.getName();
        }
        readers.merge(before.getName(), -1, Integer::sum);
        String name = names.of(before.getName() + "_folded");
        constants.put(name, after.toBuilder().setName(name).build());
        return name;
    }

    private static void clear(NodeProto.Builder node, String name) {
        for (int i = node.getAttributeCount() - 1; i >= 0; i--) {
            if (node.getAttribute(i).getName().equals(name)) {
                node.removeAttribute(i);
            }
        }
    }
}
