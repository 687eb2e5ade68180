// SPDX-License-Identifier: Apache-2.0
package dev.octant.core;

import dev.octant.core.internal.text.Labels;
import org.apache.commons.lang3.Validate;

/**
 * The integer types that ONNX quantizes to, from 2 to 16 bits, and how their codes lie in memory.
 *
 * <p>Codes of 8 bits are one byte each, of 16 bits one {@code short} each. Narrower ones share bytes: two of 4 bits,
 * four of 2 bits, the first in the lowest bits, which is ONNX's layout. The last byte's bits that hold no code are
 * written as 0 and not read. Signed codes are in two's complement.
 *
 * <p>{@link QuantType} has the types of 8 bits that tables and kernels of this library compute with; those here are for
 * {@link IntegerQuantizer}. Immutable and thread safe, like every enum. Source: ONNX {@code TensorProto}.
 */
public enum IntegerType {
    /** Codes -2..1, four in a byte. */
    INT2("int2", 2, -2),
    /** Codes 0..3, four in a byte. */
    UINT2("uint2", 2, 0),
    /** Codes -8..7, two in a byte. */
    INT4("int4", 4, -8),
    /** Codes 0..15, two in a byte. */
    UINT4("uint4", 4, 0),
    /** Codes -128..127. */
    INT8("int8", 8, -128),
    /** Codes 0..255. */
    UINT8("uint8", 8, 0),
    /** Codes -32768..32767. */
    INT16("int16", 16, -32768),
    /** Codes 0..65535. */
    UINT16("uint16", 16, 0);

    private final String label;
    private final int bits;
    private final int low;

    IntegerType(String label, int bits, int low) {
        this.label = label;
        this.bits = bits;
        this.low = low;
    }

    /** The name in ONNX, in lower case: {@code int4}, {@code uint16}. */
    public String label() {
        return label;
    }

    /**
     * The constant of a {@link #label}, in any case of letters and with blanks around it.
     *
     * @throws IllegalArgumentException if the word names none
     */
    public static IntegerType parse(String word) {
        return Labels.find("type", word, values(), IntegerType::label);
    }

    /** Width of one code. */
    public int bits() {
        return bits;
    }

    /** The smallest code. */
    public int low() {
        return low;
    }

    /** The largest code. */
    public int high() {
        return low + (1 << bits) - 1;
    }

    /** Whether codes may be negative. */
    public boolean isSigned() {
        return low < 0;
    }

    /** Whether codes are held in shorts; otherwise they are held in bytes. */
    public boolean isWide() {
        return bits > Byte.SIZE;
    }

    /** How many bytes, or shorts of a wide type, hold that many codes. */
    public int storedLength(int codes) {
        Validate.isTrue(codes >= 0, "codes must be 0 or more, was %s", codes);
        return isWide() ? codes : (int) (((long) codes * bits + Byte.SIZE - 1) / Byte.SIZE);
    }

    @Override
    public String toString() {
        return label;
    }
}
