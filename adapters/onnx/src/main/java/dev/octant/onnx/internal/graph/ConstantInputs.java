// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx.internal.graph;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Makes constants of inputs that have a default value: old files list all their weights as inputs. Whoever gave another
 * value for one cannot do so any more, for the weights of an int8 model are codes.
 */
public final class ConstantInputs {
    /** From this version of the file format on constants need not be inputs. */
    private static final long LEAST_IR_VERSION = 4;

    private ConstantInputs() {}

    /** The model without such inputs. */
    public static ModelProto removed(ModelProto model) {
        GraphProto graph = model.getGraph();
        return model.toBuilder()
                .setIrVersion(Math.max(model.getIrVersion(), LEAST_IR_VERSION))
                .setGraph(graph.toBuilder().clearInput().addAllInput(others(graph)))
                .build();
    }

    /** The inputs that have no default value: what a caller must give. */
    static List<ValueInfoProto> others(GraphProto graph) {
        Set<String> constants =
                graph.getInitializerList().stream().map(TensorProto::getName).collect(Collectors.toSet());
        return graph.getInputList().stream()
                .filter(input -> !constants.contains(input.getName()))
                .toList();
    }
}
