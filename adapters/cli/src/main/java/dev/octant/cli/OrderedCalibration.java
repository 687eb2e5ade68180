package dev.octant.cli;

import dev.octant.cli.evaluate.Method;
import dev.octant.cli.evaluate.ParameterRule;
import dev.octant.cli.evaluate.SharedObservers;
import dev.octant.cli.evaluate.TensorObserver;
import dev.octant.core.RealRange;
import dev.octant.observers.calibration.CalibrationTable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Calibrates by a method that must be shown samples or batches, in order: one thread, one pass, nothing to merge or to
 * resume. Not thread safe.
 */
final class OrderedCalibration implements TensorInputs.Visitor {
    private final Method method;
    private final ParameterRule rule;
    private final Map<String, TensorObserver> observers = new LinkedHashMap<>();

    /** A calibration of these tensors. */
    OrderedCalibration(Method method, ParameterRule rule, Iterable<String> tensors) {
        this.method = method;
        this.rule = rule;
        SharedObservers shared = new SharedObservers();
        tensors.forEach(tensor -> observers.put(tensor, new TensorObserver(List.of(method), shared)));
    }

    @Override
    public void begin(String tensor, long sampleLength) {
        observers.get(tensor).begin(sampleLength);
    }

    @Override
    public void visit(String tensor, float[] block, int length) {
        Named.at(tensor + ": ", () -> observers.get(tensor).observe(block, length));
    }

    @Override
    public void end(String tensor) {
        Named.at(tensor + ": ", () -> observers.get(tensor).end());
    }

    /**
     * Range and parameters of every tensor seen.
     *
     * @throws IllegalStateException if a tensor has no finite value; its name in front
     * @throws IllegalArgumentException if samples are not known, or the policy has no parameters for a range; the tensor's
     *     name in front
     */
    CalibrationTable table() {
        Map<String, CalibrationTable.Entry> entries = new LinkedHashMap<>();
        observers.forEach((tensor, observer) -> entries.put(tensor, Named.at(tensor + ": ", () -> {
            RealRange range = method.range(observer);
            return new CalibrationTable.Entry(
                    range,
                    rule.choose(range),
                    method.toString(),
                    observer.summary().counts());
        })));
        return CalibrationTable.of(entries);
    }
}
