// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx.internal.quantize;

import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.octant.onnx.internal.file.Domains;
import dev.octant.onnx.internal.graph.FloatGraph;
import java.util.Optional;

/** Why {@link CpuPlacement} leaves a node in float that nobody asked it to leave. */
final class CpuReasons {
    private final FloatGraph graph;

    CpuReasons(FloatGraph graph) {
        this.graph = graph;
    }

    String of(NodeProto node) {
        if (!Domains.isOnnx(node.getDomain())) {
            return "it is no op of ONNX";
        }
        return switch (node.getOpType()) {
            case "Conv", "Gemm" -> kernel(node);
            case "MatMul" -> "it multiplies constants";
            case "Relu", "Clip" -> "no int8 op alone is before it";
            default ->
                CpuPlacement.hasKernel(node.getOpType())
                        ? "not all that it reads is written as codes, or nothing reads codes of it"
                        : "ONNX Runtime has no int8 kernel for it";
        };
    }

    private String kernel(NodeProto node) {
        if (graph.constant(node.getInput(1)).isEmpty()) {
            return "its weight is no constant";
        }
        Optional<String> bias = FloatGraph.input(node, 2);
        Optional<TensorProto> constant = bias.flatMap(graph::constant);
        if (bias.isPresent() && (constant.isEmpty() || constant.get().getDimsCount() != 1)) {
            return "its bias is no constant of one number for each channel";
        }
        if (FloatGraph.isSet(node, "transA")) {
            return "it transposes what it reads";
        }
        return graph.isOutput(node.getOutput(0))
                ? "it writes an output of the model, and int8 Convs write codes"
                : "what it reads is no activation of float32";
    }
}
