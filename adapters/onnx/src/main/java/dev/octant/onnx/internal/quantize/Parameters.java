// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx.internal.quantize;

import ai.onnx.proto.OnnxMl.TensorProto;
import dev.octant.core.ChannelLayout;
import dev.octant.core.ParameterPolicy;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantType;
import dev.octant.core.RealRange;
import dev.octant.formats.FormatException;
import dev.octant.formats.VisibleText;
import dev.octant.onnx.internal.file.Tensors;
import dev.octant.onnx.internal.graph.FloatGraph;
import dev.octant.onnx.internal.quantize.QuantizationPlan.Bias;
import dev.octant.onnx.internal.quantize.QuantizationPlan.Borrowed;
import dev.octant.onnx.internal.quantize.QuantizationPlan.Mark;
import dev.octant.onnx.internal.quantize.QuantizationPlan.Role;
import dev.octant.onnx.values.TensorOverride;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * Scales and zero points of all that a plan marks, by the rule of ONNX Runtime's tool.
 *
 * <pre>
 * activations   {@link ParameterPolicy#ONNX_RUNTIME} of their range; a constant's is that of its values;
 *               what a Clip that vanished would clip is cut off
 * weights       the same, symmetric int8: scale = 2 max|w| / 254, for each channel or for all
 * biases        scale = scale of the input * scale of the weight, in float
 * </pre>
 *
 * <p>Where a bias would not fit into int32, {@code |b| > 2^31 - 1} steps, the scale of the weight is raised until it
 * does: {@code sx * sw >= 1.0001 * 2 max|b| / (2^32 - 2)}.
 *
 * <p>Zeros have the scale 1 in the tool, so that a bias beside them is a number of steps as large as the activation's.
 * Unless its numbers are asked for, a channel of zeros has the least scale of the others, and at most that with which
 * its biases have 2^20 steps; an activation that was always 0 has the range 0 to 1.
 */
final class Parameters {
    private static final double BIAS_STEPS = 2.0 * Integer.MAX_VALUE;

    /** Steps of a bias whose channel has a weight of zeros: more than floats need for 8 bits behind it. */
    private static final double STEPS_BESIDE_ZEROS = 1 << 20;

    private static final RealRange AROUND_ZERO = new RealRange(-1, 1);

    private final FloatGraph graph;
    private final QuantizationPlan plan;
    private final Grids grids;
    private final Map<String, OfValue> own = new HashMap<>();

    /** Weights with channels of zeros, and which those are. */
    private final Map<String, BitSet> zeros = new HashMap<>();

    /**
     * Parameters of one value.
     *
     * @param params one, or one for each channel
     * @param axis the channels' axis; empty for one
     */
    record OfValue(List<QuantParams> params, OptionalInt axis) {}

    private Parameters(FloatGraph graph, QuantizationPlan plan, Grids grids) {
        this.graph = graph;
        this.plan = plan;
        this.grids = grids;
    }

    /**
     * Chooses them.
     *
     * @param observed ranges of all marked values that are computed or given and share those of no other
     */
    static Parameters choose(FloatGraph graph, QuantizationPlan plan, Map<String, RealRange> observed, Grids grids)
            throws IOException {
        Parameters parameters = new Parameters(graph, plan, grids);
        Map<String, RealRange> ranges = new HashMap<>(observed);
        for (Borrowed borrowed : plan.borrowed()) {
            ranges.computeIfPresent(borrowed.value(), (v, range) -> ranges.getOrDefault(borrowed.source(), range));
        }
        plan.bounds()
                .forEach((value, bounds) -> ranges.computeIfPresent(
                        value, (v, range) -> range.includingZero().intersect(bounds)));
        ranges.replaceAll((value, range) ->
                grids.unlessZero(range, AROUND_ZERO.intersect(plan.bounds().getOrDefault(value, RealRange.UNIT))));
        plan.probabilities().forEach(value -> ranges.replace(value, RealRange.UNIT));
        for (Map.Entry<String, Mark> mark : plan.marks().entrySet()) {
            String value = mark.getKey();
            if (mark.getValue().paramsOf().equals(value)) {
                parameters.own.put(
                        value,
                        graph.constant(value).isPresent()
                                ? parameters.ofConstant(value, mark.getValue())
                                : new OfValue(
                                        List.of(parameters.chosen(value, ranges.get(value), false)),
                                        OptionalInt.empty()));
            }
        }
        for (Bias bias : plan.biases().values()) {
            parameters.makeStepsFor(bias);
        }
        for (Bias bias : plan.biases().values()) {
            parameters.makeRoomFor(bias);
        }
        return parameters;
    }

    /** The parameters of a marked value. */
    OfValue of(String value) {
        return own.get(plan.paramsOf(value));
    }

    /** The scales of a bias: one, or one for each channel of the weight. */
    float[] biasScales(Bias bias) {
        float input = of(bias.input()).params().get(0).scale();
        List<QuantParams> weights = of(bias.weight()).params();
        float[] scales = new float[weights.size()];
        for (int i = 0; i < scales.length; i++) {
            scales[i] = input * weights.get(i).scale();
        }
        return scales;
    }

    private String place(String value) {
        return graph.external().place() + ", tensor " + VisibleText.of(value);
    }

    private QuantParams chosen(String value, RealRange range, boolean isWeight) throws FormatException {
        try {
            return isWeight ? grids.weight(range) : grids.activation(value, range);
        } catch (IllegalArgumentException e) {
            throw new FormatException(place(value) + ": " + e.getMessage(), e);
        }
    }

    private OfValue ofConstant(String value, Mark mark) throws IOException {
        TensorProto constant = graph.constant(value).orElseThrow();
        float[] values = Tensors.floats(constant, graph.external());
        boolean isWeight = mark.role() == Role.WEIGHT;
        TensorOverride override = grids.overrides().getOrDefault(value, TensorOverride.NONE);
        if (isWeight && override.params().isPresent()) {
            return new OfValue(List.of(override.params().get()), OptionalInt.empty());
        }
        if (mark.axis().isEmpty() || override.range().isPresent()) {
            RealRange range = override.range().orElse(range(value, values));
            if (isWeight && grids.isZero(range)) {
                zeros.computeIfAbsent(value, name -> new BitSet()).set(0);
            }
            return new OfValue(List.of(chosen(value, range, isWeight)), OptionalInt.empty());
        }
        ChannelLayout layout = layout(constant, mark.axis().getAsInt());
        List<QuantParams> params = new ArrayList<>();
        BitSet zero = new BitSet();
        for (RealRange range : channelRanges(value, values, layout)) {
            zero.set(params.size(), grids.isZero(range));
            params.add(chosen(value, range, isWeight));
        }
        zeros.put(value, zero);
        IntStream.range(0, params.size())
                .filter(channel -> !zero.get(channel))
                .mapToObj(params::get)
                .min(Comparator.comparing(QuantParams::scale))
                .ifPresent(least -> zero.stream().forEach(channel -> params.set(channel, least)));
        return new OfValue(params, mark.axis());
    }

    static ChannelLayout layout(TensorProto constant, int axis) {
        return ChannelLayout.of(
                axis, constant.getDimsList().stream().mapToInt(Math::toIntExact).toArray());
    }

    private RealRange range(String value, float[] values) throws FormatException {
        return channelRanges(value, values, new ChannelLayout(1, Math.max(1, values.length)))
                .get(0);
    }

    /** Of each channel, 0 included. */
    private List<RealRange> channelRanges(String value, float[] values, ChannelLayout layout) throws FormatException {
        float[] lo = new float[layout.channels()];
        float[] hi = new float[layout.channels()];
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i])) {
                throw new FormatException(place(value) + ": constant must be finite, was " + values[i]);
            }
            int channel = i / layout.inner() % layout.channels();
            lo[channel] = Math.min(lo[channel], values[i]);
            hi[channel] = Math.max(hi[channel], values[i]);
        }
        List<RealRange> ranges = new ArrayList<>();
        for (int channel = 0; channel < lo.length; channel++) {
            ranges.add(new RealRange(lo[channel], hi[channel]));
        }
        return ranges;
    }

    /** A channel of zeros has any scale, so that of its bias decides. */
    private void makeStepsFor(Bias bias) throws IOException {
        BitSet zero = zeros.getOrDefault(bias.weight(), new BitSet());
        if (zero.isEmpty()) {
            return;
        }
        float[] values = Tensors.floats(graph.constant(bias.bias()).orElseThrow(), graph.external());
        double input = of(bias.input()).params().get(0).scale();
        OfValue weight = of(bias.weight());
        List<QuantParams> params = new ArrayList<>(weight.params());
        zero.stream().forEach(channel -> {
            double magnitude = weight.axis().isPresent() ? Math.abs(values[channel]) : largest(values);
            float most = (float) (magnitude / STEPS_BESIDE_ZEROS / input);
            if (most >= Float.MIN_NORMAL && most < params.get(channel).scale()) {
                params.set(channel, QuantParams.of(QuantType.INT8, most, 0));
            }
        });
        own.put(bias.weight(), new OfValue(params, weight.axis()));
    }

    private void makeRoomFor(Bias bias) throws IOException {
        boolean isConstantWeight = plan.marks().get(bias.weight()).role() == Role.WEIGHT
                && graph.constant(bias.weight()).isPresent();
        if (!isConstantWeight) {
            return;
        }
        float[] values = Tensors.floats(graph.constant(bias.bias()).orElseThrow(), graph.external());
        double input = of(bias.input()).params().get(0).scale();
        OfValue weight = of(bias.weight());
        List<QuantParams> raised = new ArrayList<>(weight.params());
        for (int i = 0; i < raised.size(); i++) {
            double least = weight.axis().isPresent()
                    // The product is a float in the tool.
                    ? 1.0001f * (2f * Math.abs(values[i])) / BIAS_STEPS
                    : 1.0001 * (2 * largest(values)) / BIAS_STEPS;
            double scale = input * raised.get(i).scale();
            if (scale > 0 && scale < least) {
                float larger = (float) (raised.get(i).scale() * (least / scale));
                raised.set(i, QuantParams.of(QuantType.INT8, larger, 0));
            }
        }
        own.put(bias.weight(), new OfValue(raised, weight.axis()));
    }

    private static double largest(float[] values) {
        double largest = 0;
        for (float value : values) {
            largest = Math.max(largest, Math.abs(value));
        }
        return largest;
    }
}
