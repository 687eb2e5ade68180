// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx.internal.quantize;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.octant.onnx.internal.file.ExternalData;
import dev.octant.onnx.internal.graph.FloatGraph;
import dev.octant.onnx.internal.run.Batches;
import dev.octant.onnx.internal.run.Session;
import dev.octant.onnx.internal.run.Session.Optimization;
import dev.octant.onnx.internal.run.Session.Threads;
import dev.octant.onnx.values.TensorValue;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The first rows of the data with what a float model makes of them, to try many int8 models on. */
final class Sample {
    /** Rows that are kept, in whole batches. */
    static final int ROWS = 64;

    private final ExternalData external;
    private final Set<String> outputs = new LinkedHashSet<>();
    private final List<Map<String, TensorValue>> inputs = new ArrayList<>();
    private final List<Map<String, double[]>> wanted = new ArrayList<>();
    private long rows;

    private Sample(FloatGraph graph) {
        this.external = graph.external();
        graph.model().getGraph().getOutputList().stream()
                .map(ValueInfoProto::getName)
                .forEach(outputs::add);
    }

    /** Of the data's first batches. */
    static Sample of(FloatGraph graph, Batches batches) throws IOException {
        Sample sample = new Sample(graph);
        try (Session session = Session.open(graph.model(), graph.external(), Optimization.ALL, Threads.USUAL)) {
            batches.read(batch -> {
                sample.add(batch, session);
                return sample.rows < ROWS;
            });
        }
        return sample;
    }

    private void add(Map<String, TensorValue> batch, Session session) throws IOException {
        Map<String, TensorValue> kept = new LinkedHashMap<>();
        batch.forEach((name, value) -> kept.put(name, copied(value)));
        inputs.add(kept);
        wanted.add(outputs(session, kept));
        List<Long> shape = kept.values().iterator().next().shape();
        rows += shape.isEmpty() ? 1 : shape.get(0);
    }

    private static TensorValue copied(TensorValue value) {
        ByteBuffer bytes = value.bytes();
        ByteBuffer copy = ByteBuffer.allocateDirect(bytes.remaining()).order(ByteOrder.nativeOrder());
        copy.put(bytes.slice()).flip();
        return new TensorValue(value.type(), value.shape(), copy);
    }

    private Map<String, double[]> outputs(Session session, Map<String, TensorValue> batch) throws IOException {
        Map<String, double[]> found = new HashMap<>();
        session.run(
                batch, outputs, (name, output) -> found.put(name, output.value().doubles()));
        return found;
    }

    /** The sum over all outputs of {@code sum (a - b)^2 / sum a^2}, where a is the float model's. */
    double noise(ModelProto model) throws IOException {
        Map<String, double[]> sums = new HashMap<>();
        outputs.forEach(name -> sums.put(name, new double[2]));
        try (Session session = Session.open(model, external, Optimization.ALL, Threads.USUAL)) {
            for (int batch = 0; batch < inputs.size(); batch++) {
                Map<String, double[]> right = wanted.get(batch);
                outputs(session, inputs.get(batch))
                        .forEach((name, found) -> add(sums.get(name), right.get(name), found));
            }
        }
        double noise = 0;
        for (double[] sum : sums.values()) {
            noise += sum[1] == 0 ? 0 : sum[1] / sum[0];
        }
        return noise;
    }

    private static void add(double[] sums, double[] right, double[] found) {
        for (int i = 0; i < right.length; i++) {
            sums[0] += right[i] * right[i];
            sums[1] += (found[i] - right[i]) * (found[i] - right[i]);
        }
    }
}
