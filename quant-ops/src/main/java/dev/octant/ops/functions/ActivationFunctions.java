// SPDX-License-Identifier: Apache-2.0
package dev.octant.ops.functions;

/**
 * The activation functions in double precision: the float reference every table is made from.
 *
 * <p>Each is a pure function of one real number, accurate to a few units in the last place of a double, and where the
 * exponent has a factor (swish, quick_gelu, celu, the tanh form of gelu) to some more for each unit of its magnitude.
 * It returns a finite number for every finite {@code float} input and parameter: none overflows on the way. NaN gives NaN; an infinity gives the
 * limit. The two limits of {@code exp} that decide this are 88.72283905206835 = ln(Float.MAX_VALUE), beyond which a
 * float exponential is infinite, and {@value #MAX_EXP} = ln(Double.MAX_VALUE), where {@link #exp} stops growing; the
 * other end is -103.2789 = ln(Float.MIN_VALUE), the least logarithm of a positive float.
 *
 * <p>Stateless and thread safe.
 */
public final class ActivationFunctions {
    /** ln(Double.MAX_VALUE): the largest argument whose exponential is a finite double. */
    public static final double MAX_EXP = 709.782712893383996843;

    /** ln(Float.MIN_VALUE) = -149 ln 2: the value of {@link #log} at 0 and below. */
    public static final double MIN_LOG = Math.log(Float.MIN_VALUE);

    /** 1 / sqrt(Float.MIN_VALUE) = 2^74.5: the value of {@link #rsqrt} at 0 and below. */
    public static final double MAX_RSQRT = Math.sqrt(1 / (double) Float.MIN_VALUE);

    /** Default gamma of {@link #selu}, from Klambauer et al., "Self-Normalizing Neural Networks", 2017. */
    public static final double SELU_SCALE = 1.0507009873554804934193349852946;

    /** Default alpha of {@link #selu}, same source. */
    public static final double SELU_ALPHA = 1.6732632423543772848170429916717;

    private static final double SQRT_HALF = Math.sqrt(0.5);

    private static final double TWO_OVER_SQRT_PI = 1.12837916709551257390;

    /** 2 sqrt(2 / pi), twice the inner factor of the tanh form of GELU. */
    private static final double GELU_TANH_FACTOR = 2 * 0.7978845608028653558799;

    /**
     * Chebyshev coefficients of {@code (1 + 2z) exp(z^2) erfc(z)} in {@code t = (z - 3.75) / (z + 3.75)}, z >= 0:
     * computed for this project with 40 digits; the next term is below 1e-17.
     */
    private static final double[] ERFC = {
        2.3551578691348035082,
        -0.0045900545806464773309,
        -0.084249133366517915584,
        0.059209939998191890498,
        -0.026658668435305752277,
        0.0090749976707052650939,
        -0.0024131635404176081909,
        0.00049077583652580863229,
        -0.000069169733025012063671,
        4.1390279860730101675e-6,
        7.7403830661984906686e-7,
        -2.1886401049234395661e-7,
        1.0764999465670910377e-8,
        4.5219598112182868979e-9,
        -7.7544002088313511065e-10,
        -6.3180883408866844944e-11,
        2.8687950109306698981e-11,
        1.945586854577734723e-13,
        -9.6546967484334389059e-13,
        3.2525481481487398415e-14,
        3.3478119482868053878e-14,
        -1.8645628804193131015e-15,
        -1.2507950530688647085e-15,
        7.418235256624043463e-17,
        5.0681489047961113168e-17,
    };

    private ActivationFunctions() {}

    /** {@code 1 / (1 + e^-x)}, computed from {@code e^-|x|}, which cannot overflow. */
    public static double sigmoid(double x) {
        double e = Math.exp(-Math.abs(x));
        return x >= 0 ? 1 / (1 + e) : e / (1 + e);
    }

    /** {@code x sigmoid(x)}, also called Swish-1; its limit at -infinity is -0. */
    public static double silu(double x) {
        return gate(x, x);
    }

    /** {@code tanh(x)}. */
    public static double tanh(double x) {
        return Math.tanh(x);
    }

    /** {@code x Phi(x) = x erfc(-x / sqrt 2) / 2}, the exact GELU. */
    public static double gelu(double x) {
        return x == Double.NEGATIVE_INFINITY ? -0.0 : 0.5 * x * erfc(-x * SQRT_HALF);
    }

    /** {@code x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) / 2}; the bracket is a sigmoid, which does not cancel. */
    public static double geluTanh(double x) {
        return gate(x, GELU_TANH_FACTOR * (x + 0.044715 * x * x * x));
    }

    /** {@code x sigmoid(1.702 x)}. */
    public static double quickGelu(double x) {
        return gate(x, 1.702 * x);
    }

    /** {@code x sigmoid(alpha x)}: ONNX Swish. SiLU with alpha 1; half of x with alpha 0. */
    public static double swish(double x, double alpha) {
        if (alpha == 0) {
            return x / 2;
        }
        double z = alpha * x;
        return Double.isInfinite(x) && z < 0 ? Math.copySign(0.0, x) : x * sigmoid(z);
    }

    /** {@code x min(max(x + 3, 0), 6) / 6}. */
    public static double hardswish(double x) {
        return x <= -3 ? -0.0 : x >= 3 ? x : x * (x + 3) / 6;
    }

    /** {@code min(max(alpha x + beta, 0), 1)}: PyTorch has 1/6 and 1/2, ONNX 0.2 and 0.5 by default. */
    public static double hardsigmoid(double x, double alpha, double beta) {
        double slope = alpha == 0 && Double.isInfinite(x) ? 0 : alpha * x;
        return Math.min(Math.max(slope + beta, 0), 1);
    }

    /** {@code min(max(x, low), high)}; ONNX Clip too, where {@code low > high} gives {@code high} for every x. */
    public static double hardtanh(double x, double low, double high) {
        return Math.min(Math.max(x, low), high);
    }

    /** {@code max(x, 0)}. */
    public static double relu(double x) {
        return Math.max(x, 0);
    }

    /** {@code x} where positive, else {@code slope x}; PReLU with one slope is the same function. */
    public static double leakyRelu(double x, double slope) {
        if (slope == 0 && x == Double.NEGATIVE_INFINITY) {
            return 0;
        }
        return x > 0 ? x : slope * x;
    }

    /** {@code x} where positive, else {@code alpha (e^x - 1)}. */
    public static double elu(double x, double alpha) {
        return x > 0 ? x : alpha * Math.expm1(x);
    }

    /** {@code x} where positive, else {@code alpha (e^(x / alpha) - 1)}. */
    public static double celu(double x, double alpha) {
        return x > 0 ? x : alpha * Math.expm1(x / alpha);
    }

    /** {@code gamma elu(x, alpha)} with {@link #SELU_ALPHA} and {@link #SELU_SCALE}. */
    public static double selu(double x) {
        return selu(x, SELU_ALPHA, SELU_SCALE);
    }

    /** {@code gamma x} where positive, else {@code gamma alpha (e^x - 1)}: ONNX Selu. */
    public static double selu(double x, double alpha, double gamma) {
        if (gamma == 0 && Double.isInfinite(x)) {
            return 0;
        }
        return gamma * elu(x, alpha);
    }

    /** {@code x} where it is above {@code alpha}, else 0: ONNX ThresholdedRelu. */
    public static double thresholdedRelu(double x, double alpha) {
        return x <= alpha ? 0 : x;
    }

    /**
     * {@code x + bias} below {@code -lambda}, {@code x - bias} above {@code lambda}, else 0: ONNX Shrink. With the
     * bias 0 it is PyTorch's hardshrink, with the bias lambda its softshrink. Where both hold, for a negative lambda,
     * the first does.
     */
    public static double shrink(double x, double bias, double lambda) {
        if (x < -lambda) {
            return x + bias;
        }
        return x > lambda ? x - bias : Double.isNaN(x) ? x : 0;
    }

    /** {@code ln(1 + e^x) = max(x, 0) + log1p(e^-|x|)}. */
    public static double softplus(double x) {
        return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
    }

    /**
     * {@code x tanh(softplus(x))}. With {@code e = exp(-|x|)} the tangent is a quotient of polynomials in {@code e}:
     * {@code (1 + 2e) / (1 + 2e + 2e^2)} for positive and {@code e (e + 2) / (e (e + 2) + 2)} for negative x.
     */
    public static double mish(double x) {
        double e = Math.exp(-Math.abs(x));
        if (x >= 0) {
            return x * ((1 + 2 * e) / (1 + 2 * e + 2 * e * e));
        }
        double n = e * (e + 2);
        return x == Double.NEGATIVE_INFINITY ? -0.0 : x * (n / (n + 2));
    }

    /** {@code x / (1 + |x|)}. */
    public static double softsign(double x) {
        return Double.isInfinite(x) ? Math.signum(x) : x / (1 + Math.abs(x));
    }

    /** {@code e^x}, held at Double.MAX_VALUE from {@link #MAX_EXP} on. */
    public static double exp(double x) {
        return Math.min(Math.exp(x), Double.MAX_VALUE);
    }

    /**
     * {@code ln(max(x, Float.MIN_VALUE))}: finite for every finite x, the least logarithm of a float at 0 and below.
     */
    public static double log(double x) {
        return Math.log(Math.max(x, Float.MIN_VALUE));
    }

    /** {@code 1 / sqrt(max(x, Float.MIN_VALUE))}: finite, and its largest value at 0 and below. */
    public static double rsqrt(double x) {
        return Math.sqrt(1 / Math.max(x, Float.MIN_VALUE));
    }

    /** {@code ln(sigmoid(x)) = min(x, 0) - log1p(e^-|x|)}. */
    public static double logSigmoid(double x) {
        return Math.min(x, 0) - Math.log1p(Math.exp(-Math.abs(x)));
    }

    /**
     * {@code x - tanh(x)}. Below 1 the difference cancels, so there it is {@code x u / (1 + u)} with the continued
     * fraction {@code tanh(x) = x / (1 + u), u = x^2 / (3 + x^2 / (5 + ..))}.
     */
    public static double tanhshrink(double x) {
        if (!(Math.abs(x) < 1)) {
            return x - Math.tanh(x);
        }
        double square = x * x;
        double u = 0;
        for (int odd = 19; odd >= 3; odd -= 2) {
            u = square / (odd + u);
        }
        return x * (u / (1 + u));
    }

    /** The complementary error function {@code 1 - erf(x)}, accurate in relative terms until it underflows. */
    public static double erfc(double x) {
        double z = Math.abs(x);
        if (z > 28) {
            return x > 0 ? 0 : 2; // below the smallest double
        }
        double t = (z - 3.75) / (z + 3.75);
        double b1 = 0;
        double b2 = 0;
        for (int k = ERFC.length - 1; k > 0; k--) {
            double b0 = 2 * t * b1 - b2 + ERFC[k];
            b2 = b1;
            b1 = b0;
        }
        double scaled = (t * b1 - b2 + 0.5 * ERFC[0]) / (1 + 2 * z);
        double tail = expMinusSquare(z) * scaled;
        return x >= 0 ? tail : 2 - tail;
    }

    /** The error function: {@code 1 - erfc(x)}, and near 0, where that would cancel, its series. */
    public static double erf(double x) {
        double magnitude = Math.abs(x);
        if (magnitude >= 6) {
            return Math.signum(x); // nearer to 1 than half an ulp
        }
        if (!(magnitude < 0.5)) {
            return 1 - erfc(x);
        }
        if (magnitude < 0x1p-27) {
            return TWO_OVER_SQRT_PI * x; // the next term is below half an ulp, and would underflow further on
        }
        double square = x * x;
        double term = x;
        double sum = x;
        for (int n = 1; n <= 12; n++) {
            term *= -square / n;
            sum += term / (2 * n + 1);
        }
        return TWO_OVER_SQRT_PI * sum;
    }

    /** e^(-z^2), with the rounding error of the square carried along: it would grow with the square otherwise. */
    private static double expMinusSquare(double z) {
        double square = z * z;
        return Math.exp(-square) * (1 - Math.fma(z, z, -square));
    }

    /** {@code x sigmoid(z)} for a z that goes to -infinity with x, where the product's limit is -0. */
    private static double gate(double x, double z) {
        return z == Double.NEGATIVE_INFINITY ? -0.0 : x * sigmoid(z);
    }
}
