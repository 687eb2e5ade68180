// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.report;

import dev.octant.calibration.evaluation.Evaluation;
import dev.octant.calibration.evaluation.MethodResult;
import dev.octant.calibration.evaluation.TensorResult;
import dev.octant.cli.report.drawing.Markup;
import dev.octant.cli.report.drawing.Numbers;
import dev.octant.core.QuantParams;
import dev.octant.formats.VisibleText;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;

/** One row per tensor and method. Cells of numbers carry the number itself, by which the script sorts. */
final class SummaryTable {
    private static final String[] HEADINGS = {"Tensor", "Op", "Method"};
    private static final String[] NUMBERS = {
        "Range from",
        "to",
        "Scale",
        "Zero point",
        "Clipped, %",
        "Input SQNR, dB",
        "Output SQNR, dB",
        "Rounding error",
        "Clipping error",
        "Max error, steps"
    };

    private final Evaluation evaluation;
    private final Palette palette;

    SummaryTable(Evaluation evaluation, Palette palette) {
        this.evaluation = evaluation;
        this.palette = palette;
    }

    /** Writes the table, tensor by tensor. */
    void write(Markup page, Appendable out) throws IOException {
        // Of many tensors, the others would drown the best ones.
        if (evaluation.tensors().size() > HtmlReport.OPEN) {
            page.empty("input", "type", "checkbox", "id", "only-best", "class", "switch", "checked", "checked");
        } else {
            page.empty("input", "type", "checkbox", "id", "only-best", "class", "switch");
        }
        page.element("label", "Only the best method of each tensor", "for", "only-best");
        page.open("div", "class", "scroll", "tabindex", "0")
                .open("table", "class", "summary")
                .open("thead")
                .open("tr");
        for (String heading : HEADINGS) {
            page.element("th", heading, "scope", "col");
        }
        for (String heading : NUMBERS) {
            page.element("th", heading, "scope", "col", "class", "number");
        }
        page.close().close().open("tbody");
        for (int i : HtmlReport.worstFirst(evaluation)) {
            rows(page, i, evaluation.tensors().get(i));
            out.append(page.drain());
        }
        page.close().close().close();
    }

    private void rows(Markup page, int index, TensorResult tensor) {
        List<Warning> warnings = Warning.of(tensor, evaluation.rule().scheme());
        if (tensor.methods().isEmpty()) {
            page.open("tr", "class", "first best");
            name(page, index, tensor, warnings);
            op(page, tensor);
            page.element("td", "left out", "class", "quiet", "colspan", Integer.toString(NUMBERS.length + 1));
            page.close();
            return;
        }
        String first = "first ";
        for (MethodResult result : tensor.methods()) {
            boolean best = result.equals(tensor.best());
            page.open("tr", "class", (first + (best ? "best" : "")).strip());
            name(page, index, tensor, warnings);
            op(page, tensor);
            page.open("td", "class", "choice").open("span", "class", "method " + palette.style(result.method()));
            page.text(result.method().toString()).close();
            if (best) {
                page.text(" ").element("span", "★", "class", "star", "title", "highest output SQNR");
            }
            page.close();
            numbers(page, result);
            page.close();
            first = "";
        }
    }

    private static void name(Markup page, int index, TensorResult tensor, List<Warning> warnings) {
        page.open("th", "scope", "row").element("a", VisibleText.whole(tensor.name()), "href", "#t" + index);
        if (!warnings.isEmpty()) {
            String titles = warnings.stream().map(Warning::title).collect(Collectors.joining(", "));
            page.text(" ").element("span", "⚠", "class", "alert", "title", titles);
        }
        page.close();
    }

    private static void op(Markup page, TensorResult tensor) {
        page.open("td").element("span", tensor.function().toString()).close();
    }

    private static void numbers(Markup page, MethodResult result) {
        QuantParams input = result.quantized().input();
        number(page, result.range().min(), Numbers.real(result.range().min()));
        number(page, result.range().max(), Numbers.real(result.range().max()));
        number(page, input.scale(), Numbers.real(input.scale()));
        number(page, input.zeroPoint(), Numbers.code(input.zeroPoint()));
        number(
                page,
                result.error().clippedFraction(),
                Numbers.percent(result.error().clippedFraction()));
        number(
                page,
                result.error().inputSqnrDb(),
                Numbers.decimals(result.error().inputSqnrDb(), 1));
        number(
                page,
                result.error().outputSqnrDb(),
                Numbers.decimals(result.error().outputSqnrDb(), 1));
        rootMeanSquare(page, result.error().output().rounding());
        rootMeanSquare(page, result.error().output().clipping());
        number(
                page,
                result.error().maxErrorSteps(),
                Numbers.steps(result.error().maxErrorSteps()));
    }

    private static void rootMeanSquare(Markup page, double meanSquare) {
        number(page, Math.sqrt(meanSquare), Numbers.real(Math.sqrt(meanSquare)));
    }

    private static void number(Markup page, double value, String text) {
        String exact = Double.toString(value);
        page.element("td", text, "class", "number", "data-value", exact, "title", exact);
    }
}
