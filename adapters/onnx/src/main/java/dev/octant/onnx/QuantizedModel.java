// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx;

import dev.octant.onnx.values.NodePlan;
import java.util.List;

/**
 * An int8 model, what was left in float to make it accurate, and what the data did not tell of.
 *
 * @param model the int8 model
 * @param int8Nodes how many of the float model's nodes compute on codes
 * @param leftFloat what was left in float to reach the SQNR that was asked for, in that order; empty where nothing had
 *     to be
 * @param putBack what was left in float on the way there and is codes all the same, for the SQNR holds with it
 * @param constants what was one number throughout the calibration data: the codes made of it hold nothing else, so that
 *     the model is wrong where it varies. Of the inputs, the float outputs and the activations that become codes; from
 *     summaries alone, of what they hold
 * @param nodes what became of each node of the float model, in its order
 */
public record QuantizedModel(
        OnnxModel model,
        int int8Nodes,
        List<LeftFloat> leftFloat,
        List<String> putBack,
        List<Constant> constants,
        List<NodePlan> nodes) {
    public QuantizedModel {
        leftFloat = List.copyOf(leftFloat);
        putBack = List.copyOf(putBack);
        nodes = List.copyOf(nodes);
        constants = List.copyOf(constants);
    }

    /**
     * A value that did not vary.
     *
     * @param value its name
     * @param number what it always was
     */
    public record Constant(String value, double number) {}

    /**
     * An activation that did not become codes.
     *
     * @param value its name
     * @param nodes that are float for it, by name or first output: those that {@code floatNodes} of the settings would
     *     have to name
     * @param sqnrDb the SQNR with this and all before it in float, the least of all float outputs, in decibels; before
     *     biases were moved one after the other, if they were
     */
    public record LeftFloat(String value, List<String> nodes, double sqnrDb) {
        public LeftFloat {
            nodes = List.copyOf(nodes);
        }
    }
}
