// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.report;

import dev.octant.calibration.evaluation.Evaluation;
import dev.octant.cli.report.drawing.Markup;
import dev.octant.cli.report.drawing.Numbers;
import dev.octant.formats.VisibleText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Every kind of warning with the tensors it was given for; nothing where there is none. */
final class WarningsTable {
    /** So many tensors are named; the summary marks them all. */
    private static final int NAMED = 12;

    private final Evaluation evaluation;

    WarningsTable(Evaluation evaluation) {
        this.evaluation = evaluation;
    }

    void write(Markup page) {
        Map<String, List<Integer>> tensors = new LinkedHashMap<>();
        for (int i = 0; i < evaluation.tensors().size(); i++) {
            for (Warning warning :
                    Warning.of(evaluation.tensors().get(i), evaluation.rule().scheme())) {
                tensors.computeIfAbsent(warning.title(), title -> new ArrayList<>())
                        .add(i);
            }
        }
        if (tensors.isEmpty()) {
            return;
        }
        page.open("section").element("h2", "Warnings");
        page.open("div", "class", "scroll", "tabindex", "0")
                .open("table", "class", "alerts")
                .open("thead")
                .open("tr");
        page.element("th", "Warning", "scope", "col");
        page.element("th", "Given for", "scope", "col", "class", "number");
        page.element("th", "Which", "scope", "col");
        page.close().close().open("tbody");
        tensors.forEach((title, indices) -> row(page, title, indices));
        page.close().close().close().close();
    }

    private void row(Markup page, String title, List<Integer> indices) {
        page.open("tr").open("th", "scope", "row");
        page.element("span", "⚠ " + title, "class", "alert").close();
        page.element("td", Numbers.plural(indices.size(), "tensor"), "class", "number")
                .open("td");
        for (int i = 0; i < Math.min(NAMED, indices.size()); i++) {
            page.text(i == 0 ? "" : ", ");
            int index = indices.get(i);
            page.element("a", VisibleText.whole(evaluation.tensors().get(index).name()), "href", "#t" + index);
        }
        if (indices.size() > NAMED) {
            page.text(" and " + Numbers.count(indices.size() - NAMED) + " more");
        }
        page.close().close();
    }
}
