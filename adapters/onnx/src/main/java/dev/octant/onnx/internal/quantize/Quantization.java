// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx.internal.quantize;

import ai.onnx.proto.OnnxMl.ModelProto;
import dev.octant.core.ParameterPolicy;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantScheme;
import dev.octant.core.QuantType;
import dev.octant.core.RealRange;
import dev.octant.formats.FormatException;
import dev.octant.observers.HistogramSummary;
import dev.octant.observers.estimators.ConsumerAware;
import dev.octant.observers.estimators.RangeEstimator;
import dev.octant.onnx.internal.graph.FloatGraph;
import dev.octant.onnx.internal.quantize.QuantizationPlan.Mark;
import dev.octant.onnx.internal.run.Session;
import dev.octant.onnx.values.TensorValue;
import dev.octant.ops.Activation;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A model on its way to int8: placed, then watched on data, then written. Not thread safe. */
public final class Quantization {
    private final FloatGraph graph;
    private final QuantizationPlan plan;
    private final Activations activations;

    private Quantization(FloatGraph graph, QuantizationPlan plan, Activations activations) {
        this.graph = graph;
        this.plan = plan;
        this.activations = activations;
    }

    /**
     * Decides what becomes int8.
     *
     * @param session the graph with all it computes among its outputs, open until all batches were observed
     */
    public static Quantization place(FloatGraph graph, PlacementRules rules, Session session) throws IOException {
        QuantizationPlan plan = switch (rules.target()) {
            case ONNX_RUNTIME -> OnnxRuntimePlacement.of(graph, rules);
            case CPU -> CpuPlacement.of(graph, rules);
        };
        Set<String> watched = new LinkedHashSet<>();
        for (Map.Entry<String, Mark> mark : plan.marks().entrySet()) {
            String value = mark.getKey();
            if (mark.getValue().paramsOf().equals(value)
                    && graph.constant(value).isEmpty()) {
                watched.add(value);
            }
        }
        Set<String> inputs = watched.stream().filter(graph::isInput).collect(Collectors.toSet());
        return new Quantization(graph, plan, new Activations(session, watched, inputs));
    }

    /** Whether nothing becomes int8. */
    public boolean isEmpty() {
        return plan.marks().isEmpty();
    }

    /** Runs the float model on a batch and watches what it computes. */
    public void observe(Map<String, TensorValue> batch) throws IOException {
        activations.observe(batch);
    }

    /** Takes what was seen of the activations before, in place of watching them. */
    public void take(Map<String, HistogramSummary> summaries) throws FormatException {
        activations.take(summaries);
    }

    /**
     * The int8 model, with ranges chosen from what was seen.
     *
     * @param estimator how
     * @param isByConsumer whether a value that an activation function alone reads as codes has the range of least error
     *     of the function's output instead
     */
    public ModelProto written(RangeEstimator estimator, boolean isByConsumer, QuantType type, QuantScheme scheme)
            throws IOException {
        Map<String, Activation> consumers = isByConsumer ? Consumers.of(graph, plan) : Map.of();
        Map<String, RealRange> ranges = activations.ranges(
                value -> consumers.containsKey(value) ? consumer(consumers.get(value), type, scheme) : estimator);
        return PairWriter.write(graph, plan, Parameters.choose(graph, plan, ranges, type, scheme));
    }

    private static RangeEstimator consumer(Activation function, QuantType type, QuantScheme scheme) {
        Function<RealRange, QuantParams> choice = range -> ParameterPolicy.ONNX_RUNTIME.choose(range, type, scheme);
        List<RangeEstimator> starts = ConsumerAware.of(function::value, function.outputRange(), type, scheme)
                .starts();
        return new ConsumerAware(function::value, function.outputRange(), choice, choice, starts);
    }
}
