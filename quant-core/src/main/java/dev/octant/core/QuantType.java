// SPDX-License-Identifier: Apache-2.0
package dev.octant.core;

import dev.octant.core.internal.text.Labels;

/**
 * The 8-bit grids a real value is quantized to.
 *
 * <p>A <em>code</em> is the integer {@code q} of the affine equation; it travels as one <em>raw</em> byte. Signed codes
 * are the byte itself, unsigned codes the byte read as 0..255.
 *
 * <p>Immutable and thread safe, like every enum.
 */
public enum QuantType {
    /** Codes -128..127, the activation type of TensorFlow Lite and of ONNX {@code INT8}. */
    INT8("int8", -128, 127, -128),

    /** Codes 0..255, the activation type that runs fastest in ONNX Runtime on x64. */
    UINT8("uint8", 0, 255, 0),

    /**
     * An int8 byte whose codes stay within -127..127, so that negation is exact: the grid of symmetric weights. The raw
     * byte -128 is never produced, but is dequantized like any other when it is met.
     */
    INT8_NARROW("int8_narrow", -127, 127, -128);

    /** Number of different raw bytes, and so of entries in any table. */
    public static final int RAW_VALUES = 256;

    private final String label;
    private final int low;
    private final int high;
    private final int firstStored;

    QuantType(String label, int low, int high, int firstStored) {
        this.label = label;
        this.low = low;
        this.high = high;
        this.firstStored = firstStored;
    }

    /** The name used in files and on the command line: {@code int8}, {@code uint8}, {@code int8_narrow}. */
    public String label() {
        return label;
    }

    /**
     * The constant of a {@link #label}, in any case of letters and with blanks around it.
     *
     * @throws IllegalArgumentException if the word names none
     */
    public static QuantType parse(String word) {
        return Labels.find("type", word, values(), QuantType::label);
    }

    /** The smallest code quantization produces, {@code qmin}. */
    public int low() {
        return low;
    }

    /** The largest code quantization produces, {@code qmax}. */
    public int high() {
        return high;
    }

    /** How many codes quantization produces: 256, or 255 on the narrow grid. */
    public int levels() {
        return high - low + 1;
    }

    /** The smallest code a raw byte can hold: entry 0 of a table listed in ascending order of code. */
    public int firstStored() {
        return firstStored;
    }

    /** Whether a raw byte is read as a signed number. */
    public boolean isSigned() {
        return firstStored < 0;
    }

    /** The code a raw byte stands for. */
    public int code(byte raw) {
        return isSigned() ? raw : raw & 0xFF;
    }

    /**
     * The raw byte that stands for a code: the inverse of {@link #code}.
     *
     * @throws IllegalArgumentException if there is none
     */
    public byte raw(int code) {
        if (code < firstStored || code >= firstStored + RAW_VALUES) {
            throw new IllegalArgumentException("code must be within " + firstStored + ".."
                    + (firstStored + RAW_VALUES - 1) + " of " + label + ", was " + code);
        }
        return (byte) code;
    }

    @Override
    public String toString() {
        return label;
    }
}
