// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NaturalOrderTest {
    /** Ascending, each name. */
    private static final List<String> NAMES = List.of(
            "",
            "0",
            "00",
            "1",
            "9",
            "10",
            "10a",
            "0010b",
            "12345678901234567890",
            "99999999999999999999",
            "a",
            "a0",
            "a01",
            "a1",
            "a1.b2",
            "a1.b10",
            "a1a",
            "a2",
            "a10",
            "ab",
            "b",
            "layer5.act",
            "layer49.act",
            "layer49.bct");

    @Test
    void numbersCountAndNothingIsEqualButItself() {
        for (int i = 0; i < NAMES.size(); i++) {
            for (int j = 0; j < NAMES.size(); j++) {
                String pair = NAMES.get(i) + " " + NAMES.get(j);
                assertEquals(
                        Integer.signum(Integer.compare(i, j)),
                        Integer.signum(NaturalOrder.INSTANCE.compare(NAMES.get(i), NAMES.get(j))),
                        pair);
            }
        }
    }

    /** Whatever order they come in: of texts that mix few characters, so that many are nearly equal. */
    @Test
    void itIsAnOrder() {
        Random random = new Random(4);
        for (int round = 0; round < 200; round++) {
            List<String> names = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                StringBuilder name = new StringBuilder();
                for (int k = random.nextInt(5); k > 0; k--) {
                    name.append("01a-".charAt(random.nextInt(4)));
                }
                names.add(name.toString());
            }
            names.sort(NaturalOrder.INSTANCE);
            List<String> again = new ArrayList<>(names);
            Collections.shuffle(again, random);
            again.sort(NaturalOrder.INSTANCE);
            assertEquals(names, again);
        }
    }
}
