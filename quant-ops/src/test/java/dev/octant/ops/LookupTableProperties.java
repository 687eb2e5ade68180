// SPDX-License-Identifier: Apache-2.0
package dev.octant.ops;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octant.core.QuantType;
import java.nio.ByteBuffer;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;

class LookupTableProperties {
    @Provide
    Arbitrary<byte[]> tables() {
        return Arbitraries.bytes().array(byte[].class).ofSize(256);
    }

    @Property(tries = 200)
    void everyByteIsItsCodesEntry(
            @ForAll("tables") byte[] entries, @ForAll QuantType type, @ForAll @Size(max = 300) byte[] src) {
        LookupTable table = LookupTable.of(type, entries);
        byte[] dst = new byte[src.length];
        table.apply(src, dst);
        for (int i = 0; i < src.length; i++) {
            assertEquals(entries[type.code(src[i]) - type.firstStored()], dst[i]);
        }
        ByteBuffer direct = ByteBuffer.allocateDirect(src.length).put(src).flip();
        byte[] fromBuffer = new byte[src.length];
        table.apply(direct, ByteBuffer.wrap(fromBuffer));
        assertArrayEquals(dst, fromBuffer);
    }

    @Property(tries = 200)
    void aTableAfterAnotherIsTheirComposition(
            @ForAll("tables") byte[] first, @ForAll("tables") byte[] second, @ForAll QuantType type) {
        LookupTable f = LookupTable.of(type, first);
        LookupTable g = LookupTable.of(type, second);
        byte[] composed = new byte[256];
        g.apply(f.codes(type), composed);
        LookupTable both = LookupTable.of(type, composed);
        for (int raw = -128; raw <= 127; raw++) {
            assertEquals(g.apply(f.apply((byte) raw)), both.apply((byte) raw));
        }
    }
}
