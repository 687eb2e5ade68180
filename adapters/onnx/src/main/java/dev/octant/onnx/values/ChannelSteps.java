// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx.values;

import dev.octant.core.QuantType;
import java.util.List;

/**
 * The steps of a weight of an int8 model that has one for each of its channels. Immutable and thread safe.
 *
 * @param name of the weight's codes in the int8 model
 * @param type of the codes
 * @param axis along which the channels lie, from 0
 * @param scales the step of each channel, in their order; at least two
 */
public record ChannelSteps(String name, QuantType type, int axis, List<Float> scales) {
    public ChannelSteps {
        scales = List.copyOf(scales);
    }

    /** The largest magnitude that the codes of a channel can have: step times the most positive code. */
    public float largest(int channel) {
        return scales.get(channel) * type.high();
    }

    /**
     * How many bits a channel in the middle would lose if all had one step, that of the widest: {@code log2(widest step
     * / median step)}.
     */
    public double bitsLostWithOneStep() {
        List<Float> sorted = scales.stream().sorted().toList();
        double middle = (sorted.get((sorted.size() - 1) / 2) + (double) sorted.get(sorted.size() / 2)) / 2;
        return Math.log(sorted.get(sorted.size() - 1) / middle) / Math.log(2);
    }
}
