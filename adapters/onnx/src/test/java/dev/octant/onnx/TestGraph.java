// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto.Dimension;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import dev.octant.onnx.internal.file.Tensors;
import dev.octant.onnx.values.OnnxType;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** A small model under construction. */
final class TestGraph {
    final GraphProto.Builder graph = GraphProto.newBuilder().setName("test");
    private long opset = 17;

    TestGraph opset(long version) {
        opset = version;
        return this;
    }

    TestGraph input(String name, OnnxType type, String... shape) {
        graph.addInput(value(name, type, shape));
        return this;
    }

    TestGraph output(String name, OnnxType type, String... shape) {
        graph.addOutput(value(name, type, shape));
        return this;
    }

    TestGraph constant(String name, List<Long> shape, float... values) {
        graph.addInitializer(Tensors.ofFloats(name, shape, values));
        return this;
    }

    /** A list of int64. */
    TestGraph longs(String name, long... values) {
        graph.addInitializer(Tensors.ofLongs(name, List.of((long) values.length), values));
        return this;
    }

    /** Normal numbers by the seed. */
    TestGraph random(String name, long seed, Long... shape) {
        Random random = new Random(seed);
        int size = (int) List.of(shape).stream().mapToLong(Long::longValue).reduce(1, (a, b) -> a * b);
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return constant(name, List.of(shape), values);
    }

    /** A node named as its first output. */
    TestGraph node(String op, String output, String... inputs) {
        graph.addNode(NodeProto.newBuilder()
                .setOpType(op)
                .setName(output + "_node")
                .addOutput(output)
                .addAllInput(List.of(inputs)));
        return this;
    }

    private AttributeProto.Builder attribute(String name) {
        return graph.getNodeBuilder(graph.getNodeCount() - 1)
                .addAttributeBuilder()
                .setName(name);
    }

    /** Gives the last node an attribute. */
    TestGraph with(String name, float value) {
        attribute(name).setType(AttributeProto.AttributeType.FLOAT).setF(value);
        return this;
    }

    TestGraph with(String name, long value) {
        attribute(name).setType(AttributeProto.AttributeType.INT).setI(value);
        return this;
    }

    TestGraph with(String name, String value) {
        attribute(name).setType(AttributeProto.AttributeType.STRING).setS(ByteString.copyFromUtf8(value));
        return this;
    }

    TestGraph with(String name, List<Long> values) {
        attribute(name).setType(AttributeProto.AttributeType.INTS).addAllInts(values);
        return this;
    }

    TestGraph with(String name, TestGraph body) {
        attribute(name).setType(AttributeProto.AttributeType.GRAPH).setG(body.graph);
        return this;
    }

    ModelProto.Builder proto() {
        return ModelProto.newBuilder()
                .setIrVersion(8)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(opset))
                .addOpsetImport(OperatorSetIdProto.newBuilder()
                        .setDomain("com.microsoft")
                        .setVersion(1))
                .setGraph(graph);
    }

    OnnxModel model() throws IOException {
        return OnnxModel.of(proto().build().toByteArray());
    }

    private static ValueInfoProto value(String name, OnnxType type, String... shape) {
        TypeProto.Tensor.Builder tensor = TypeProto.Tensor.newBuilder().setElemType(type.code());
        for (String length : shape) {
            tensor.getShapeBuilder()
                    .addDim(
                            length.matches("\\d+")
                                    ? Dimension.newBuilder().setDimValue(Long.parseLong(length))
                                    : Dimension.newBuilder().setDimParam(length));
        }
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder().setTensorType(tensor))
                .build();
    }

    /** Shape (n) full of one length. */
    static List<Long> shape(long... lengths) {
        return IntStream.range(0, lengths.length).mapToObj(i -> lengths[i]).toList();
    }

    static List<Long> scalar() {
        return Collections.emptyList();
    }
}
