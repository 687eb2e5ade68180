// SPDX-License-Identifier: Apache-2.0
package dev.octant.layers.train;

import dev.octant.core.ChannelLayout;
import dev.octant.core.ChannelQuantizer;
import dev.octant.core.CodeRange;
import dev.octant.core.Profile;
import dev.octant.core.QuantParams;
import dev.octant.core.RealRange;
import dev.octant.core.TensorQuantizer;
import dev.octant.core.internal.text.Given;
import dev.octant.observers.HistogramSummary;
import dev.octant.observers.estimators.RangeEstimator;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.apache.commons.lang3.Validate;

/**
 * A step that is trained: LSQ, and with a zero point that is trained as well, LSQ+.
 *
 * <pre>
 * scale'     = scale - rate g dscale             g = 1 / sqrt(elements qmax), qmax the highest code
 * zeroPoint' = zeroPoint - rate g dzeroPoint     where it learns
 * </pre>
 *
 * <p>The zero point is a float that moves within the codes; what is computed with is that float rounded half to even,
 * forward and backward alike. Scales stay positive normal floats by which every code's value is finite:
 * one that a step would take out of them is held at their end. {@code elements} are what one step stands for: the
 * weights of a layer or channel, or the features of an activation, without the batch.
 *
 * <p>A value: a training step replaces it by another. {@link #quantizer} computes with it, {@link #freeze} ends the
 * training. Immutable and thread safe. Source: Esser et al., "Learned Step Size Quantization", 2020; Bhalgat et al.,
 * "LSQ+", 2020, whose offset is here a zero point, so that real 0 stays exact.
 */
public final class LearnedStep {
    private final ChannelLayout layout;
    private final CodeRange codes;
    private final float[] scales;
    private final float[] zeroPoints;
    private final boolean affine;
    private final long elements;
    private final FakeQuantizer quantizer;

    private LearnedStep(
            ChannelLayout layout,
            CodeRange codes,
            float[] scales,
            float[] zeroPoints,
            boolean affine,
            long elements,
            Profile profile) {
        this.layout = layout;
        this.codes = codes;
        this.scales = scales;
        this.zeroPoints = zeroPoints;
        this.affine = affine;
        this.elements = elements;
        int[] whole = new int[zeroPoints.length];
        for (int c = 0; c < whole.length; c++) {
            whole[c] = (int) Math.rint(zeroPoints[c]);
        }
        quantizer = layout == null
                ? FakeQuantizer.of(codes, scales[0], whole[0], profile)
                : FakeQuantizer.of(layout, codes, scales, whole, profile);
    }

    /**
     * LSQ: one scale that learns, and the zero point 0.
     *
     * @throws IllegalArgumentException if the scale is no positive normal float, 0 is not one of the codes, none of
     *     them is positive, or {@code elements} is not
     */
    public static LearnedStep symmetric(CodeRange codes, float scale, long elements) {
        return checked(null, codes, new float[] {scale}, new float[1], false, elements, Profile.ONNX);
    }

    /** LSQ with a scale for each channel; {@code elements} are those of one channel. */
    public static LearnedStep symmetric(ChannelLayout layout, CodeRange codes, float[] scales, long elements) {
        Given.require("layout", layout);
        Given.require("scales", scales);
        float[] zeros = new float[scales.length];
        return checked(layout, codes, scales.clone(), zeros, false, elements, Profile.ONNX);
    }

    /**
     * LSQ+: a scale and a zero point that learn.
     *
     * @throws IllegalArgumentException as for {@link #symmetric}, or if the zero point is not within the codes
     */
    public static LearnedStep affine(CodeRange codes, float scale, float zeroPoint, long elements) {
        return checked(null, codes, new float[] {scale}, new float[] {zeroPoint}, true, elements, Profile.ONNX);
    }

    /**
     * LSQ+ with a scale and a zero point for each channel; {@code elements} are those of one channel.
     *
     * @throws IllegalArgumentException as for one channel, or if there are not as many of either as channels
     */
    public static LearnedStep affine(
            ChannelLayout layout, CodeRange codes, float[] scales, float[] zeroPoints, long elements) {
        Given.require("layout", layout);
        Given.require("scales", scales);
        Given.require("zero points", zeroPoints);
        return checked(layout, codes, scales.clone(), zeroPoints.clone(), true, elements, Profile.ONNX);
    }

    /**
     * LSQ that begins with the step of weights, one for the tensor.
     *
     * @throws IllegalArgumentException if there are none, or none is finite
     */
    public static LearnedStep ofWeights(float[] weights, CodeRange codes, StepStart start) {
        Given.require("weights", weights);
        Given.require("codes", codes);
        Given.require("start", start);
        Validate.isTrue(weights.length > 0, "weights must be at least one, were none");
        return symmetric(codes, start.step(weights, 0, weights.length, codes), weights.length);
    }

    /**
     * LSQ that begins with the steps of weights, one for each row: the first dimension's channels.
     *
     * @throws IllegalArgumentException if the weights are not as many in each row, or no weight of a row is finite
     */
    public static LearnedStep ofRows(float[] weights, int rows, CodeRange codes, StepStart start) {
        Given.require("weights", weights);
        Given.require("codes", codes);
        Given.require("start", start);
        Validate.isTrue(
                rows > 0 && weights.length > 0 && weights.length % rows == 0,
                "weights must be as many in each of %s rows, were %s",
                rows,
                weights.length);
        int inner = weights.length / rows;
        float[] scales = new float[rows];
        for (int c = 0; c < rows; c++) {
            Validate.isTrue(
                    StepStart.finite(weights, c * inner, inner) > 0,
                    "row %s of the weights must hold a finite one, its %s hold none",
                    c,
                    inner);
            scales[c] = start.step(weights, c * inner, inner, codes);
        }
        return symmetric(new ChannelLayout(rows, inner), codes, scales, inner);
    }

    /**
     * A step whose codes span a range: an estimator's, or that of calibration. With a zero point that learns its two
     * ends are spanned; without one, those ends that have codes on their side of 0: where no code is negative, the
     * upper.
     *
     * @throws IllegalArgumentException if an end of the range is infinite, or no code can stand for any of it but 0
     */
    public static LearnedStep ofRange(RealRange range, CodeRange codes, boolean affine, long elements) {
        Given.require("range", range);
        Given.require("codes", codes);
        Validate.isTrue(range.isFinite(), "range must have finite ends, was %s", range);
        RealRange wide = range.includingZero();
        if (!affine) {
            Validate.isTrue(
                    codes.low() < 0 || range.max() > 0 || range.min() == 0,
                    "range must reach above 0 where no code is negative, was %s",
                    range);
            double below = codes.low() < 0 ? wide.min() / codes.low() : 0;
            double largest = Math.max(below, wide.max() / Math.max(1, codes.high()));
            return symmetric(codes, largest == 0 ? 1 : held(largest, codes, 0), elements);
        }
        float scale = wide.width() == 0 ? 1 : normal(wide.width() / (codes.high() - codes.low()));
        double exact = codes.low() - wide.min() / scale;
        float zeroPoint = (float) Math.min(Math.max(exact, codes.low()), codes.high());
        return affine(codes, held(scale, codes, (int) Math.rint(zeroPoint)), zeroPoint, elements);
    }

    /**
     * A step for the range that an estimator chooses of what was observed.
     *
     * @throws IllegalStateException if no finite value was observed
     */
    public static LearnedStep ofSummary(
            HistogramSummary summary, RangeEstimator estimator, CodeRange codes, boolean affine, long elements) {
        Given.require("summary", summary);
        Given.require("estimator", estimator);
        return ofRange(estimator.estimate(summary), codes, affine, elements);
    }

    private static LearnedStep checked(
            ChannelLayout layout,
            CodeRange codes,
            float[] scales,
            float[] zeroPoints,
            boolean affine,
            long elements,
            Profile profile) {
        Given.require("codes", codes);
        Validate.isTrue(codes.high() > 0, "highest code must be positive, was %s", codes.high());
        Validate.isTrue(elements > 0, "elements must be positive, were %s", elements);
        for (float zeroPoint : zeroPoints) {
            Validate.isTrue(
                    zeroPoint >= codes.low() && zeroPoint <= codes.high(),
                    "zero point must be within %s, was %s",
                    codes,
                    zeroPoint);
        }
        return new LearnedStep(layout, codes, scales, zeroPoints, affine, elements, profile);
    }

    /** The same step under another profile's rounding. */
    public LearnedStep as(Profile profile) {
        return new LearnedStep(layout, codes, scales, zeroPoints, affine, elements, profile);
    }

    /** Forward and backward with this step. */
    public FakeQuantizer quantizer() {
        return quantizer;
    }

    /** The codes of the grid. */
    public CodeRange codes() {
        return codes;
    }

    /** The scale of a channel; the only one is that of channel 0. */
    public float scale(int channel) {
        return scales[quantizer.checkChannel(channel)];
    }

    /** The zero point of a channel before rounding. */
    public float zeroPoint(int channel) {
        return zeroPoints[quantizer.checkChannel(channel)];
    }

    /** Whether the zero point learns. */
    public boolean isAffine() {
        return affine;
    }

    /** How many elements share a step. */
    public long elements() {
        return elements;
    }

    /** {@code 1 / sqrt(elements qmax)}: what makes a step's gradient as large, beside the step, as the weights'. */
    public double gradientScale() {
        return 1 / Math.sqrt((double) elements * codes.high());
    }

    /**
     * The step after one of gradient descent.
     *
     * @param gradient what {@link FakeQuantizer#backward} of {@link #quantizer} has added
     * @param rate the learning rate, finite
     * @throws IllegalArgumentException if the gradient is of other parameters, or it or the rate is not finite
     */
    public LearnedStep minus(StepGradient gradient, double rate) {
        Given.require("gradient", gradient);
        gradient.require(quantizer);
        Validate.isTrue(Double.isFinite(rate), "rate must be finite, was %s", rate);
        float[] nextScales = scales.clone();
        float[] nextZeroPoints = zeroPoints.clone();
        double factor = rate * gradientScale();
        for (int c = 0; c < nextScales.length; c++) {
            if (affine) {
                double moved = zeroPoints[c] - factor * finite("zero point", c, gradient.zeroPoint(c));
                nextZeroPoints[c] = (float) Math.min(Math.max(moved, codes.low()), codes.high());
            }
            double scale = scales[c] - factor * finite("scale", c, gradient.scale(c));
            nextScales[c] = held(scale, codes, (int) Math.rint(nextZeroPoints[c]));
        }
        return new LearnedStep(layout, codes, nextScales, nextZeroPoints, affine, elements, quantizer.profile());
    }

    private static double finite(String what, int channel, double gradient) {
        Validate.isTrue(
                Double.isFinite(gradient),
                "gradient of the %s must be finite, was %s at channel %s",
                what,
                gradient,
                channel);
        return gradient;
    }

    /** The nearest scale: a positive normal float by which every code's value is finite. */
    static float held(double scale, CodeRange codes, int zeroPoint) {
        return Math.min(normal(scale), FakeQuantizer.largestScale(codes, zeroPoint));
    }

    /** The nearest positive normal float. */
    static float normal(double scale) {
        return (float) Math.min(Math.max(scale, Float.MIN_NORMAL), Float.MAX_VALUE);
    }

    /**
     * What was learned, for one 8-bit grid that serves all: its parameters and its profile. {@link #quantizer} itself,
     * in a {@link QuantizerStage.Frozen}, serves any codes, and {@link FakeQuantizer#integers} those of 2 to 16 bits.
     *
     * @throws IllegalStateException if there is more than one channel
     * @throws IllegalArgumentException if the codes are not all those of an 8-bit grid
     */
    public TensorQuantizer freeze() {
        Validate.validState(
                scales.length == 1,
                "step must be one for the whole tensor, is one for each of %s channels",
                scales.length);
        return TensorQuantizer.of(quantizer.params(0), quantizer.profile());
    }

    /**
     * What was learned, channel by channel.
     *
     * @throws IllegalArgumentException if the codes are not all those of an 8-bit grid
     */
    public ChannelQuantizer freezeChannels() {
        List<QuantParams> params =
                IntStream.range(0, scales.length).mapToObj(quantizer::params).toList();
        return ChannelQuantizer.of(layout == null ? new ChannelLayout(1, 1) : layout, params, quantizer.profile());
    }

    /** Equal codes, channels, scales, zero points, elements and profile. */
    @Override
    public boolean equals(Object other) {
        return other instanceof LearnedStep that
                && quantizer.equals(that.quantizer)
                && Arrays.equals(zeroPoints, that.zeroPoints)
                && affine == that.affine
                && elements == that.elements;
    }

    @Override
    public int hashCode() {
        return Objects.hash(quantizer, Arrays.hashCode(zeroPoints), affine, elements);
    }

    @Override
    public String toString() {
        return "LearnedStep(codes=" + codes + ", scales=" + Arrays.toString(scales)
                + (affine ? ", zeroPoints=" + Arrays.toString(zeroPoints) : "") + ")";
    }
}
