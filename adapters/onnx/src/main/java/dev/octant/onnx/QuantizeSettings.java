// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx;

import dev.octant.core.QuantScheme;
import dev.octant.core.QuantType;
import dev.octant.observers.estimators.MeanSquaredError;
import dev.octant.observers.estimators.MinMax;
import dev.octant.observers.estimators.RangeEstimator;
import dev.octant.onnx.values.Target;
import java.util.Set;
import org.apache.commons.lang3.Validate;

/**
 * How a model is quantized.
 *
 * <p>Immutable and thread safe.
 *
 * @param target whose rules say what becomes int8
 * @param activationType of the codes of activations: {@link QuantType#UINT8} or {@link QuantType#INT8}
 * @param activationScheme whether 0 lies in the middle of them: {@link QuantScheme#ASYMMETRIC} or {@link
 *     QuantScheme#SYMMETRIC}
 * @param weights whether each channel of a weight has a scale of its own; weights are symmetric int8 in any case
 * @param ranges how the range of an activation is chosen from what was seen of it
 * @param isByConsumer whether an activation that one known function alone reads as codes, as SiLU does behind a Conv,
 *     has the range of least error of that function's output instead
 * @param floatNodes nodes that stay float, by name; one without a name by its first output
 */
public record QuantizeSettings(
        Target target,
        QuantType activationType,
        QuantScheme activationScheme,
        WeightScales weights,
        RangeEstimator ranges,
        boolean isByConsumer,
        Set<String> floatNodes) {
    /** As ONNX Runtime's tool does on x64: uint8 asymmetric activations, one scale for a weight, min-max. */
    public static final QuantizeSettings ONNX_RUNTIME = new QuantizeSettings(
            Target.ONNX_RUNTIME,
            QuantType.UINT8,
            QuantScheme.ASYMMETRIC,
            WeightScales.PER_TENSOR,
            new MinMax(),
            false,
            Set.of());

    /**
     * What runs in int8 kernels of an x64 CPU, uint8 asymmetric activations, a scale for each channel of a weight,
     * ranges by consumer where one is known, of least squared error elsewhere.
     */
    public static final QuantizeSettings CPU = new QuantizeSettings(
            Target.CPU,
            QuantType.UINT8,
            QuantScheme.ASYMMETRIC,
            WeightScales.PER_CHANNEL,
            new MeanSquaredError(QuantType.UINT8, QuantScheme.ASYMMETRIC),
            true,
            Set.of());

    /** How many scales a weight has. */
    public enum WeightScales {
        /** One. */
        PER_TENSOR,

        /** One for each output channel. */
        PER_CHANNEL
    }

    public QuantizeSettings {
        Validate.notNull(target, "target must be given, was null");
        Validate.isTrue(
                activationType == QuantType.UINT8 || activationType == QuantType.INT8,
                "type of activations must be uint8 or int8, was %s",
                activationType);
        Validate.isTrue(
                activationScheme == QuantScheme.ASYMMETRIC || activationScheme == QuantScheme.SYMMETRIC,
                "scheme of activations must be ASYMMETRIC or SYMMETRIC, was %s",
                activationScheme);
        Validate.notNull(weights, "scales of weights must be given, was null");
        Validate.notNull(ranges, "ranges must be given, was null");
        floatNodes = Set.copyOf(floatNodes);
    }

    /** The same with other codes for activations; ranges of least squared error are those for these codes. */
    public QuantizeSettings withActivations(QuantType type, QuantScheme scheme) {
        RangeEstimator same = ranges instanceof MeanSquaredError ? new MeanSquaredError(type, scheme) : ranges;
        return new QuantizeSettings(target, type, scheme, weights, same, isByConsumer, floatNodes);
    }

    /** The same with other scales of weights. */
    public QuantizeSettings withWeights(WeightScales other) {
        return new QuantizeSettings(target, activationType, activationScheme, other, ranges, isByConsumer, floatNodes);
    }

    /** The same with all ranges chosen in one way, whoever reads the activations. */
    public QuantizeSettings withRanges(RangeEstimator other) {
        return new QuantizeSettings(target, activationType, activationScheme, weights, other, false, floatNodes);
    }

    /** The same with ranges by consumer where one is known, and in another way elsewhere. */
    public QuantizeSettings withRangesByConsumer(RangeEstimator elsewhere) {
        return new QuantizeSettings(target, activationType, activationScheme, weights, elsewhere, true, floatNodes);
    }

    /** The same with other nodes that stay float. */
    public QuantizeSettings withFloatNodes(Set<String> nodes) {
        return new QuantizeSettings(target, activationType, activationScheme, weights, ranges, isByConsumer, nodes);
    }
}
