// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.calibration;

import dev.octant.core.QuantType;
import dev.octant.core.internal.text.Numbers;
import dev.octant.formats.VisibleText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** Counts what a table cannot hold, by reason, and names the first of each. */
final class Omissions {
    /** More of one reason are counted, not named. */
    private static final int NAMED = 8;

    private final Map<String, Tally> tallies = new LinkedHashMap<>();

    private static final class Tally {
        private final List<String> first = new ArrayList<>();
        private int count;

        private void add(String tensor) {
            if (count < NAMED && !tensor.isBlank()) {
                first.add(VisibleText.of(tensor));
            }
            count++;
        }

        /** {@code 2 tensors (a, b)}, {@code 10 tensors (a, b, c, d, e, f, g, h and 2 more)}; {@code 1 tensor}. */
        @Override
        public String toString() {
            String tensors = Numbers.counted(count, "tensor");
            if (first.isEmpty()) {
                return tensors;
            }
            String more = count > first.size() ? " and " + (count - first.size()) + " more" : "";
            return tensors + " (" + String.join(", ", first) + more + ")";
        }
    }

    /** Adds a tensor to those that {@code reason} is said of; it may have no name. */
    void add(String tensor, String reason) {
        tallies.computeIfAbsent(reason, r -> new Tally()).add(tensor);
    }

    /** Whether a table can have a name; of a tensor whose name it cannot have, that is said. */
    boolean isName(String tensor) {
        if (VisibleText.isPrintable(tensor)) {
            return true;
        }
        add(tensor, tensor.isBlank() ? "left out, without a name" : "left out, with a name that cannot be printed");
        return false;
    }

    /** Whether parameters can have a scale; of a tensor whose scale they cannot have, that is said. */
    boolean isScale(String tensor, float scale) {
        if (!Float.isFinite(scale)) {
            add(tensor, "left out, with a scale that is not finite as a float");
        } else if (scale == 0) {
            add(tensor, "left out, with a scale of 0");
        } else if (scale < 0) {
            add(tensor, "left out, with a scale below 0");
        } else if (scale < Float.MIN_NORMAL) {
            add(tensor, "left out, with a scale below the smallest normal float");
        } else {
            return true;
        }
        return false;
    }

    /** Whether a number is one of the codes of a type; of a tensor whose zero point is none, that is said. */
    boolean isZeroPoint(String tensor, OptionalInt zeroPoint, QuantType type) {
        if (zeroPoint.isEmpty() || zeroPoint.getAsInt() < type.low() || zeroPoint.getAsInt() > type.high()) {
            add(tensor, "left out, with a zero point that is no code of its type");
            return false;
        }
        return true;
    }

    /** One sentence for each reason: {@code left out, not of 8 bits: 3 tensors (act, gate, up)}. */
    List<String> sentences() {
        List<String> sentences = new ArrayList<>();
        tallies.forEach((reason, tally) -> sentences.add(reason + ": " + tally));
        return sentences;
    }
}
