// SPDX-License-Identifier: Apache-2.0
package dev.octant.ops.internal.engines;

/**
 * The unevaluated sum of two floats, the second below half an ulp of the first: about 48 bits. The operations are
 * those of SLEEF on processors with fused multiply-add, rounding for rounding, so that results agree with it in the
 * last bit.
 *
 * @param high the nearest float
 * @param low what it lacks
 */
record FloatPair(float high, float low) {
    /** A float as it is. */
    static FloatPair of(float value) {
        return new FloatPair(value, 0);
    }

    /** {@code x + this} for an x of at least this magnitude. */
    FloatPair addTo(float x) {
        float sum = x + high;
        return new FloatPair(sum, x - sum + high + low);
    }

    /** {@code this + that} for a pair of at most this magnitude. */
    FloatPair addSmaller(FloatPair that) {
        float sum = high + that.high;
        return new FloatPair(sum, high - sum + that.high + low + that.low);
    }

    /** {@code this + that}. */
    FloatPair add(FloatPair that) {
        float sum = high + that.high;
        float v = sum - high;
        float rest = (high - (sum - v)) + (that.high - v);
        return new FloatPair(sum, rest + (low + that.low));
    }

    /** {@code this + y}. */
    FloatPair add(float y) {
        float sum = high + y;
        float v = sum - high;
        return new FloatPair(sum, (high - (sum - v)) + (y - v) + low);
    }

    FloatPair negate() {
        return new FloatPair(-high, -low);
    }

    FloatPair multiply(FloatPair that) {
        float product = high * that.high;
        return new FloatPair(
                product, Math.fma(high, that.low, Math.fma(low, that.high, Math.fma(high, that.high, -product))));
    }

    FloatPair multiply(float y) {
        float product = high * y;
        return new FloatPair(product, Math.fma(low, y, Math.fma(high, y, -product)));
    }

    FloatPair square() {
        float product = high * high;
        return new FloatPair(product, Math.fma(high + high, low, Math.fma(high, high, -product)));
    }

    /** {@code 1 / this}. */
    FloatPair reciprocal() {
        float t = 1 / high;
        return new FloatPair(t, t * Math.fma(-low, t, Math.fma(-high, t, 1f)));
    }

    FloatPair divide(FloatPair that) {
        float t = 1 / that.high;
        float quotient = high * t;
        float rest = Math.fma(t, high, -quotient);
        float correction = Math.fma(-that.low, t, Math.fma(-that.high, t, 1f));
        return new FloatPair(quotient, Math.fma(quotient, correction, Math.fma(low, t, rest)));
    }

    FloatPair scale(int exponent) {
        return new FloatPair(Math.scalb(high, exponent), Math.scalb(low, exponent));
    }

    /** The one float. */
    float value() {
        return high + low;
    }
}
