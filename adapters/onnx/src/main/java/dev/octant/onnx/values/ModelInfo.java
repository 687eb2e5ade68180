// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx.values;

import java.util.List;
import java.util.SortedMap;

/**
 * What a model is, as its file says.
 *
 * @param producer the tool that wrote it and its version; blank where it does not say
 * @param irVersion the version of the file format
 * @param opset the version of ONNX's own operators
 * @param inputs what the caller gives: the graph's inputs that are no constants
 * @param outputs what the graph computes
 * @param ops how many nodes there are of each op, in bodies of nodes too; those of other domains with {@code domain::}
 *     in front
 * @param parameters numbers in all constants of the graph
 * @param parameterBytes bytes of these, in external data too
 * @param isQuantized whether an op of quantized models is among the nodes
 */
public record ModelInfo(
        String producer,
        long irVersion,
        long opset,
        List<ModelTensor> inputs,
        List<ModelTensor> outputs,
        SortedMap<String, Integer> ops,
        long parameters,
        long parameterBytes,
        boolean isQuantized) {}
