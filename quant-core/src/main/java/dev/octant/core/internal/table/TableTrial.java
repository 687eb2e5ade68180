// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.table;

import dev.octant.core.internal.choice.Trial;

/** All codes, many times over, with an odd tail, and a short block, through a table without order. */
public final class TableTrial implements Trial<TableKernel> {
    private final byte[] table = Trial.bytes(256);
    private final byte[] src = Trial.bytes(SIZE + 13);
    private final byte[] dst = new byte[SIZE + 13];

    @Override
    public void run(TableKernel kernel) {
        kernel.run(table, src, 0, dst, 0, src.length);
    }

    @Override
    public void runOdd(TableKernel kernel) {
        kernel.run(table, src, 0, dst, 0, 64);
        kernel.run(table, src, 0, dst, 0, 5);
    }

    @Override
    public byte[] output() {
        return dst.clone();
    }
}
