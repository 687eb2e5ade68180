// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx.internal.quantize;

import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantScheme;
import dev.octant.core.RealRange;
import dev.octant.onnx.internal.file.Domains;
import dev.octant.onnx.internal.file.Tensors;
import dev.octant.onnx.internal.graph.FloatGraph;
import dev.octant.onnx.values.OnnxType;
import dev.octant.onnx.values.TensorOverride;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Relu and Clip where what they write becomes codes: codes saturate at the ends of their range, which do what the node
 * does where they are its bounds. Every range of codes holds 0, so the bounds must.
 */
final class Clips {
    private static final RealRange POSITIVE = new RealRange(0, Double.POSITIVE_INFINITY);

    private final FloatGraph graph;
    private final PlacementRules rules;

    /** Constants that nodes hold, by what these write. */
    private final Map<String, TensorProto> held = new HashMap<>();

    Clips(FloatGraph graph, PlacementRules rules) {
        this.graph = graph;
        this.rules = rules;
        for (NodeProto node : graph.nodes()) {
            Tensors.held(node).ifPresent(value -> held.put(node.getOutput(0), value));
        }
    }

    /**
     * The bounds of a node that saturation can stand for.
     *
     * @return empty if it is another node, its bounds are not known or do not hold 0, or the user gives what it reads
     *     or writes codes that go beyond them
     */
    Optional<RealRange> saturated(NodeProto node) throws IOException {
        boolean isClip = Domains.isOp(node, "Relu") || Domains.isOp(node, "Clip");
        if (!isClip || rules.overrides().containsKey(node.getInput(0))) {
            return Optional.empty();
        }
        Optional<RealRange> bounds = bounds(node);
        TensorOverride override = rules.overrides().getOrDefault(node.getOutput(0), TensorOverride.NONE);
        return bounds.filter(range -> endsWithin(override, range));
    }

    private boolean endsWithin(TensorOverride override, RealRange bounds) {
        if (override.params().isPresent()) {
            QuantParams params = override.params().get();
            double half = params.scale() / 2.0;
            RealRange codes = params.range();
            return codes.min() >= bounds.min() - half && codes.max() <= bounds.max() + half;
        }
        boolean isSymmetric =
                override.scheme().map(QuantScheme.SYMMETRIC::equals).orElse(rules.isSymmetric());
        RealRange range = override.range().orElse(new RealRange(0, 0));
        return !isSymmetric && range.min() >= bounds.min() && range.max() <= bounds.max();
    }

    private Optional<RealRange> bounds(NodeProto node) throws IOException {
        if (node.getOpType().equals("Relu")) {
            return Optional.of(POSITIVE);
        }
        Optional<Float> least;
        Optional<Float> most;
        if (graph.opset() < 11) {
            least = Optional.of(FloatGraph.number(node, "min", -Float.MAX_VALUE));
            most = Optional.of(FloatGraph.number(node, "max", Float.MAX_VALUE));
        } else {
            least = bound(node, 1, -Float.MAX_VALUE);
            most = bound(node, 2, Float.MAX_VALUE);
        }
        boolean holdsZero = least.isPresent() && most.isPresent() && least.get() <= 0 && most.get() >= 0;
        return holdsZero ? Optional.of(new RealRange(least.get(), most.get())) : Optional.empty();
    }

    private Optional<Float> bound(NodeProto node, int input, float otherwise) throws IOException {
        Optional<String> value = FloatGraph.input(node, input);
        if (value.isEmpty()) {
            return Optional.of(otherwise);
        }
        // A constant with a default that the caller may change is an input, too.
        Optional<TensorProto> constant = graph.constant(value.get())
                .or(() -> Optional.ofNullable(held.get(value.get())))
                .filter(tensor -> !graph.isInput(value.get())
                        && Tensors.isOf(tensor, OnnxType.FLOAT32)
                        && Tensors.size(tensor) == 1);
        return constant.isPresent()
                ? Optional.of(Tensors.floats(constant.get(), graph.external())[0])
                : Optional.empty();
    }
}
