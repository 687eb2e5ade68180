// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.models;

import dev.octant.core.internal.text.Numbers;
import dev.octant.formats.VisibleText;
import dev.octant.onnx.ModelComparison;
import java.io.PrintWriter;
import java.util.Locale;

/** A comparison of two models, as people read it. */
final class ComparisonText {
    private ComparisonText() {}

    static void print(ModelComparison comparison, PrintWriter out) {
        out.println("compared on " + Numbers.counted(comparison.rows(), "row"));
        out.printf(Locale.ROOT, "%10s %14s %12s  %s%n", "SQNR dB", "largest error", "same class", "output");
        for (ModelComparison.Output output : comparison.outputs()) {
            out.printf(
                    Locale.ROOT,
                    "%10.2f %14.6g %12s  %s%n",
                    output.sqnrDb(),
                    output.largestError(),
                    output.topAgreement().isPresent()
                            ? String.format(
                                    Locale.ROOT,
                                    "%.2f %%",
                                    100 * output.topAgreement().getAsDouble())
                            : "",
                    VisibleText.of(output.name()));
        }
        comparison.outputs().stream()
                .filter(output -> Double.isNaN(output.sqnrDb()))
                .forEach(output -> out.println("output " + VisibleText.of(output.name())
                        + " has no SQNR: it is NaN or infinite somewhere on the data"));
    }
}
