// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx.internal.quantize;

import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.octant.onnx.internal.file.Domains;
import dev.octant.onnx.internal.graph.FloatGraph;
import dev.octant.onnx.internal.graph.NodeReason;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Why {@link CpuPlacement} leaves a node in float that nobody asked it to leave. */
final class CpuReasons {
    private final FloatGraph graph;
    private final Clips clips;

    CpuReasons(FloatGraph graph, PlacementRules rules) {
        this.graph = graph;
        this.clips = new Clips(graph, rules);
    }

    String of(NodeProto node) throws IOException {
        if (!Domains.isOnnx(node.getDomain())) {
            return "it is no op of ONNX";
        }
        if (isKernel(node) && node.getInputList().stream().anyMatch(graph::isEmpty)) {
            return "its weight has no elements";
        }
        return switch (node.getOpType()) {
            case "Conv", "Gemm" -> kernel(node);
            case "MatMul" -> "it multiplies constants";
            case "Relu", "Clip" -> clip(node);
            default ->
                CpuPlacement.hasKernel(node.getOpType())
                        ? "not all that it reads is written as codes, or nothing reads codes of it"
                        : NodeReason.NO_KERNEL.words();
        };
    }

    private static boolean isKernel(NodeProto node) {
        return List.of("Conv", "Gemm", "MatMul").contains(node.getOpType());
    }

    private String clip(NodeProto node) throws IOException {
        return clips.saturated(node).isPresent()
                ? "no int8 op that computes is alone before it"
                : "codes would not end where it clips";
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
