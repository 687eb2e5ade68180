// SPDX-License-Identifier: Apache-2.0
package dev.octant.ops;

import dev.octant.core.Profile;
import dev.octant.core.QuantParams;
import dev.octant.ops.internal.engines.FloatFunction;
import dev.octant.ops.internal.engines.PytorchFunctions;
import dev.octant.ops.internal.engines.SleefFunctions;
import java.util.function.IntUnaryOperator;

/**
 * PyTorch's quantized operators on x86, as its AVX2 lanes compute them: dequantize by fused multiply-add, the float32
 * function, {@link Profile#PYTORCH}. Elements behind the last whole block of 64 are dequantized by a product there, and
 * differ by one code next to ties.
 *
 * <p>ReLU, ReLU6 and hardtanh clamp the codes themselves, and so have their input's parameters for output.
 */
final class PytorchTables implements EngineTables {
    static final EngineTables INSTANCE = new PytorchTables();

    private PytorchTables() {}

    @Override
    public IntUnaryOperator codes(Activation op, QuantParams in, QuantParams out) {
        return switch (op.kind()) {
            case SIGMOID -> ofDifference(PytorchFunctions::sigmoid, in, out);
            case IDENTITY -> ofDifference(x -> x, in, out);
            case TANH -> ofLanes(SleefFunctions::tanh, in, out);
            case HARDSIGMOID -> {
                if (!op.equals(Activation.HARDSIGMOID)) {
                    throw new IllegalArgumentException(
                            "profile pytorch must have hardsigmoid with 1/6 and 0.5, was " + op);
                }
                yield ofLanes(PytorchFunctions::hardsigmoid, in, out);
            }
            case HARDSWISH -> ofLanes(PytorchFunctions::hardswish, in, out);
            case ELU -> elu(op.parameter(0), 1, in, out);
            case CELU -> elu(op.parameter(0), (float) (1 / op.parameters().get(0)), in, out);
            case LEAKY_RELU -> {
                float slope = op.parameter(0);
                yield ofLanes(x -> PytorchFunctions.leakyRelu(x, slope), in, out);
            }
            case GELU -> ofLanes(PytorchFunctions::gelu, in, out);
            case GELU_TANH -> ofLanes(PytorchFunctions::geluTanh, in, out);
            case RELU -> clamp(op, in.zeroPoint(), in.type().high(), in, out);
            case RELU6 -> clamp(op, in.zeroPoint(), Profile.PYTORCH.quantize(6, in), in, out);
            case HARDTANH ->
                clamp(
                        op,
                        Profile.PYTORCH.quantize(op.parameter(0), in),
                        Profile.PYTORCH.quantize(op.parameter(1), in),
                        in,
                        out);
            default -> throw EngineTables.missing(Profile.PYTORCH, op);
        };
    }

    private static IntUnaryOperator elu(float alpha, float inverse, QuantParams in, QuantParams out) {
        return ofLanes(x -> PytorchFunctions.elu(x, alpha, inverse), in, out);
    }

    @Override
    public boolean keepsGrid(Activation op) {
        return switch (op.kind()) {
            case RELU, RELU6, HARDTANH -> true;
            default -> false;
        };
    }

    /**
     * With {@code x = fma(scale, q, -(scale zeroPoint))}: the code of real 0 may leave a residue of a rounding error.
     */
    private static IntUnaryOperator ofLanes(FloatFunction function, QuantParams in, QuantParams out) {
        float offset = -(in.scale() * in.zeroPoint());
        return code -> Profile.PYTORCH.quantize(function.apply(Math.fma(in.scale(), (float) code, offset)), out);
    }

    /** With {@code x = (q - zeroPoint) scale}. */
    private static IntUnaryOperator ofDifference(FloatFunction function, QuantParams in, QuantParams out) {
        return code -> Profile.PYTORCH.quantize(function.apply(in.dequantize(code)), out);
    }

    private static IntUnaryOperator clamp(Activation op, int low, int high, QuantParams in, QuantParams out) {
        if (!in.equals(out)) {
            throw new IllegalArgumentException("profile pytorch must have " + op.name()
                    + " with the input's parameters for output, " + in + ", was " + out);
        }
        return code -> Math.min(Math.max(code, low), high);
    }
}
