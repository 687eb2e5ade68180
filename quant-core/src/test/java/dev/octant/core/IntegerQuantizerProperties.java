// SPDX-License-Identifier: Apache-2.0
package dev.octant.core;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class IntegerQuantizerProperties {
    @Provide
    Arbitrary<IntegerCase> cases() {
        return IntegerCase.cases();
    }

    @Property(tries = 150)
    void codesAndRealsAreTheOracles(@ForAll("cases") IntegerCase c) {
        int length = c.values().length;
        float[] reals = roundTrip(c, 0, length);
        for (int i = 0; i < length; i++) {
            assertEquals(c.group(i), c.quantizer().group(i), "group of element " + i);
            assertEquals(c.real(i), reals[i], "element " + i);
        }
    }

    /** Any part of the tensor, told where it lies, has the codes that it has in the whole. */
    @Property(tries = 150)
    void partsAreThoseOfTheWhole(@ForAll("cases") IntegerCase c, @ForAll int a, @ForAll int b) {
        int length = c.values().length;
        int from = Math.floorMod(Math.min(a, b), length + 1);
        int to = from + Math.floorMod(Math.max(a, b), length - from + 1);
        float[] reals = roundTrip(c, from, to);
        for (int i = from; i < to; i++) {
            assertEquals(c.real(i), reals[i - from], "element " + i);
        }
    }

    /** Quantizes elements into an array with room around, compares bits with the oracle, and dequantizes. */
    private static float[] roundTrip(IntegerCase c, int from, int to) {
        int length = to - from;
        float[] back = new float[length + 2];
        byte[] expected = c.packed(from, to);
        if (c.type().isWide()) {
            short[] codes = new short[length + 2];
            c.quantizer().quantize(c.values(), from, codes, 1, length, from);
            ShortBuffer wanted =
                    ByteBuffer.wrap(expected).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer();
            for (int i = 0; i < length; i++) {
                assertEquals(wanted.get(i), codes[i + 1], "code " + i);
            }
            c.quantizer().dequantize(codes, 1, back, 1, length, from);
        } else {
            byte[] codes = new byte[expected.length + 2];
            c.quantizer().quantize(c.values(), from, codes, 1, length, from);
            byte[] inner = new byte[expected.length];
            System.arraycopy(codes, 1, inner, 0, inner.length);
            assertArrayEquals(expected, inner);
            c.quantizer().dequantize(codes, 1, back, 1, length, from);
        }
        assertEquals(0, back[0]);
        assertEquals(0, back[length + 1]);
        float[] reals = new float[length];
        System.arraycopy(back, 1, reals, 0, length);
        return reals;
    }

    @Property(tries = 60)
    void buffersAreAsArrays(@ForAll("cases") IntegerCase c, @ForAll boolean direct) {
        int length = c.values().length;
        byte[] expected = c.packed(0, length);
        FloatBuffer reals = (direct ? Memory.DIRECT : Memory.HEAP).floats(length + 3);
        reals.put(1, c.values()).position(1).limit(1 + length);
        ByteBuffer codes = (direct ? Memory.DIRECT : Memory.HEAP).bytes(expected.length + 2);
        FloatBuffer back = (direct ? Memory.DIRECT : Memory.HEAP).floats(length);
        if (c.type().isWide()) {
            ShortBuffer wide =
                    codes.position(2).slice().order(ByteOrder.nativeOrder()).asShortBuffer();
            c.quantizer().quantize(reals, wide);
            assertEquals(length, wide.position());
            c.quantizer().dequantize(wide.flip(), back, length);
            assertEquals(length, wide.position());
        } else {
            codes.position(1);
            c.quantizer().quantize(reals, codes);
            assertEquals(1 + expected.length, codes.position());
            byte[] inner = new byte[expected.length];
            codes.get(1, inner);
            assertArrayEquals(expected, inner);
            c.quantizer().dequantize(codes.position(1), back, length);
            assertEquals(1 + expected.length, codes.position());
        }
        assertEquals(1 + length, reals.position());
        assertEquals(length, back.position());
        for (int i = 0; i < length; i++) {
            assertEquals(c.real(i), back.get(i), "element " + i);
        }
    }
}
