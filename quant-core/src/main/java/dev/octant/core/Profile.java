package dev.octant.core;

import dev.octant.core.kernel.Affine;

/**
 * Whose arithmetic is reproduced: the rule by which an inference engine turns floats into codes and back.
 *
 * <pre>
 * steps      x / scale                 ONNX, ONNX_RUNTIME, TFLITE
 *            x * (1 / scale)           XNNPACK, PYTORCH; reciprocal and product each rounded to float
 * round      half to even              all but TFLITE
 *            half away from zero       TFLITE
 * quantize   clamp(round(steps) + zeroPoint, qmin, qmax)
 * dequantize (q - zeroPoint) * scale   one float multiplication, in every engine
 * </pre>
 *
 * <p>The forms differ by one code at, or next to, values half way between two codes: division against reciprocal alone
 * changes 7 to 10 in a hundred such values. How an engine evaluates an activation is a further part of its profile, which
 * the tables of {@code dev.octant.ops} know.
 *
 * <p>Infinities and values beyond the grid saturate under every profile. That departs from engines that convert to an
 * integer first and so wrap: TensorFlow Lite on x86 sends +infinity to the lowest code where the zero point is not
 * negative, PyTorch's vector code sends -infinity to the highest where it is, and its per-channel fake quantization sends
 * +infinity to the lowest. NaN becomes the zero point, except under {@link #ONNX_RUNTIME}, which defines it.
 *
 * <p>Immutable and thread safe, like every enum. Sources: named at each constant, versions those measured.
 */
public enum Profile {
    /**
     * ONNX {@code QuantizeLinear} and {@code DequantizeLinear}, and Octant's own: exactly {@link QuantParams}. NaN becomes
     * the zero point.
     */
    ONNX("onnx"),

    /**
     * ONNX Runtime 1.30 on CPUs ({@code MlasQuantizeLinear}): {@link #ONNX}, except that NaN becomes the lowest code,
     * because its clamp takes the second operand of {@code max(NaN, low)} on x86 and on ARM64 alike.
     */
    ONNX_RUNTIME("onnxruntime"),

    /**
     * The reference kernels of TensorFlow Lite ({@code AffineQuantize}, TensorFlow 2.21): division, half away from zero.
     * Its optimised kernel has the rule of {@link #XNNPACK} for the body of a tensor and this one for the last
     * {@code length % 8} elements. NaN is undefined there and becomes the zero point here.
     */
    TFLITE("tflite"),

    /**
     * XNNPACK's conversion of float32 to 8 bits: reciprocal, half to even. NaN follows the processor's minimum instruction
     * there (the highest code on x86) and becomes the zero point here.
     */
    XNNPACK("xnnpack"),

    /**
     * PyTorch 2.14.1: {@code fake_quantize_per_tensor_affine}, {@code quantize_per_tensor}, the {@code quantized_decomposed}
     * operators and the vector code of the quantized operators: reciprocal, half to even, zero point added to the rounded
     * integer. Version 2.13.0 alone adds it before rounding. NaN has three answers there and becomes the zero point here.
     */
    PYTORCH("pytorch");

    private final String label;

    Profile(String label) {
        this.label = label;
    }

    /** The name in files and on the command line: {@code onnx}, {@code onnxruntime}, {@code tflite}, .. */
    public String label() {
        return label;
    }

    /** The code of {@code x}: {@code clamp(round(steps) + zeroPoint, qmin, qmax)}; infinities saturate. */
    public int quantize(float x, QuantParams params) {
        if (this == ONNX) {
            return params.quantize(x);
        }
        int zeroPoint = params.zeroPoint();
        int low = params.type().low();
        if (Float.isNaN(x)) {
            return this == ONNX_RUNTIME ? low : zeroPoint;
        }
        float rounded = round(steps(x, params.scale()));
        float clipped =
                Math.min(Math.max(rounded, low - zeroPoint), params.type().high() - zeroPoint);
        return (int) clipped + zeroPoint;
    }

    /** The real value of a code: {@code (code - zeroPoint) * scale}, the same in every engine. */
    public float dequantize(int code, QuantParams params) {
        return params.dequantize(code);
    }

    /**
     * Whether the code of {@code x} needs no clamping, which is where fake quantization passes a gradient:
     * {@code qmin <= round(steps) + zeroPoint <= qmax}. False for NaN and infinities.
     */
    public boolean inRange(float x, QuantParams params) {
        float rounded = round(steps(x, params.scale()));
        int zeroPoint = params.zeroPoint();
        return rounded >= params.type().low() - zeroPoint
                && rounded <= params.type().high() - zeroPoint;
    }

    /** {@code x} in steps of {@code scale}, before rounding, as this engine computes it. */
    public float steps(float x, float scale) {
        return switch (this) {
            case ONNX, ONNX_RUNTIME, TFLITE -> x / scale;
            case XNNPACK, PYTORCH -> x * (1 / scale);
        };
    }

    /** The whole number that stands for {@code steps}, by this engine's rule for ties; NaN and infinities as they are. */
    public float round(float steps) {
        return this == TFLITE ? Affine.roundHalfAway(steps) : (float) Math.rint(steps);
    }

    /** Quantizes a block whose bounds have been checked. */
    void quantize(QuantParams params, float[] src, int srcOffset, byte[] dst, int dstOffset, int length) {
        if (this == ONNX) {
            params.quantize(src, srcOffset, dst, dstOffset, length);
            return;
        }
        for (int i = 0; i < length; i++) {
            dst[dstOffset + i] = (byte) quantize(src[srcOffset + i], params);
        }
    }

    @Override
    public String toString() {
        return label;
    }
}
