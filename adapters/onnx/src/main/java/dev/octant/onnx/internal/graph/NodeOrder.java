// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx.internal.graph;

import ai.onnx.proto.OnnxMl.NodeProto;
import dev.octant.formats.FormatException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;

/** The order in which nodes can run: each after those whose values it, or a body of it, reads. */
public final class NodeOrder {
    private NodeOrder() {}

    /**
     * The nodes in such an order: of those that can run, the first in {@code nodes} comes first, so an order that is
     * one already stays.
     *
     * @throws FormatException if nodes read each other's values in a circle
     */
    public static List<NodeProto> sorted(List<NodeProto> nodes) throws FormatException {
        Map<String, Integer> producers = new HashMap<>();
        for (int i = 0; i < nodes.size(); i++) {
            for (String output : nodes.get(i).getOutputList()) {
                producers.put(output, i);
            }
        }
        List<List<Integer>> readers = new ArrayList<>();
        int[] missing = new int[nodes.size()];
        nodes.forEach(node -> readers.add(new ArrayList<>()));
        for (int i = 0; i < nodes.size(); i++) {
            Set<Integer> needed = new HashSet<>();
            for (String input : Captures.reads(nodes.get(i))) {
                Integer producer = producers.get(input);
                if (producer != null && needed.add(producer)) {
                    readers.get(producer).add(i);
                    missing[i]++;
                }
            }
        }
        PriorityQueue<Integer> ready = new PriorityQueue<>();
        for (int i = 0; i < missing.length; i++) {
            if (missing[i] == 0) {
                ready.add(i);
            }
        }
        List<NodeProto> sorted = new ArrayList<>();
        while (!ready.isEmpty()) {
            int next = ready.remove();
            sorted.add(nodes.get(next));
            for (int reader : readers.get(next)) {
                if (--missing[reader] == 0) {
                    ready.add(reader);
                }
            }
        }
        if (sorted.size() < nodes.size()) {
            throw new FormatException("nodes of the model must not read each other's values in a circle, were "
                    + (nodes.size() - sorted.size()) + " in one or behind it");
        }
        return sorted;
    }
}
