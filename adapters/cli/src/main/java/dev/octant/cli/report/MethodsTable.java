// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.report;

import dev.octant.calibration.evaluation.Conclusion;
import dev.octant.calibration.evaluation.Evaluation;
import dev.octant.calibration.evaluation.MethodResult;
import dev.octant.calibration.evaluation.TensorResult;
import dev.octant.cli.report.drawing.Markup;
import dev.octant.cli.report.drawing.Numbers;
import dev.octant.formats.VisibleText;
import java.util.ArrayList;
import java.util.List;

/** Every method over all tensors, the best first: how often it was best, and its usual and its worst output. */
final class MethodsTable {
    private record Outcome(int tensor, String name, double outputSqnrDb) {}

    private final Evaluation evaluation;
    private final Conclusion conclusion;
    private final Palette palette;

    MethodsTable(Evaluation evaluation, Conclusion conclusion, Palette palette) {
        this.evaluation = evaluation;
        this.conclusion = conclusion;
        this.palette = palette;
    }

    void write(Markup page) {
        page.open("table", "class", "methods").open("thead").open("tr");
        page.element("th", "Method", "scope", "col");
        page.element("th", "Best alone on", "scope", "col", "class", "number");
        page.element("th", "Among equals on", "scope", "col", "class", "number");
        page.element("th", "Median loss to the best, dB", "scope", "col", "class", "number");
        page.element("th", "Median output SQNR, dB", "scope", "col", "class", "number");
        page.element("th", "Lowest output SQNR, dB", "scope", "col", "class", "number");
        page.element("th", "on tensor", "scope", "col");
        page.close().close().open("tbody");
        conclusion.methods().forEach(tally -> row(page, tally));
        page.close().close();
    }

    private void row(Markup page, Conclusion.Tally tally) {
        String method = tally.method();
        List<Outcome> outcomes = new ArrayList<>();
        for (int i = 0; i < evaluation.tensors().size(); i++) {
            TensorResult tensor = evaluation.tensors().get(i);
            for (MethodResult result : tensor.methods()) {
                if (result.method().toString().equals(method)) {
                    double sqnr = result.error().outputSqnrDb();
                    if (!Double.isNaN(sqnr)) {
                        outcomes.add(new Outcome(i, VisibleText.whole(tensor.name()), sqnr));
                    }
                }
            }
        }
        outcomes.sort((a, b) -> Double.compare(a.outputSqnrDb, b.outputSqnrDb));
        page.open("tr").open("th", "scope", "row").open("span", "class", "method " + palette.style(method));
        page.text(method).close().close();
        page.element("td", Numbers.plural(tally.wins(), "tensor"), "class", "number");
        page.element("td", tally.ties() == 0 ? "–" : Numbers.plural(tally.ties(), "tensor"), "class", "number");
        page.element("td", Numbers.decimals(tally.medianLossDb(), 2), "class", "number");
        if (outcomes.isEmpty()) {
            page.element("td", "–", "class", "number").element("td", "–", "class", "number");
            page.element("td", "–");
        } else {
            Outcome lowest = outcomes.get(0);
            Outcome median = outcomes.get((outcomes.size() - 1) / 2);
            page.element("td", Numbers.decimals(median.outputSqnrDb, 1), "class", "number");
            page.element("td", Numbers.decimals(lowest.outputSqnrDb, 1), "class", "number");
            page.open("td")
                    .element("a", lowest.name, "href", "#t" + lowest.tensor)
                    .close();
        }
        page.close();
    }
}
