// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.ranges;

import dev.octant.calibration.methods.MethodKind;
import dev.octant.calibration.methods.MethodSet;
import java.util.ArrayList;
import java.util.List;

/** What may follow {@code --method}, in words. */
public final class MethodHelp {
    private MethodHelp() {}

    /** What each word means, and an example, for the end of a command's help. */
    public static String[] lines(String command) {
        MethodWords words = words(command);
        List<String> lines = new ArrayList<>();
        lines.add("");
        lines.add("Methods. What follows '=' is the default:");
        for (MethodKind kind : words.kinds()) {
            if (kind == MethodKind.MEAN) {
                lines.add("Of samples, the entries of the first dimension:");
            }
            if (kind == MethodKind.MOVING_AVERAGE) {
                lines.add("Engines' own, which depend on the order of the arrays, each a batch held whole:");
            }
            lines.add(line(kind.form(), kind.description()));
        }
        if (words.hasGroup(MethodSet.ALL)) {
            lines.add("Several:");
            lines.add(line(MethodSet.BEST, "of all, the one of highest output SQNR"));
            lines.add(line(MethodSet.ALL, "minmax to consumer, without it where no op is known"));
            lines.add(line(MethodSet.ENGINES, "all of the engines'"));
        } else {
            lines.add("Of several, tensor by tensor:");
            lines.add(line(MethodSet.BEST, "of minmax to consumer that of highest output SQNR"));
        }
        lines.add("");
        lines.add("Example: " + example(command));
        return lines.toArray(new String[0]);
    }

    private static MethodWords words(String command) {
        return switch (command) {
            case "evaluate" -> MethodWords.EVALUATE;
            case "calibrate" -> MethodWords.CALIBRATE;
            case "ranges" -> MethodWords.RANGES;
            default -> throw new IllegalArgumentException("command must have methods, was " + command);
        };
    }

    private static String example(String command) {
        return switch (command) {
            case "evaluate" -> "octant evaluate activations/ --op silu --op '*gate*=sigmoid' --report report.html";
            case "calibrate" -> "octant calibrate activations/ --op silu --method best -o table.json";
            case "ranges" -> "octant ranges all.summary --method percentile=99.99 -o table.json";
            default -> throw new IllegalArgumentException("command must have an example, was " + command);
        };
    }

    private static String line(String form, String description) {
        return String.format("  %-25s %s", form, description);
    }
}
