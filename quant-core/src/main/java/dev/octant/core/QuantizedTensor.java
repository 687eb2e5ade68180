// SPDX-License-Identifier: Apache-2.0
package dev.octant.core;

import dev.octant.core.internal.text.Given;
import java.util.Arrays;
import org.apache.commons.lang3.Validate;

/**
 * Codes together with the parameters that give them their meaning.
 *
 * <p>Shape: flat; {@code codes} holds one raw byte per element, see {@link QuantType}. Aliasing: the array is neither
 * copied on the way in nor on the way out, so whoever shares it sees every change. Safe to share between threads as
 * long as nobody writes to the array.
 */
public final class QuantizedTensor {
    private final QuantParams params;
    private final byte[] codes;

    private QuantizedTensor(QuantParams params, byte[] codes) {
        this.params = params;
        this.codes = codes;
    }

    /** Wraps raw bytes, one per element, without copying them. */
    public static QuantizedTensor of(QuantParams params, byte[] codes) {
        Validate.notNull(params, "params must be given, was null");
        Validate.notNull(codes, "codes must be given, was null");
        return new QuantizedTensor(params, codes);
    }

    /** The grid the codes belong to. */
    public QuantParams params() {
        return params;
    }

    /** The raw bytes, one per element, not copied. */
    public byte[] codes() {
        return codes;
    }

    /** Number of elements. */
    public int length() {
        return codes.length;
    }

    /** The code of element {@code index}. */
    public int code(int index) {
        return params.type().code(codes[index]);
    }

    /** The real value of element {@code index}. */
    public float value(int index) {
        return params.dequantize(code(index));
    }

    /** The real values of all elements, in a new array. */
    public float[] dequantize() {
        return TensorQuantizer.of(params).dequantize(this);
    }

    /**
     * Refuses codes of another grid: they would be read with the wrong meaning.
     *
     * @throws IllegalArgumentException unless this tensor's parameters are {@code expected}
     */
    public void requireParams(QuantParams expected) {
        Given.require("expected", expected);
        Validate.isTrue(params.equals(expected), "tensor must have the parameters %s, had %s", expected, params);
    }

    /** Equal parameters and equal codes. */
    @Override
    public boolean equals(Object other) {
        return other instanceof QuantizedTensor that && params.equals(that.params) && Arrays.equals(codes, that.codes);
    }

    @Override
    public int hashCode() {
        return 31 * params.hashCode() + Arrays.hashCode(codes);
    }

    @Override
    public String toString() {
        return codes.length + " codes of " + params;
    }
}
