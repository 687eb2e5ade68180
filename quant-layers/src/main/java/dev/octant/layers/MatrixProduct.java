// SPDX-License-Identifier: Apache-2.0
package dev.octant.layers;

import dev.octant.core.QuantType;
import java.util.ServiceLoader;

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
         */
        void multiply(byte[] x, int xOffset, int rows, QuantType type, int zeroPoint, int[] sums, int sumsOffset);
    }

    /** What it is, for people: {@code java}, {@code onnxruntime 1.28.0}. */
    String name();

    /**
     * Makes weights ready, which are copied.
     *
     * @param weights signed bytes, {@code outputs} rows of {@code inputs}
     * @throws IllegalArgumentException if a number is not positive, there are more inputs than {@link #MOST_INPUTS}, or
     *     not as many weights
     */
    Prepared prepare(byte[] weights, int outputs, int inputs);

    /** Octant's own: float arithmetic cut so that every sum is exact, whole numbers where there are no vectors. */
    static MatrixProduct java() {
        return JavaMatrixProduct.INSTANCE;
    }

    /**
     * The first that is found as a service and gives the sums of {@link #java()} for some hundred products of odd
     * shapes, or else that one. Looked for at every call: keep what it returns.
     */
    static MatrixProduct fastest() {
        for (MatrixProduct found : ServiceLoader.load(MatrixProduct.class, MatrixProduct.class.getClassLoader())) {
            if (TrialProduct.agrees(found)) {
                return found;
            }
        }
        return java();
    }
}
