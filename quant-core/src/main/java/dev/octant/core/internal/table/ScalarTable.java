// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.table;

/** One byte at a time: the definition. */
public final class ScalarTable implements TableKernel {
    @Override
    public void run(byte[] table, byte[] src, int srcOffset, byte[] dst, int dstOffset, int length) {
        for (int i = 0; i < length; i++) {
            dst[dstOffset + i] = table[src[srcOffset + i] & 0xFF];
        }
    }
}
