// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx;

import dev.octant.core.QuantScheme;
import dev.octant.core.QuantType;
import dev.octant.observers.estimators.MeanSquaredError;
import dev.octant.observers.estimators.MinMax;
import dev.octant.observers.estimators.RangeEstimator;
import dev.octant.onnx.values.Accuracy;
import dev.octant.onnx.values.Target;
import dev.octant.onnx.values.TensorOverride;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
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
 * @param isReducedRange whether weights have the codes -64 to 64 only: CPUs with AVX2 and without VNNI add pairs of
 *     products in 16 bits, which others overflow
 * @param isExact whether every activation function becomes a table of 256 codes, which has the same bits on every CPU;
 *     else only those that are faster so. For the targets cpu and arm64
 * @param ranges how the range of an activation is chosen from what was seen of it
 * @param isByConsumer whether an activation that one known function alone reads as codes, as SiLU does behind a Conv,
 *     has the range of least error of that function's output instead
 * @param accuracy what else is done for the model's accuracy
 * @param overrides how some values become codes instead, by name
 * @param floatNodes nodes that stay float: by name or first output, by op, as {@code Softmax}, or by a pattern of names
 *     with {@code *} and {@code ?}
 */
public record QuantizeSettings(
        Target target,
        QuantType activationType,
        QuantScheme activationScheme,
        WeightScales weights,
        boolean isReducedRange,
        boolean isExact,
        RangeEstimator ranges,
        boolean isByConsumer,
        Accuracy accuracy,
        Map<String, TensorOverride> overrides,
        Set<String> floatNodes) {
    /** As ONNX Runtime's tool does on x64: uint8 asymmetric activations, one scale for a weight, min-max. */
    public static final QuantizeSettings ONNX_RUNTIME = new QuantizeSettings(
            Target.ONNX_RUNTIME,
            QuantType.UINT8,
            QuantScheme.ASYMMETRIC,
            WeightScales.PER_TENSOR,
            false,
            false,
            new MinMax(),
            false,
            Accuracy.PLAIN,
            Map.of(),
            Set.of());

    /**
     * What runs in int8 kernels of an x64 CPU, uint8 asymmetric activations, a scale for each channel of a weight,
     * ranges by consumer where one is known, of least squared error elsewhere, biases moved op by op.
     */
    public static final QuantizeSettings CPU = new QuantizeSettings(
            Target.CPU,
            QuantType.UINT8,
            QuantScheme.ASYMMETRIC,
            WeightScales.PER_CHANNEL,
            false,
            false,
            new MeanSquaredError(QuantType.UINT8, QuantScheme.ASYMMETRIC),
            true,
            Accuracy.USUAL,
            Map.of(),
            Set.of());

    /** As {@link #CPU}, with int8 activations, which arm64 has kernels for. */
    public static final QuantizeSettings ARM64 = CPU.withTarget(Target.ARM64, QuantType.INT8, QuantScheme.ASYMMETRIC);

    /** What TensorRT fuses: int8 symmetric activations, a scale for each channel of a weight, float biases. */
    public static final QuantizeSettings TENSORRT =
            CPU.withTarget(Target.TENSORRT, QuantType.INT8, QuantScheme.SYMMETRIC);

    /** What QNN computes: uint8 asymmetric activations, a scale for each channel of a Conv's weight. */
    public static final QuantizeSettings QNN = CPU.withTarget(Target.QNN, QuantType.UINT8, QuantScheme.ASYMMETRIC);

    /** The usual settings for a target. */
    public static QuantizeSettings of(Target target) {
        return switch (target) {
            case ONNX_RUNTIME -> ONNX_RUNTIME;
            case CPU -> CPU;
            case ARM64 -> ARM64;
            case TENSORRT -> TENSORRT;
            case QNN -> QNN;
        };
    }

    /** How many scales a weight has. */
    public enum WeightScales {
        /** One. */
        PER_TENSOR,

        /** One for each output channel. */
        PER_CHANNEL;

        /** Its word on the command line. */
        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        /**
         * The constant of a {@link #label}, in any case of letters and with blanks around it.
         *
         * @throws IllegalArgumentException if the word names none
         */
        public static WeightScales parse(String word) {
            for (WeightScales scales : values()) {
                if (scales.label().equalsIgnoreCase(word.strip())) {
                    return scales;
                }
            }
            throw new IllegalArgumentException("weights must be per-tensor or per-channel, was '" + word + "'");
        }
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
        Validate.isTrue(
                target != Target.TENSORRT
                        || (activationType == QuantType.INT8 && activationScheme == QuantScheme.SYMMETRIC),
                "activations for tensorrt must be int8 SYMMETRIC, were %s %s",
                activationType,
                activationScheme);
        Validate.isTrue(
                !isExact || target == Target.CPU || target == Target.ARM64,
                "exact activations must be for cpu or arm64, was %s",
                target.label());
        Validate.notNull(weights, "scales of weights must be given, was null");
        Validate.notNull(ranges, "ranges must be given, was null");
        Validate.notNull(accuracy, "accuracy must be given, was null");
        overrides = Map.copyOf(overrides);
        floatNodes = Set.copyOf(floatNodes);
    }

    /** The parts of settings while some of them are changed. */
    private static final class Draft {
        private Target target;
        private QuantType type;
        private QuantScheme scheme;
        private WeightScales weights;
        private boolean isReducedRange;
        private boolean isExact;
        private RangeEstimator ranges;
        private boolean isByConsumer;
        private Accuracy accuracy;
        private Map<String, TensorOverride> overrides;
        private Set<String> floatNodes;

        private Draft(QuantizeSettings of) {
            target = of.target;
            type = of.activationType;
            scheme = of.activationScheme;
            weights = of.weights;
            isReducedRange = of.isReducedRange;
            isExact = of.isExact;
            ranges = of.ranges;
            isByConsumer = of.isByConsumer;
            accuracy = of.accuracy;
            overrides = of.overrides;
            floatNodes = of.floatNodes;
        }

        private QuantizeSettings settings() {
            return new QuantizeSettings(
                    target,
                    type,
                    scheme,
                    weights,
                    isReducedRange,
                    isExact,
                    ranges,
                    isByConsumer,
                    accuracy,
                    overrides,
                    floatNodes);
        }
    }

    private QuantizeSettings with(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return draft.settings();
    }

    private QuantizeSettings withTarget(Target other, QuantType type, QuantScheme scheme) {
        return with(draft -> {
            draft.target = other;
            draft.type = type;
            draft.scheme = scheme;
            draft.ranges = ranges instanceof MeanSquaredError ? new MeanSquaredError(type, scheme) : ranges;
        });
    }

    /** The same with other codes for activations; ranges of least squared error are those for these codes. */
    public QuantizeSettings withActivations(QuantType type, QuantScheme scheme) {
        return withTarget(target, type, scheme);
    }

    /** The same with other scales of weights. */
    public QuantizeSettings withWeights(WeightScales other) {
        return with(draft -> draft.weights = other);
    }

    /** The same with the codes -64 to 64 for weights, or with all. */
    public QuantizeSettings withReducedRange(boolean isReduced) {
        return with(draft -> draft.isReducedRange = isReduced);
    }

    /** The same with tables for every activation function, or for those that are faster so. */
    public QuantizeSettings withExactActivations(boolean isEvery) {
        return with(draft -> draft.isExact = isEvery);
    }

    /** The same with all ranges chosen in one way, whoever reads the activations. */
    public QuantizeSettings withRanges(RangeEstimator other) {
        return withRanges(other, false);
    }

    /** The same with ranges by consumer where one is known, and in another way elsewhere. */
    public QuantizeSettings withRangesByConsumer(RangeEstimator elsewhere) {
        return withRanges(elsewhere, true);
    }

    private QuantizeSettings withRanges(RangeEstimator other, boolean isConsumer) {
        return with(draft -> {
            draft.ranges = other;
            draft.isByConsumer = isConsumer;
        });
    }

    /** The same with more or less done for the accuracy of the model. */
    public QuantizeSettings withAccuracy(Accuracy other) {
        return with(draft -> draft.accuracy = other);
    }

    /** The same with other exceptions for values. */
    public QuantizeSettings withOverrides(Map<String, TensorOverride> others) {
        return with(draft -> draft.overrides = others);
    }

    /** The same with other nodes that stay float. */
    public QuantizeSettings withFloatNodes(Set<String> nodes) {
        return with(draft -> draft.floatNodes = nodes);
    }
}
