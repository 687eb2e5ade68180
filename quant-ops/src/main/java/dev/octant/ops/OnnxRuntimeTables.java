// SPDX-License-Identifier: Apache-2.0
package dev.octant.ops;

import dev.octant.core.Profile;
import dev.octant.core.QuantParams;
import dev.octant.ops.internal.engines.EigenFunctions;
import dev.octant.ops.internal.engines.FloatFunction;
import dev.octant.ops.internal.engines.MlasFunctions;
import dev.octant.ops.internal.engines.OnnxRuntimeFunctions;
import java.util.function.IntUnaryOperator;

/**
 * ONNX Runtime on CPUs: {@code DequantizeLinear}, the float32 operator, {@code QuantizeLinear}. {@code
 * QLinearSigmoid} and {@code QLinearLeakyRelu} give the same codes. Hardshrink and softshrink are
 * its {@code Shrink}. A function of the caller's own is the double function, rounded to float.
 */
final class OnnxRuntimeTables implements EngineTables {
    static final EngineTables INSTANCE = new OnnxRuntimeTables();

    private OnnxRuntimeTables() {}

    @Override
    public IntUnaryOperator codes(Activation op, QuantParams in, QuantParams out) {
        FloatFunction function = function(op);
        return code -> Profile.ONNX_RUNTIME.quantize(function.apply(Profile.ONNX_RUNTIME.dequantize(code, in)), out);
    }

    /** The float32 operator. */
    private static FloatFunction function(Activation op) {
        return switch (op.kind()) {
            case SIGMOID -> MlasFunctions::logistic;
            case TANH -> MlasFunctions::tanh;
            case EXP -> MlasFunctions::exp;
            case LOG -> EigenFunctions::log;
            case SILU -> x -> OnnxRuntimeFunctions.gated(x, 1);
            case QUICK_GELU -> x -> OnnxRuntimeFunctions.gated(x, 1.702f);
            case GELU -> OnnxRuntimeFunctions::gelu;
            case GELU_TANH -> OnnxRuntimeFunctions::geluTanh;
            case HARDSWISH -> OnnxRuntimeFunctions::hardswish;
            case HARDSIGMOID -> {
                float alpha = op.parameter(0);
                float beta = op.parameter(1);
                yield x -> OnnxRuntimeFunctions.hardsigmoid(x, alpha, beta);
            }
            case SWISH -> {
                float alpha = op.parameter(0);
                yield x -> OnnxRuntimeFunctions.gated(x, alpha);
            }
            case HARDTANH, CLIP -> clip(op.parameter(0), op.parameter(1));
            case RELU6 -> clip(0, 6);
            case RELU -> x -> Math.max(x, 0);
            case LEAKY_RELU, PRELU -> {
                float alpha = op.parameter(0);
                yield x -> OnnxRuntimeFunctions.leakyRelu(x, alpha);
            }
            case ELU -> {
                float alpha = op.parameter(0);
                yield x -> OnnxRuntimeFunctions.elu(x, alpha);
            }
            case CELU -> {
                float alpha = op.parameter(0);
                yield x -> OnnxRuntimeFunctions.celu(x, alpha);
            }
            case SELU -> {
                float alpha = op.parameter(0);
                float gamma = op.parameter(1);
                yield x -> OnnxRuntimeFunctions.selu(x, alpha, gamma);
            }
            case THRESHOLDED_RELU -> {
                float alpha = op.parameter(0);
                yield x -> x > alpha ? x : 0;
            }
            case SHRINK -> shrink(op.parameter(0), op.parameter(1));
            case HARDSHRINK -> shrink(0, op.parameter(0));
            case SOFTSHRINK -> shrink(op.parameter(0), op.parameter(0));
            case SOFTPLUS -> OnnxRuntimeFunctions::softplus;
            case MISH -> OnnxRuntimeFunctions::mish;
            case SOFTSIGN -> OnnxRuntimeFunctions::softsign;
            case IDENTITY -> x -> x;
            case CUSTOM -> x -> (float) op.value(x);
            default -> throw EngineTables.missing(Profile.ONNX_RUNTIME, op);
        };
    }

    private static FloatFunction shrink(float bias, float lambda) {
        return x -> OnnxRuntimeFunctions.shrink(x, bias, lambda);
    }

    private static FloatFunction clip(float low, float high) {
        return x -> OnnxRuntimeFunctions.clip(x, low, high);
    }
}
