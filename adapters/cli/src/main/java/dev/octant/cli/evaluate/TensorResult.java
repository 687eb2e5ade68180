package dev.octant.cli.evaluate;

import dev.octant.observers.HistogramSummary;
import dev.octant.ops.Activation;
import java.util.List;

/**
 * All methods on one tensor.
 *
 * @param name the tensor
 * @param activation the op that reads it
 * @param input what was observed of it
 * @param methods one result per method, in the order asked for
 */
public record TensorResult(String name, Activation activation, HistogramSummary input, List<MethodResult> methods) {
    /** The method with the highest output SQNR; the first of equals. */
    public MethodResult best() {
        MethodResult best = methods.get(0);
        for (MethodResult result : methods) {
            if (result.error().outputSqnrDb() > best.error().outputSqnrDb()) {
                best = result;
            }
        }
        return best;
    }
}
