// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.report;

import dev.octant.calibration.evaluation.Conclusion;
import dev.octant.calibration.evaluation.Evaluation;
import dev.octant.calibration.evaluation.Evidence;
import dev.octant.calibration.evaluation.TensorResult;
import dev.octant.cli.report.drawing.Markup;
import dev.octant.cli.report.drawing.Numbers;
import dev.octant.cli.words.StandardStreams;
import dev.octant.formats.VisibleText;
import dev.octant.formats.tensor.LeftOut;
import dev.octant.observers.HistogramSummary;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.apache.commons.lang3.Validate;

/**
 * Writes an evaluation as one HTML page that needs nothing else: style, pictures and script stand inside it, and it
 * says so to the browser, which then loads nothing from anywhere. The same evaluation gives the same characters.
 *
 * <p>The page is well-formed XML as well as HTML. It declares UTF-8, which is what the caller must encode it in.
 * Names of tensors, files and methods are escaped; characters that XML does not allow are shown as {@code \}{@code
 * u0000}. Without a script the page lacks nothing but sorting and searching.
 *
 * <p>Memory: the markup of one tensor at a time, some tens of kilobytes. NaN metrics are printed as a dash, infinite
 * ones as ∞. Stateless and thread safe.
 */
public final class HtmlReport {
    /** Up to so many tensors are all shown open; of more, the reader opens the ones of interest. */
    static final int OPEN = 20;

    private static final String MEASURED =
            "Each tensor was quantized to 8-bit codes in several ways and sent through its activation table; this page"
                    + " compares the outcome with the same op in float.";

    private static final String EXPECTED =
            "This page estimates what each tensor loses when it is quantized to 8-bit codes in several ways and sent"
                    + " through its activation table: from its histogram, taking values as spread evenly over a bin.";

    /** So many tensors of the lowest SQNR are named on top. */
    private static final int WORST = 5;

    private HtmlReport() {}

    /**
     * Writes the page; does not close or flush its destination.
     *
     * @throws IOException if the destination does
     */
    public static void write(Evaluation evaluation, Appendable out) throws IOException {
        Validate.notNull(evaluation, "evaluation must be given, was null");
        Validate.notNull(out, "out must be given, was null");
        Palette palette = Palette.of(evaluation);
        Markup page = new Markup();
        begin(page, "Octant: quantization report");
        page.open("body");
        Conclusion conclusion = Conclusion.of(evaluation);
        header(page, evaluation);
        page.open("main");
        conclusion(page, evaluation, conclusion);
        if (!palette.methods().isEmpty()) {
            page.open("section").element("h2", "Methods").open("div", "class", "scroll", "tabindex", "0");
            new MethodsTable(evaluation, conclusion, palette).write(page);
            page.close().close();
        }
        leftOut(page, evaluation);
        new WarningsTable(evaluation).write(page);
        page.open("section").element("h2", "Summary");
        new SummaryTable(evaluation, palette).write(page, out);
        page.close();
        page.open("section").element("h2", "Tensors");
        picturesGuide(page);
        List<TensorResult> tensors = evaluation.tensors();
        for (int i : worstFirst(evaluation)) {
            out.append(page.drain());
            new TensorSection(i, tensors.get(i), evaluation.rule().scheme(), palette)
                    .write(page, tensors.size() <= OPEN);
        }
        page.close().close();
        end(page);
        out.append(page.drain()).append('\n');
    }

    /** Begins a page with its head; {@link #end} ends it. */
    static void begin(Markup page, String title) {
        page.verbatim("<!DOCTYPE html>\n");
        page.open("html", "xmlns", "http://www.w3.org/1999/xhtml", "lang", "en");
        head(page, title);
    }

    /** Ends the body and the page. */
    static void end(Markup page) {
        page.open("script").verbatim(resource("report.js")).close();
        page.close().close();
    }

    /** The places of the tensors, lowest output SQNR first; those left out, and those without a signal, are last. */
    static List<Integer> worstFirst(Evaluation evaluation) {
        List<Integer> places = new ArrayList<>();
        for (int i = 0; i < evaluation.tensors().size(); i++) {
            places.add(i);
        }
        places.sort(Comparator.comparing(
                        (Integer i) -> evaluation.tensors().get(i).methods().isEmpty())
                .thenComparingDouble(i -> sqnr(evaluation.tensors().get(i))));
        return places;
    }

    private static double sqnr(TensorResult tensor) {
        return tensor.methods().isEmpty() ? 0 : tensor.best().error().outputSqnrDb();
    }

    /** What it all comes to, in words. */
    private static void conclusion(Markup page, Evaluation evaluation, Conclusion conclusion) {
        page.open("section", "class", "conclusion").element("h2", "Conclusion");
        List<String> sentences = conclusion.sentences();
        if (!sentences.isEmpty()) {
            page.element("p", String.join(" ", sentences), "class", "verdict");
        }
        String ofInputs = String.join(" ", Conclusion.ofInputs(evaluation).sentences());
        if (!ofInputs.equals(String.join(" ", sentences))) {
            page.element("p", "With the output range of least error for every method's input: " + ofInputs);
        }
        List<Integer> places = worstFirst(evaluation).stream()
                .filter(i -> !evaluation.tensors().get(i).methods().isEmpty())
                .limit(WORST)
                .toList();
        if (!places.isEmpty()) {
            page.open("p").text(places.size() == 1 ? "Output SQNR: " : "Lowest output SQNR: ");
            String between = "";
            for (int i : places) {
                TensorResult tensor = evaluation.tensors().get(i);
                page.text(between)
                        .element("a", VisibleText.whole(tensor.name()), "href", "#t" + i)
                        .text(" " + Numbers.decimals(sqnr(tensor), 1) + " dB by "
                                + tensor.best().method());
                between = ", ";
            }
            page.text(".").close();
        }
        long warned = evaluation.tensors().stream()
                .filter(tensor ->
                        !Warning.of(tensor, evaluation.rule().scheme()).isEmpty())
                .count();
        page.element(
                "p",
                warned == 0
                        ? "No tensor's data give reason for a warning."
                        : "Warnings are given for " + Numbers.plural(warned, "tensor") + ", below.");
        page.close();
    }

    static void head(Markup page, String title) {
        page.open("head").empty("meta", "charset", "utf-8");
        page.empty(
                "meta",
                "http-equiv",
                "Content-Security-Policy",
                "content",
                "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'");
        page.empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
        page.empty("meta", "name", "color-scheme", "content", "light dark");
        page.element("title", title);
        page.open("style").verbatim(resource("report.css")).close();
        page.close();
    }

    private static void header(Markup page, Evaluation evaluation) {
        List<TensorResult> tensors = evaluation.tensors();
        long values = tensors.stream()
                .map(TensorResult::input)
                .map(HistogramSummary::counts)
                .mapToLong(counts -> counts.count())
                .sum();
        page.open("header").element("h1", "Quantization report");
        page.open("dl", "class", "facts run");
        fact(page, "input", VisibleText.whole(String.join(", ", evaluation.inputs())));
        fact(page, "type", evaluation.rule().type().label());
        fact(page, "scheme", evaluation.rule().scheme().label());
        fact(page, "parameters of", evaluation.rule().policy().label());
        fact(page, "arithmetic of", evaluation.profile().label());
        fact(page, "tensors", Numbers.count(tensors.size()));
        fact(page, "values", Numbers.count(values));
        page.close();
        String evidence = evaluation.evidence() == Evidence.MEASURED ? MEASURED : EXPECTED;
        page.open("p", "class", "guide").verbatim("""
                %s A <b>range</b> is the span of real values a method decided to keep; values beyond it are \
                <b>clipped</b> to its ends. The <b>scale</b> is the real distance of two neighbouring codes, also \
                called one <b>step</b>, and the <b>zero point</b> is the code of real 0. \
                A wide range clips little but makes coarse steps; a narrow one has fine steps but clips more. \
                <b>SQNR</b> weighs both: the power of the signal over the power of the error, in decibels. Higher is \
                better, 6 dB more means half the error, and above about 30 dB the error is below 3&#160;%% of the \
                signal. The <b>best</b> method ★ is the one with the highest output SQNR.\
                """.formatted(evidence)).close();
        page.close();
    }

    /** Begins a part of the page that can be folded away; the caller closes it. */
    static void openPart(Markup page, boolean isOpen) {
        if (isOpen) {
            page.open("details", "class", "tensor", "open", "open");
        } else {
            page.open("details", "class", "tensor");
        }
    }

    static void fact(Markup page, String name, String value) {
        page.open("div").element("dt", name).element("dd", value).close();
    }

    private static void leftOut(Markup page, Evaluation evaluation) {
        if (evaluation.leftOut().isEmpty()) {
            return;
        }
        page.open("section").element("h2", "Left out");
        page.open("div", "class", "scroll", "tabindex", "0");
        page.open("table", "class", "alerts").open("thead").open("tr");
        page.element("th", "Tensor", "scope", "col").element("th", "File", "scope", "col");
        page.element("th", "Why", "scope", "col");
        page.close().close().open("tbody");
        for (LeftOut left : evaluation.leftOut()) {
            page.open("tr").element("th", VisibleText.whole(left.tensor()), "scope", "row");
            page.element("td", left.file().map(StandardStreams::shown).orElse("all"));
            page.element("td", left.reason()).close();
        }
        page.close().close().close().close();
    }

    private static void picturesGuide(Markup page) {
        page.open("p", "class", "guide").verbatim("""
                <b>Values and chosen ranges:</b> how often each input value was seen, and below it the range each \
                method chose; values far beyond all others lie outside the picture, and are counted at its edge. \
                <b>Function and table:</b> the function in float and the staircase its table of 256 entries makes of \
                it; beyond the range the stairs are level. <b>Error of the table:</b> how far each entry of the table \
                is from the function, in steps of the output. Rounding alone costs up to half a step. The largest \
                error in the summary is larger: it also holds the rounding and clipping of the input.""").close();
    }

    private static String resource(String name) {
        try (InputStream in = HtmlReport.class.getResourceAsStream(name)) {
            return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
