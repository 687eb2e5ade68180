// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx.internal.quantize;

import ai.onnx.proto.OnnxMl.NodeProto;
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

    boolean keepsFloat(NodeProto node) {
        return node.getOutputCount() > 0 && floatNodes.contains(node.getOutput(0));
    }
}
