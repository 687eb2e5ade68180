// SPDX-License-Identifier: Apache-2.0
package dev.octant.core;

import dev.octant.core.internal.text.Given;
import dev.octant.core.internal.text.Labels;
import java.util.Locale;
import org.apache.commons.lang3.Validate;

/**
 * How a range of real values becomes scale and zero point, by the rule of Octant; {@link ParameterPolicy} has those
 * of the engines.
 *
 * <p>Every scheme first widens the range to hold 0, which must be exact. Arithmetic follows ONNX Runtime's: the width
 * is a float difference, the division and the zero point are computed in double, and the scale is rounded to float
 * last, so {@link #ASYMMETRIC} and int8 {@link #SYMMETRIC} give that engine's bits. A range too narrow for a normal
 * float scale (all zeros, say) has the scale 1: whatever it holds is then quantized to 0. Near the largest float, where
 * the real value of a code would be infinite (one that real values become: under SYMMETRIC those from -127 to 127 steps
 * from the zero point), the scale is the largest float of which as many steps are finite.
 *
 * <p>Stateless and thread safe. Source: ONNX Runtime {@code compute_scale_zp}; fixed outputs: TensorFlow Lite's 8-bit
 * specification and PyTorch's fixed-parameter operators.
 */
public enum QuantScheme {
    /**
     * {@code scale = (max - min) / (qmax - qmin)}, {@code zeroPoint = rint(qmin - min / scale)}: every code is used.
     */
    ASYMMETRIC {
        @Override
        QuantParams chooseFinite(float min, float max, QuantType type) {
            return spread(min, max, type, type.levels() - 1);
        }
    },

    /**
     * {@code scale = max(|min|, |max|) / 127}, zero point 0, or 128 for uint8: real values mirror at the zero point,
     * and the end farther from 0 is 127 steps from it.
     */
    SYMMETRIC {
        @Override
        QuantParams chooseFinite(float min, float max, QuantType type) {
            int zeroPoint = Math.floorDiv(type.low() + type.high() + 1, 2);
            int steps = type.high() - zeroPoint;
            double scale = (double) Math.max(-min, max) / steps;
            return new QuantParams(type, scale < Float.MIN_NORMAL ? 1f : finite(scale, steps), zeroPoint);
        }
    },

    /**
     * {@code scale = (max - min) / levels}, {@code zeroPoint = rint(qmin - min / scale)}: the range is cut into as many
     * steps as there are codes, so the upper end lies one step past the last code. The rule the field uses for
     * functions of fixed range: sigmoid and softmax 1/256 with zero point -128 (int8) or 0 (uint8), tanh 1/128 with 0
     * or 128.
     */
    FIXED {
        @Override
        QuantParams chooseFinite(float min, float max, QuantType type) {
            return spread(min, max, type, type.levels());
        }
    };

    /** The name in files and on the command line: {@code asymmetric}, {@code symmetric}, {@code fixed}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The constant of a {@link #label}, in any case of letters and with blanks around it.
     *
     * @throws IllegalArgumentException if the word names none
     */
    public static QuantScheme parse(String word) {
        return Labels.find("scheme", word, values(), QuantScheme::label);
    }

    /**
     * The same for schemes of data, {@link #ASYMMETRIC} and {@link #SYMMETRIC}: fixed outputs belong to ops, not to
     * users.
     *
     * @throws IllegalArgumentException if the word names neither
     */
    public static QuantScheme parseOfData(String word) {
        Given.require("scheme", word);
        for (QuantScheme scheme : new QuantScheme[] {ASYMMETRIC, SYMMETRIC}) {
            if (scheme.label().equalsIgnoreCase(word.strip())) {
                return scheme;
            }
        }
        throw new IllegalArgumentException("scheme must be asymmetric or symmetric, was '" + word + "'");
    }

    /**
     * Scale and zero point for a range.
     *
     * @param range the real values to represent, finite as floats; widened to hold 0
     * @param type the grid of codes
     * @throws IllegalArgumentException if an end of the range is infinite as a float
     */
    public QuantParams choose(RealRange range, QuantType type) {
        Given.require("range", range);
        Given.require("type", type);
        float min = (float) Math.min(range.min(), 0);
        float max = (float) Math.max(range.max(), 0);
        Validate.isTrue(
                Float.isFinite(min) && Float.isFinite(max), "range must have ends finite as floats, was %s", range);
        return chooseFinite(min, max, type);
    }

    abstract QuantParams chooseFinite(float min, float max, QuantType type);

    /** max - min as a float, as the engines compute it; as a double only where that float overflows. */
    private static double width(float min, float max) {
        float width = max - min;
        return Float.isInfinite(width) ? (double) max - min : width;
    }

    /** The range cut into {@code steps} steps, its lower end at the lowest code. */
    private static QuantParams spread(float min, float max, QuantType type, int steps) {
        double scale = width(min, max) / steps;
        if (scale < Float.MIN_NORMAL) {
            return new QuantParams(type, 1f, Math.max(type.low(), 0));
        }
        int zeroPoint = zeroPoint(min, scale, type);
        int farthest = Math.max(zeroPoint - type.low(), type.high() - zeroPoint);
        float finite = finite(scale, farthest);
        return new QuantParams(type, finite, finite < (float) scale ? zeroPoint(min, finite, type) : zeroPoint);
    }

    private static int zeroPoint(float min, double scale, QuantType type) {
        double zeroPoint = Math.rint(type.low() - min / scale);
        return (int) Math.min(Math.max(zeroPoint, type.low()), type.high());
    }

    /** The scale as a float, or, where so many steps of it leave the floats, the largest of which they do not. */
    static float finite(double scale, int steps) {
        float rounded = (float) scale;
        if (Float.isFinite(steps * rounded)) {
            return rounded;
        }
        // The quotient is off by half of its last place at the most: it or the float below is the largest.
        float most = Float.MAX_VALUE / steps;
        return Float.isFinite(steps * most) ? most : Math.nextDown(most);
    }
}
