// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx.internal.evaluate;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import dev.octant.core.QuantParams;
import dev.octant.formats.tensor.NumberType;
import dev.octant.observers.HistogramObserver;
import dev.octant.observers.HistogramSummary;
import dev.octant.onnx.internal.file.ExternalData;
import dev.octant.onnx.internal.run.AllOutputs;
import dev.octant.onnx.internal.run.Session;
import dev.octant.onnx.internal.run.Session.Optimization;
import dev.octant.onnx.internal.run.Session.Threads;
import dev.octant.onnx.values.ChannelSteps;
import dev.octant.onnx.values.NodeRun;
import dev.octant.onnx.values.OnnxType;
import dev.octant.onnx.values.TensorNoise;
import dev.octant.onnx.values.TensorValue;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Runs two models side by side, without optimizations, and sums up how far the values that both compute are apart.
 *
 * <p>Memory: the values of the first for a batch as floats, one of the second, and a summary for each. Not thread safe.
 */
public final class Noise implements AutoCloseable {
    private static final Set<OnnxType> FLOATS = Set.of(OnnxType.FLOAT32, OnnxType.FLOAT16);

    private final ModelProto reference;
    private final ModelProto other;
    private final ExternalData external;
    private final Pairs pairs;
    private final Session first;
    private final Session second;
    private final Map<String, Tally> tallies = new LinkedHashMap<>();
    private final Map<String, String> names = new HashMap<>();
    private final Set<String> floats = new HashSet<>();
    private final HistogramObserver observer = new HistogramObserver();

    private Noise(
            ModelProto reference, ModelProto other, ExternalData external, Pairs pairs, Session first, Session second)
            throws IOException {
        this.reference = reference;
        this.other = other;
        this.external = external;
        this.pairs = pairs;
        this.first = first;
        this.second = second;
        Map<String, OnnxType> theirs = second.outputTypes();
        first.outputTypes().forEach((value, type) -> {
            if (FLOATS.contains(type)) {
                floats.add(value);
            }
            String name = pairs.of(value).map(Pairs.Pair::read).orElse(value);
            if (FLOATS.contains(type) && theirs.containsKey(name) && FLOATS.contains(theirs.get(name))) {
                tallies.put(
                        value,
                        new Tally(pairs.of(value).flatMap(Pairs.Pair::params).orElse(null)));
                names.put(value, name);
            }
        });
    }

    /** Loads both models, the second with its external data. */
    public static Noise open(ModelProto reference, ExternalData referenceData, ModelProto other, ExternalData external)
            throws IOException {
        Pairs pairs = Pairs.of(other.getGraph(), external);
        Session first = Session.open(AllOutputs.of(reference), referenceData, Optimization.NONE, Threads.USUAL);
        try {
            Session second = Session.open(AllOutputs.of(other), external, Optimization.NONE, Threads.USUAL);
            try {
                return new Noise(reference, other, external, pairs, first, second);
            } catch (IOException | RuntimeException e) {
                second.close();
                throw e;
            }
        } catch (IOException | RuntimeException e) {
            first.close();
            throw e;
        }
    }

    /** Sums of one value. */
    private static final class Tally {
        private final QuantParams params;
        private HistogramSummary seen = HistogramSummary.EMPTY;
        private double signal;
        private double noise;
        private double largest;
        private long clipped;

        Tally(QuantParams params) {
            this.params = params;
        }

        void add(float[] right, float[] found) {
            for (int i = 0; i < right.length; i++) {
                double error = Math.abs((double) right[i] - found[i]);
                signal += (double) right[i] * right[i];
                noise += error * error;
                largest = Math.max(largest, error);
            }
            if (params != null) {
                double half = params.scale() / 2.0;
                double min = params.range().min() - half;
                double max = params.range().max() + half;
                for (float value : right) {
                    clipped += value < min || value > max ? 1 : 0;
                }
            }
        }

        TensorNoise noise(String name) {
            return new TensorNoise(
                    name,
                    noise == 0 ? Double.POSITIVE_INFINITY : 10 * Math.log10(signal / noise),
                    largest,
                    seen,
                    Optional.ofNullable(params),
                    clipped == 0 ? 0 : (double) clipped / seen.counts().count());
        }
    }

    /** Runs both models on a batch. */
    public void observe(Map<String, TensorValue> batch) throws IOException {
        Map<String, float[]> right = new HashMap<>();
        first.run(batch, tallies.keySet(), (name, value) -> {
            float[] values = floats(value);
            observer.clear();
            observer.observe(values);
            Tally tally = tallies.get(name);
            tally.seen = tally.seen.merge(observer.summary());
            right.put(name, values);
        });
        Map<String, List<String>> wanted = new LinkedHashMap<>();
        names.forEach((value, name) ->
                wanted.computeIfAbsent(name, key -> new ArrayList<>()).add(value));
        second.run(batch, new LinkedHashSet<>(wanted.keySet()), (name, value) -> {
            float[] found = floats(value);
            for (String one : wanted.get(name)) {
                if (right.get(one).length == found.length) {
                    tallies.get(one).add(right.get(one), found);
                }
            }
        });
    }

    private static float[] floats(Session.Output output) throws IOException {
        if (output.type().filter(NumberType.FLOAT32::equals).isPresent()) {
            return output.floats();
        }
        double[] doubles = output.value().doubles();
        float[] values = new float[doubles.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) doubles[i];
        }
        return values;
    }

    /** What was seen, in the order in which the first model computes. */
    public List<TensorNoise> tensors() {
        List<TensorNoise> all = new ArrayList<>();
        Set<String> inOrder = new LinkedHashSet<>();
        reference.getGraph().getNodeList().forEach(node -> inOrder.addAll(node.getOutputList()));
        for (String name : inOrder) {
            if (tallies.containsKey(name) && tallies.get(name).seen.counts().count() > 0) {
                all.add(tallies.get(name).noise(name));
            }
        }
        return all;
    }

    /** How ONNX Runtime runs the nodes of the first model in the second. */
    public List<NodeRun> nodes() throws IOException {
        GraphProto optimized = Session.optimized(other, external);
        return NodeRuns.of(reference.getGraph().getNodeList(), other.getGraph(), optimized, pairs, floats);
    }

    /** The weights of the second model that have a step for each channel. */
    public List<ChannelSteps> channels() throws IOException {
        return WeightChannels.of(other.getGraph(), external);
    }

    @Override
    public void close() throws IOException {
        try {
            first.close();
        } finally {
            second.close();
        }
    }
}
