// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.models;

import dev.octant.core.internal.text.Numbers;
import dev.octant.onnx.ModelSpeed;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/** How fast two models run, as people read it. */
final class SpeedText {
    private SpeedText() {}

    static void print(List<ModelSpeed> speeds, String first, PrintWriter out) {
        for (ModelSpeed speed : speeds) {
            out.printf(
                    Locale.ROOT,
                    "speed: %.2f times that of %s on one thread here, at %s: %.1f us in place of %.1f%n",
                    speed.ratio(),
                    first,
                    Numbers.counted(speed.rows(), "row"),
                    speed.second(),
                    speed.first());
        }
    }
}
