// SPDX-License-Identifier: Apache-2.0
package dev.octant.calibration;

import dev.octant.calibration.methods.Method;
import dev.octant.calibration.methods.MethodNeeds;
import dev.octant.calibration.methods.SharedObservers;
import dev.octant.calibration.methods.TensorObserver;
import dev.octant.calibration.run.Heap;
import dev.octant.calibration.run.TensorInputs;
import dev.octant.core.internal.text.Given;
import dev.octant.formats.calibration.CalibrationTable;
import dev.octant.formats.tensor.LeftOut;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;

/**
 * A calibration by methods that must be shown the data in order: one thread, one pass, nothing to merge or to resume.
 *
 * <p>Memory is {@link TensorObserver#bytes} for each tensor; methods of batches hold the longest array whole besides.
 * One thread calls {@link #run}, once.
 */
public final class OrderedCalibration {
    /** Objects around the arrays of an observer, its name and its row of the table. */
    private static final long OBJECT_BYTES = 4 << 10;

    private final TensorInputs inputs;
    private final Map<String, Method> methods;
    private final Rows rows;

    private OrderedCalibration(TensorInputs inputs, Map<String, Method> methods, Rows rows) {
        this.inputs = inputs;
        this.methods = methods;
        this.rows = rows;
    }

    /** Makes the row of a tensor in the table. */
    @FunctionalInterface
    interface Rows {
        CalibrationTable.Entry of(String tensor, Method method, TensorObserver observed);
    }

    /** A calibration by the method of each tensor; data that do not suit them, or do not fit, are refused. */
    static OrderedCalibration of(TensorInputs inputs, Map<String, Method> methods, Rows rows) throws IOException {
        long needed = TensorInputs.READ_BYTES + SharedObservers.BYTES;
        for (Method method : methods.values()) {
            needed += TensorObserver.bytes(List.of(method)) + OBJECT_BYTES;
        }
        List<Method> all = List.copyOf(methods.values());
        MethodNeeds.requireSamples(inputs.files(), all);
        MethodNeeds.countWithin(Heap.ofThisProcess(), inputs, all, 1, needed);
        return new OrderedCalibration(inputs, methods, rows);
    }

    /** How many values {@link #run} reads. */
    public long values() {
        return inputs.totalSize();
    }

    /**
     * Reads the data: range and parameters of every tensor that has some; the others are left out with the reason.
     *
     * @param progress is told how many values were read since it was told last
     * @throws NothingCalibratedException if there is none
     * @throws dev.octant.formats.FormatException if a file cannot be read, or was changed while it was read
     */
    public CalibrationResult run(LongConsumer progress) throws IOException {
        Given.require("progress", progress);
        Map<String, TensorObserver> observers = new LinkedHashMap<>();
        SharedObservers shared = new SharedObservers();
        methods.forEach((tensor, method) -> observers.put(tensor, new TensorObserver(List.of(method), shared)));
        Observing observing = new Observing(observers);
        inputs.stream(progress, observing);
        TableRows table = new TableRows();
        observers.forEach((tensor, observer) -> {
            RuntimeException refusal = observing.refusals.get(tensor);
            if (refusal == null) {
                table.add(TableRows.Row.of(tensor, () -> rows.of(tensor, methods.get(tensor), observer)));
            } else {
                table.add(TableRows.Row.leftOut(tensor, LeftOut.reason(tensor, refusal)));
            }
        });
        try {
            return table.result();
        } catch (NothingCalibratedException e) {
            throw e.after(inputs.leftOut());
        }
    }

    /** Shows each observer its tensor, up to where it refuses it. */
    private static final class Observing implements TensorInputs.Visitor {
        private final Map<String, TensorObserver> observers;
        private final Map<String, RuntimeException> refusals = new HashMap<>();

        Observing(Map<String, TensorObserver> observers) {
            this.observers = observers;
        }

        @Override
        public void begin(String tensor, long sampleLength) {
            observers.get(tensor).begin(sampleLength);
        }

        @Override
        public void visit(String tensor, float[] block, int length) {
            attempt(tensor, () -> observers.get(tensor).observe(block, length));
        }

        @Override
        public void end(String tensor) {
            attempt(tensor, () -> observers.get(tensor).end());
        }

        private void attempt(String tensor, Runnable work) {
            if (refusals.containsKey(tensor)) {
                return;
            }
            try {
                work.run();
            } catch (IllegalStateException | IllegalArgumentException e) {
                refusals.put(tensor, e);
            }
        }
    }
}
