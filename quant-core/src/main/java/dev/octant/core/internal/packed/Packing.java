// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.packed;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Codes of 4 and 2 bits, several in a byte, the first in the lowest bits; from and to codes of a byte each. Bounds are
 * the caller's to check. Internal.
 *
 * <p>Eight codes are moved at a time, in the registers of whole numbers: the JIT vectorises no loop that writes fewer
 * bytes than it reads.
 */
public final class Packing {
    private static final VarHandle LONGS = view(long[].class);
    private static final VarHandle INTS = view(int[].class);
    private static final VarHandle SHORTS = view(short[].class);

    private Packing() {}

    private static VarHandle view(Class<?> type) {
        return MethodHandles.byteArrayViewVarHandle(type, ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Packs {@code length} codes of {@code bits} bits; higher bits of a code are ignored. Source and destination may be
     * one array if they begin at one place.
     */
    public static void pack(byte[] src, int srcOffset, byte[] dst, int dstOffset, int length, int bits) {
        int whole = length & -Long.BYTES;
        for (int i = 0; i < whole; i += Long.BYTES) {
            long codes = (long) LONGS.get(src, srcOffset + i);
            if (bits == 4) {
                codes &= 0x0F0F_0F0F_0F0F_0F0FL;
                codes = (codes | codes >>> 4) & 0x00FF_00FF_00FF_00FFL;
                codes = (codes | codes >>> 8) & 0x0000_FFFF_0000_FFFFL;
                INTS.set(dst, dstOffset + (i >>> 1), (int) (codes | codes >>> 16));
            } else {
                codes &= 0x0303_0303_0303_0303L;
                codes = (codes | codes >>> 6) & 0x000F_000F_000F_000FL;
                codes = (codes | codes >>> 12) & 0x0000_00FF_0000_00FFL;
                SHORTS.set(dst, dstOffset + (i >>> 2), (short) (codes | codes >>> 24));
            }
        }
        int perByte = Byte.SIZE / bits;
        int mask = (1 << bits) - 1;
        for (int i = whole; i < length; ) {
            int to = dstOffset + i / perByte;
            int packed = 0;
            for (int k = 0; k < perByte && i < length; k++, i++) {
                packed |= (src[srcOffset + i] & mask) << (k * bits);
            }
            dst[to] = (byte) packed;
        }
    }

    /** Unpacks {@code length} codes of {@code bits} bits, with their sign or without. */
    public static void unpack(
            byte[] src, int srcOffset, byte[] dst, int dstOffset, int length, int bits, boolean signed) {
        int whole = length & -Long.BYTES;
        for (int i = 0; i < whole; i += Long.BYTES) {
            long codes;
            if (bits == 4) {
                codes = (int) INTS.get(src, srcOffset + (i >>> 1)) & 0xFFFF_FFFFL;
                codes = (codes | codes << 16) & 0x0000_FFFF_0000_FFFFL;
                codes = (codes | codes << 8) & 0x00FF_00FF_00FF_00FFL;
                codes = (codes | codes << 4) & 0x0F0F_0F0F_0F0F_0F0FL;
                // The sign bit of a code, 8, times 0x1E is 0xF0: it fills the upper half of its byte.
                codes |= signed ? (codes & 0x0808_0808_0808_0808L) * 0x1E : 0;
            } else {
                codes = (short) SHORTS.get(src, srcOffset + (i >>> 2)) & 0xFFFFL;
                codes = (codes | codes << 24) & 0x0000_00FF_0000_00FFL;
                codes = (codes | codes << 12) & 0x000F_000F_000F_000FL;
                codes = (codes | codes << 6) & 0x0303_0303_0303_0303L;
                // 2 times 0x7E is 0xFC.
                codes |= signed ? (codes & 0x0202_0202_0202_0202L) * 0x7E : 0;
            }
            LONGS.set(dst, dstOffset + i, codes);
        }
        int perByte = Byte.SIZE / bits;
        int mask = (1 << bits) - 1;
        int unused = Integer.SIZE - bits;
        for (int i = whole; i < length; i++) {
            int code = src[srcOffset + i / perByte] >>> (i % perByte * bits) & mask;
            dst[dstOffset + i] = (byte) (signed ? code << unused >> unused : code);
        }
    }
}
