// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.report;

import dev.octant.calibration.evaluation.Conclusion;
import dev.octant.cli.report.drawing.Markup;
import dev.octant.cli.words.ShownNames;
import dev.octant.cli.words.StandardStreams;
import dev.octant.core.internal.text.Numbers;
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
 * @param changes the tensors that both have, the largest loss first; those that cannot be compared last
 * @param onlyBefore the tensors that the second does not have
 * @param onlyAfter the tensors that the first does not have
 */
public record RunComparison(
        Figures before, Figures after, List<Change> changes, List<String> onlyBefore, List<String> onlyAfter) {
    /** So many tensors are named in a sentence. */
    private static final int NAMED = 20;

    /**
     * What became of a tensor.
     *
     * @param tensor its name
     * @param before its best of the first run
     * @param after its best of the second
     */
    public record Change(String tensor, Figures.Best before, Figures.Best after) {
        /**
         * How many decibels were gained; infinite where one of the runs lost nothing, NaN where there is nothing to
         * compare: no signal, or another op.
         */
        public double gainDb() {
            if (!isOfOneOp()) {
                return Double.NaN;
            }
            // Two that lose nothing are equal, though the difference of infinities is no number.
            return after.outputSqnrDb() == before.outputSqnrDb() ? 0 : after.outputSqnrDb() - before.outputSqnrDb();
        }

        /** Whether the second decimal shows a gain or a loss; not where there is nothing to compare. */
        public boolean isChange() {
            return !Double.isNaN(gainDb()) && !Conclusion.isTie(before.outputSqnrDb(), after.outputSqnrDb());
        }

        /** Whether both runs judged the same op behind the tensor. */
        public boolean isOfOneOp() {
            return before.op().equals(after.op());
        }

        /** The op, or that of each run. */
        public String op() {
            return isOfOneOp() ? after.op() : before.op() + ", then " + after.op();
        }

        /** What was gained, in words where it is no number of decibels. */
        public String gain() {
            return isOfOneOp() ? gainInWords("") : "other op";
        }

        private String gainInWords(String unit) {
            double gain = gainDb();
            if (Double.isNaN(gain)) {
                return "no signal";
            }
            if (Double.isInfinite(gain)) {
                return gain > 0 ? "now exact" : "was exact";
            }
            if (!isChange()) {
                return "no change";
            }
            return Math.abs(gain) < Conclusion.LEAST_DB
                    ? (gain > 0 ? "up" : "down") + " by less than 0.01" + unit
                    : String.format(Locale.ROOT, "%+.2f%s", gain, unit);
        }
    }

    /** A ratio to the second decimal, or in words. */
    public static String decibels(double value) {
        return Double.isNaN(value)
                ? "no signal"
                : Double.isInfinite(value) ? "exact" : String.format(Locale.ROOT, "%.2f", value);
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
        if (changes.isEmpty()) {
            sentences.add("The runs have no tensor in common.");
        }
        List<Change> known = changes.stream()
                .filter(change -> !Double.isNaN(change.gainDb()))
                .toList();
        if (!known.isEmpty()) {
            addVerdict(sentences, known);
        }
        List<String> others = changes.stream()
                .filter(change -> !change.isOfOneOp())
                .map(change -> change.tensor + " (" + change.op() + ")")
                .toList();
        if (!others.isEmpty()) {
            sentences.add("Left out of the verdict, for another op reads them in the second run: " + named(others));
        }
        List<String> silent = changes.stream()
                .filter(change -> change.isOfOneOp() && Double.isNaN(change.gainDb()))
                .map(Change::tensor)
                .toList();
        if (!silent.isEmpty()) {
            sentences.add("Left out of the verdict, for they have no signal: " + named(silent));
        }
        List<String> settings = new ArrayList<>();
        before.settings().forEach((name, value) -> {
            String other = after.settings().get(name);
            if (!value.equals(other)) {
                settings.add(name + " " + value + " in the first and " + other + " in the second");
            }
        });
        if (!settings.isEmpty()) {
            sentences.add("The runs were made with different settings: " + String.join("; ", settings) + ".");
        }
        if (!onlyBefore.isEmpty()) {
            sentences.add("Only the first run has " + named(onlyBefore));
        }
        if (!onlyAfter.isEmpty()) {
            sentences.add("Only the second run has " + named(onlyAfter));
        }
        return sentences;
    }

    private static void addVerdict(List<String> sentences, List<Change> known) {
        List<Change> changed = known.stream().filter(Change::isChange).toList();
        if (changed.isEmpty()) {
            sentences.add("No change: the runs are equal to the second decimal on "
                    + Numbers.counted(known.size(), "tensor") + ".");
            return;
        }
        sentences.add(String.format(
                Locale.ROOT,
                "The second run is better on %s of %s, worse on %s and equal on %s; in the median: %s.",
                changed.stream().filter(c -> c.gainDb() > 0).count(),
                Numbers.counted(known.size(), "tensor"),
                changed.stream().filter(c -> c.gainDb() < 0).count(),
                known.size() - changed.size(),
                known.get((known.size() - 1) / 2).gainInWords(" dB")));
        Change worst = changed.get(0);
        if (worst.gainDb() < 0) {
            sentences.add("The largest loss is of " + worst.tensor + ": " + worst.gainInWords(" dB") + ".");
        }
        Change most = changed.get(changed.size() - 1);
        if (most.gainDb() > 0) {
            sentences.add("The largest gain is of " + most.tensor + ": " + most.gainInWords(" dB") + ".");
        }
    }

    private static String named(List<String> names) {
        return ShownNames.first(names, NAMED) + ".";
    }

    /** Writes it as a page, of the kind of {@link HtmlReport}; does not close or flush its destination. */
    public void writeHtml(Appendable out) throws IOException {
        Markup page = new Markup();
        page.verbatim("<!DOCTYPE html>\n");
        page.open("html", "xmlns", "http://www.w3.org/1999/xhtml", "lang", "en");
        HtmlReport.head(page, "Octant: two runs");
        page.open("body").open("header").element("h1", "Two runs");
        page.open("dl", "class", "facts run");
        HtmlReport.fact(page, "first", StandardStreams.shown(before.file()));
        HtmlReport.fact(page, "second", StandardStreams.shown(after.file()));
        page.close().close().open("main");
        page.open("section", "class", "conclusion").element("h2", "Conclusion");
        sentences().forEach(sentence -> page.element("p", VisibleText.whole(sentence)));
        page.close();
        page.open("section").element("h2", "Tensors, the largest loss first");
        page.open("div", "class", "scroll", "tabindex", "0").open("table", "class", "methods runs");
        page.open("thead").open("tr").element("th", "Tensor", "scope", "col").element("th", "Op", "scope", "col");
        page.element("th", "First: best method", "scope", "col");
        page.element("th", "output SQNR, dB", "scope", "col", "class", "number");
        page.element("th", "Second: best method", "scope", "col");
        page.element("th", "output SQNR, dB", "scope", "col", "class", "number");
        page.element("th", "Change, dB", "scope", "col", "class", "number");
        ChangePlot plot = new ChangePlot(changes);
        plot.key(page);
        page.close().close();
        page.open("tbody");
        for (Change change : changes) {
            page.open("tr").element("th", VisibleText.whole(change.tensor), "scope", "row");
            page.element("td", VisibleText.whole(change.op()));
            best(page, change.before);
            best(page, change.after);
            page.element("td", change.gain(), "class", "number");
            plot.cell(page, change);
            page.close();
        }
        page.close().close().close().close().close().close().close();
        out.append(page.drain()).append('\n');
    }

    private static void best(Markup page, Figures.Best best) {
        page.element("td", VisibleText.whole(best.method()));
        page.element(
                "td", decibels(best.outputSqnrDb()), "class", "number", "title", Double.toString(best.outputSqnrDb()));
    }
}
