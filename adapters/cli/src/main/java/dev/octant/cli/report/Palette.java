// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.report;

import dev.octant.calibration.evaluation.Evaluation;
import dev.octant.calibration.evaluation.MethodResult;
import dev.octant.calibration.evaluation.TensorResult;
import dev.octant.calibration.methods.Method;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * One colour per method, the same in every table and picture. The stylesheet holds the colours, for light and dark;
 * after eight methods they begin anew with a dashed line.
 */
final class Palette {
    private static final int COLOURS = 8;

    private final List<String> methods;

    private Palette(List<String> methods) {
        this.methods = methods;
    }

    static Palette of(Evaluation evaluation) {
        Set<String> names = new LinkedHashSet<>();
        for (TensorResult tensor : evaluation.tensors()) {
            for (MethodResult result : tensor.methods()) {
                names.add(result.method().toString());
            }
        }
        return new Palette(new ArrayList<>(names));
    }

    /** The names of all methods in the order met. */
    List<String> methods() {
        return methods;
    }

    /** The style of lines and texts of a method. */
    String style(Method method) {
        return style(method.toString());
    }

    String style(String method) {
        int index = methods.indexOf(method);
        return "m" + index % COLOURS + (index / COLOURS % 2 == 1 ? " dashed" : "");
    }
}
