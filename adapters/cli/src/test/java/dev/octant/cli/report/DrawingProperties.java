// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.cli.report.drawing.PathData;
import dev.octant.core.Profile;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantType;
import dev.octant.observers.HistogramSummary;
import dev.octant.ops.Activation;
import dev.octant.ops.QuantizedActivation;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

class DrawingProperties {
    @Provide
    Arbitrary<float[]> data() {
        Arbitrary<Float> any = Arbitraries.integers().map(Float::intBitsToFloat).filter(Float::isFinite);
        Arbitrary<Float> ordinary =
                Arbitraries.integers().between(-40_000, 40_000).map(i -> i / 4096f);
        return Arbitraries.oneOf(
                any.array(float[].class).ofMaxSize(60),
                ordinary.array(float[].class).ofMaxSize(400));
    }

    @Provide
    Arbitrary<QuantParams> params() {
        return Combinators.combine(
                        Arbitraries.of(QuantType.values()),
                        Arbitraries.integers().between(-127, 127))
                .as((type, z) -> QuantParams.of(type, 0.03f, type.isSigned() ? z : z + 128));
    }

    /** The two rules of quantization, by division and by reciprocal. */
    @Provide
    Arbitrary<Profile> profiles() {
        return Arbitraries.of(Profile.ONNX, Profile.PYTORCH);
    }

    @Property(tries = 300)
    void barsHoldEveryValueOnce(@ForAll("data") float[] data, @ForAll @IntRange(min = 2, max = 300) int most) {
        HistogramSummary summary = Evaluations.summary(data);
        Bars bars = Bars.of(summary, most);
        assertTrue(bars.size() <= most);
        long inside = 0;
        for (int i = 0; i < bars.size(); i++) {
            long expected = 0;
            for (float x : data) {
                expected += x != 0 && inBar(bars, i, x) ? 1 : 0;
            }
            assertEquals(expected, bars.count(i));
            inside += bars.count(i);
        }
        assertEquals(data.length, inside + summary.counts().zeros());
    }

    /** The bins of negative values are closed at the end away from zero's other side: (-(k + 1) 2^e, -k 2^e]. */
    private static boolean inBar(Bars bars, int i, float x) {
        double left = bars.edge(i);
        double right = bars.edge(i + 1);
        return x > 0 ? x >= left && x < right : x > left && x <= right;
    }

    @Property(tries = 300)
    void noCodeOfTheDataIsCalledAbsent(
            @ForAll("data") float[] data, @ForAll("params") QuantParams input, @ForAll("profiles") Profile profile) {
        Assume.that(profile == Profile.ONNX || input.type() != QuantType.INT8_NARROW);
        QuantParams output = QuantParams.of(input.type(), 0.02f, 0);
        CodeErrors errors = CodeErrors.of(
                QuantizedActivation.compile(Activation.HARDSWISH, input, output, profile), Evaluations.summary(data));
        for (float x : data) {
            assertTrue(errors.occurs(profile.quantize(x, input)));
        }
        // A bin is at most 1/1024 of the largest magnitude: a code further than that from all values cannot occur.
        float largest = 0;
        for (float x : data) {
            largest = Math.max(largest, Math.abs(x));
        }
        for (int q = errors.low(); q <= errors.high(); q++) {
            double room = largest / 1024.0 + Math.ulp(largest) + 0.5001 * input.scale();
            double value = input.dequantize(q);
            boolean outermost = q == errors.low() || q == errors.high();
            if (!outermost && far(data, value, room)) {
                int code = q;
                assertFalse(errors.occurs(q), () -> "code " + code);
            }
        }
    }

    private static boolean far(float[] data, double value, double room) {
        for (float x : data) {
            if (Math.abs(x - value) <= room) {
                return false;
            }
        }
        return true;
    }

    @Property(tries = 100)
    void errorsAreThoseOfTheTable(@ForAll("params") QuantParams input) {
        QuantParams output = QuantParams.of(QuantType.UINT8, 0.05f, 10);
        for (Activation f : List.of(Activation.SIGMOID, Activation.GELU, Activation.TANH)) {
            QuantizedActivation op = QuantizedActivation.compile(f, input, output);
            CodeErrors errors = CodeErrors.of(op, HistogramSummary.EMPTY);
            assertEquals(0, errors.occurring().count());
            for (int q = errors.low(); q <= errors.high(); q++) {
                double exact = f.value(input.dequantize(q));
                double wanted = exact + errors.error(q) * output.scale();
                assertEquals(output.dequantize(op.apply(q)), wanted, 1e-12 * Math.max(1, Math.abs(exact)));
                boolean free = output.range().contains(exact)
                        && op.outputRange().contains(wanted - output.scale())
                        && op.outputRange().contains(wanted + output.scale());
                assertFalse(free && errors.isBeyondHalf(q), "only a clip may cost more than rounding");
            }
        }
    }

    /** Following the relative steps of a path ends where its last absolute point was, to half a tenth of a pixel. */
    @Property
    void roundingDoesNotAddUp(@ForAll List<@DoubleRange(min = -2000, max = 2000) Double> xs) {
        PathData path = new PathData().move(3.14159, 2.71828);
        double lastX = 3.14159;
        double lastY = 2.71828;
        for (int i = 0; i < xs.size(); i++) {
            double toX = i % 4 == 1 ? lastX : xs.get(i);
            double toY = i % 4 == 0 ? lastY : -xs.get(i);
            switch (i % 4) {
                case 0 -> path.horizontal(toX);
                case 1 -> path.vertical(toY);
                case 2 -> path.line(toX, toY);
                default -> path.move(toX, toY);
            }
            lastX = toX;
            lastY = toY;
        }
        double x = 0;
        double y = 0;
        Matcher steps = Pattern.compile("([a-z])(-?[0-9.]+)(?: ?(-?[0-9.]+))?").matcher(path.toString());
        int end = 0;
        while (steps.find()) {
            assertEquals(end, steps.start());
            end = steps.end();
            double first = Double.parseDouble(steps.group(2));
            switch (steps.group(1)) {
                case "h" -> x += first;
                case "v" -> y += first;
                default -> {
                    x += first;
                    y += Double.parseDouble(steps.group(3));
                }
            }
        }
        assertEquals(path.toString().length(), end);
        assertEquals(lastX, x, 0.05 + 1e-6);
        assertEquals(lastY, y, 0.05 + 1e-6);
    }
}
