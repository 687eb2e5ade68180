// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx.internal.quantize;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.octant.core.RealRange;
import dev.octant.onnx.internal.file.Tensors;
import dev.octant.onnx.internal.graph.FloatGraph;
import dev.octant.onnx.internal.quantize.Kernels.Kernel;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A float graph with all that makes it an int8 model: what becomes codes, the ranges of it, and by how much the biases
 * of int8 ops are moved.
 *
 * <p>Immutable.
 *
 * @param rules by which the plan was made
 * @param plan which values become codes
 * @param ranges of the activations that share those of no other
 * @param shifts what is taken from biases, by the bias's name and for each channel; those of ops that stay float do not
 *     count
 */
public record Int8Draft(
        FloatGraph graph,
        PlacementRules rules,
        QuantizationPlan plan,
        Map<String, RealRange> ranges,
        Grids grids,
        Map<String, double[]> shifts) {

    /** The int8 model. */
    public ModelProto model() throws IOException {
        return writer().model();
    }

    PairWriter writer() throws IOException {
        FloatGraph shifted = shifted();
        return new PairWriter(shifted, plan, Parameters.choose(shifted, plan, ranges, grids));
    }

    /** The parameters of all that is marked. */
    Parameters parameters() throws IOException {
        return Parameters.choose(graph, plan, ranges, grids);
    }

    /** The int8 ops whose biases can be moved. */
    List<Kernel> kernels() {
        return new Kernels(graph, plan).all();
    }

    /** The same with other shifts. */
    Int8Draft withShifts(Map<String, double[]> others) {
        return new Int8Draft(graph, rules, plan, ranges, grids, Map.copyOf(others));
    }

    /**
     * The same with more nodes in float.
     *
     * @param nodes by their first outputs
     * @return empty if nothing becomes int8 then, or something of which no range is known
     */
    Optional<Int8Draft> withFloat(Set<String> nodes) throws IOException {
        PlacementRules more = rules.withFloat(nodes);
        QuantizationPlan other = QuantizationPlan.of(graph, more);
        boolean isKnown = !other.marks().isEmpty() && ranges.keySet().containsAll(other.observed(graph));
        return isKnown ? Optional.of(new Int8Draft(graph, more, other, ranges, grids, shifts)) : Optional.empty();
    }

    private FloatGraph shifted() throws IOException {
        Map<String, TensorProto> moved = new HashMap<>();
        for (Kernel kernel : kernels()) {
            double[] shift = shifts.get(kernel.bias());
            if (shift != null) {
                moved.put(kernel.bias(), moved(graph.constant(kernel.bias()).orElseThrow(), shift));
            }
        }
        return graph.withConstants(moved);
    }

    private TensorProto moved(TensorProto bias, double[] shift) throws IOException {
        float[] values = Tensors.floats(bias, graph.external());
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (values[i] - shift[i]);
        }
        return Tensors.ofFloats(bias.getName(), bias.getDimsList(), values);
    }

    /** How many nodes compute on codes. */
    public int int8Nodes() {
        int count =
                plan.tables().stream().mapToInt(table -> table.nodes().size()).sum();
        for (int at = 0; at < plan.size(); at++) {
            count += plan.isInt8(at) ? 1 : 0;
        }
        return count;
    }
}
