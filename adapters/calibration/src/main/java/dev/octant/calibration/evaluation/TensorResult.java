// SPDX-License-Identifier: Apache-2.0
package dev.octant.calibration.evaluation;

import dev.octant.core.internal.text.Given;
import dev.octant.formats.VisibleText;
import dev.octant.observers.HistogramSummary;
import dev.octant.ops.Activation;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.commons.lang3.Validate;

/**
 * All methods on one tensor.
 *
 * @param name the tensor
 * @param op the op that reads it, where one is known
 * @param input what was observed of it
 * @param overflows how many finite values the float function takes beyond the floats, as exp does from 88.7 on:
 *     outputs that no error can be given for, and that are left out of the range of outputs; empty where the values
 *     were not seen
 * @param methods one result per method, in the order asked for; none where the tensor was left out
 */
public record TensorResult(
        String name,
        Optional<Activation> op,
        HistogramSummary input,
        OptionalLong overflows,
        List<MethodResult> methods) {
    /** What would be printed as 0.0. */
    private static final double LEAST_PERCENT = 0.05;

    public TensorResult {
        Given.require("name", name);
        Given.require("op", op);
        Given.require("input", input);
        Given.require("overflows", overflows);
        Given.require("methods", methods);
        methods = List.copyOf(methods);
    }

    /** What is made of the tensor's values: the op's function, or the identity where no op is known. */
    public Activation function() {
        return op.orElse(Activation.IDENTITY);
    }

    /**
     * The method with the highest output SQNR; the first of equals.
     *
     * @throws IllegalStateException if there are no methods, as of a tensor that was left out
     */
    public MethodResult best() {
        Validate.validState(
                !methods.isEmpty(),
                "%s: methods must be at least one to have a best, were none, as of a tensor that is left out",
                VisibleText.name(name));
        return best(methods);
    }

    private static MethodResult best(List<MethodResult> results) {
        MethodResult best = results.get(0);
        for (MethodResult result : results) {
            if (result.error().outputSqnrDb() > best.error().outputSqnrDb()) {
                best = result;
            }
        }
        return best;
    }

    /**
     * Why the best method is best, against the second best: one sentence.
     *
     * @throws IllegalStateException as {@link #best}
     */
    public String reason() {
        MethodResult best = best();
        List<MethodResult> others =
                methods.stream().filter(result -> !result.equals(best)).toList();
        if (others.isEmpty()) {
            return best.method() + " was the only method.";
        }
        MethodResult next = best(others);
        double lead = best.error().outputSqnrDb() - next.error().outputSqnrDb();
        if (!(lead > 0)) {
            return best.method() + " comes first of equals.";
        }
        if (Double.isInfinite(lead)) {
            return best.method() + " loses nothing; " + next.method() + ", the next best, does.";
        }
        List<String> ties = others.stream()
                .filter(other -> Conclusion.isTie(
                        best.error().outputSqnrDb(), other.error().outputSqnrDb()))
                .map(other -> other.method().toString())
                .toList();
        if (ties.size() == 1) {
            return best.method() + " and " + next.method() + ", the next best, are equal to the second decimal.";
        }
        if (!ties.isEmpty()) {
            return best.method() + " and the next best, " + Conclusion.listed(ties)
                    + ", are equal to the second decimal.";
        }
        double error = next.error().output().total();
        List<String> changes = new ArrayList<>();
        SplitError own = best.error().output();
        SplitError theirs = next.error().output();
        addChange(changes, theirs.rounding() - own.rounding(), error, "rounding");
        addChange(changes, theirs.clipping() - own.clipping(), error, "clipping");
        return best.method() + " is " + Conclusion.lead(lead) + " above " + next.method() + ", the next best"
                + (changes.isEmpty() ? "." : ": of that one's error it " + String.join(" and ", changes) + ".");
    }

    /** Savings first. */
    private static void addChange(List<String> changes, double saved, double whole, String part) {
        double percent = 100 * saved / whole;
        if (percent >= LEAST_PERCENT) {
            changes.add(0, String.format(Locale.ROOT, "saves %.1f %% in %s", percent, part));
        } else if (percent <= -LEAST_PERCENT) {
            changes.add(String.format(Locale.ROOT, "adds %.1f %% in %s", -percent, part));
        }
    }
}
