package dev.octant.ops;

/** The one hot loop. Bounds are the caller's to check. */
final class LookupKernel {
    private LookupKernel() {}

    static void run(byte[] table, byte[] src, int srcOffset, byte[] dst, int dstOffset, int length) {
        for (int i = 0; i < length; i++) {
            dst[dstOffset + i] = table[src[srcOffset + i] & 0xFF];
        }
    }
}
