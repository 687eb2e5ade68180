// SPDX-License-Identifier: Apache-2.0
package dev.octant.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class BroadcastTest {
    /** Against coordinates counted one by one, for 2,000 random shapes of up to five dimensions. */
    @Test
    void everyElementHasItsPlace() {
        Random random = new Random(7);
        for (int round = 0; round < 2000; round++) {
            int[] target = new int[random.nextInt(6)];
            for (int d = 0; d < target.length; d++) {
                target[d] = 1 + random.nextInt(5);
            }
            int[] source = new int[random.nextInt(target.length + 1)];
            for (int d = 0; d < source.length; d++) {
                source[d] = random.nextBoolean() ? 1 : target[target.length - source.length + d];
            }
            check(source, target);
        }
    }

    private static void check(int[] source, int[] target) {
        Broadcast broadcast = Broadcast.of(source, target);
        int sourceSize = 1;
        for (int d : source) {
            sourceSize *= d;
        }
        assertEquals(sourceSize, broadcast.sourceSize());
        int[] at = new int[target.length];
        int element = 0;
        for (boolean more = true; more; element++) {
            int place = 0;
            for (int d = 0; d < source.length; d++) {
                int coordinate = at[target.length - source.length + d];
                place = place * source[d] + (source[d] == 1 ? 0 : coordinate);
            }
            assertEquals(place, broadcast.source(element));
            int runStart = element - element % broadcast.run();
            assertEquals(
                    place, broadcast.source(runStart) + (element - runStart) * broadcast.step(), "place in the run");
            more = false;
            for (int d = target.length - 1; d >= 0 && !more; d--) {
                at[d]++;
                more = at[d] < target[d];
                if (!more) {
                    at[d] = 0;
                }
            }
        }
        assertEquals(element, broadcast.size());
    }

    /** Neighbours that go together are one run: a slope for each channel of an image has runs of its pixels. */
    @Test
    void runsAreAsLongAsTheyCanBe() {
        assertEquals(
                30, Broadcast.of(new int[] {4, 1, 1}, new int[] {2, 4, 5, 6}).run());
        assertEquals(
                0, Broadcast.of(new int[] {4, 1, 1}, new int[] {2, 4, 5, 6}).step());
        assertEquals(
                240,
                Broadcast.of(new int[] {2, 4, 5, 6}, new int[] {2, 4, 5, 6}).run());
        assertEquals(240, Broadcast.of(new int[0], new int[] {2, 4, 5, 6}).run());
        assertEquals(
                120,
                Broadcast.of(new int[] {1, 4, 5, 6}, new int[] {2, 4, 5, 6}).run());
        assertEquals(
                1, Broadcast.of(new int[] {1, 4, 5, 6}, new int[] {2, 4, 5, 6}).step());
    }

    @Test
    void badShapesAreRefused() {
        refused("shape must be broadcastable to [3, 4], was [3]", () -> Broadcast.of(new int[] {3}, new int[] {3, 4}));
        refused("shape must be broadcastable to [4], was [1, 4]", () -> Broadcast.of(new int[] {1, 4}, new int[] {4}));
        refused("dimensions must be positive, was [3, 0]", () -> Broadcast.of(new int[0], new int[] {3, 0}));
        refused(
                "elements must fit an int, was the shape [65536, 65536]",
                () -> Broadcast.of(new int[0], new int[] {65536, 65536}));
        Broadcast scalar = Broadcast.of(new int[0], new int[0]);
        assertEquals(0, scalar.source(0));
        refused("element must be within the tensor's 1, was 1", () -> scalar.source(1));
        refused("element must be within the tensor's 1, was -1", () -> scalar.source(-1));
    }

    private static void refused(String message, Executable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
    }
}
