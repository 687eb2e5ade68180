// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx.internal.quantize;

import ai.onnx.proto.OnnxMl.NodeProto;
import dev.octant.onnx.values.Target;
import java.util.Set;

/**
 * What a placement is asked for.
 *
 * @param target whose placement is followed
 * @param isSymmetric whether 0 lies in the middle of the codes of activations, so that none of them is a bound at 0
 * @param isPerChannel whether weights have parameters for each channel
 * @param floatNodes nodes that stay float, by name, or by first output
 */
public record PlacementRules(Target target, boolean isSymmetric, boolean isPerChannel, Set<String> floatNodes) {
    boolean keepsFloat(NodeProto node) {
        return floatNodes.contains(node.getName())
                || (node.getOutputCount() > 0 && floatNodes.contains(node.getOutput(0)));
    }
}
