// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx.internal.quantize;

import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.octant.core.ParameterPolicy;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantScheme;
import dev.octant.core.QuantType;
import dev.octant.core.RealRange;
import dev.octant.formats.FormatException;
import dev.octant.formats.VisibleText;
import dev.octant.observers.HistogramSummary;
import dev.octant.observers.estimators.ConsumerAware;
import dev.octant.observers.estimators.RangeEstimator;
import dev.octant.onnx.internal.graph.FedValues;
import dev.octant.onnx.internal.graph.FloatGraph;
import dev.octant.onnx.internal.quantize.QuantizationPlan.Mark;
import dev.octant.onnx.internal.quantize.QuantizationPlan.Role;
import dev.octant.onnx.internal.run.Session;
import dev.octant.onnx.values.TensorOverride;
import dev.octant.onnx.values.TensorValue;
import dev.octant.ops.Activation;
import java.io.IOException;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.lang3.Validate;

/** A model on its way to int8: placed, then watched on data, then written. Not thread safe. */
public final class Quantization {
    private final FloatGraph graph;
    private final PlacementRules rules;
    private final QuantizationPlan plan;
    private final Activations activations;

    private Quantization(FloatGraph graph, PlacementRules rules, QuantizationPlan plan, Activations activations) {
        this.graph = graph;
        this.rules = rules;
        this.plan = plan;
        this.activations = activations;
    }

    /**
     * Decides what becomes int8.
     *
     * @param session the graph with all it computes among its outputs, open until all batches were observed
     * @param isRevised whether less may become int8 later, so that more is to be watched
     */
    public static Quantization place(FloatGraph graph, PlacementRules rules, Session session, boolean isRevised)
            throws IOException {
        QuantizationPlan plan = QuantizationPlan.of(graph, rules);
        Set<String> watched = isRevised ? plan.observedWithLess(graph) : plan.observed(graph);
        Activations activations = new Activations(
                session,
                watched,
                names(graph.model().getGraph().getInputList()),
                names(graph.model().getGraph().getOutputList()));
        return new Quantization(graph, rules, plan, activations);
    }

    private static Set<String> names(List<ValueInfoProto> values) {
        return values.stream().map(ValueInfoProto::getName).collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** What was one number in all that was seen, by name, though other data could make it another. */
    public Map<String, Double> constants() {
        Map<String, Double> constants = activations.constants();
        constants.keySet().retainAll(FedValues.of(graph.model().getGraph()));
        return constants;
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
     * What makes the int8 model, with ranges chosen from what was seen.
     *
     * @param estimator how
     * @param isByConsumer whether a value that an activation function alone reads as codes has the range of least error
     *     of the function's output instead
     * @throws IllegalArgumentException if a value with an override does not become codes, or has the parameters of
     *     another
     */
    public Int8Draft draft(RangeEstimator estimator, boolean isByConsumer, Grids grids) throws IOException {
        grids.overrides().forEach((value, override) -> check(value, override, grids.type()));
        Map<String, Activation> consumers = isByConsumer ? Consumers.of(graph, plan) : Map.of();
        Map<String, RealRange> ranges = activations.ranges(
                value -> consumers.containsKey(value) ? consumer(consumers.get(value), grids) : estimator);
        return withoutEmpty(new Int8Draft(graph, rules, plan, ranges, grids, Map.of()));
    }

    /**
     * With the nodes in float that read or write what had no elements: int8 kernels of ONNX Runtime 1.28.0 end the
     * process on such, as the one of Add does.
     */
    private Int8Draft withoutEmpty(Int8Draft draft) throws IOException {
        Set<String> empty = activations.empty();
        Set<String> values = plan.marks().keySet().stream()
                .filter(value -> empty.contains(plan.paramsOf(value)))
                .collect(Collectors.toSet());
        Set<String> nodes = new HashSet<>();
        for (NodeProto node : graph.nodes()) {
            boolean isOne = Stream.concat(node.getInputList().stream(), node.getOutputList().stream())
                    .anyMatch(values::contains);
            if (isOne && node.getOutputCount() > 0) {
                nodes.add(node.getOutput(0));
            }
        }
        return nodes.isEmpty() ? draft : draft.withFloat(nodes).orElse(draft);
    }

    private void check(String value, TensorOverride override, QuantType activations) {
        Mark mark = plan.marks().get(value);
        Validate.isTrue(
                mark != null && mark.paramsOf().equals(value),
                "tensor with a range or scale of its own must become codes with parameters of its own, was %s,"
                        + " which %s",
                VisibleText.of(value),
                mark == null ? "does not become codes" : "shares those of " + VisibleText.of(mark.paramsOf()));
        QuantType type = mark.role() == Role.WEIGHT ? QuantType.INT8 : activations;
        Validate.isTrue(
                override.params().isEmpty() || override.params().get().type() == type,
                "scale of tensor %s must be one of %s codes, was %s",
                VisibleText.of(value),
                type,
                override.params().orElse(null));
        Validate.isTrue(
                mark.role() == Role.ACTIVATION || override.scheme().isEmpty(),
                "scheme of a weight must be symmetric, was asked for otherwise for %s",
                VisibleText.of(value));
    }

    private static RangeEstimator consumer(Activation function, Grids grids) {
        QuantType type = grids.type();
        QuantScheme scheme = grids.scheme();
        Function<RealRange, QuantParams> choice = range -> ParameterPolicy.ONNX_RUNTIME.choose(range, type, scheme);
        List<RangeEstimator> starts = ConsumerAware.of(function::value, function.outputRange(), type, scheme)
                .starts();
        return new ConsumerAware(function::value, function.outputRange(), choice, choice, starts);
    }
}
