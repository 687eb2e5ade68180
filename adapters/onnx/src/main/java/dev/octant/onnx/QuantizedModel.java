// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx;

import java.util.List;

/**
 * An int8 model, and what was left in float to make it accurate.
 *
 * @param model the int8 model
 * @param int8Nodes how many of the float model's nodes compute on codes
 * @param leftFloat what was left in float to reach the SQNR that was asked for, in that order; empty where nothing had
 *     to be
 */
public record QuantizedModel(OnnxModel model, int int8Nodes, List<LeftFloat> leftFloat) {
    public QuantizedModel {
        leftFloat = List.copyOf(leftFloat);
    }

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
