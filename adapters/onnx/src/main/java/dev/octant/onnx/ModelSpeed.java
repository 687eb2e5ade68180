// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx;

import dev.octant.formats.FormatException;
import dev.octant.onnx.internal.data.RowSource;
import dev.octant.onnx.internal.run.Session;
import dev.octant.onnx.internal.run.Session.Optimization;
import dev.octant.onnx.internal.run.Session.Threads;
import dev.octant.onnx.values.ModelTensor;
import dev.octant.onnx.values.Provider;
import dev.octant.onnx.values.TensorValue;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How fast two models run here: the least time of each, in turns, on one thread, with all optimizations of ONNX
 * Runtime.
 *
 * <p>The least time is what a machine that other work disturbs tells best. It says nothing of other machines, and of
 * CPUs without the same int8 instructions least of all.
 *
 * @param rows of the batch
 * @param first microseconds that the first model takes for it
 * @param second microseconds of the second
 */
public record ModelSpeed(long rows, double first, double second) {
    private static final long MOST_NANOS = 300_000_000;
    private static final int LEAST_TURNS = 5;
    private static final int MOST_TURNS = 5000;

    /** How many times as fast as the first model the second is. */
    public double ratio() {
        return first / second;
    }

    /**
     * Measures both models on the first row of the data, where they leave the number open, and on the first batch.
     * Takes less than two seconds, or five runs of each.
     *
     * @throws FormatException if a model does not run
     */
    public static List<ModelSpeed> measure(OnnxModel first, OnnxModel second, ModelData data) throws IOException {
        return measure(first, second, data, Provider.CPU);
    }

    /**
     * The same by another provider, with one thread of the CPU beside it.
     *
     * @throws FormatException if that is not there, or as {@link #measure(OnnxModel, OnnxModel, ModelData)}
     */
    public static List<ModelSpeed> measure(OnnxModel first, OnnxModel second, ModelData data, Provider provider)
            throws IOException {
        RowSource source = data.sources().get(0);
        long batch = Math.min(source.rows(), data.batchRows());
        List<ModelSpeed> speeds = new ArrayList<>();
        try (Session one = open(first, provider);
                Session other = open(second, provider)) {
            if (batch > 1 && data.fixedRows().isEmpty()) {
                speeds.add(measured(one, other, first, second, source, 1));
            }
            speeds.add(measured(one, other, first, second, source, (int) batch));
        }
        return speeds;
    }

    private static Session open(OnnxModel model, Provider provider) throws IOException {
        return Session.open(model.proto(), model.external(), Optimization.ALL, Threads.ONE, provider);
    }

    private static Set<String> outputs(OnnxModel model) {
        Set<String> names = new LinkedHashSet<>();
        model.info().outputs().stream().map(ModelTensor::name).forEach(names::add);
        return names;
    }

    private static ModelSpeed measured(
            Session one, Session other, OnnxModel first, OnnxModel second, RowSource source, int rows)
            throws IOException {
        try (RowSource.Pass pass = source.open(rows)) {
            Map<String, TensorValue> batch = pass.next();
            Set<String> ofFirst = outputs(first);
            Set<String> ofSecond = outputs(second);
            long leastOne = Long.MAX_VALUE;
            long leastOther = Long.MAX_VALUE;
            long start = System.nanoTime();
            for (int turn = 0;
                    turn < LEAST_TURNS || (turn < MOST_TURNS && System.nanoTime() - start < MOST_NANOS);
                    turn++) {
                leastOne = Math.min(leastOne, nanos(one, batch, ofFirst));
                leastOther = Math.min(leastOther, nanos(other, batch, ofSecond));
            }
            return new ModelSpeed(rows, leastOne / 1e3, leastOther / 1e3);
        }
    }

    private static long nanos(Session session, Map<String, TensorValue> batch, Set<String> outputs) throws IOException {
        long start = System.nanoTime();
        session.run(batch, outputs, (name, output) -> {});
        return System.nanoTime() - start;
    }
}
