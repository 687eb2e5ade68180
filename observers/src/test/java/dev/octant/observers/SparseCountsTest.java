// SPDX-License-Identifier: Apache-2.0
package dev.octant.observers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SparseCountsTest {
    /** Beside an array of all counts. */
    @Test
    void countsLikeAnArray() {
        Random random = new Random(1);
        for (int places : new int[] {1, 63, 64, 65, 1000}) {
            SparseCounts counts = new SparseCounts(places);
            long[] plain = new long[places];
            for (int i = 0; i < 40; i++) {
                int place = random.nextInt(places);
                if (random.nextInt(4) == 0) {
                    assertEquals(plain[place], counts.take(place));
                    plain[place] = 0;
                } else {
                    counts.add(place, i);
                    plain[place] += i;
                }
                int from = random.nextInt(places + 1);
                int to = from + random.nextInt(places + 1 - from);
                long sum = 0;
                for (int k = from; k < to; k++) {
                    sum += plain[k];
                }
                assertEquals(sum, counts.sum(from, to));
            }
            List<String> visited = new ArrayList<>();
            counts.forEach((place, count) -> visited.add(place + ":" + count));
            List<String> expected = new ArrayList<>();
            long total = 0;
            for (int place = 0; place < places; place++) {
                assertEquals(plain[place], counts.get(place));
                total += plain[place];
                if (plain[place] != 0) {
                    expected.add(place + ":" + plain[place]);
                }
            }
            assertEquals(expected, visited);
            assertEquals(total, counts.total());
        }
    }

    @Test
    void aPageOfZerosIsAsGoodAsNone() {
        SparseCounts none = new SparseCounts(300);
        SparseCounts zeros = new SparseCounts(300);
        zeros.add(100, 7);
        assertNotEquals(none, zeros);
        assertNotEquals(zeros, none);
        assertNotEquals(none.hashCode(), zeros.hashCode());
        assertEquals(7, zeros.take(100));
        assertEquals(none, zeros);
        assertEquals(zeros, none);
        assertEquals(none.hashCode(), zeros.hashCode());
        assertEquals(5 * 8 + 528, zeros.bytes());
        assertEquals(5 * 8, zeros.copy().bytes());
        assertNotEquals(none, new SparseCounts(400));
    }

    @Test
    void aCopyIsOnItsOwn() {
        SparseCounts counts = new SparseCounts(300);
        counts.add(299, 5);
        SparseCounts copy = counts.copy();
        assertEquals(counts, copy);
        counts.add(299, 1);
        assertEquals(5, copy.get(299));
        counts.clear();
        assertEquals(0, counts.total());
        assertEquals(5 * 8, counts.bytes());
        assertEquals(5 * (8 + 528), SparseCounts.mostBytes(300));
    }
}
