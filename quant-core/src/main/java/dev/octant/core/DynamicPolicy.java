// SPDX-License-Identifier: Apache-2.0
package dev.octant.core;

import dev.octant.core.internal.text.Labels;

/**
 * By whose rule parameters are chosen from the data that is quantized with them: dynamic quantization.
 *
 * <p>With {@code lo = min(min x, 0)}, {@code hi = max(max x, 0)}, {@code A = max(-lo, hi)}, all as floats, the codes
 * {@code qmin .. qmax} of the type, and {@code even} to the nearest integer, ties to even:
 *
 * <pre>
 * policy                   scale s                                   zero point z                  codes
 * ONNX                     (hi - lo) / (qmax - qmin), 1 if 0         even(qmin - lo / s)           even(x / s) + z
 * PYTORCH                  (hi - lo) / (qmax - qmin), see below      see below                     even(x (1 / s)) + z
 * PYTORCH_REDUCED          the same with half of the codes           the same                      the same
 * PYTORCH_TOKEN            max((hi - lo) / (qmax - qmin), 2^-23)     even of the nearer end        even(x (1 / s) + z)
 * PYTORCH_TOKEN_SYMMETRIC  max(A, 1e-5) / qmax                       0                             even(x (1 / s))
 * TORCHAO                  max((hi - lo) / (qmax - qmin), 2^-126)    qmin - even(lo / s)           even(x (1 / s)) + z
 * TORCHAO_SYMMETRIC        max(A / ((qmax - qmin) / 2), 2^-126)      0                             even(x (1 / s))
 * TORCHAO_NARROW           max(A / qmax, 1e-5)                       0, codes from -qmax           even(x (1 / s))
 * TORCHAO_NO_CLIPPING      max(lo / qmin, hi / qmax, 2^-126)         0                             even(x (1 / s))
 * NVIDIA                   A / qmax, 1 if A is at most 2^-24         0, codes from -qmax           even(x (qmax / A))
 * </pre>
 *
 * <p>Zero points and codes are clamped to the type. PYTORCH: the scale in double, 0.1 if it or its reciprocal is no
 * float, at least 6.1e-5, to which the range is then stretched; the zero point is {@code qmin - lo / s} or {@code qmax
 * - hi / s}, of the end for which {@code |q| - |x / s|} is less. PYTORCH_TOKEN: that of {@code qmin - lo / s} and
 * {@code qmax - hi / s} of which the first is taken if {@code (qmin + lo / s) + (qmax + hi / s)} is positive. Octant's
 * own rule is ONNX's: of a row of zeros every policy makes something else.
 *
 * <p>A row that an engine gives a scale below the normal floats has the scale 1, and so zeros; one whose scale, or the
 * value of an end of the codes, would be infinite has the largest scale of which that is finite. These rows differ from
 * the engine by intent.
 *
 * <p>Immutable and thread safe, like every enum. Source: ONNX {@code DynamicQuantizeLinear}; PyTorch 2.14.1 {@code
 * quantize_per_tensor_dynamic}, {@code quantized_decomposed.choose_qparams_per_token}; torchao {@code
 * choose_qparams_affine}; NVIDIA pytorch-quantization 2.2.1 {@code tensor_quant}.
 */
public enum DynamicPolicy {
    /** ONNX {@code DynamicQuantizeLinear}, which has uint8 alone. */
    ONNX("onnx", false),

    /** {@code quantize_per_tensor_dynamic} and {@code linear_dynamic} without reduced range: int8 and uint8. */
    PYTORCH("pytorch", false),

    /** The same with {@code reduce_range}, for kernels whose sums of products have 16 bits. */
    PYTORCH_REDUCED("pytorch_reduced", false),

    /** {@code choose_qparams_per_token_asymmetric}, XNNPACK's rule. */
    PYTORCH_TOKEN("pytorch_token", false),

    /** {@code choose_qparams_per_token}: symmetric, for signed types; codes may be the lowest. */
    PYTORCH_TOKEN_SYMMETRIC("pytorch_token_symmetric", true),

    /** torchao's {@code MappingType.ASYMMETRIC}. */
    TORCHAO("torchao", false),

    /** torchao's {@code MappingType.SYMMETRIC} on all codes of a signed type. */
    TORCHAO_SYMMETRIC("torchao_symmetric", true),

    /** The same without the lowest code, as its dynamic activations of 8 bits have it. */
    TORCHAO_NARROW("torchao_narrow", true),

    /** torchao's {@code MappingType.SYMMETRIC_NO_CLIPPING_ERR}. */
    TORCHAO_NO_CLIPPING("torchao_no_clipping", true),

    /** NVIDIA's quantizers without a calibrated amax; what they hold as factor is one over this scale. */
    NVIDIA("nvidia", true);

    private static final float SMALL_PYTORCH = 6.1e-5f;
    private static final float SMALL_TORCHAO = 1e-5f;

    private final String label;
    private final boolean symmetric;

    DynamicPolicy(String label, boolean symmetric) {
        this.label = label;
        this.symmetric = symmetric;
    }

    /** The name in files and on the command line: {@code onnx}, {@code pytorch}, {@code torchao_symmetric}, .. */
    public String label() {
        return label;
    }

    /**
     * The constant of a {@link #label}, in any case of letters and with blanks around it.
     *
     * @throws IllegalArgumentException if the word names none
     */
    public static DynamicPolicy parse(String word) {
        return Labels.find("policy", word, values(), DynamicPolicy::label);
    }

    /** Whether the zero point is always 0, which a type without a sign does not have. */
    public boolean isSymmetric() {
        return symmetric;
    }

    /** The smallest code that is written. */
    int low(IntegerType type) {
        return this == TORCHAO_NARROW || this == NVIDIA ? -type.high() : type.low();
    }

    /** The step for a range that holds 0, finite; what is no normal float is put right by the caller. */
    float scale(float lo, float hi, IntegerType type) {
        int low = type.low();
        int high = type.high();
        float magnitude = Math.max(-lo, hi);
        return switch (this) {
            case ONNX -> width(lo, hi, high - low);
            case PYTORCH -> (float) pytorch(lo, hi, high - low);
            case PYTORCH_REDUCED -> (float) pytorch(lo, hi, high / 2 - low / 2);
            case PYTORCH_TOKEN -> Math.max(width(lo, hi, high - low), 0x1p-23f);
            case PYTORCH_TOKEN_SYMMETRIC -> Math.max(magnitude, SMALL_TORCHAO) / high;
            case TORCHAO -> Math.max(width(lo, hi, high - low), Float.MIN_NORMAL);
            case TORCHAO_SYMMETRIC -> Math.max(magnitude / ((high - low) / 2f), Float.MIN_NORMAL);
            case TORCHAO_NARROW -> Math.max(magnitude / high, SMALL_TORCHAO);
            case TORCHAO_NO_CLIPPING -> Math.max(Math.max(lo / low, hi / high), Float.MIN_NORMAL);
            case NVIDIA -> magnitude > 0x1p-24f ? magnitude / high : 1;
        };
    }

    /** What a value is multiplied by before its zero point is added, where that comes before rounding. */
    float factor(float lo, float hi, float scale, IntegerType type) {
        float magnitude = Math.max(-lo, hi);
        if (this == NVIDIA) {
            return magnitude > 0x1p-24f ? type.high() / magnitude : 1;
        }
        return 1 / scale;
    }

    /** A quotient of floats, in double only where the width is no float. */
    private static float width(float lo, float hi, int steps) {
        float width = hi - lo;
        return Float.isInfinite(width) ? (float) (((double) hi - lo) / steps) : width / steps;
    }

    private static double pytorch(float lo, float hi, int steps) {
        double scale = ((double) hi - lo) / steps;
        if ((float) scale == 0 || Float.isInfinite(1 / (float) scale)) {
            return 0.1;
        }
        return Math.max(scale, SMALL_PYTORCH);
    }

    /** The code of real 0, unclamped, of the range and the step that {@link #scale} chose for it. */
    double zeroPoint(float lo, float hi, float scale, IntegerType type) {
        int low = type.low();
        int high = type.high();
        return switch (this) {
            case ONNX -> Math.rint(low - lo / scale);
            case PYTORCH -> pytorchZero(lo, hi, low, high);
            case PYTORCH_REDUCED -> pytorchZero(lo, hi, low / 2, high / 2);
            case PYTORCH_TOKEN -> tokenZero(lo / scale, hi / scale, low, high);
            case TORCHAO -> low - Math.rint(lo / scale);
            default -> 0;
        };
    }

    /** By the end of the codes that leaves the smaller error; all in double but for the stretching of the range. */
    private static double pytorchZero(float lo, float hi, int low, int high) {
        int steps = high - low;
        double scale = pytorch(lo, hi, steps);
        double exact = ((double) hi - lo) / steps;
        float min = lo;
        float max = hi;
        if (exact < SMALL_PYTORCH && scale == SMALL_PYTORCH) {
            if (lo == 0) {
                max = SMALL_PYTORCH * steps;
            } else if (hi == 0) {
                min = -SMALL_PYTORCH * steps;
            } else {
                float stretch = SMALL_PYTORCH / (float) exact;
                min *= stretch;
                max *= stretch;
            }
        }
        double fromLow = low - min / scale;
        double fromHigh = high - max / scale;
        double lowError = Math.abs(low) - Math.abs(min / scale);
        double highError = Math.abs(high) - Math.abs(max / scale);
        return Math.min(Math.max(Math.rint(lowError < highError ? fromLow : fromHigh), low), high);
    }

    private static double tokenZero(float lo, float hi, int low, int high) {
        float zero = (low + lo) + (high + hi) > 0 ? low - lo : high - hi;
        return Math.rint(Math.min(Math.max(zero, low), high));
    }

    @Override
    public String toString() {
        return label;
    }
}
