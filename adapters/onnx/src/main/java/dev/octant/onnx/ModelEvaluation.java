// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx;

import dev.octant.onnx.internal.evaluate.Noise;
import dev.octant.onnx.values.ChannelSteps;
import dev.octant.onnx.values.NodePlan;
import dev.octant.onnx.values.NodePlan.Fate;
import dev.octant.onnx.values.NodeRun;
import dev.octant.onnx.values.NodeRun.Way;
import dev.octant.onnx.values.Provider;
import dev.octant.onnx.values.TensorNoise;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What an int8 model costs and brings, in all that can be measured here: the evidence of a report.
 *
 * @param comparison of the outputs, with all optimizations of ONNX Runtime, on all rows
 * @param noiseRows rows that {@code tensors} was measured on, the first ones
 * @param tensors the values that the float model computes and the int8 model still has, in the order of the float one;
 *     without optimizations
 * @param nodes how ONNX Runtime runs each node of the float model; none where the constants of the int8 model have more
 *     than {@value #MOST_CONSTANT_BYTES} bytes, for its graph is written with them to be looked at
 * @param channels the weights of the int8 model that have a step for each channel, in the order in which they are used
 * @param speeds as {@link ModelSpeed#measure} has them
 * @param floatBytes of all constants of the float model
 * @param int8Bytes of the int8 model
 */
public record ModelEvaluation(
        ModelComparison comparison,
        long noiseRows,
        List<TensorNoise> tensors,
        List<NodeRun> nodes,
        List<ChannelSteps> channels,
        List<ModelSpeed> speeds,
        long floatBytes,
        long int8Bytes) {
    /** Up to so many bytes of constants the graph that ONNX Runtime makes is looked at. */
    public static final long MOST_CONSTANT_BYTES = 1L << 30;

    private static final long MOST_NOISE_ROWS = 512;
    private static final int NOISE_BATCH = 8;

    public ModelEvaluation {
        tensors = List.copyOf(tensors);
        nodes = List.copyOf(nodes);
        channels = List.copyOf(channels);
        speeds = List.copyOf(speeds);
    }

    /**
     * The same with the reasons of a plan for the nodes that run in float: a plan knows why no codes are around them.
     *
     * @param plan of the float model, as {@link QuantizedModel#nodes} or {@link ModelQuantizer#plan} has it
     */
    public ModelEvaluation withReasons(List<NodePlan> plan) {
        Map<String, String> reasons = new HashMap<>();
        for (NodePlan node : plan) {
            if (node.fate() == Fate.FLOAT) {
                reasons.put(node.op() + " " + node.name(), node.reason());
            }
        }
        List<NodeRun> reasoned = nodes.stream()
                .map(node -> node.way() == Way.FLOAT
                        ? node.withReason(reasons.getOrDefault(node.op() + " " + node.name(), node.why()))
                        : node)
                .toList();
        return new ModelEvaluation(comparison, noiseRows, tensors, reasoned, channels, speeds, floatBytes, int8Bytes);
    }

    /**
     * Runs both models.
     *
     * <p>Memory: both models, and what both compute for one batch. Takes seconds, and twice the time that the models
     * take for the data.
     *
     * @param reference the float model
     * @param int8 what was made of it
     * @param data opened for the float model
     * @throws dev.octant.formats.FormatException as {@link ModelComparison#of(OnnxModel, OnnxModel, ModelData)}
     */
    public static ModelEvaluation of(OnnxModel reference, OnnxModel int8, ModelData data) throws IOException {
        return of(reference, int8, data, Provider.CPU);
    }

    /**
     * The same with outputs and speed by another provider; tensors and nodes are those of the CPU.
     *
     * @throws dev.octant.formats.FormatException if that is not there, or as {@link ModelComparison#of(OnnxModel,
     *     OnnxModel, ModelData)}
     */
    public static ModelEvaluation of(OnnxModel reference, OnnxModel int8, ModelData data, Provider provider)
            throws IOException {
        ModelComparison comparison = ModelComparison.of(reference, int8, data, provider);
        List<ModelSpeed> speeds = ModelSpeed.measure(reference, int8, data, provider);
        int batch = (int) data.fixedRows().orElse(Math.min(NOISE_BATCH, data.batchRows()));
        long[] rows = {0};
        try (Noise noise = Noise.open(reference.proto(), reference.external(), int8.proto(), int8.external())) {
            data.read(batch, inputs -> {
                noise.observe(inputs);
                rows[0] += inputs.values().iterator().next().shape().get(0);
                return rows[0] < MOST_NOISE_ROWS;
            });
            return new ModelEvaluation(
                    comparison,
                    rows[0],
                    noise.tensors(),
                    int8.info().parameterBytes() > MOST_CONSTANT_BYTES ? List.of() : noise.nodes(),
                    noise.channels(),
                    speeds,
                    reference.info().parameterBytes(),
                    int8.info().parameterBytes());
        }
    }
}
