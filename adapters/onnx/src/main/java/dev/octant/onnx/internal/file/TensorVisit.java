// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx.internal.file;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.FunctionProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.SparseTensorProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.io.IOException;

/** Goes to every constant of a model: initializers, attributes, and those of the bodies of nodes and functions. */
public final class TensorVisit {
    /** What becomes of a constant. */
    @FunctionalInterface
    public interface Change {
        TensorProto of(TensorProto tensor) throws IOException;
    }

    /**
     * Bytes of all constants.
     *
     * @param inside as the model's file holds them
     * @param outside how many constants are in files of their own
     */
    record Sizes(long inside, long outside) {}

    private final Change change;

    private TensorVisit(Change change) {
        this.change = change;
    }

    static Sizes sizes(ModelProto model) throws IOException {
        long[] sums = new long[2];
        replaced(model, tensor -> {
            sums[0] += tensor.getSerializedSize();
            sums[1] += ExternalData.isExternal(tensor) ? 1 : 0;
            return tensor;
        });
        return new Sizes(sums[0], sums[1]);
    }

    /** The model with other constants, all else as it is. */
    public static ModelProto replaced(ModelProto model, Change change) throws IOException {
        TensorVisit visit = new TensorVisit(change);
        ModelProto.Builder builder = model.toBuilder().setGraph(visit.graph(model.getGraph()));
        for (int i = 0; i < builder.getFunctionsCount(); i++) {
            FunctionProto.Builder function = builder.getFunctions(i).toBuilder();
            for (int n = 0; n < function.getNodeCount(); n++) {
                function.setNode(n, visit.node(function.getNode(n)));
            }
            builder.setFunctions(i, function);
        }
        return builder.build();
    }

    /** The node with other constants in its attributes. */
    public static NodeProto replaced(NodeProto node, Change change) throws IOException {
        return new TensorVisit(change).node(node);
    }

    private GraphProto graph(GraphProto graph) throws IOException {
        GraphProto.Builder builder = graph.toBuilder();
        for (int i = 0; i < builder.getInitializerCount(); i++) {
            builder.setInitializer(i, change.of(builder.getInitializer(i)));
        }
        for (int i = 0; i < builder.getSparseInitializerCount(); i++) {
            builder.setSparseInitializer(i, sparse(builder.getSparseInitializer(i)));
        }
        for (int i = 0; i < builder.getNodeCount(); i++) {
            builder.setNode(i, node(builder.getNode(i)));
        }
        return builder.build();
    }

    private NodeProto node(NodeProto node) throws IOException {
        NodeProto.Builder builder = node.toBuilder();
        for (int i = 0; i < builder.getAttributeCount(); i++) {
            builder.setAttribute(i, attribute(builder.getAttribute(i)));
        }
        return builder.build();
    }

    private AttributeProto attribute(AttributeProto attribute) throws IOException {
        AttributeProto.Builder builder = attribute.toBuilder();
        if (builder.hasT()) {
            builder.setT(change.of(builder.getT()));
        }
        for (int i = 0; i < builder.getTensorsCount(); i++) {
            builder.setTensors(i, change.of(builder.getTensors(i)));
        }
        if (builder.hasSparseTensor()) {
            builder.setSparseTensor(sparse(builder.getSparseTensor()));
        }
        for (int i = 0; i < builder.getSparseTensorsCount(); i++) {
            builder.setSparseTensors(i, sparse(builder.getSparseTensors(i)));
        }
        if (builder.hasG()) {
            builder.setG(graph(builder.getG()));
        }
        for (int i = 0; i < builder.getGraphsCount(); i++) {
            builder.setGraphs(i, graph(builder.getGraphs(i)));
        }
        return builder.build();
    }

    private SparseTensorProto sparse(SparseTensorProto tensor) throws IOException {
        return tensor.toBuilder()
                .setValues(change.of(tensor.getValues()))
                .setIndices(change.of(tensor.getIndices()))
                .build();
    }
}
