// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.tensor;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/** Builds tensor files byte by byte, and says what their bytes stand for, without any of the code under test. */
final class TensorBytes {
    private TensorBytes() {}

    /** An element type as its formats name it, and the meaning of its bits. */
    enum Type {
        F64("F64", "f8", 8),
        F32("F32", "f4", 4),
        F16("F16", "f2", 2),
        BF16("BF16", "", 2),
        F8_E4M3("F8_E4M3", "", 1),
        F8_E5M2("F8_E5M2", "", 1),
        I8("I8", "", 1),
        U8("U8", "", 1);

        private final String dtype;
        private final String descr;
        private final int bytes;

        Type(String dtype, String descr, int bytes) {
            this.dtype = dtype;
            this.descr = descr;
            this.bytes = bytes;
        }

        String dtype() {
            return dtype;
        }

        /** NumPy's name without the byte order; empty where NumPy has none for real values. */
        String descr() {
            return descr;
        }

        int bytes() {
            return bytes;
        }

        /** The bits of the float that a value's bits stand for; all NaN alike. */
        int floatBits(long bits) {
            double value = switch (this) {
                case F64 -> Double.longBitsToDouble(bits);
                case F32 -> Float.intBitsToFloat((int) bits);
                case F16 -> miniFloat((int) bits & 0xFFFF, 5, 10, true);
                case BF16 -> miniFloat((int) bits & 0xFFFF, 8, 7, true);
                case F8_E4M3 -> miniFloat((int) bits & 0xFF, 4, 3, false);
                case F8_E5M2 -> miniFloat((int) bits & 0xFF, 5, 2, true);
                case I8 -> (byte) bits;
                case U8 -> (int) bits & 0xFF;
            };
            return Float.floatToIntBits((float) value);
        }
    }

    /** Sign, exponent and mantissa as the standard writes them down; without infinities, only all ones is NaN. */
    private static double miniFloat(int code, int exponentBits, int mantissaBits, boolean infinities) {
        int mantissa = code & ((1 << mantissaBits) - 1);
        int exponent = (code >> mantissaBits) & ((1 << exponentBits) - 1);
        double sign = (code >> (exponentBits + mantissaBits)) == 0 ? 1 : -1;
        int bias = (1 << (exponentBits - 1)) - 1;
        boolean top = exponent == (1 << exponentBits) - 1;
        if (top && infinities) {
            return mantissa == 0 ? sign * Double.POSITIVE_INFINITY : Double.NaN;
        }
        if (top && mantissa == (1 << mantissaBits) - 1) {
            return Double.NaN;
        }
        double fraction = mantissa / Math.pow(2, mantissaBits);
        return exponent == 0
                ? sign * Math.pow(2, 1 - bias) * fraction
                : sign * Math.pow(2, exponent - bias) * (1 + fraction);
    }

    static byte[] data(Type type, ByteOrder order, long[] bits) {
        ByteBuffer data = ByteBuffer.allocate(bits.length * type.bytes()).order(order);
        for (long value : bits) {
            switch (type.bytes()) {
                case 8 -> data.putLong(value);
                case 4 -> data.putInt((int) value);
                case 2 -> data.putShort((short) value);
                default -> data.put((byte) value);
            }
        }
        return data.array();
    }

    static byte[] safetensors(String header, byte[] data) {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        return safetensors(text.length, text, data);
    }

    static byte[] safetensors(long statedLength, byte[] header, byte[] data) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(statedLength)
                .array());
        out.writeBytes(header);
        out.writeBytes(data);
        return out.toByteArray();
    }

    /** An entry of a safetensors header. */
    static String entry(String name, String dtype, String shape, long begin, long end) {
        return "\"" + name + "\":{\"dtype\":\"" + dtype + "\",\"shape\":" + shape + ",\"data_offsets\":[" + begin + ","
                + end + "]}";
    }

    static String shape(List<Long> shape) {
        return shape.stream().map(String::valueOf).collect(Collectors.joining(",", "[", "]"));
    }
}
