// SPDX-License-Identifier: Apache-2.0
package dev.octant.ops;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.octant.core.QuantType;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LookupTableTest {
    private static final byte UNTOUCHED = 99;
    private static final int[] OFFSETS = {0, 1, 7, 64};

    /** Around the staging block and its multiples. */
    private static final int[] LONG = {4095, 4096, 4097, 8191, 8192, 8193, 20_000};

    private final byte[] entries = new byte[256];
    private final LookupTable table;

    LookupTableTest() {
        new Random(1).nextBytes(entries);
        table = LookupTable.of(QuantType.UINT8, entries);
    }

    private static byte[] source(int n) {
        byte[] src = new byte[n];
        for (int i = 0; i < n; i++) {
            src[i] = (byte) (i * 37 + 11);
        }
        return src;
    }

    private byte[] expected(byte[] src, int from, int at, int length, int n) {
        byte[] dst = untouched(n);
        for (int i = 0; i < length; i++) {
            dst[at + i] = entries[src[from + i] < 0 ? src[from + i] + 256 : src[from + i]];
        }
        return dst;
    }

    private static byte[] untouched(int n) {
        byte[] dst = new byte[n];
        Arrays.fill(dst, UNTOUCHED);
        return dst;
    }

    @ParameterizedTest
    @EnumSource
    void entriesAreListedInAscendingOrderOfCode(QuantType type) {
        LookupTable listed = LookupTable.of(type, entries);
        for (int i = 0; i < 256; i++) {
            assertEquals(entries[i], listed.apply((byte) (type.firstStored() + i)));
        }
        byte[] codes = listed.codes(type);
        assertArrayEquals(entries, codes);
        codes[0]++;
        assertArrayEquals(entries, listed.codes(type));
    }

    @Test
    void entriesAreCopied() {
        byte[] given = entries.clone();
        LookupTable copied = LookupTable.of(QuantType.INT8, given);
        Arrays.fill(given, (byte) 0);
        assertArrayEquals(entries, copied.codes(QuantType.INT8));
    }

    @Test
    void equalityIsThatOfTheEntries() {
        byte[] other = entries.clone();
        other[255]++;
        assertEquals(table, LookupTable.of(QuantType.UINT8, entries));
        assertEquals(table.hashCode(), LookupTable.of(QuantType.UINT8, entries).hashCode());
        assertEquals(table, LookupTable.of(QuantType.INT8, table.codes(QuantType.INT8)));
        LookupTable differing = LookupTable.of(QuantType.UINT8, other);
        assertNotEquals(table, differing);
        assertNotEquals(table.hashCode(), differing.hashCode());
        assertEquals("LookupTable" + Arrays.toString(entries), table.toString());
    }

    @Test
    void tablesOfAnotherSizeAreRefused() {
        for (int n : new int[] {0, 255, 257}) {
            String message = assertThrows(
                            IllegalArgumentException.class, () -> LookupTable.of(QuantType.INT8, new byte[n]))
                    .getMessage();
            assertEquals("table must have 256 entries, had " + n, message);
        }
    }

    @Test
    void arraysOfAllLengthsAtAllOffsets() {
        byte[] src = source(400);
        for (int length = 0; length <= 300; length++) {
            for (int from : OFFSETS) {
                for (int at : OFFSETS) {
                    byte[] dst = untouched(400);
                    table.apply(src, from, dst, at, length);
                    assertArrayEquals(expected(src, from, at, length, 400), dst);
                }
            }
            byte[] dst = untouched(400);
            byte[] whole = Arrays.copyOf(src, length);
            table.apply(whole, dst);
            assertArrayEquals(expected(src, 0, 0, length, 400), dst);
        }
        assertArrayEquals(source(400), src);
    }

    @Test
    void theSameBlockMayBeSourceAndDestination() {
        for (int length = 0; length <= 300; length++) {
            byte[] bytes = source(310);
            table.apply(bytes, 5, bytes, 5, length);
            byte[] expected = source(310);
            System.arraycopy(expected(expected, 5, 0, length, length), 0, expected, 5, length);
            assertArrayEquals(expected, bytes);
        }
    }

    @Test
    void disjointBlocksOfOneArrayAreAllowed() {
        byte[] bytes = source(200);
        byte[] expected = source(200);
        System.arraycopy(expected(expected, 0, 0, 100, 100), 0, expected, 100, 100);
        table.apply(bytes, 0, bytes, 100, 100);
        assertArrayEquals(expected, bytes);
    }

    @Test
    void overlappingBlocksAreRefusedBeforeAnythingIsWritten() {
        byte[] bytes = source(300);
        for (int shift : new int[] {1, 2, 99, -1, -99}) {
            String message = assertThrows(
                            IllegalArgumentException.class, () -> table.apply(bytes, 100, bytes, 100 + shift, 100))
                    .getMessage();
            assertEquals(
                    "source and destination in one array must be the same block or disjoint,"
                            + " were 100 elements at 100 and at " + (100 + shift),
                    message);
        }
        assertArrayEquals(source(300), bytes);
    }

    @Test
    void blocksOutsideTheirArraysAreRefusedBeforeAnythingIsWritten() {
        byte[] dst = untouched(10);
        int[][] bad = {
            {-1, 0, 1},
            {0, -1, 1},
            {0, 0, -1},
            {0, 0, 11},
            {1, 0, 10},
            {0, 1, 10},
            {11, 0, 0},
            {0, 11, 0},
            {Integer.MAX_VALUE, 0, 1},
            {0, 5, Integer.MAX_VALUE}
        };
        for (int[] b : bad) {
            assertThrows(IndexOutOfBoundsException.class, () -> table.apply(source(10), b[0], dst, b[1], b[2]));
        }
        assertThrows(IndexOutOfBoundsException.class, () -> table.apply(source(11), dst));
        assertArrayEquals(untouched(10), dst);
    }

    @Test
    void buffersOfAllKindsAndLengths() {
        for (boolean directSource : new boolean[] {false, true}) {
            for (boolean directDestination : new boolean[] {false, true}) {
                for (int length = 0; length <= 300; length++) {
                    buffers(directSource, directDestination, length);
                }
                for (int length : LONG) {
                    buffers(directSource, directDestination, length);
                }
            }
        }
    }

    private void buffers(boolean directSource, boolean directDestination, int length) {
        int from = 3;
        int at = 5;
        int n = length + 9;
        ByteBuffer src = buffer(directSource, source(n)).position(from).limit(from + length);
        ByteBuffer dst = buffer(directDestination, untouched(n)).position(at);
        table.apply(src, dst);
        assertArrayEquals(expected(source(n), from, at, length, n), all(dst));
        assertArrayEquals(source(n), all(src));
        assertEquals(from + length, src.position());
        assertEquals(at + length, dst.position());
        assertEquals(n, dst.limit());
    }

    @Test
    void buffersOverTheSameBlockMayBeSourceAndDestination() {
        for (boolean direct : new boolean[] {false, true}) {
            ByteBuffer bytes = buffer(direct, source(10_000));
            table.apply(bytes.duplicate(), bytes.duplicate());
            assertArrayEquals(expected(source(10_000), 0, 0, 10_000, 10_000), all(bytes));
        }
    }

    @Test
    void buffersWithTooLittleRoomAreRefusedBeforeAnythingIsWritten() {
        ByteBuffer src = buffer(true, source(10));
        ByteBuffer dst = buffer(true, untouched(9));
        String message = assertThrows(IllegalArgumentException.class, () -> table.apply(src, dst))
                .getMessage();
        assertEquals("destination must have room for 10 elements, had 9 remaining", message);
        assertEquals(0, src.position());
        assertEquals(0, dst.position());
        assertArrayEquals(untouched(9), all(dst));
    }

    @Test
    void applyingAllocatesNothing() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        byte[] src = source(20_000);
        byte[] dst = new byte[20_000];
        ByteBuffer directSource = buffer(true, src);
        ByteBuffer directDestination = buffer(true, dst);
        long fewest = Long.MAX_VALUE;
        for (int round = 0; round < 10; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 20; i++) {
                table.apply(src, dst);
                table.apply(directSource.clear(), directDestination.clear());
            }
            // The JVM's own work may add some bytes to one round, never to all.
            fewest = Math.min(fewest, threads.getCurrentThreadAllocatedBytes() - before);
        }
        assertEquals(0, fewest);
        long before = threads.getCurrentThreadAllocatedBytes();
        assertEquals(20_000, src.clone().length);
        assertTrue(threads.getCurrentThreadAllocatedBytes() - before >= 20_000);
    }

    private static ByteBuffer buffer(boolean direct, byte[] bytes) {
        ByteBuffer buffer = direct ? ByteBuffer.allocateDirect(bytes.length) : ByteBuffer.allocate(bytes.length);
        return buffer.put(bytes).clear();
    }

    private static byte[] all(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.capacity()];
        buffer.duplicate().clear().get(bytes);
        return bytes;
    }
}
