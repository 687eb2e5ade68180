// SPDX-License-Identifier: Apache-2.0
package dev.octant.ops.internal.engines;

import dev.octant.ops.functions.ActivationFunctions;
import java.util.function.DoubleUnaryOperator;

/**
 * The float32 functions of the engines with the double function each stands for, and the largest error its javadoc
 * states: in ulps of {@code max(|f(x)|, floor(x))}. Where a function adds terms that cancel, the floor is the larger of
 * them, because no float arithmetic of that form can do better.
 */
enum FloatSpelling {
    MLAS_LOGISTIC(MlasFunctions::logistic, ActivationFunctions::sigmoid, x -> 0.5, 4),
    MLAS_TANH(MlasFunctions::tanh, Math::tanh, x -> 0x1p-110, 6),
    MLAS_ERF(MlasFunctions::erf, ActivationFunctions::erf, x -> 0, 2),
    MLAS_EXP(MlasFunctions::exp, Math::exp, x -> 0, 1.5),
    EIGEN_EXP(EigenFunctions::exp, Math::exp, x -> 0, 1.5),
    EIGEN_LOG(x -> x > 0 ? EigenFunctions.log(x) : 0, x -> x > 0 ? Math.log(x) : 0, x -> 0, 4),
    EIGEN_LOG1P(x -> EigenFunctions.log1p(Math.abs(x)), x -> Math.log1p(Math.abs(x)), x -> 0, 6),
    ORT_SILU(x -> OnnxRuntimeFunctions.gated(x, 1), ActivationFunctions::silu, x -> Math.abs(x) / 2, 6),
    ORT_QUICK_GELU(x -> OnnxRuntimeFunctions.gated(x, 1.702f), ActivationFunctions::quickGelu, x -> Math.abs(x) / 2, 6),
    ORT_GELU(OnnxRuntimeFunctions::gelu, ActivationFunctions::gelu, x -> Math.abs(x) / 2, 3),
    ORT_GELU_TANH(OnnxRuntimeFunctions::geluTanh, ActivationFunctions::geluTanh, x -> Math.abs(x) / 2, 6),
    ORT_HARDSWISH(OnnxRuntimeFunctions::hardswish, ActivationFunctions::hardswish, x -> Math.abs(x) / 2, 2),
    ORT_HARDSIGMOID(
            x -> OnnxRuntimeFunctions.hardsigmoid(x, 0.2f, 0.5f),
            x -> ActivationFunctions.hardsigmoid(x, 0.2f, 0.5),
            x -> 0.5,
            1.5),
    ORT_ELU(x -> OnnxRuntimeFunctions.elu(x, 1), x -> ActivationFunctions.elu(x, 1), x -> x > 0 ? 0 : 0.5, 2),
    ORT_CELU(x -> OnnxRuntimeFunctions.celu(x, 1), x -> ActivationFunctions.celu(x, 1), x -> x > 0 ? 0 : 0.5, 2),
    ORT_SELU(
            x -> OnnxRuntimeFunctions.selu(
                    x, (float) ActivationFunctions.SELU_ALPHA, (float) ActivationFunctions.SELU_SCALE),
            ActivationFunctions::selu,
            x -> x > 0 ? 0 : 1,
            3),
    ORT_SOFTPLUS(OnnxRuntimeFunctions::softplus, ActivationFunctions::softplus, x -> 0, 6),
    ORT_MISH(OnnxRuntimeFunctions::mish, ActivationFunctions::mish, x -> 0x1p-100, 10),
    ORT_SOFTSIGN(OnnxRuntimeFunctions::softsign, ActivationFunctions::softsign, x -> 0x1p-100, 6),
    SLEEF_EXP(SleefFunctions::exp, Math::exp, x -> 0, 1),
    SLEEF_TANH(SleefFunctions::tanh, Math::tanh, x -> 0x1p-100, 1.1),
    SLEEF_EXPM1(SleefFunctions::expm1, Math::expm1, x -> 0x1p-100, 1.1),
    PYTORCH_SIGMOID(PytorchFunctions::sigmoid, ActivationFunctions::sigmoid, x -> 0x1p-103, 3),
    PYTORCH_HARDSIGMOID(
            PytorchFunctions::hardsigmoid, x -> ActivationFunctions.hardsigmoid(x, 1 / 6.0, 0.5), x -> 0.5, 1.5),
    PYTORCH_HARDSWISH(
            x -> PytorchFunctions.hardswish(belowOverflow(x)),
            x -> ActivationFunctions.hardswish(belowOverflow((float) x)),
            x -> Math.abs(x) / 2,
            2),
    PYTORCH_ELU(x -> PytorchFunctions.elu(x, 1, 1), x -> ActivationFunctions.elu(x, 1), x -> 0x1p-100, 1.1),
    PYTORCH_ERF(PytorchFunctions::erf, ActivationFunctions::erf, x -> 1, 5),
    PYTORCH_GELU(PytorchFunctions::gelu, ActivationFunctions::gelu, x -> Math.abs(x) / 2, 10),
    PYTORCH_GELU_TANH(PytorchFunctions::geluTanh, ActivationFunctions::geluTanh, x -> Math.abs(x) / 2, 4);

    private final FloatFunction spelling;
    private final DoubleUnaryOperator function;
    private final DoubleUnaryOperator floor;
    private final double bound;

    FloatSpelling(FloatFunction spelling, DoubleUnaryOperator function, DoubleUnaryOperator floor, double bound) {
        this.spelling = spelling;
        this.function = function;
        this.floor = floor;
        this.bound = bound;
    }

    /**
     * PyTorch's hardswish multiplies by 6 before it divides by 6, and is infinite from a sixth of the largest float
     * on.
     */
    private static float belowOverflow(float x) {
        return Math.min(x, Float.MAX_VALUE / 6);
    }

    /** The error that the javadoc states. */
    double bound() {
        return bound;
    }

    /**
     * The error at a finite float, in ulps; infinite if the function gives NaN, or infinity where the true value is a
     * float.
     */
    double error(float x) {
        float y = spelling.apply(x);
        double truth = function.applyAsDouble(x);
        if (Float.isNaN(y)) {
            return Double.POSITIVE_INFINITY;
        }
        if (Math.abs(truth) > Float.MAX_VALUE) {
            // Beyond the floats: infinity and the largest float are equally right.
            truth = Math.copySign(Float.MAX_VALUE, truth);
            y = Math.min(Math.max(y, -Float.MAX_VALUE), Float.MAX_VALUE);
        }
        if (y == truth) {
            return 0;
        }
        float magnitude = (float) Math.max(Math.abs(truth), floor.applyAsDouble(x));
        return Math.abs(y - truth) / Math.ulp(Math.min(magnitude, Float.MAX_VALUE));
    }
}
