// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx.internal.graph;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.octant.onnx.internal.file.Domains;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Takes out nodes {@code Identity}, which stand between ops that would be one: who reads the copy reads what it is a
 * copy of, bodies of nodes too. One that writes an output of the model stays, for the output needs its name, unless a
 * node writes what it copies for it alone: then that node writes the output.
 */
public final class IdentityRemoval {
    private final Map<String, String> origins = new HashMap<>();
    private final Map<String, String> outputs = new HashMap<>();
    private final Map<String, Integer> readers;
    private final Set<String> given = new HashSet<>();
    private final Set<String> results = new HashSet<>();

    private IdentityRemoval(GraphProto graph) {
        this.readers = Captures.readers(graph.getNodeList());
        graph.getInputList().stream().map(ValueInfoProto::getName).forEach(given::add);
        graph.getInitializerList().stream().map(TensorProto::getName).forEach(given::add);
        graph.getSparseInitializerList().stream()
                .map(constant -> constant.getValues().getName())
                .forEach(given::add);
        graph.getOutputList().stream().map(ValueInfoProto::getName).forEach(results::add);
    }

    /** The model without such nodes; its nodes must be in an order in which they can run. */
    public static ModelProto apply(ModelProto model) {
        GraphProto graph = model.getGraph();
        IdentityRemoval removal = new IdentityRemoval(graph);
        List<NodeProto> kept = new ArrayList<>();
        for (NodeProto node : graph.getNodeList()) {
            if (!removal.removes(node)) {
                kept.add(node);
            }
        }
        if (kept.size() == graph.getNodeCount()) {
            return model;
        }
        GraphProto.Builder builder = graph.toBuilder().clearNode();
        for (NodeProto node : kept) {
            NodeProto.Builder renamed = Captures.renamed(node, removal.origins).toBuilder();
            for (int i = 0; i < renamed.getOutputCount(); i++) {
                renamed.setOutput(i, removal.outputs.getOrDefault(renamed.getOutput(i), renamed.getOutput(i)));
            }
            builder.addNode(renamed);
        }
        Set<String> gone = new HashSet<>(removal.origins.keySet());
        gone.addAll(removal.outputs.keySet());
        builder.clearValueInfo();
        graph.getValueInfoList().stream()
                .filter(value -> !gone.contains(value.getName()))
                .forEach(builder::addValueInfo);
        return model.toBuilder().setGraph(builder).build();
    }

    private boolean removes(NodeProto node) {
        if (!Domains.isOp(node, "Identity") || node.getInputCount() != 1 || node.getOutputCount() != 1) {
            return false;
        }
        String from = origins.getOrDefault(node.getInput(0), node.getInput(0));
        String to = node.getOutput(0);
        if (!results.contains(to)) {
            origins.put(to, from);
            return true;
        }
        boolean isForItAlone = readers.getOrDefault(node.getInput(0), 0) == 1
                && from.equals(node.getInput(0))
                && !given.contains(from)
                && !results.contains(from)
                && !outputs.containsKey(from);
        if (isForItAlone) {
            outputs.put(from, to);
        }
        return isForItAlone;
    }
}
