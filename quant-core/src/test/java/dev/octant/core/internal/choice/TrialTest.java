// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.choice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class TrialTest {
    /** What {@code rand()} of the C standard (ISO/IEC 9899, 7.22.2.2) gives from seed 1: bits 16 to 30 of its state. */
    private static final int[] RAND = {16838, 5758, 10113, 17515, 31051, 5627, 23010, 7419, 16212, 4086};

    @Test
    void bytesAreThoseOfTheStandardsGenerator() {
        byte[] bytes = Trial.bytes(RAND.length);
        assertEquals(RAND.length, bytes.length);
        for (int i = 0; i < RAND.length; i++) {
            assertEquals((byte) RAND[i], bytes[i], "byte " + i);
        }
    }

    /** The state as a fraction: its sign is bit 31, and what follows are the generator's 15 bits. */
    @Test
    void floatsLieWithinTheirLimit() {
        for (float limit : new float[] {1, 4, 0.5f}) {
            float[] floats = Trial.floats(RAND.length, limit);
            boolean negative = false;
            boolean positive = false;
            for (int i = 0; i < RAND.length; i++) {
                double part = floats[i] / limit;
                assertTrue(part >= -1 && part < 1, "float " + i);
                assertEquals(RAND[i], (int) Math.floor((part - Math.floor(part)) * 32768), "float " + i);
                negative |= part < 0;
                positive |= part > 0;
            }
            assertTrue(negative && positive);
        }
    }
}
