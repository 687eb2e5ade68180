// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx.internal.graph;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import dev.octant.formats.VisibleText;
import dev.octant.onnx.internal.file.Domains;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** How users call nodes. */
public final class NodeNames {
    private NodeNames() {}

    /** The name of a node; its first output where it has none. */
    public static String of(NodeProto node) {
        return node.getName().isEmpty() && node.getOutputCount() > 0 ? node.getOutput(0) : node.getName();
    }

    /**
     * The nodes that words stand for. A word is a node's name or first output; where no node is called so, it is an op,
     * as {@code Softmax} or {@code com.microsoft::Gelu}, or a name with {@code *} for letters and {@code ?} for one.
     *
     * @param nodes those that there are
     * @param before those of the model as its user knows it
     * @return first outputs of nodes that there are
     * @throws IllegalArgumentException if a word stands for no node in either
     */
    public static Set<String> find(List<NodeProto> nodes, List<NodeProto> before, Set<String> words) {
        Set<String> found = new TreeSet<>();
        for (String word : new TreeSet<>(words)) {
            Set<String> called = find(nodes, word);
            if (called.isEmpty() && find(before, word).isEmpty()) {
                throw new IllegalArgumentException(
                        "nodes to keep in float must be in the model, was " + VisibleText.of(word));
            }
            found.addAll(called);
        }
        return found;
    }

    private static Set<String> find(List<NodeProto> nodes, String word) {
        Set<String> called = outputs(nodes, node -> isCalled(node, word::equals));
        if (!called.isEmpty()) {
            return called;
        }
        Predicate<String> pattern = glob(word);
        return outputs(nodes, node -> Domains.fullName(node).equals(word) || isCalled(node, pattern));
    }

    private static Set<String> outputs(List<NodeProto> nodes, Predicate<NodeProto> isWanted) {
        return nodes.stream()
                .filter(node -> node.getOutputCount() > 0)
                .filter(isWanted)
                .map(node -> node.getOutput(0))
                .collect(Collectors.toSet());
    }

    private static boolean isCalled(NodeProto node, Predicate<String> name) {
        return name.test(node.getOutput(0)) || (!node.getName().isEmpty() && name.test(node.getName()));
    }

    private static Predicate<String> glob(String word) {
        StringBuilder pattern = new StringBuilder();
        word.codePoints()
                .mapToObj(Character::toString)
                .forEach(letter ->
                        pattern.append(letter.equals("*") ? ".*" : letter.equals("?") ? "." : Pattern.quote(letter)));
        return Pattern.compile(pattern.toString(), Pattern.DOTALL).asMatchPredicate();
    }

    /** The model with a name for each node that has none: its first output, or its op, with a number where taken. */
    public static ModelProto given(ModelProto model) {
        GraphProto.Builder graph = model.getGraph().toBuilder();
        Set<String> taken = new HashSet<>();
        graph.getNodeList().forEach(node -> taken.add(node.getName()));
        for (NodeProto.Builder node : graph.getNodeBuilderList()) {
            String wanted = node.getOutputCount() > 0 ? node.getOutput(0) : node.getOpType();
            for (int i = 1; node.getName().isEmpty(); i++) {
                String name = i == 1 ? wanted : wanted + "_" + i;
                if (taken.add(name)) {
                    node.setName(name);
                }
            }
        }
        return model.toBuilder().setGraph(graph).build();
    }
}
