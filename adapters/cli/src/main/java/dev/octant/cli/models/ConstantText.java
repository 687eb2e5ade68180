// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.models;

import dev.octant.formats.VisibleText;
import dev.octant.onnx.QuantizedModel.Constant;
import java.util.List;
import java.util.stream.Collectors;

/** What did not vary on the calibration data, as a sentence. */
final class ConstantText {
    private static final int NAMED = 8;

    private ConstantText() {}

    /** Which values, and what that means. */
    static String of(List<Constant> constants) {
        String named = constants.stream()
                .limit(NAMED)
                .map(constant -> VisibleText.name(constant.value()) + " (" + number(constant.number()) + ")")
                .collect(Collectors.joining(", "));
        int more = constants.size() - NAMED;
        return "one number throughout the calibration data: " + named + (more > 0 ? " and " + more + " more" : "")
                + "; the int8 model knows no other numbers there, and is likely wrong on data that vary";
    }

    private static String number(double number) {
        boolean isWhole = number == Math.rint(number) && Math.abs(number) < 1L << 53;
        return isWhole ? String.valueOf((long) number) : String.valueOf((float) number);
    }
}
