// SPDX-License-Identifier: Apache-2.0
package dev.octant.calibration.methods;

import dev.octant.calibration.methods.Method.BatchRange;
import dev.octant.core.QuantScheme;
import dev.octant.core.RealRange;
import dev.octant.core.internal.text.Numbers;
import dev.octant.observers.MovingAverageObserver;
import dev.octant.observers.engines.NvidiaHistogramObserver;
import dev.octant.observers.engines.OnnxRuntimeHistogramObserver;
import dev.octant.observers.engines.OnnxRuntimeMagnitudeObserver;
import dev.octant.observers.engines.TorchHistogramObserver;
import dev.octant.observers.estimators.AbsMax;
import dev.octant.observers.estimators.ConsumerAware;
import dev.octant.observers.estimators.Entropy;
import dev.octant.observers.estimators.Fixed;
import dev.octant.observers.estimators.MeanOfSamples;
import dev.octant.observers.estimators.MeanSquaredError;
import dev.octant.observers.estimators.MedianOfSamples;
import dev.octant.observers.estimators.MinMax;
import dev.octant.observers.estimators.Percentile;
import dev.octant.observers.estimators.RangeEstimator;
import dev.octant.observers.estimators.SampleEstimator;
import dev.octant.observers.estimators.Saturation;
import dev.octant.ops.Activation;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.apache.commons.lang3.Validate;

/**
 * The methods that have a name: all that is known of one stands in its constant, and help and refusals are made from
 * it. To add a method, add a constant.
 */
public enum MethodKind {
    MINMAX("minmax", "", "smallest to largest value", histogram(p -> new MinMax())),
    ABSMAX("absmax", "", "the largest magnitude, on both sides of 0", histogram(p -> new AbsMax())),
    PERCENTILE(
            "percentile",
            "99.99",
            "keep this percentage, cut both ends alike",
            histogram(p -> new Percentile(Numbers.real("percentile", p)))),
    ENTROPY(
            "entropy",
            "256",
            "least Kullback-Leibler divergence at these levels",
            histogram(p -> new Entropy(Numbers.whole("levels of entropy", p)))),
    MSE(
            "mse",
            "",
            "least mean squared error",
            histogram((p, rule) -> new MeanSquaredError(rule.type(), rule.scheme()))),
    SATURATION(
            "saturation",
            "3",
            "the same, with clipping weighed this much",
            histogram(
                    (p, rule) -> new Saturation(Numbers.real("weight of saturation", p), rule.type(), rule.scheme()))),
    CONSUMER(
            "consumer",
            "",
            "least error after the op that reads the tensor",
            (word, p, rule, op) -> new Method.OfHistogram(consumer(
                    rule,
                    op.orElseThrow(() -> new IllegalArgumentException(
                            "method consumer must be told the op that reads the tensor, was without"))))),
    FIXED("fixed", "LO,HI", "this range, whatever the data", histogram((p, rule) -> fixed(RealRange.parse(p), rule))),

    MEAN("mean", "", "mean of the samples' ends", samples(new MeanOfSamples())),
    MEDIAN("median", "", "median of the samples' ends", samples(new MedianOfSamples())),

    MOVING_AVERAGE(
            "moving-average",
            "0.01",
            "PyTorch's MovingAverageMinMaxObserver",
            batches((p, rule) -> movingAverage(Numbers.real("constant of moving-average", p)))),
    TORCH_HISTOGRAM("torch-histogram", "", "PyTorch's HistogramObserver", batches((p, rule) -> torchHistogram())),
    ORT_PERCENTILE(
            "ort-percentile",
            "99.999",
            "ONNX Runtime, symmetric where the scheme is",
            batches((p, rule) -> ortPercentile(percent(p), rule))),
    ORT_ENTROPY(
            "ort-entropy",
            "128",
            "ONNX Runtime, this many bins and 128 levels",
            batches((p, rule) -> ortEntropy(Numbers.whole("bins of ort-entropy", p)))),
    NVIDIA_PERCENTILE(
            "nvidia-percentile",
            "99.99",
            "NVIDIA's pytorch-quantization",
            batches((p, rule) -> nvidiaPercentile(percent(p), rule))),
    NVIDIA_ENTROPY("nvidia-entropy", "", "NVIDIA's pytorch-quantization", batches((p, rule) -> nvidiaEntropy(rule))),
    NVIDIA_MSE("nvidia-mse", "", "NVIDIA's pytorch-quantization", batches((p, rule) -> nvidiaMse(rule)));

    /** Levels of ONNX Runtime's entropy. */
    private static final int ORT_LEVELS = 128;

    private final String label;
    private final String parameter;
    private final String description;
    private final Factory factory;

    MethodKind(String label, String parameter, String description, Factory factory) {
        this.label = label;
        this.parameter = parameter;
        this.description = description;
        this.factory = factory;
    }

    /** Makes a method of its whole word, its parameter, the rule and the op that reads the tensor. */
    @FunctionalInterface
    private interface Factory {
        Method of(String word, String parameter, ParameterRule rule, Optional<Activation> op);
    }

    /** The name without parameter. */
    public String label() {
        return label;
    }

    /** The name with its default parameter, as {@code percentile=99.99}. */
    public String form() {
        return parameter.isEmpty() ? label : label + "=" + parameter;
    }

    /** What it does, in a line. */
    public String description() {
        return description;
    }

    /** Whether it looks at samples, the entries of the first dimension. */
    public boolean isOfSamples() {
        return this == MEAN || this == MEDIAN;
    }

    /** Whether it depends on the order of the data, as the engines' own do. */
    public boolean isOrdered() {
        return compareTo(MOVING_AVERAGE) >= 0;
    }

    /** Refuses a parameter that the method does not have, or the lack of one that has no default. */
    void checkPresence(Optional<String> given) {
        Validate.isTrue(
                given.isEmpty() || !parameter.isEmpty(),
                "method %s must have no parameter, was %s",
                label,
                given.orElse(""));
        Validate.isTrue(
                given.isPresent() || this != FIXED, "method fixed must have its range, as fixed=-6,6, was without");
    }

    /** The method for one tensor, by a parameter whose presence was checked. */
    Method method(Optional<String> given, ParameterRule rule, Optional<Activation> op) {
        String value = given.orElse(parameter);
        return factory.of(parameter.isEmpty() ? label : label + "=" + value, value, rule, op);
    }

    private static Factory histogram(Function<String, RangeEstimator> estimator) {
        return (word, p, rule, op) -> new Method.OfHistogram(estimator.apply(p));
    }

    private static Factory histogram(BiFunction<String, ParameterRule, RangeEstimator> estimator) {
        return (word, p, rule, op) -> new Method.OfHistogram(estimator.apply(p, rule));
    }

    private static Factory samples(SampleEstimator estimator) {
        return (word, p, rule, op) -> new Method.OfSamples(estimator);
    }

    private static Factory batches(BiFunction<String, ParameterRule, BatchRange> start) {
        return (word, p, rule, op) -> {
            // One that nobody asks: a wrong parameter is refused here, before data are read.
            Validate.notNull(start.apply(p, rule), "observer of %s must be made, was null", word);
            return new Method.OfBatches(word, () -> start.apply(p, rule));
        };
    }

    private static ConsumerAware consumer(ParameterRule rule, Activation op) {
        ConsumerAware consumer = ConsumerAware.of(op::value, op.outputRange(), rule.type(), rule.scheme());
        return new ConsumerAware(
                op::value, op.outputRange(), rule::choose, range -> rule.output(op, range), consumer.starts());
    }

    /** A range that has no parameters under the rule is refused before data are read. */
    private static Fixed fixed(RealRange range, ParameterRule rule) {
        rule.choose(range);
        return new Fixed(range);
    }

    private static double percent(String text) {
        double percent = Numbers.real("percentile", text);
        Validate.isTrue(percent >= 0 && percent <= 100, "percent must be within 0..100, was %s", percent);
        return percent;
    }

    private static BatchRange movingAverage(double constant) {
        MovingAverageObserver observer = new MovingAverageObserver((float) constant);
        return new BatchRange(observer, observer::range);
    }

    private static BatchRange torchHistogram() {
        TorchHistogramObserver observer = new TorchHistogramObserver();
        return new BatchRange(observer, observer::range);
    }

    private static BatchRange ortPercentile(double percent, ParameterRule rule) {
        if (rule.scheme() == QuantScheme.SYMMETRIC) {
            OnnxRuntimeMagnitudeObserver magnitudes = new OnnxRuntimeMagnitudeObserver(percent, 2048);
            return new BatchRange(magnitudes, magnitudes::range);
        }
        OnnxRuntimeHistogramObserver values = new OnnxRuntimeHistogramObserver(2048);
        return new BatchRange(values, () -> values.percentile(percent));
    }

    private static BatchRange ortEntropy(int bins) {
        OnnxRuntimeHistogramObserver observer = new OnnxRuntimeHistogramObserver(bins);
        return new BatchRange(observer, () -> observer.entropy(ORT_LEVELS));
    }

    private static BatchRange nvidiaPercentile(double percent, ParameterRule rule) {
        NvidiaHistogramObserver observer = new NvidiaHistogramObserver();
        return new BatchRange(observer, () -> observer.percentile(percent, rule.type()));
    }

    private static BatchRange nvidiaEntropy(ParameterRule rule) {
        NvidiaHistogramObserver observer = new NvidiaHistogramObserver();
        return new BatchRange(observer, () -> observer.entropy(rule.type(), 1));
    }

    private static BatchRange nvidiaMse(ParameterRule rule) {
        NvidiaHistogramObserver observer = new NvidiaHistogramObserver();
        return new BatchRange(observer, () -> observer.meanSquaredError(rule.type(), 1));
    }
}
