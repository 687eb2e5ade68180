// SPDX-License-Identifier: Apache-2.0
package dev.octant.calibration.evaluation;

import dev.octant.calibration.methods.Method;
import dev.octant.calibration.methods.ParameterRule;
import dev.octant.core.Profile;
import dev.octant.core.QuantParams;
import dev.octant.core.RealRange;
import dev.octant.observers.HistogramSummary;
import dev.octant.observers.estimators.ChosenRange;
import dev.octant.observers.estimators.ConsumerAware;
import dev.octant.observers.estimators.RangeEstimator;
import dev.octant.ops.Activation;
import java.util.List;
import java.util.Optional;

/** The search for the best output range where a method chose the range of the input alone. Stateless. */
final class OutputSearch {
    private OutputSearch() {}

    /** The search for an op's output behind an input of these parameters. */
    static ConsumerAware of(Activation op, ParameterRule rule, Profile profile, QuantParams input) {
        return new ConsumerAware(
                op::value,
                codomain(op, profile),
                rule::choose,
                range -> rule.output(op, profile, input, range),
                List.of());
    }

    /** The values that an op's table may hold: engines round to the code beyond its own. */
    static RealRange codomain(Activation op, Profile profile) {
        return profile == Profile.ONNX ? op.outputRange() : RealRange.ALL;
    }

    /** A method, whose refusals name it. */
    interface OfMethod extends RangeEstimator {
        Method.OfHistogram own();

        @Override
        default RealRange estimate(HistogramSummary summary) {
            return own().choose(summary).input();
        }
    }

    /** A method as it is. */
    record Plain(Method.OfHistogram own) implements OfMethod {
        @Override
        public ChosenRange choose(HistogramSummary summary) {
            return own.choose(summary);
        }

        @Override
        public String toString() {
            return own.toString();
        }
    }

    /** A method that chooses the range of the input, and with it the output of least expected error. */
    record Completed(Method.OfHistogram own, Activation op, ParameterRule rule, Profile profile) implements OfMethod {
        @Override
        public ChosenRange choose(HistogramSummary summary) {
            ChosenRange chosen = own.choose(summary);
            if (chosen.output().isPresent() || rule.fixedOutput(op).isPresent()) {
                return chosen;
            }
            QuantParams params = rule.choose(chosen.input());
            RealRange best = of(op, rule, profile, params).output(summary, chosen.input());
            return new ChosenRange(chosen.input(), Optional.of(best));
        }

        @Override
        public String toString() {
            return own.toString();
        }
    }
}
