// SPDX-License-Identifier: Apache-2.0
package dev.octant.benchmarks.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import dev.octant.core.QuantParams;
import java.util.ArrayList;
import java.util.List;

/** A small ONNX model under construction. Mutable, not thread safe. */
public final class OnnxGraph {
    /** The domain of ONNX's own operators. */
    public static final String ONNX = "";

    /** The domain of ONNX Runtime's. */
    public static final String MICROSOFT = "com.microsoft";

    private static final long IR_VERSION = 10;
    private static final long ONNX_OPSET = 21;

    private final GraphProto.Builder graph = GraphProto.newBuilder().setName("benchmark");

    /** A graph without nodes. */
    public OnnxGraph() {}

    /** Declares an input of codes on the grid {@code params}, and their scale and zero point as constants. */
    public OnnxGraph codesIn(String name, QuantParams params, long... shape) {
        graph.addInput(value(name, type(params), shape));
        return constants(name, List.of(params));
    }

    /** Declares an output of codes on the grid {@code params}, and their scale and zero point as constants. */
    public OnnxGraph codesOut(String name, QuantParams params, long... shape) {
        graph.addOutput(value(name, type(params), shape));
        return constants(name, List.of(params));
    }

    /** Declares an output of codes with a grid for every channel. */
    public OnnxGraph codesOut(String name, List<QuantParams> channels, long... shape) {
        graph.addOutput(value(name, type(channels.get(0)), shape));
        return constants(name, channels);
    }

    /** Declares an input of floats. */
    public OnnxGraph floatsIn(String name, long... shape) {
        graph.addInput(value(name, TensorProto.DataType.FLOAT, shape));
        return this;
    }

    /** Declares an output of floats. */
    public OnnxGraph floatsOut(String name, long... shape) {
        graph.addOutput(value(name, TensorProto.DataType.FLOAT, shape));
        return this;
    }

    /** Holds codes as a constant, and their scale and zero point. */
    public OnnxGraph codesHeld(String name, QuantParams params, byte[] codes, long... shape) {
        TensorProto.Builder held = TensorProto.newBuilder()
                .setName(name)
                .setDataType(type(params).getNumber())
                .setRawData(ByteString.copyFrom(codes));
        for (long length : shape) {
            held.addDims(length);
        }
        graph.addInitializer(held);
        return constants(name, List.of(params));
    }

    /** Declares the grid of codes between two nodes. */
    public OnnxGraph codesBetween(String name, QuantParams params) {
        return constants(name, List.of(params));
    }

    /** Appends a node; the grid of {@code y} is named {@code y.scale} and {@code y.zero}. */
    public OnnxGraph node(String domain, String op, String output, String... inputs) {
        graph.addNode(NodeProto.newBuilder()
                .setDomain(domain)
                .setOpType(op)
                .addAllInput(List.of(inputs))
                .addOutput(output));
        return this;
    }

    /** Appends a node whose inputs and output are codes, each followed by its scale and its zero point. */
    public OnnxGraph nodeOfCodes(String domain, String op, String output, String... inputs) {
        List<String> names = new ArrayList<>();
        for (String input : inputs) {
            names.addAll(List.of(input, input + ".scale", input + ".zero"));
        }
        names.addAll(List.of(output + ".scale", output + ".zero"));
        return node(domain, op, output, names.toArray(String[]::new));
    }

    /** Gives the last node an attribute. */
    public OnnxGraph with(String attribute, long value) {
        graph.getNodeBuilder(graph.getNodeCount() - 1)
                .addAttribute(AttributeProto.newBuilder()
                        .setName(attribute)
                        .setType(AttributeProto.AttributeType.INT)
                        .setI(value));
        return this;
    }

    /** The model as a file would hold it. */
    public byte[] toBytes() {
        return ModelProto.newBuilder()
                .setIrVersion(IR_VERSION)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain(ONNX).setVersion(ONNX_OPSET))
                .addOpsetImport(
                        OperatorSetIdProto.newBuilder().setDomain(MICROSOFT).setVersion(1))
                .setGraph(graph)
                .build()
                .toByteArray();
    }

    private OnnxGraph constants(String name, List<QuantParams> channels) {
        TensorProto.Builder scale =
                TensorProto.newBuilder().setName(name + ".scale").setDataType(TensorProto.DataType.FLOAT.getNumber());
        TensorProto.Builder zero = TensorProto.newBuilder()
                .setName(name + ".zero")
                .setDataType(type(channels.get(0)).getNumber());
        if (channels.size() > 1) {
            scale.addDims(channels.size());
            zero.addDims(channels.size());
        }
        for (QuantParams params : channels) {
            scale.addFloatData(params.scale());
            zero.addInt32Data(params.zeroPoint());
        }
        graph.addInitializer(scale).addInitializer(zero);
        return this;
    }

    private static TensorProto.DataType type(QuantParams params) {
        return params.type().isSigned() ? TensorProto.DataType.INT8 : TensorProto.DataType.UINT8;
    }

    private static ValueInfoProto value(String name, TensorProto.DataType type, long... shape) {
        TensorShapeProto.Builder dimensions = TensorShapeProto.newBuilder();
        for (long length : shape) {
            dimensions.addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(length));
        }
        TypeProto.Tensor tensor = TypeProto.Tensor.newBuilder()
                .setElemType(type.getNumber())
                .setShape(dimensions)
                .build();
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder().setTensorType(tensor))
                .build();
    }
}
