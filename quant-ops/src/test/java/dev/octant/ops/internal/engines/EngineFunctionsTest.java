// SPDX-License-Identifier: Apache-2.0
package dev.octant.ops.internal.engines;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.fixtures.QuantInputs;
import dev.octant.ops.Activation;
import dev.octant.ops.functions.ActivationFunctions;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The engines' float functions against the functions in double, with the errors that their javadoc states. */
class EngineFunctionsTest {
    /** A function and the ulps it may be off: of its true value, or of {@code floor} where that is larger. */
    private record Bound(
            String name, FloatFunction function, DoubleUnaryOperator exact, double ulps, DoubleUnaryOperator floor) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Bound of(String name, FloatFunction f, DoubleUnaryOperator exact, double ulps) {
        return new Bound(name, f, exact, ulps, x -> 0);
    }

    private static Bound above(String name, FloatFunction f, DoubleUnaryOperator exact, double ulps, double floor) {
        return new Bound(name, f, exact, ulps, x -> floor);
    }

    private static Bound ofHalf(String name, FloatFunction f, DoubleUnaryOperator exact, double ulps) {
        return new Bound(name, f, exact, ulps, x -> Math.abs(x) / 2);
    }

    private static DoubleUnaryOperator exact(Activation activation) {
        return activation::value;
    }

    static Stream<Bound> bounds() {
        return Stream.of(
                above("mlas logistic", MlasFunctions::logistic, exact(Activation.SIGMOID), 4, 0.5),
                above("mlas tanh", MlasFunctions::tanh, Math::tanh, 6, 0x1p-110),
                of("mlas erf", MlasFunctions::erf, ActivationFunctions::erf, 2),
                of("mlas exp", MlasFunctions::exp, Math::exp, 1.5),
                of("eigen exp", EigenFunctions::exp, Math::exp, 1.5),
                of("eigen log", x -> EigenFunctions.log(Math.abs(x)), x -> Math.log(Math.abs(x)), 4),
                of("eigen log1p", x -> EigenFunctions.log1p(Math.abs(x)), x -> Math.log1p(Math.abs(x)), 6),
                of("sleef exp", SleefFunctions::exp, Math::exp, 1),
                above("sleef tanh", SleefFunctions::tanh, Math::tanh, 1.1, 0x1p-100),
                above("sleef expm1", SleefFunctions::expm1, Math::expm1, 1.1, 0x1p-100),
                above("pytorch sigmoid", PytorchFunctions::sigmoid, exact(Activation.SIGMOID), 3, 0x1p-103),
                above("pytorch hardsigmoid", PytorchFunctions::hardsigmoid, exact(Activation.HARDSIGMOID), 1.5, 0.5),
                ofHalf("pytorch hardswish", PytorchFunctions::hardswish, exact(Activation.HARDSWISH), 2),
                above("pytorch elu", x -> PytorchFunctions.elu(x, 1, 1), exact(Activation.elu(1)), 1.1, 0x1p-100),
                above("pytorch erf", PytorchFunctions::erf, ActivationFunctions::erf, 5, 1),
                ofHalf("pytorch gelu", PytorchFunctions::gelu, exact(Activation.GELU), 10),
                ofHalf("pytorch gelu_tanh", PytorchFunctions::geluTanh, exact(Activation.GELU_TANH), 4),
                ofHalf("onnxruntime silu", x -> OnnxRuntimeFunctions.gated(x, 1), exact(Activation.SILU), 6),
                ofHalf(
                        "onnxruntime quick_gelu",
                        x -> OnnxRuntimeFunctions.gated(x, 1.702f),
                        exact(Activation.QUICK_GELU),
                        6),
                ofHalf("onnxruntime gelu", OnnxRuntimeFunctions::gelu, exact(Activation.GELU), 3),
                ofHalf("onnxruntime gelu_tanh", OnnxRuntimeFunctions::geluTanh, exact(Activation.GELU_TANH), 6),
                ofHalf("onnxruntime hardswish", OnnxRuntimeFunctions::hardswish, exact(Activation.HARDSWISH), 2),
                above(
                        "onnxruntime hardsigmoid",
                        x -> OnnxRuntimeFunctions.hardsigmoid(x, 0.2f, 0.5f),
                        exact(Activation.hardsigmoid(0.2, 0.5)),
                        1.5,
                        0.5),
                above("onnxruntime elu", x -> OnnxRuntimeFunctions.elu(x, 1), exact(Activation.elu(1)), 2, 0.5),
                above("onnxruntime elu 2", x -> OnnxRuntimeFunctions.elu(x, 2), exact(Activation.elu(2)), 2, 1),
                above("onnxruntime celu", x -> OnnxRuntimeFunctions.celu(x, 2), exact(Activation.celu(2)), 2, 1),
                new Bound(
                        "onnxruntime selu",
                        x -> OnnxRuntimeFunctions.selu(
                                x, (float) ActivationFunctions.SELU_ALPHA, (float) ActivationFunctions.SELU_SCALE),
                        exact(Activation.SELU),
                        3,
                        x -> x < 0 ? 1 : 0),
                of("onnxruntime softplus", OnnxRuntimeFunctions::softplus, exact(Activation.SOFTPLUS), 6),
                above("onnxruntime mish", OnnxRuntimeFunctions::mish, exact(Activation.MISH), 10, 0x1p-100),
                above("onnxruntime softsign", OnnxRuntimeFunctions::softsign, exact(Activation.SOFTSIGN), 6, 0x1p-100));
    }

    @ParameterizedTest
    @MethodSource("bounds")
    void errorsAreThoseStated(Bound bound) {
        for (float x : arguments()) {
            double y = bound.exact().applyAsDouble(x);
            float actual = bound.function().apply(x);
            boolean overflows = bound.name().equals("pytorch hardswish") && x >= Float.MAX_VALUE / 6;
            if (overflows || Math.abs(y) > Float.MAX_VALUE) {
                assertEquals(y > 0 ? Float.POSITIVE_INFINITY : Float.NEGATIVE_INFINITY, actual, () -> "at " + x);
                continue;
            }
            float unit = Math.ulp((float) Math.max(Math.abs(y), bound.floor().applyAsDouble(x)));
            double ulps = Math.abs(actual - y) / unit;
            assertTrue(ulps <= bound.ulps(), () -> "at " + x + ": " + actual + " for " + y + ", off by " + ulps);
        }
        assertTrue(Float.isNaN(bound.function().apply(Float.NaN)));
    }

    /** Floats of every magnitude, steps through the middle, and the neighbours of ends and of kinks. */
    private static List<Float> arguments() {
        List<Float> arguments = new ArrayList<>();
        for (float x : QuantInputs.anyFloats(59, 20_000)) {
            if (Float.isFinite(x)) {
                arguments.add(x);
            }
        }
        for (int i = -20_000; i <= 20_000; i++) {
            arguments.add(i * 0.00731f);
        }
        for (float at :
                new float[] {0, 0.921875f, 1, 1.1f, 2.4f, 3, 3.925f, 4, 8.664339742f, 9, 18, 16.635532f, 88.72283f, 104
                }) {
            float above = at;
            float below = at;
            for (int i = 0; i < 4; i++) {
                arguments.addAll(List.of(above, -above, below, -below));
                above = Math.nextUp(above);
                below = Math.nextDown(below);
            }
        }
        return arguments;
    }

    @Test
    void infinitiesHaveTheirLimits() {
        float infinity = Float.POSITIVE_INFINITY;
        List<FloatFunction> toOne = List.of(
                MlasFunctions::tanh,
                MlasFunctions::erf,
                SleefFunctions::tanh,
                PytorchFunctions::erf,
                TfliteFunctions::tanh);
        for (FloatFunction f : toOne) {
            assertEquals(1, f.apply(infinity), 0x1p-23);
            assertEquals(-1, f.apply(-infinity), 0x1p-23);
            assertEquals(1, f.apply(20), 0x1p-23);
        }
        assertEquals(-1, SleefFunctions.expm1(-infinity));
        List<FloatFunction> exponentials = List.of(
                MlasFunctions::exp,
                EigenFunctions::exp,
                SleefFunctions::exp,
                XnnpackFunctions::exp,
                TfliteFunctions::exp);
        for (FloatFunction f : exponentials) {
            assertEquals(infinity, f.apply(infinity));
            assertEquals(0, f.apply(-infinity));
        }
        assertEquals(infinity, SleefFunctions.expm1(infinity));
        assertEquals(infinity, EigenFunctions.log(infinity));
        assertEquals(-infinity, EigenFunctions.log(0));
        assertEquals(-infinity, EigenFunctions.log(-0f));
        assertTrue(Float.isNaN(EigenFunctions.log(-1)));
        assertTrue(Float.isNaN(EigenFunctions.log(-infinity)));
        assertEquals(infinity, EigenFunctions.log1p(infinity));
    }

    /** The sign of zero goes through odd functions. */
    @Test
    void negativeZeroIsKept() {
        for (FloatFunction f :
                List.<FloatFunction>of(MlasFunctions::erf, SleefFunctions::tanh, SleefFunctions::expm1)) {
            assertEquals(-0f, f.apply(-0f));
            assertEquals(0f, f.apply(0f));
        }
    }
}
