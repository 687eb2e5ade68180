// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx.internal.graph;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import dev.octant.onnx.internal.file.Domains;
import dev.octant.onnx.internal.file.ExternalData;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Makes one {@code Gelu} of its parts, {@code 0.5 * x * (1 + erf(x / sqrt(2)))}, in whatever order the factors are
 * multiplied: an engine with an int8 GELU has none for what lies between the parts. The op is ONNX's from opset 20 on,
 * before that ONNX Runtime's.
 */
public final class GeluFusion {
    /** ONNX has Gelu. */
    private static final long OPSET = 20;

    private final FusionGraph graph;
    private final boolean isOnnx;

    private GeluFusion(FusionGraph graph, boolean isOnnx) {
        this.graph = graph;
        this.isOnnx = isOnnx;
    }

    /** The model with its GELUs as one op each. */
    public static ModelProto apply(ModelProto model, ExternalData external) throws IOException {
        FusionGraph graph = new FusionGraph(model.getGraph(), external);
        GeluFusion fusion = new GeluFusion(graph, Domains.opset(model) >= OPSET);
        for (NodeProto node : graph.nodes()) {
            if (Domains.isOp(node, "Erf")) {
                fusion.fuse(node);
            }
        }
        ModelProto.Builder fused = model.toBuilder().setGraph(graph.fused());
        boolean needsDomain = !fusion.isOnnx
                && fused.getGraph().getNodeList().stream()
                        .anyMatch(node -> node.getDomain().equals(Domains.MICROSOFT))
                && model.getOpsetImportList().stream()
                        .noneMatch(opset -> opset.getDomain().equals(Domains.MICROSOFT));
        if (needsDomain) {
            fused.addOpsetImport(
                    OperatorSetIdProto.newBuilder().setDomain(Domains.MICROSOFT).setVersion(1));
        }
        return fused.build();
    }

    private void fuse(NodeProto erf) throws IOException {
        Optional<Scaled> scaled = scaled(erf.getInput(0));
        Optional<NodeProto> sum = graph.reader(erf.getOutput(0)).filter(node -> Domains.isOp(node, "Add"));
        if (scaled.isEmpty() || sum.isEmpty()) {
            return;
        }
        String x = scaled.get().x();
        if (!graph.isScalar(other(sum.get(), erf.getOutput(0)), 1)) {
            return;
        }
        List<NodeProto> parts = new ArrayList<>(List.of(scaled.get().node(), erf, sum.get()));
        boolean hasX = false;
        boolean hasHalf = false;
        NodeProto last = sum.get();
        while (!hasX || !hasHalf) {
            Optional<NodeProto> product = graph.reader(last.getOutput(0)).filter(node -> Domains.isOp(node, "Mul"));
            if (product.isEmpty()) {
                return;
            }
            String factor = other(product.get(), last.getOutput(0));
            Optional<NodeProto> half = graph.producer(factor, "Mul")
                    .filter(node -> node.getInputList().contains(x));
            if (!hasX && factor.equals(x)) {
                hasX = true;
            } else if (!hasHalf && graph.isScalar(factor, 0.5)) {
                hasHalf = true;
            } else if (!hasX && !hasHalf && half.isPresent() && graph.isScalar(other(half.get(), x), 0.5)) {
                parts.add(half.get());
                hasX = true;
                hasHalf = true;
            } else {
                return;
            }
            last = product.get();
            parts.add(last);
        }
        graph.replace(
                parts,
                last,
                NodeProto.newBuilder()
                        .setOpType("Gelu")
                        .setDomain(isOnnx ? "" : Domains.MICROSOFT)
                        .setName(last.getName())
                        .addInput(x)
                        .addOutput(last.getOutput(0))
                        .build());
    }

    /**
     * What makes {@code x / sqrt(2)}.
     *
     * @param node a quotient or a product
     * @param x what it divides or multiplies
     */
    private record Scaled(NodeProto node, String x) {}

    private Optional<Scaled> scaled(String value) throws IOException {
        Optional<NodeProto> quotient = graph.producer(value, "Div");
        if (quotient.isPresent() && graph.isScalar(quotient.get().getInput(1), Math.sqrt(2))) {
            return Optional.of(new Scaled(quotient.get(), quotient.get().getInput(0)));
        }
        Optional<NodeProto> product = graph.producer(value, "Mul");
        for (int i = 0; i < 2 && product.isPresent(); i++) {
            if (graph.isScalar(product.get().getInput(i), Math.sqrt(0.5))) {
                return Optional.of(new Scaled(product.get(), product.get().getInput(1 - i)));
            }
        }
        return Optional.empty();
    }

    /** The other of two inputs. */
    private static String other(NodeProto node, String input) {
        return node.getInput(node.getInput(0).equals(input) ? 1 : 0);
    }
}
