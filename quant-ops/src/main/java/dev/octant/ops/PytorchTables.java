// SPDX-License-Identifier: Apache-2.0
package dev.octant.ops;

import dev.octant.core.Profile;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantType;
import dev.octant.ops.internal.engines.FloatFunction;
import dev.octant.ops.internal.engines.PytorchFunctions;
import dev.octant.ops.internal.engines.SleefFunctions;
import java.util.function.IntUnaryOperator;

/**
 * PyTorch's quantized operators on x86, as its AVX2 lanes compute them: dequantize by fused multiply-add, the float32
 * function, {@link Profile#PYTORCH}. Elements behind the last whole block of 64 are dequantized by a product there, and
 * differ by one code next to ties.
 *
 * <p>Codes are int8 or uint8, and those of the output are of the input's type; what is not computed but requantized is
 * bound to neither. ReLU, ReLU6 and hardtanh clamp the codes themselves, and so have their input's parameters for
 * output, as has GELU. Tanh and hardsigmoid choose theirs: 2/256 over [-1, 1], 1/256 over [0, 1].
 */
final class PytorchTables implements EngineTables {
    static final EngineTables INSTANCE = new PytorchTables();

    private PytorchTables() {}

    @Override
    public IntUnaryOperator codes(Activation op, QuantParams in, QuantParams out) {
        IntUnaryOperator codes = unchecked(op, in, out);
        if (op.kind() != ActivationKind.IDENTITY) {
            requireType(op, in, out);
        }
        if (keepsGrid(op) && !in.equals(out)) {
            throw new IllegalArgumentException("profile pytorch must have " + op.name()
                    + " with the input's parameters for output, " + in + ", was " + out);
        }
        if (op.kind() == ActivationKind.TANH || op.kind() == ActivationKind.HARDSIGMOID) {
            QuantParams fixed = op.fixedOutput(out.type()).orElseThrow();
            if (!out.equals(fixed)) {
                throw new IllegalArgumentException("profile pytorch must have " + op.name()
                        + " with the output parameters " + fixed + ", was " + out);
            }
        }
        return codes;
    }

    private static void requireType(Activation op, QuantParams in, QuantParams out) {
        if (in.type() != out.type() || in.type() == QuantType.INT8_NARROW) {
            throw new IllegalArgumentException("types of " + op.name()
                    + " must both be int8 or both uint8 under profile pytorch, were " + in.type() + " and "
                    + out.type());
        }
    }

    private static IntUnaryOperator unchecked(Activation op, QuantParams in, QuantParams out) {
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
            case RELU -> clamp(in.zeroPoint(), in.type().high());
            case RELU6 -> clamp(in.zeroPoint(), Profile.PYTORCH.quantize(6, in));
            case HARDTANH ->
                clamp(Profile.PYTORCH.quantize(op.parameter(0), in), Profile.PYTORCH.quantize(op.parameter(1), in));
            default -> throw EngineTables.missing(Profile.PYTORCH, op);
        };
    }

    private static IntUnaryOperator elu(float alpha, float inverse, QuantParams in, QuantParams out) {
        return ofLanes(x -> PytorchFunctions.elu(x, alpha, inverse), in, out);
    }

    @Override
    public boolean keepsGrid(Activation op) {
        return switch (op.kind()) {
            case RELU, RELU6, HARDTANH, GELU, GELU_TANH -> true;
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

    private static IntUnaryOperator clamp(int low, int high) {
        return code -> Math.min(Math.max(code, low), high);
    }
}
