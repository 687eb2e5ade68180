// SPDX-License-Identifier: Apache-2.0
package dev.octant.calibration.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.calibration.methods.Method;
import dev.octant.calibration.methods.ParameterRule;
import dev.octant.core.Profile;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantScheme;
import dev.octant.core.QuantType;
import dev.octant.core.RealRange;
import dev.octant.observers.HistogramSummary;
import dev.octant.observers.estimators.RangeEstimator;
import dev.octant.ops.Activation;
import dev.octant.ops.QuantizedActivation;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ConclusionTest {
    private static final QuantParams PARAMS = QuantParams.of(QuantType.INT8, 1, 0);

    private static final String[] METHODS = {"minmax", "mse", "consumer"};

    /** An estimator of which only the name counts. */
    private record Named(String name) implements RangeEstimator {
        @Override
        public RealRange estimate(HistogramSummary summary) {
            return summary.range();
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static TensorResult tensor(String name, double... sqnr) {
        List<MethodResult> results = new ArrayList<>();
        for (int i = 0; i < sqnr.length; i++) {
            SplitError none = new SplitError(0, 0);
            results.add(new MethodResult(
                    new Method.OfHistogram(new Named(METHODS[i])),
                    RealRange.UNIT,
                    RealRange.UNIT,
                    QuantizedActivation.compile(Activation.IDENTITY, PARAMS, PARAMS),
                    new DataError(0, 0, sqnr[i], 0, none, none)));
        }
        return new TensorResult(name, Optional.empty(), HistogramSummary.EMPTY, OptionalLong.empty(), results);
    }

    private static Conclusion conclusion(TensorResult... tensors) {
        return Conclusion.of(new Evaluation(
                List.of("x"),
                ParameterRule.of(QuantType.INT8, QuantScheme.ASYMMETRIC),
                Profile.ONNX,
                Evidence.MEASURED,
                List.of(tensors)));
    }

    private static List<String> methods(Conclusion conclusion) {
        return conclusion.methods().stream().map(Conclusion.Tally::method).toList();
    }

    @Test
    void winsLeadsAndLosses() {
        Conclusion conclusion = conclusion(
                tensor("a", 30, 32, 35),
                tensor("b", 40, 41, 40.5),
                tensor("c", 20, 21, 22),
                tensor("d", 50, 50.004, 40),
                tensor("e", 33));
        assertEquals(4, conclusion.compared());
        assertEquals(List.of("consumer", "mse", "minmax"), methods(conclusion));
        Conclusion.Tally consumer = conclusion.methods().get(0);
        assertEquals(2, consumer.wins());
        assertEquals(0, consumer.ties());
        assertEquals(4, consumer.tensors());
        assertEquals(List.of(1.0, 3.0), consumer.leads());
        // Below the best by 0, 0.5, 0 and 10.004.
        assertEquals(0, consumer.medianLossDb());
        assertEquals(1, conclusion.methods().get(1).wins());
        assertEquals(1, conclusion.methods().get(1).ties());
        assertEquals(1, conclusion.methods().get(2).ties());
        assertEquals(
                List.of("c", "e", "a", "b", "d"),
                conclusion.worst().stream().map(TensorResult::name).toList());
        assertEquals(
                List.of(
                        "consumer is best on 2 of 4 tensors, by 1.00 dB to 3.00 dB over the next best.",
                        "mse is best on 1, by 0.50 dB.",
                        "On 1 tensor minmax and mse are best and equal to the second decimal."),
                conclusion.sentences());
    }

    @Test
    void tiesAreNoWins() {
        Conclusion conclusion = conclusion(tensor("a", 30, 30, 29), tensor("b", 31, 31, 31));
        assertTrue(conclusion.methods().stream().allMatch(tally -> tally.wins() == 0));
        assertEquals(2, conclusion.methods().get(0).ties());
        assertEquals(2, conclusion.methods().get(0).firsts());
        assertEquals(
                List.of(
                        "No method is best alone.",
                        "On 1 tensor minmax and mse are best and equal to the second decimal; on 1 tensor all"
                                + " methods are equal."),
                conclusion.sentences());
    }

    /** Methods that are equal on one tensor and others on another are not said to be equal on both. */
    @Test
    void tiesAreOfTheSameMethods() {
        Conclusion conclusion = conclusion(
                tensor("a", 30, 30, 29), tensor("b", 20, 31, 31), tensor("c", 20, 31, 31.001), tensor("d", 7, 6, 7));
        assertEquals(
                List.of(
                        "No method is best alone.",
                        "On 2 tensors mse and consumer are best and equal to the second decimal; on 1 tensor minmax"
                                + " and mse are best and equal; on 1 tensor minmax and consumer are best and equal."),
                conclusion.sentences());
        assertEquals(
                List.of(2, 1, 1),
                conclusion.ties().stream().map(Conclusion.Tie::tensors).toList());
    }

    /** What is printed alike is a tie, and what is printed apart is none, however near. */
    @Test
    void tiesAreWhatIsPrintedAlike() {
        assertEquals(
                List.of("No method is best alone.", "On 1 tensor all methods are equal to the second decimal."),
                conclusion(tensor("a", 40.8438, 40.8371, 40.8393)).sentences());
        assertEquals(
                List.of("mse is best on 1 of 1 tensor, by less than 0.01 dB over the next best."),
                conclusion(tensor("a", 40.8449, 40.8451, 30)).sentences());
        assertEquals(
                List.of("mse is best on 3 of 3 tensors, by less than 0.01 dB over the next best, half of the time by"
                        + " less than 0.01 dB."),
                conclusion(tensor("a", 1.004, 1.006, 0), tensor("b", 2.004, 2.006), tensor("c", 3.004, 3.006))
                        .sentences());
        Random random = new Random(5);
        for (int i = 0; i < 10_000; i++) {
            double one = 40 + random.nextInt(2000) / 1e5;
            double other = one + random.nextInt(2000) / 1e5;
            boolean isAlike = String.format(Locale.ROOT, "%.2f", one).equals(String.format(Locale.ROOT, "%.2f", other));
            assertEquals(isAlike, Conclusion.isTie(one, other), one + " and " + other);
            assertEquals(isAlike, Conclusion.isTie(other, one), one + " and " + other);
        }
    }

    /** No signal is no comparison; what loses nothing is above all that does, and equal to what loses nothing. */
    @Test
    void figuresThatAreNoNumbers() {
        double exact = Double.POSITIVE_INFINITY;
        assertEquals(
                List.of(),
                conclusion(tensor("a", Double.NaN, Double.NaN, Double.NaN)).sentences());
        assertEquals(List.of(), conclusion().sentences());
        Conclusion conclusion = conclusion(tensor("a", 30, exact, 31), tensor("b", exact, exact, Double.NaN));
        assertEquals("mse", methods(conclusion).get(0));
        assertEquals(
                List.of(
                        "mse is best on 1 of 2 tensors, by all of the error over the next best.",
                        "On 1 tensor minmax and mse are best and equal to the second decimal."),
                conclusion.sentences());
    }
}
