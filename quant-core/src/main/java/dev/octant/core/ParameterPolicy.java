// SPDX-License-Identifier: Apache-2.0
package dev.octant.core;

import dev.octant.core.internal.text.Given;
import dev.octant.core.internal.text.Labels;
import org.apache.commons.lang3.Validate;

/**
 * By whose rule a range becomes scale and zero point. The engines disagree on the divisor, on the arithmetic and on
 * what an empty range means, so that each of these rules gives the bits of its engine and of no other.
 *
 * <p>With {@code lo = min(min, 0)}, {@code hi = max(max, 0)}, {@code A = max(-lo, hi)}, all as floats:
 *
 * <pre>
 * policy        asymmetric                                          symmetric
 * OCTANT        {@link QuantScheme}
 * ONNX_RUNTIME  scale = (hi - lo) / (qmax - qmin)                   int8: 2A / 254, zero point 0
 *               zero point = even(qmin - lo / scale)                uint8: 2A / 255, zero point 128
 * PYTORCH       scale = max((hi - lo) / (qmax - qmin), 2^-23)       max(A / ((qmax - qmin) / 2), 2^-23)
 *               zero point = qmin - even(lo / scale)                zero point 0, uint8: 128
 * TFLITE        scale = (hi - lo) / (qmax - qmin)                   int8: A / 127, zero point 0
 *               zero point = away(qmin - lo / scale)                uint8: none
 * NVIDIA        none                                                int8: A / 127, uint8: A / 255, zero point 0
 * AIMET         scale = (hi - lo) / (qmax - qmin), hi >= lo + 0.01  A / 127, hi >= lo + 0.01
 *               zero point = qmin + away(-lo / scale)               zero point 0, uint8: 128
 * even, away: to the nearest integer, ties to even or away from 0; zero points are clamped to the type
 * </pre>
 *
 * <p>The arithmetic is that of the engine: double after a float difference for ONNX_RUNTIME, float for PYTORCH, TFLITE
 * and NVIDIA, double for AIMET. Too narrow a range gives the scale 1 and the zero point 0 under ONNX_RUNTIME (below the
 * smallest normal scale) and NVIDIA (A at most 2^-24).
 *
 * <p>{@link QuantScheme#FIXED} is one rule for all engines that have it: OCTANT, ONNX_RUNTIME, PYTORCH, TFLITE.
 *
 * <p>Stateless and thread safe. Source: ONNX Runtime {@code compute_scale_zp}; PyTorch {@code _calculate_qparams};
 * TensorFlow Lite {@code GetAsymmetricQuantizationParams} and its symmetric weights; NVIDIA pytorch-quantization
 * {@code tensor_quant}; AIMET {@code getComputedEncodings}.
 */
public enum ParameterPolicy {
    /** Ours: {@link QuantScheme}. */
    OCTANT("octant") {
        @Override
        QuantParams asymmetric(float lo, float hi, QuantType type) {
            return QuantScheme.ASYMMETRIC.chooseFinite(lo, hi, type);
        }

        @Override
        QuantParams symmetric(float lo, float hi, QuantType type) {
            return QuantScheme.SYMMETRIC.chooseFinite(lo, hi, type);
        }
    },

    /** {@code onnxruntime.quantization}; symmetric int8 keeps to the codes -127..127. */
    ONNX_RUNTIME("onnxruntime") {
        @Override
        QuantParams asymmetric(float lo, float hi, QuantType type) {
            double scale = (double) (hi - lo) / (type.high() - type.low());
            if (scale < Float.MIN_NORMAL) {
                return new QuantParams(type, 1f, 0);
            }
            return params(type, (float) scale, Math.rint(type.low() - lo / scale));
        }

        @Override
        QuantParams symmetric(float lo, float hi, QuantType type) {
            float magnitude = Math.max(-lo, hi);
            double scale = (double) (magnitude + magnitude) / (type.isSigned() ? 254 : 255);
            return scale < Float.MIN_NORMAL ? new QuantParams(type, 1f, 0) : params(type, (float) scale, middle(type));
        }
    },

    /** The observers of {@code torch.ao.quantization}. */
    PYTORCH("pytorch") {
        @Override
        QuantParams asymmetric(float lo, float hi, QuantType type) {
            float scale = Math.max((hi - lo) / (type.high() - type.low()), LEAST_TORCH_SCALE);
            return params(type, scale, type.low() - Math.rint((double) (lo / scale)));
        }

        @Override
        QuantParams symmetric(float lo, float hi, QuantType type) {
            float half = (type.high() - type.low()) / 2f;
            return params(type, Math.max(Math.max(-lo, hi) / half, LEAST_TORCH_SCALE), middle(type));
        }
    },

    /** The TensorFlow Lite converter. */
    TFLITE("tflite") {
        @Override
        QuantParams asymmetric(float lo, float hi, QuantType type) {
            float scale = (hi - lo) / (type.high() - type.low());
            return params(type, scale, awayFromZero((double) (type.low() - lo / scale)));
        }

        @Override
        QuantParams symmetric(float lo, float hi, QuantType type) {
            Validate.isTrue(
                    type.isSigned(), "type must be signed for symmetric parameters under %s, was %s", this, type);
            return params(type, Math.max(-lo, hi) / 127, 0);
        }
    },

    /** NVIDIA's pytorch-quantization and ModelOpt: symmetric only, uint8 for data without negative values only. */
    NVIDIA("nvidia") {
        @Override
        QuantParams asymmetric(float lo, float hi, QuantType type) {
            throw new IllegalArgumentException("scheme must be SYMMETRIC under NVIDIA, was ASYMMETRIC");
        }

        @Override
        QuantParams symmetric(float lo, float hi, QuantType type) {
            Validate.isTrue(type.isSigned() || lo == 0, "range must be at least 0 for uint8 under NVIDIA, was %s", lo);
            float magnitude = Math.max(-lo, hi);
            return magnitude <= 0x1p-24f ? new QuantParams(type, 1f, 0) : params(type, magnitude / type.high(), 0);
        }
    },

    /** AIMET; its strict symmetric mode is {@link QuantType#INT8_NARROW}. */
    AIMET("aimet") {
        @Override
        QuantParams asymmetric(float lo, float hi, QuantType type) {
            int steps = type.high() - type.low();
            double delta = (widened(lo, hi) - lo) / steps;
            double offset = Math.min(awayFromZero(-lo / delta), steps);
            return params(type, (float) delta, type.low() + offset);
        }

        @Override
        QuantParams symmetric(float lo, float hi, QuantType type) {
            return params(type, (float) (Math.max(-lo, widened(lo, hi)) / 127), middle(type));
        }

        private double widened(float lo, float hi) {
            return Math.max(hi, lo + 0.01);
        }
    };

    /** The {@code eps} of PyTorch's observers: the rounding unit of float32. */
    private static final float LEAST_TORCH_SCALE = 0x1p-23f;

    private final String label;

    ParameterPolicy(String label) {
        this.label = label;
    }

    /** The name on the command line: {@code octant}, {@code onnxruntime}, {@code pytorch}, {@code tflite}, .. */
    public String label() {
        return label;
    }

    /**
     * The constant of a {@link #label}, in any case of letters and with blanks around it.
     *
     * @throws IllegalArgumentException if the word names none
     */
    public static ParameterPolicy parse(String word) {
        return Labels.find("policy", word, values(), ParameterPolicy::label);
    }

    /**
     * Scale and zero point for a range.
     *
     * @param range the real values to represent, finite as floats; widened to hold 0
     * @param type the grid of codes
     * @param scheme whether 0 lies in the middle of the codes
     * @throws IllegalArgumentException if an end of the range is infinite as a float, the engine has no such
     *     parameters, or its scale is not a positive normal float
     */
    public QuantParams choose(RealRange range, QuantType type, QuantScheme scheme) {
        Given.require("range", range);
        Given.require("type", type);
        Given.require("scheme", scheme);
        if (scheme == QuantScheme.FIXED) {
            Validate.isTrue(
                    this != NVIDIA && this != AIMET,
                    "scheme must be ASYMMETRIC or SYMMETRIC under %s, was FIXED",
                    this);
            return scheme.choose(range, type);
        }
        float lo = (float) Math.min(range.min(), 0);
        float hi = (float) Math.max(range.max(), 0);
        Validate.isTrue(
                Float.isFinite(lo) && Float.isFinite(hi), "range must have ends finite as floats, was %s", range);
        return scheme == QuantScheme.SYMMETRIC ? symmetric(lo, hi, type) : asymmetric(lo, hi, type);
    }

    abstract QuantParams asymmetric(float lo, float hi, QuantType type);

    abstract QuantParams symmetric(float lo, float hi, QuantType type);

    /** Parameters of this engine, refused where its scale is none. */
    final QuantParams params(QuantType type, float scale, double zeroPoint) {
        Validate.isTrue(
                scale >= Float.MIN_NORMAL && scale <= Float.MAX_VALUE,
                "range must give a scale that is a positive normal float under %s, was the scale %s",
                this,
                scale);
        return new QuantParams(type, scale, (int) Math.min(Math.max(zeroPoint, type.low()), type.high()));
    }

    private static int middle(QuantType type) {
        return type.isSigned() ? 0 : 128;
    }

    private static double awayFromZero(double x) {
        double magnitude = Math.abs(x);
        double floor = Math.floor(magnitude);
        return Math.copySign(magnitude - floor >= 0.5 ? floor + 1 : floor, x);
    }
}
