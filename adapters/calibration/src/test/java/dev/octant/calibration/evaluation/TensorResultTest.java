// SPDX-License-Identifier: Apache-2.0
package dev.octant.calibration.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octant.calibration.methods.Method;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantType;
import dev.octant.core.RealRange;
import dev.octant.observers.HistogramSummary;
import dev.octant.observers.estimators.Fixed;
import dev.octant.ops.Activation;
import dev.octant.ops.QuantizedActivation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class TensorResultTest {
    /** Methods fixed=0,1; fixed=0,2; .. with these output SQNRs, rounding and clipping errors. */
    private static TensorResult result(double[]... figures) {
        QuantParams params = QuantParams.of(QuantType.INT8, 1, 0);
        List<MethodResult> methods = new ArrayList<>();
        for (double[] figure : figures) {
            RealRange range = RealRange.of(0, methods.size() + 1);
            methods.add(new MethodResult(
                    new Method.OfHistogram(new Fixed(range)),
                    range,
                    range,
                    QuantizedActivation.compile(Activation.IDENTITY, params, params),
                    new DataError(
                            0, figure[0], figure[0], 0, new SplitError(0, 0), new SplitError(figure[1], figure[2]))));
        }
        return new TensorResult("x", Optional.empty(), HistogramSummary.EMPTY, OptionalLong.of(0), methods);
    }

    private static double[] figures(double sqnr, double rounding, double clipping) {
        return new double[] {sqnr, rounding, clipping};
    }

    @Test
    void theReasonComparesWithTheSecondBest() {
        TensorResult result = result(figures(10, 5, 5), figures(30, 1, 0.5), figures(20, 2, 2));
        assertEquals("fixed=0,2", result.best().method().toString());
        assertEquals(
                "fixed=0,2 is 10.00 dB above fixed=0,3, the next best: of that one's error it saves 37.5 % in "
                        + "clipping and"
                        + " saves 25.0 % in rounding.",
                result.reason());
    }

    @Test
    void whatIsSavedComesBeforeWhatItCosts() {
        assertEquals(
                "fixed=0,1 is 1.00 dB above fixed=0,2, the next best: of that one's error it saves 75.0 % in "
                        + "rounding and"
                        + " adds 25.0 % in clipping.",
                result(figures(21, 1, 1), figures(20, 4, 0)).reason());
        assertEquals(
                "fixed=0,2 is 1.00 dB above fixed=0,1, the next best: of that one's error it saves 75.0 % in "
                        + "clipping and"
                        + " adds 25.0 % in rounding.",
                result(figures(20, 0, 4), figures(21, 1, 1)).reason());
    }

    @Test
    void ties() {
        assertEquals("fixed=0,1 was the only method.", result(figures(1, 1, 1)).reason());
        assertEquals(
                "fixed=0,1 comes first of equals.",
                result(figures(1, 1, 1), figures(1, 1, 1)).reason());
        assertEquals(
                "fixed=0,1 and fixed=0,2, the next best, are equal to the second decimal.",
                result(figures(1.004, 1, 1), figures(1, 1, 1)).reason());
        // All of them are printed as 40.84, though the ends are further apart than the others.
        assertEquals(
                "fixed=0,1 and the next best, fixed=0,2 and fixed=0,4, are equal to the second decimal.",
                result(figures(40.8438, 1, 1), figures(40.8371, 1, 1), figures(40.8349, 1, 1), figures(40.8393, 1, 1))
                        .reason());
        assertEquals(
                "fixed=0,2 is less than 0.01 dB above fixed=0,1, the next best.",
                result(figures(40.8449, 1, 1), figures(40.8451, 1, 1)).reason());
        double exact = Double.POSITIVE_INFINITY;
        assertEquals(
                "fixed=0,2 loses nothing; fixed=0,1, the next best, does.",
                result(figures(1, 1, 1), figures(exact, 0, 0)).reason());
        assertEquals(
                "fixed=0,1 comes first of equals.",
                result(figures(exact, 0, 0), figures(exact, 0, 0)).reason());
        assertEquals(
                "fixed=0,1 comes first of equals.",
                result(figures(Double.NaN, 0, 0), figures(Double.NaN, 0, 0)).reason());
    }
}
