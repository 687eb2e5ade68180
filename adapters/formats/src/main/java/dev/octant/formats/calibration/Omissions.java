// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.calibration;

import dev.octant.core.internal.text.Numbers;
import dev.octant.formats.VisibleText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Counts what a table cannot hold, by reason, and names one of each. */
final class Omissions {
    private final Map<String, Tally> tallies = new LinkedHashMap<>();

    private static final class Tally {
        private final String first;
        private int count;

        private Tally(String first) {
            this.first = first;
        }
    }

    /** Adds a tensor to those that {@code reason} is said of. */
    void add(String tensor, String reason) {
        tallies.computeIfAbsent(reason, r -> new Tally(tensor)).count++;
    }

    /** One sentence for each reason: {@code left out, not of 8 bits: 3 tensors (act among them)}. */
    List<String> sentences() {
        List<String> sentences = new ArrayList<>();
        tallies.forEach((reason, tally) -> sentences.add(reason + ": " + tensors(tally.count, tally.first)));
        return sentences;
    }

    /** {@code 1 tensor (act)}, {@code 3 tensors (act among them)}. */
    static String tensors(int count, String first) {
        String name = VisibleText.of(first);
        return Numbers.counted(count, "tensor") + " (" + name + (count == 1 ? ")" : " among them)");
    }
}
