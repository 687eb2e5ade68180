// SPDX-License-Identifier: Apache-2.0
package dev.octant.calibration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.calibration.evaluation.TensorResult;
import dev.octant.calibration.methods.OpChoice;
import dev.octant.calibration.methods.ParameterRule;
import dev.octant.calibration.run.CalibrationRun;
import dev.octant.calibration.run.RunOutcome;
import dev.octant.calibration.run.RunSettings;
import dev.octant.calibration.run.TensorInputs;
import dev.octant.calibration.run.TensorSummary;
import dev.octant.core.QuantScheme;
import dev.octant.core.QuantType;
import dev.octant.core.RealRange;
import dev.octant.formats.calibration.CalibrationTable;
import dev.octant.observers.HistogramObserver;
import dev.octant.observers.HistogramSummary;
import dev.octant.observers.PerSampleSummary;
import dev.octant.observers.estimators.RangeEstimator;
import dev.octant.observers.estimators.RangeStability;
import dev.octant.ops.Activation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Estimators and ops of the caller's own: known by their names, and what fails in them is one sentence. */
class OwnChoicesTest {
    private static final ParameterRule RULE = ParameterRule.of(QuantType.INT8, QuantScheme.ASYMMETRIC);
    private static final Activation SQUARE = Activation.of("square", x -> x * x, RealRange.of(0, 1e9));

    /** An estimator of this name. */
    private record Own(String name, Supplier<RealRange> range) implements RangeEstimator {
        @Override
        public RealRange estimate(HistogramSummary summary) {
            return range.get();
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static Calibration by(String name, OpChoice ops, Supplier<RealRange> range) {
        return Calibration.by(new Own(name, range), RULE, ops);
    }

    private static RealRange none() {
        return null;
    }

    private static RealRange failing() {
        throw new ArithmeticException("boom");
    }

    private static RealRange silent() {
        throw new IllegalStateException();
    }

    private static Map<String, TensorSummary> data() {
        HistogramObserver observer = new HistogramObserver();
        observer.observe(new float[] {-1, 2, 3, 0.5f});
        return Map.of("a", new TensorSummary(observer.summary(), PerSampleSummary.EMPTY));
    }

    @Test
    void anEstimatorThatFailsIsOneSentence() {
        for (OpChoice ops : List.of(OpChoice.NONE, OpChoice.of(Activation.SILU))) {
            for (Supplier<RealRange> fault : List.<Supplier<RealRange>>of(
                    OwnChoicesTest::none, OwnChoicesTest::failing, OwnChoicesTest::silent)) {
                Calibration calibration = by("own", ops, fault);
                String message = assertThrows(IllegalStateException.class, () -> calibration.table(data()))
                        .getMessage();
                assertTrue(message.startsWith("a: method own must choose a range, failed with "), message);
                assertEquals(
                        List.of(message.substring(3)),
                        calibration.evaluation(List.of("x"), data()).leftOut().stream()
                                .map(left -> left.reason())
                                .toList());
                assertThrows(NothingCalibratedException.class, () -> calibration.calibrate(data()));
            }
        }
    }

    @Test
    void aRangeThatIsOnlyWatchedEndsNoRun(@TempDir Path folder) throws IOException {
        TensorInputs inputs = TensorInputs.open(List.of(Files.writeString(folder.resolve("a.csv"), "a\n1\n2\n")));
        for (Optional<RangeStability> until :
                List.of(Optional.<RangeStability>empty(), Optional.of(new RangeStability()))) {
            RunSettings settings = new RunSettings(1, false, (tensor, summary) -> failing(), until);
            RunOutcome outcome =
                    CalibrationRun.of(inputs.files(), settings).watched(p -> {}).run();
            assertEquals(RunOutcome.End.COMPLETE, outcome.end());
        }
    }

    @Test
    void aLambdaHasNoName() {
        for (RangeEstimator unnamed : List.<RangeEstimator>of(
                summary -> RealRange.of(-1, 1),
                new Own(null, OwnChoicesTest::none),
                new Own("a\nb", OwnChoicesTest::none))) {
            String message = assertThrows(
                            IllegalArgumentException.class, () -> Calibration.by(unnamed, RULE, OpChoice.NONE))
                    .getMessage();
            assertTrue(message.startsWith("estimator must name itself by its toString, "), message);
        }
    }

    @Test
    void oneCalledAsABuiltInStandsBesideIt() {
        Calibration own = by("minmax", OpChoice.NONE, () -> RealRange.of(-90, 90));
        TensorResult result = own.evaluation(List.of("x"), data()).tensors().get(0);
        assertEquals(
                List.of(RealRange.of(-90, 90), RealRange.of(-1, 3)),
                result.methods().stream()
                        .filter(method -> method.method().toString().equals("minmax"))
                        .map(method -> method.range())
                        .toList());
        for (String name : List.of("minmax", "consumer")) {
            Calibration builtIn = Calibration.parse(name, RULE, OpChoice.of(Activation.SILU));
            TensorResult once =
                    builtIn.evaluation(List.of("x"), data()).tensors().get(0);
            assertEquals(
                    1,
                    once.methods().stream()
                            .filter(method -> method.method().toString().equals(name))
                            .count());
        }
    }

    @Test
    void whatIsItsOwnIsToldInItsText() {
        assertNotEquals(
                Calibration.parse("minmax", RULE, OpChoice.NONE).toString(),
                by("minmax", OpChoice.NONE, OwnChoicesTest::none).toString());
        Activation silu = Activation.of("silu", x -> x * x, RealRange.of(0, 1e9));
        assertNotEquals(
                Calibration.best(RULE, OpChoice.of(Activation.SILU)).toString(),
                Calibration.best(RULE, OpChoice.of(silu)).toString());
        assertNotEquals(
                Calibration.best(RULE, OpChoice.of(Map.of("a", Activation.SILU)))
                        .toString(),
                Calibration.best(RULE, OpChoice.of(Map.of("a", silu))).toString());
    }

    @Test
    void anOwnOpHasItsOutputWhateverTheMethod() {
        for (String method : List.of("best", "minmax", "mse", "consumer")) {
            CalibrationTable.Entry entry = Calibration.parse(method, RULE, OpChoice.of(SQUARE))
                    .table(data())
                    .entry("a");
            RealRange output = entry.consumer().orElseThrow().range();
            assertTrue(output.min() >= 0 && output.max() > 4 && output.max() < 16, method + ": " + output);
        }
    }

    @Test
    void theTensorIsNamedOnce() {
        Activation nan = Activation.of("nan", x -> Double.NaN, RealRange.of(0, 1));
        String message = assertThrows(
                        IllegalArgumentException.class,
                        () -> Calibration.best(RULE, OpChoice.of(nan)).table(data()))
                .getMessage();
        assertTrue(message.startsWith("a: function must be a number"), message);
    }

    @Test
    void anOpThatFailsIsOneSentence() {
        Activation failing = Activation.of("failing", x -> x < 0 ? failing().max() : x, RealRange.of(0, 9));
        for (String method : List.of("best", "minmax", "consumer")) {
            Calibration calibration = Calibration.parse(method, RULE, OpChoice.of(failing));
            String message = assertThrows(IllegalStateException.class, () -> calibration.table(data()))
                    .getMessage();
            assertTrue(message.startsWith("a: "), message);
            assertTrue(message.endsWith(", failed with java.lang.ArithmeticException: boom"), message);
            assertThrows(NothingCalibratedException.class, () -> calibration.calibrate(data()));
        }
    }
}
