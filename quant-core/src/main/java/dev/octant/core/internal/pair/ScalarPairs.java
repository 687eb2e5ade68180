// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.pair;

/** One lookup per pair: the definition, and faster than the arithmetic done one by one. */
public final class ScalarPairs<T extends PairTable> implements PairKernel<T> {
    @Override
    public void run(T table, byte[] a, int aOffset, byte[] b, int bOffset, byte[] dst, int dstOffset, int length) {
        byte[] pairs = table.pairs;
        for (int i = 0; i < length; i++) {
            dst[dstOffset + i] = pairs[((a[aOffset + i] & 0xFF) << 8) | (b[bOffset + i] & 0xFF)];
        }
    }
}
