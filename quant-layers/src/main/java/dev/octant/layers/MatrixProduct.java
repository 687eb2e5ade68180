// SPDX-License-Identifier: Apache-2.0
package dev.octant.layers;

import dev.octant.core.QuantType;
import dev.octant.core.internal.block.Bounds;
import dev.octant.core.internal.text.Given;
import dev.octant.layers.internal.Lengths;
import org.apache.commons.lang3.Validate;

/**
 * Exact products of matrices of codes: what is behind the layers.
 *
 * <pre>
 * sums[row, output] = sum over k of (x[row, k] - zeroPoint) * weights[output, k]        whole numbers, int32
 * </pre>
 *
 * <p>Octant's own, {@link #java()}, needs nothing; another one, such as ONNX Runtime's in the module {@code onnx}, is
 * found as a service and used by {@link #fastest()} once it has given the same sums. Implementations are thread safe.
 */
public interface MatrixProduct {
    /** The most inputs, so that no sum leaves an int: {@code 255 * 128 * 65536 < 2^31}. */
    int MOST_INPUTS = 65_536;

    /** Weights made ready for products. Thread safe. */
    interface Prepared {
        /** Products in a sum. */
        int inputs();

        /** Sums of a row. */
        int outputs();

        /**
         * Multiplies {@code rows} rows of {@code inputs()} raw bytes.
         *
         * @param type how a raw byte is read
         * @param zeroPoint the code of real 0, within the type's
         * @param sums gets {@code rows x outputs()} sums, row by row
         * @throws IndexOutOfBoundsException if a block lies outside its array
         * @throws IllegalArgumentException if the zero point is none of the type's codes, or the sums are more than an
         *     array holds
         */
        void multiply(byte[] x, int xOffset, int rows, QuantType type, int zeroPoint, int[] sums, int sumsOffset);

        /**
         * Refuses what {@link #multiply} must refuse, for implementations of it.
         *
         * @throws NullPointerException if an array or the type is null
         * @throws IndexOutOfBoundsException if a block lies outside its array
         * @throws IllegalArgumentException as {@link #multiply}
         */
        default void requireBlocks(
                byte[] x, int xOffset, int rows, QuantType type, int zeroPoint, int[] sums, int sumsOffset) {
            Given.require("type", type);
            if (zeroPoint < type.low() || zeroPoint > type.high()) {
                throw new IllegalArgumentException("zero point must be within " + type.low() + ".." + type.high()
                        + " of " + type + ", was " + zeroPoint);
            }
            Bounds.check("source", x, xOffset, Lengths.of("source", rows, inputs()));
            Bounds.check("sums", sums, sumsOffset, Lengths.of("sums", rows, outputs()));
        }
    }

    /** What it is, for people, with its version where it has one: {@code java}, {@code onnxruntime 1.28.0}. */
    String name();

    /**
     * Makes weights ready, which are copied.
     *
     * @param weights signed bytes, {@code outputs} rows of {@code inputs}
     * @throws IllegalArgumentException if a number is not positive, there are more inputs than {@link #MOST_INPUTS}, or
     *     not as many weights
     */
    Prepared prepare(byte[] weights, int outputs, int inputs);

    /**
     * Refuses what {@link #prepare} must refuse, for implementations of it.
     *
     * @throws NullPointerException if the weights are null
     * @throws IllegalArgumentException as {@link #prepare}
     */
    static void requireWeights(byte[] weights, int outputs, int inputs) {
        Given.require("weights", weights);
        Validate.isTrue(outputs > 0, "outputs must be positive, were %s", outputs);
        Validate.isTrue(
                inputs > 0 && inputs <= MOST_INPUTS, "inputs must be within 1..%s, were %s", MOST_INPUTS, inputs);
        Validate.isTrue(
                weights.length == (long) outputs * inputs,
                "weights must be outputs x inputs = %s x %s, were %s",
                outputs,
                inputs,
                weights.length);
    }

    /** Octant's own: float arithmetic cut so that every sum is exact, whole numbers where there are no vectors. */
    static MatrixProduct java() {
        return JavaMatrixProduct.INSTANCE;
    }

    /**
     * The first that is found as a service and gives the sums of {@link #java()} for products of ten shapes, most of
     * them odd, with codes of every type, or else that one. Looked for at every call: keep what it returns. {@link
     * #fastestReason()} tells why it is this one.
     */
    static MatrixProduct fastest() {
        return TrialProduct.fastest().product();
    }

    /**
     * Why {@link #fastest()} is what it is, a sentence for each service that was found, for people: that it gives the
     * same sums, that it does not, or what it has thrown, such as the name of a class that is missing.
     */
    static String fastestReason() {
        return TrialProduct.fastest().reason();
    }
}
