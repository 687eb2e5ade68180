// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx.internal.graph;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.octant.onnx.internal.file.Domains;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The values of a graph whose numbers come of the model's inputs. What nodes {@code Constant} hold, and what is
 * computed of constants alone, is the same whatever the data.
 */
public final class FedValues {
    /** These take their numbers from their first input; the others say of what shape. */
    private static final Set<String> SHAPING = Set.of("Expand", "Reshape", "Tile", "Squeeze", "Unsqueeze");

    private FedValues() {}

    /** Their names, of a graph whose nodes stand in an order in which they can run. */
    public static Set<String> of(GraphProto graph) {
        Set<String> fed = new HashSet<>();
        graph.getInputList().stream().map(ValueInfoProto::getName).forEach(fed::add);
        graph.getInitializerList().stream().map(TensorProto::getName).forEach(fed::remove);
        for (NodeProto node : graph.getNodeList()) {
            if (!Collections.disjoint(fed, numbers(node))) {
                fed.addAll(node.getOutputList());
            }
        }
        return fed;
    }

    private static List<String> numbers(NodeProto node) {
        List<String> reads = Captures.reads(node);
        if (Domains.isOp(node, "ConstantOfShape")) {
            return List.of();
        }
        boolean isShaping = SHAPING.stream().anyMatch(op -> Domains.isOp(node, op));
        return isShaping ? reads.subList(0, Math.min(1, reads.size())) : reads;
    }
}
