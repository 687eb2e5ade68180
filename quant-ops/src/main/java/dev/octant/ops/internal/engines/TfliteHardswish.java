// SPDX-License-Identifier: Apache-2.0
package dev.octant.ops.internal.engines;

import dev.octant.core.QuantParams;
import java.util.function.IntUnaryOperator;
import org.apache.commons.lang3.Validate;

/**
 * Hardswish in 16-bit fixed point, as TensorFlow Lite's reference kernel computes it.
 *
 * <pre>
 * v    = (q - inZero) * 128
 * pre  = v * m                      m = (inScale / 128) / outScale, its mantissa reduced to 16 bits, its power left out
 * gate = v in units of 3 / 32768, saturating in 16 bits; then (gate + 32768) / 2: 0..32767 for 0..1
 * q'   = clamp(trunc(gate * pre / 32768) / 2^-power + outZero)      the last division rounds half away from zero
 * </pre>
 *
 * <p>Source: {@code HardSwishPrepare} and {@code reference_ops::HardSwish} of TensorFlow Lite.
 */
public final class TfliteHardswish {
    private static final float GATE_UNIT = 3f / 32768;

    private TfliteHardswish() {}

    public static IntUnaryOperator codes(QuantParams in, QuantParams out) {
        float fine = (1f / 128) * in.scale();
        FixedPoint toOutput = FixedPoint.of(fine / out.scale());
        Validate.isTrue(
                toOutput.shift() <= 0,
                "input scale of hardswish must be less than 128 output scales under profile tflite, was %s of %s",
                in.scale(),
                out.scale());
        FixedPoint toGate = FixedPoint.of(fine / GATE_UNIT);
        short outputMantissa = high(toOutput);
        short gateMantissa = high(toGate);
        return q -> {
            short v = (short) ((q - in.zeroPoint()) << 7);
            int gate = (gate(v, gateMantissa, toGate.shift()) + 32768) >> 1;
            int product = gate * FixedPoint.multiplyHigh16(v, outputMantissa) / (1 << 15);
            int code = FixedPoint.shiftRight16((short) product, -toOutput.shift()) + out.zeroPoint();
            return Math.min(Math.max(code, out.type().low()), out.type().high());
        };
    }

    /** The last doubling of a left shift is done after the product, so that it saturates rather than the factor. */
    private static short gate(short v, short mantissa, int shift) {
        if (shift > 0) {
            return FixedPoint.shiftLeft16(FixedPoint.multiplyHigh16(FixedPoint.shiftLeft16(v, shift - 1), mantissa), 1);
        }
        return FixedPoint.shiftRight16(FixedPoint.multiplyHigh16(v, mantissa), -shift);
    }

    /** The mantissa in 16 bits, rounded half up and held below 2^15. */
    private static short high(FixedPoint multiplier) {
        return (short) Math.min((multiplier.mantissa() + (1L << 15)) >> 16, Short.MAX_VALUE);
    }
}
