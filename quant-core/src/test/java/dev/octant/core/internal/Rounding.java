// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal;

/** From a float to a whole number of steps and to a code, in doubles: what is defined, and not how the loops do it. */
public enum Rounding {
    /** By division, half to even. */
    DIVISION {
        @Override
        public double steps(float x, float scale) {
            return Math.rint((double) (x / scale));
        }
    },
    /** By multiplication with the reciprocal of the scale, half to even. */
    RECIPROCAL {
        @Override
        public double steps(float x, float scale) {
            return Math.rint((double) (x * (1 / scale)));
        }
    },
    /** By division, half away from zero. */
    HALF_AWAY {
        @Override
        public double steps(float x, float scale) {
            double steps = (double) (x / scale);
            return Math.copySign(Math.floor(Math.abs(steps) + 0.5), steps);
        }
    };

    /** The number of steps, whole, infinite or NaN. */
    public abstract double steps(float x, float scale);

    /** The code of {@code x}; {@code nan} is that of NaN. */
    public final int code(float x, float scale, int zeroPoint, int qmin, int qmax, int nan) {
        return Float.isNaN(x) ? nan : clamped(steps(x, scale), zeroPoint, qmin, qmax);
    }

    /** 1 where the code needs no clamping, else 0. */
    public final int inRange(float x, float scale, int zeroPoint, int qmin, int qmax) {
        double code = steps(x, scale) + zeroPoint;
        return code >= qmin && code <= qmax ? 1 : 0;
    }

    /** The code of a whole or infinite number of steps. */
    public static int clamped(double steps, int zeroPoint, int qmin, int qmax) {
        return (int) Math.max(qmin, Math.min(qmax, steps + zeroPoint));
    }
}
