// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx.internal.quantize;

import ai.onnx.proto.OnnxMl.NodeProto;
import dev.octant.onnx.internal.file.Domains;
import dev.octant.onnx.internal.graph.FloatGraph;
import dev.octant.onnx.values.Target;
import dev.octant.onnx.values.TensorOverride;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What a placement is asked for.
 *
 * @param target whose placement is followed
 * @param isSymmetric whether 0 lies in the middle of the codes of activations, so that none of them is a bound at 0
 * @param isPerChannel whether weights have parameters for each channel
 * @param isSigmoidFloat whether Sigmoid, and so the SiLU that it is part of, stays float though there is a kernel, and
 *     so does the product of a value with what is made of its own mean
 * @param isExact whether every activation function becomes a table, where only those do that are faster so
 * @param overrides values whose codes are given, which may go beyond what the node before them clips to
 * @param floatNodes nodes that stay float, by their first outputs
 */
public record PlacementRules(
        Target target,
        boolean isSymmetric,
        boolean isPerChannel,
        boolean isSigmoidFloat,
        boolean isExact,
        Map<String, TensorOverride> overrides,
        Set<String> floatNodes) {
    /** The same with more nodes that stay float. */
    PlacementRules withFloat(Set<String> more) {
        Set<String> all = new HashSet<>(floatNodes);
        all.addAll(more);
        return new PlacementRules(target, isSymmetric, isPerChannel, isSigmoidFloat, isExact, overrides, all);
    }

    /** Whether it is asked to stay float, or has to. */
    boolean keepsFloat(NodeProto node) {
        return isAsked(node) || isBeyondKernels(node);
    }

    boolean isAsked(NodeProto node) {
        return node.getOutputCount() > 0 && floatNodes.contains(node.getOutput(0));
    }

    /**
     * What ONNX Runtime 1.30.0 fails on between codes, of ops that it computes on them otherwise: it turns what a
     * Resize reads without its {@code axes}, and has no int8 AveragePool with gaps in its window.
     */
    static boolean isBeyondKernels(NodeProto node) {
        return hasGaps(node) || hasAxes(node);
    }

    private static boolean hasAxes(NodeProto node) {
        return Domains.isOp(node, "Resize")
                && FloatGraph.attribute(node, "axes").isPresent();
    }

    private static boolean hasGaps(NodeProto node) {
        return Domains.isOp(node, "AveragePool")
                && FloatGraph.attribute(node, "dilations")
                        .filter(gaps -> gaps.getIntsList().stream().anyMatch(gap -> gap != 1))
                        .isPresent();
    }

    /**
     * The nodes that compute how a Resize resizes, scales or a region as floats, by their first outputs: with codes of
     * these it would give another shape.
     */
    public static Set<String> scalesOfResize(FloatGraph graph) {
        Set<String> values = new HashSet<>();
        Set<String> nodes = new HashSet<>();
        // Readers come after what they read.
        for (int at = graph.nodes().size() - 1; at >= 0; at--) {
            NodeProto node = graph.nodes().get(at);
            boolean isOne = node.getOutputList().stream().anyMatch(values::contains);
            if (Domains.isOp(node, "Resize")) {
                values.addAll(node.getInputList().stream().skip(1).toList());
            } else if (isOne) {
                nodes.add(node.getOutput(0));
                node.getInputList().stream().filter(graph::isFloat).forEach(values::add);
            }
        }
        return nodes;
    }

    /**
     * The nodes behind an AveragePool with gaps, or a Resize that still has axes, by their first outputs: between codes
     * it is taken for an int8 one even if it is not meant to be, so that nothing may read codes of what it computes.
     */
    public static Set<String> behindGaps(FloatGraph graph) {
        Set<String> pooled = new HashSet<>();
        Set<String> behind = new HashSet<>();
        for (NodeProto node : graph.nodes()) {
            if (isBeyondKernels(node)) {
                pooled.add(node.getOutput(0));
            } else if (node.getOutputCount() > 0 && node.getInputList().stream().anyMatch(pooled::contains)) {
                behind.add(node.getOutput(0));
            }
        }
        return behind;
    }
}
