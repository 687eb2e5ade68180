// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx.internal.graph;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto.Dimension;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.octant.onnx.internal.file.Domains;
import dev.octant.onnx.internal.file.Tensors;
import dev.octant.onnx.values.ModelInfo;
import dev.octant.onnx.values.ModelTensor;
import dev.octant.onnx.values.OnnxType;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a model says of itself. */
public final class Descriptions {
    private Descriptions() {}

    /** All of it. */
    public static ModelInfo of(ModelProto model) {
        SortedMap<String, Integer> ops = new TreeMap<>();
        count(model.getGraph().getNodeList(), ops);
        long parameters = 0;
        long bytes = 0;
        for (TensorProto constant : model.getGraph().getInitializerList()) {
            parameters += Tensors.size(constant);
            bytes += Tensors.type(constant)
                    .map(type -> Tensors.bytes(constant, type))
                    .orElse(0L);
        }
        return new ModelInfo(
                (model.getProducerName() + " " + model.getProducerVersion()).strip(),
                model.getIrVersion(),
                Domains.opset(model),
                inputs(model),
                model.getGraph().getOutputList().stream().map(Descriptions::of).toList(),
                Collections.unmodifiableSortedMap(ops),
                parameters,
                bytes,
                ops.keySet().stream().anyMatch(QuantizedOps::isOne));
    }

    /** What the caller gives: the graph's inputs that are no constants. */
    public static List<ModelTensor> inputs(ModelProto model) {
        return ConstantInputs.others(model.getGraph()).stream()
                .map(Descriptions::of)
                .toList();
    }

    private static ModelTensor of(ValueInfoProto value) {
        TypeProto.Tensor tensor = value.getType().getTensorType();
        List<String> shape =
                tensor.getShape().getDimList().stream().map(Descriptions::text).toList();
        Optional<OnnxType> type =
                value.getType().hasTensorType() ? OnnxType.of(tensor.getElemType()) : Optional.empty();
        return new ModelTensor(value.getName(), type, shape);
    }

    private static String text(Dimension dimension) {
        if (dimension.hasDimValue()) {
            return String.valueOf(dimension.getDimValue());
        }
        String name = dimension.getDimParam();
        // A name is never a length, also not one of digits.
        return name.isEmpty() ? "?" : name.matches("-?[0-9]+") ? "'" + name + "'" : name;
    }

    private static void count(List<NodeProto> nodes, SortedMap<String, Integer> ops) {
        for (NodeProto node : nodes) {
            ops.merge(Domains.fullName(node), 1, Integer::sum);
            Captures.bodies(node).forEach(body -> count(body.getNodeList(), ops));
        }
    }
}
