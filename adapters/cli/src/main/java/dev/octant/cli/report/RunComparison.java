// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.report;

import dev.octant.cli.report.drawing.Markup;
import dev.octant.cli.report.drawing.Numbers;
import dev.octant.formats.VisibleText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * Two runs, tensor by tensor.
 *
 * @param before the first
 * @param after the second
 * @param changes the tensors that both have, the largest loss first; those whose change is no number last
 * @param onlyBefore the tensors that the second does not have
 * @param onlyAfter the tensors that the first does not have
 */
public record RunComparison(
        Figures before, Figures after, List<Change> changes, List<String> onlyBefore, List<String> onlyAfter) {
    /** A smaller change is none: it would be printed as 0.00. */
    private static final double EQUAL_DB = 0.005;

    /**
     * What became of a tensor.
     *
     * @param tensor its name
     * @param before its best of the first run
     * @param after its best of the second
     */
    public record Change(String tensor, Figures.Best before, Figures.Best after) {
        /** How many decibels were gained; NaN where that is no number. */
        public double gainDb() {
            return after.outputSqnrDb() - before.outputSqnrDb();
        }
    }

    /** Compares the best methods of two runs. */
    public static RunComparison of(Figures before, Figures after) {
        List<Change> changes = new ArrayList<>();
        before.tensors().forEach((tensor, best) -> {
            if (after.tensors().containsKey(tensor)) {
                changes.add(new Change(tensor, best, after.tensors().get(tensor)));
            }
        });
        changes.sort(Comparator.comparingDouble(Change::gainDb));
        return new RunComparison(before, after, changes, others(before, after), others(after, before));
    }

    private static List<String> others(Figures from, Figures without) {
        return from.tensors().keySet().stream()
                .filter(tensor -> !without.tensors().containsKey(tensor))
                .toList();
    }

    /** What it comes to, in sentences. */
    public List<String> sentences() {
        List<String> sentences = new ArrayList<>();
        List<Change> known = changes.stream()
                .filter(change -> !Double.isNaN(change.gainDb()))
                .toList();
        if (!known.isEmpty()) {
            long better = known.stream().filter(c -> c.gainDb() >= EQUAL_DB).count();
            long worse = known.stream().filter(c -> c.gainDb() <= -EQUAL_DB).count();
            sentences.add(String.format(
                    Locale.ROOT,
                    "The second run is better on %s of %s tensors, worse on %s and equal on %s; half of the changes are"
                            + " %+.2f dB or less.",
                    better,
                    known.size(),
                    worse,
                    known.size() - better - worse,
                    known.get((known.size() - 1) / 2).gainDb()));
            Change worst = known.get(0);
            if (worst.gainDb() <= -EQUAL_DB) {
                sentences.add(String.format(
                        Locale.ROOT, "The largest loss is %+.2f dB, of %s.", worst.gainDb(), worst.tensor));
            }
            Change most = known.get(known.size() - 1);
            if (most.gainDb() >= EQUAL_DB) {
                sentences.add(
                        String.format(Locale.ROOT, "The largest gain is %+.2f dB, of %s.", most.gainDb(), most.tensor));
            }
        }
        if (!before.settings().equals(after.settings())) {
            sentences.add(
                    "The runs were made with different settings: " + before.settings() + "; " + after.settings() + ".");
        }
        if (!onlyBefore.isEmpty()) {
            sentences.add("Only the first run has " + String.join(", ", onlyBefore) + ".");
        }
        if (!onlyAfter.isEmpty()) {
            sentences.add("Only the second run has " + String.join(", ", onlyAfter) + ".");
        }
        return sentences;
    }

    /** Writes it as a page, of the kind of {@link HtmlReport}; does not close or flush its destination. */
    public void writeHtml(Appendable out) throws IOException {
        Markup page = new Markup();
        page.verbatim("<!DOCTYPE html>\n");
        page.open("html", "xmlns", "http://www.w3.org/1999/xhtml", "lang", "en");
        HtmlReport.head(page, "Octant: two runs");
        page.open("body").open("header").element("h1", "Two runs");
        page.open("dl", "class", "facts run");
        HtmlReport.fact(page, "first", VisibleText.of(before.file()));
        HtmlReport.fact(page, "second", VisibleText.of(after.file()));
        page.close().close().open("main");
        page.open("section", "class", "conclusion").element("h2", "Conclusion");
        sentences().forEach(sentence -> page.element("p", VisibleText.whole(sentence)));
        page.close();
        page.open("section").element("h2", "Tensors, the largest loss first");
        page.open("div", "class", "scroll", "tabindex", "0").open("table", "class", "methods");
        page.open("thead").open("tr").element("th", "Tensor", "scope", "col").element("th", "Op", "scope", "col");
        page.element("th", "First: best method", "scope", "col");
        page.element("th", "output SQNR, dB", "scope", "col", "class", "number");
        page.element("th", "Second: best method", "scope", "col");
        page.element("th", "output SQNR, dB", "scope", "col", "class", "number");
        page.element("th", "Change, dB", "scope", "col", "class", "number")
                .close()
                .close();
        page.open("tbody");
        for (Change change : changes) {
            page.open("tr").element("th", VisibleText.whole(change.tensor), "scope", "row");
            page.element("td", change.after.op());
            best(page, change.before);
            best(page, change.after);
            page.element("td", Numbers.decimals(change.gainDb(), 2), "class", "number")
                    .close();
        }
        page.close().close().close().close().close().close().close();
        out.append(page.drain()).append('\n');
    }

    private static void best(Markup page, Figures.Best best) {
        page.element("td", VisibleText.whole(best.method()));
        page.element(
                "td",
                Numbers.decimals(best.outputSqnrDb(), 2),
                "class",
                "number",
                "title",
                Double.toString(best.outputSqnrDb()));
    }
}
