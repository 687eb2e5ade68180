// SPDX-License-Identifier: Apache-2.0
package dev.octant.ops;

import dev.octant.core.QuantType;
import dev.octant.core.internal.Kernels;
import dev.octant.core.internal.block.Bounds;
import dev.octant.core.internal.block.Sources;
import dev.octant.core.internal.block.Staging;
import dev.octant.core.internal.table.TableKernel;
import dev.octant.core.internal.text.Given;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.commons.lang3.Validate;

/**
 * A function from raw bytes to raw bytes: 256 entries.
 *
 * <p>Formula: {@code dst[i] = table[src[i] & 0xFF]}. The table knows nothing of scales; {@link QuantizedActivation}
 * keeps it together with its parameters. Shapes: flat blocks by offset and length, or what remains of a buffer, whose
 * position then advances past it.
 *
 * <p>Aliasing: blocks of one array may be the same, and otherwise must not overlap. Buffers may overlap in any way, and
 * may be one buffer, whose position then advances once: the destination gets what a copy of the source would have
 * given. Errors: blocks outside their array throw {@link IndexOutOfBoundsException}, a destination that is read-only or
 * has too little room {@link IllegalArgumentException}, what is missing {@link NullPointerException}; all before
 * anything is written or a position moves. Immutable, thread safe; applying it allocates nothing.
 */
public final class LookupTable {
    /** Indexed by the raw byte read as 0..255, so that one loop serves every type. */
    private final byte[] byRaw;

    private LookupTable(byte[] byRaw) {
        this.byRaw = byRaw;
    }

    /**
     * A table listed in ascending order of input code: -128..127 for a signed input type, 0..255 for an unsigned one.
     *
     * @param codes 256 raw output bytes, copied
     */
    public static LookupTable of(QuantType inputType, byte[] codes) {
        Given.require("type", inputType);
        Given.require("codes", codes);
        Validate.isTrue(
                codes.length == QuantType.RAW_VALUES,
                "table must have %s entries, had %s",
                QuantType.RAW_VALUES,
                codes.length);
        byte[] byRaw = new byte[QuantType.RAW_VALUES];
        for (int i = 0; i < codes.length; i++) {
            byRaw[(inputType.firstStored() + i) & 0xFF] = codes[i];
        }
        return new LookupTable(byRaw);
    }

    /** The 256 raw output bytes in ascending order of input code, in a new array. */
    public byte[] codes(QuantType inputType) {
        Given.require("type", inputType);
        byte[] codes = new byte[QuantType.RAW_VALUES];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = byRaw[(inputType.firstStored() + i) & 0xFF];
        }
        return codes;
    }

    /** The entry for one raw byte. */
    public byte apply(byte raw) {
        return byRaw[raw & 0xFF];
    }

    /** Maps {@code length} raw bytes. */
    public void apply(byte[] src, int srcOffset, byte[] dst, int dstOffset, int length) {
        Bounds.check(src, srcOffset, dst, dstOffset, length);
        Bounds.checkOverlap(src, srcOffset, dst, dstOffset, length);
        Kernels.TABLE.current().run(byRaw, src, srcOffset, dst, dstOffset, length);
    }

    /** Maps a whole array into another of at least its length. */
    public void apply(byte[] src, byte[] dst) {
        Given.require("source", src);
        apply(src, 0, dst, 0, src.length);
    }

    /** Maps what remains of {@code src}; buffers may be direct or on the heap. */
    public void apply(ByteBuffer src, ByteBuffer dst) {
        int length = Bounds.remaining(src, dst);
        ByteBuffer source = Sources.of(src, dst, length);
        int from = source.position();
        int to = dst.position();
        TableKernel kernel = Kernels.TABLE.current();
        try (Staging staging = Staging.take()) {
            byte[] block = staging.codes;
            for (int at = 0, n; at < length; at += n) {
                n = Math.min(length - at, Staging.CODES);
                source.get(from + at, block, 0, n);
                kernel.run(byRaw, block, 0, block, 0, n);
                dst.put(to + at, block, 0, n);
            }
        }
        Bounds.advance(src, dst, length);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LookupTable that && Arrays.equals(byRaw, that.byRaw);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(byRaw);
    }

    @Override
    public String toString() {
        return "LookupTable" + Arrays.toString(byRaw);
    }
}
