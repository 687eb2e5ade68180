// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.report;

import dev.octant.calibration.evaluation.DataError;
import dev.octant.calibration.evaluation.MethodResult;
import dev.octant.calibration.evaluation.SplitError;
import dev.octant.calibration.evaluation.TensorResult;
import dev.octant.cli.report.drawing.Frame;
import dev.octant.cli.report.drawing.Markup;
import dev.octant.cli.report.drawing.Numbers;
import dev.octant.cli.report.drawing.Pane;
import dev.octant.core.QuantParams;

/** What each method costs one tensor: rounding and clipping apart, on both sides of the op. */
final class ErrorTable {
    private static final int BAR = 120;

    private final TensorResult tensor;
    private final Palette palette;

    ErrorTable(TensorResult tensor, Palette palette) {
        this.tensor = tensor;
        this.palette = palette;
    }

    void write(Markup page) {
        page.open("table", "class", "errors-table").open("thead").open("tr");
        page.element("th", "Method", "scope", "col");
        for (String side : new String[] {"Input", "Output"}) {
            page.element("th", side + ": rounding", "scope", "col", "class", "number");
            page.element("th", "clipping", "scope", "col", "class", "number");
            page.element("th", "SQNR, dB", "scope", "col", "class", "number");
        }
        page.element("th", "Output scale", "scope", "col", "class", "number");
        page.element("th", "zero point", "scope", "col", "class", "number");
        page.element("th", "SQNR with the best output range, dB", "scope", "col", "class", "number");
        page.open("th", "scope", "col").text("Output error: ");
        page.open("span", "class", "shares rounding").text("rounding").close().text(" ");
        page.open("span", "class", "shares clipping").text("clipping").close().close();
        page.close().close().open("tbody");
        double largest = tensor.methods().stream()
                .mapToDouble(result -> Math.sqrt(result.error().output().total()))
                .filter(Double::isFinite)
                .max()
                .orElse(0);
        for (MethodResult result : tensor.methods()) {
            row(page, result, largest);
        }
        page.close().close();
    }

    private void row(Markup page, MethodResult result, double largest) {
        DataError error = result.error();
        page.open("tr").open("th", "scope", "row");
        page.element("span", result.method().toString(), "class", "method " + palette.style(result.method()));
        if (result.equals(tensor.best())) {
            page.text(" ★");
        }
        page.close();
        side(page, error.input(), error.inputSqnrDb());
        side(page, error.output(), error.outputSqnrDb());
        QuantParams output = result.quantized().output();
        number(page, output.scale(), Numbers.real(output.scale()));
        number(page, output.zeroPoint(), Numbers.code(output.zeroPoint()));
        double best = result.bestOutput().outputSqnrDb();
        number(page, best, Numbers.decimals(best, 2));
        page.open("td");
        bar(page, error.output(), largest);
        page.close().close();
    }

    private static void side(Markup page, SplitError error, double sqnr) {
        number(page, Math.sqrt(error.rounding()), Numbers.real(Math.sqrt(error.rounding())));
        number(page, Math.sqrt(error.clipping()), Numbers.real(Math.sqrt(error.clipping())));
        number(page, sqnr, Numbers.decimals(sqnr, 2));
    }

    private static void number(Markup page, double value, String text) {
        page.element("td", text, "class", "number", "title", Double.toString(value));
    }

    /** As long as the root of the error, divided as the squares are. */
    private static void bar(Markup page, SplitError error, double largest) {
        double length = largest > 0 ? BAR * Math.sqrt(error.total()) / largest : 0;
        double rounding = error.total() > 0 ? length * (error.rounding() / error.total()) : 0;
        page.open("svg", "viewBox", "0 0 " + BAR + " 8", "class", "share", "aria-hidden", "true");
        if (Double.isFinite(length) && Double.isFinite(rounding)) {
            Frame.rectangle(page, "rounding", new Pane(0, 0, rounding, 8));
            Frame.rectangle(page, "clipping", new Pane(rounding, 0, length, 8));
        }
        page.close();
    }
}
