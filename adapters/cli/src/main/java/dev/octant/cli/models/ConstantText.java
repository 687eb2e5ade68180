// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.models;

import dev.octant.cli.words.ShownNames;
import dev.octant.formats.VisibleText;
import dev.octant.onnx.QuantizedModel.Constant;
import java.util.List;

/** What did not vary on the calibration data, as a sentence. */
final class ConstantText {
    private static final int NAMED = 8;

    private ConstantText() {}

    /** Which values, and what that means. */
    static String of(List<Constant> constants) {
        List<String> named = constants.stream()
                .map(constant -> VisibleText.name(constant.value()) + " (" + number(constant.number()) + ")")
                .toList();
        return "one number throughout the calibration data: " + ShownNames.first(named, NAMED)
                + "; the int8 model knows no other numbers there, and is likely wrong on data that vary";
    }

    private static String number(double number) {
        boolean isWhole = number == Math.rint(number) && Math.abs(number) < 1L << 53;
        return isWhole ? String.valueOf((long) number) : String.valueOf((float) number);
    }
}
