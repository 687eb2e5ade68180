// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.report;

import dev.octant.cli.report.drawing.Markup;
import dev.octant.cli.report.drawing.Numbers;
import dev.octant.formats.VisibleText;
import dev.octant.onnx.ModelComparison;
import dev.octant.onnx.ModelEvaluation;
import dev.octant.onnx.ModelSpeed;
import dev.octant.onnx.values.ChannelSteps;
import dev.octant.onnx.values.NodeRun;
import dev.octant.onnx.values.TensorNoise;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes the evaluation of an int8 model as one HTML page that needs nothing else, as {@link HtmlReport} does that of a
 * calibration. The same evaluation gives the same characters. Stateless and thread safe.
 */
public final class ModelReport {
    private static final String STYLE = "m0";

    private ModelReport() {}

    /**
     * Writes the page; does not close or flush its destination.
     *
     * @param facts what was done, in words: names and values of the page's head
     * @param tried other settings; none where nothing else was tried
     */
    public static void write(Map<String, String> facts, ModelEvaluation evaluation, List<Tried> tried, Appendable out)
            throws IOException {
        Markup page = new Markup();
        HtmlReport.begin(page, "Octant: int8 model report");
        page.open("body");
        header(page, facts, evaluation);
        page.open("main");
        next(page, evaluation, tried);
        outputs(page, evaluation);
        tried(page, evaluation, tried);
        speeds(page, evaluation);
        nodes(page, evaluation);
        out.append(page.drain());
        tensors(page, evaluation, out);
        channels(page, evaluation, out);
        page.close();
        HtmlReport.end(page);
        out.append(page.drain()).append('\n');
    }

    private static void header(Markup page, Map<String, String> facts, ModelEvaluation evaluation) {
        page.open("header").element("h1", "Int8 model report");
        page.open("dl", "class", "facts run");
        facts.forEach((name, value) -> HtmlReport.fact(page, name, VisibleText.whole(value)));
        for (ModelComparison.Output output : evaluation.comparison().outputs()) {
            HtmlReport.fact(
                    page, "SQNR of " + VisibleText.whole(output.name()), Numbers.decimals(output.sqnrDb(), 2) + " dB");
            output.topAgreement()
                    .ifPresent(share -> HtmlReport.fact(page, "same class", Numbers.decimals(100 * share, 2) + " %"));
        }
        HtmlReport.fact(
                page, "rows compared", Numbers.count(evaluation.comparison().rows()));
        HtmlReport.fact(
                page,
                "constants",
                Numbers.brief((double) evaluation.int8Bytes()) + "B, was "
                        + Numbers.brief((double) evaluation.floatBytes()) + "B");
        for (ModelSpeed speed : evaluation.speeds()) {
            HtmlReport.fact(page, "speed, one thread", ModelAdvice.speed(speed));
        }
        page.close();
        page.open("p", "class", "guide").verbatim("""
                This page compares a float model with the int8 model made of it, on the same data. <b>SQNR</b> is the \
                power of the float model's values over that of their error, in decibels: 6 dB more means half the \
                error, 40 dB is an error of a hundredth. <b>Same class</b> is the share of rows in which the largest \
                output is the same one. <b>Speed</b> was measured on this machine, with one thread, as the ratio of \
                the least times of both models in turns; above 1 int8 is faster.\
                """).close();
        page.close();
    }

    private static void next(Markup page, ModelEvaluation evaluation, List<Tried> tried) {
        page.open("section").element("h2", "What to try next");
        if (ModelAdvice.isSlower(evaluation)) {
            page.open("p").element("span", "⚠ int8 does not pay here", "class", "alert");
            page.text(": the int8 model is slower than the float one on this machine, at every batch measured.")
                    .close();
        }
        page.open("ul", "class", "advice");
        ModelAdvice.of(evaluation, tried).forEach(advice -> page.element("li", advice));
        page.close().close();
    }

    private static void outputs(Markup page, ModelEvaluation evaluation) {
        page.open("section").element("h2", "Outputs");
        table(page, List.of("Output"), List.of("SQNR, dB", "Largest error", "Same class, %"));
        for (ModelComparison.Output output : evaluation.comparison().outputs()) {
            page.open("tr", "class", "first").element("th", VisibleText.whole(output.name()), "scope", "row");
            number(page, output.sqnrDb(), Numbers.decimals(output.sqnrDb(), 2));
            number(page, output.largestError(), Numbers.real(output.largestError()));
            double share = 100 * output.topAgreement().orElse(Double.NaN);
            number(page, share, Numbers.decimals(share, 2));
            page.close();
        }
        endTable(page);
        page.close();
    }

    private static void tried(Markup page, ModelEvaluation evaluation, List<Tried> tried) {
        if (tried.isEmpty()) {
            return;
        }
        page.open("section").element("h2", "What other settings bring");
        page.element(
                "p",
                "The same model made with one setting changed, compared on the same data: a fall is what"
                        + " that setting has brought as it is.",
                "class",
                "guide");
        table(page, List.of("Setting", "Output"), List.of("SQNR, dB", "Change, dB", "Same class, %"));
        for (Tried one : tried) {
            if (one.comparison().isEmpty()) {
                page.open("tr", "class", "first").element("th", one.settings(), "scope", "row");
                page.element("td", "not made: " + VisibleText.whole(one.failure()), "colspan", "4")
                        .close();
                continue;
            }
            List<ModelComparison.Output> outputs = one.comparison().get().outputs();
            for (int i = 0; i < outputs.size(); i++) {
                ModelComparison.Output output = outputs.get(i);
                double change = output.sqnrDb()
                        - evaluation.comparison().outputs().get(i).sqnrDb();
                page.open("tr", "class", "first").element("th", one.settings(), "scope", "row");
                page.element("td", VisibleText.whole(output.name()));
                number(page, output.sqnrDb(), Numbers.decimals(output.sqnrDb(), 2));
                number(page, change, (change > 0 ? "+" : "") + Numbers.decimals(change, 2));
                double share = 100 * output.topAgreement().orElse(Double.NaN);
                number(page, share, Numbers.decimals(share, 2));
                page.close();
            }
        }
        endTable(page);
        page.close();
    }

    private static void speeds(Markup page, ModelEvaluation evaluation) {
        page.open("section").element("h2", "Speed on one thread");
        table(page, List.of("Batch"), List.of("Float, µs", "Int8, µs", "Times as fast"));
        for (ModelSpeed speed : evaluation.speeds()) {
            page.open("tr", "class", "first").element("th", Numbers.plural(speed.rows(), "row"), "scope", "row");
            number(page, speed.first(), Numbers.real(speed.first()));
            number(page, speed.second(), Numbers.real(speed.second()));
            number(page, speed.ratio(), Numbers.decimals(speed.ratio(), 2));
            page.close();
        }
        endTable(page);
        page.close();
    }

    private static void nodes(Markup page, ModelEvaluation evaluation) {
        page.open("section").element("h2", "Nodes");
        if (evaluation.nodes().isEmpty()) {
            page.element("p", "The model is too large for its optimized graph to be looked at.", "class", "guide");
            page.close();
            return;
        }
        Map<NodeRun.Way, Integer> counts = new TreeMap<>();
        evaluation.nodes().forEach(node -> counts.merge(node.way(), 1, Integer::sum));
        List<String> words = new ArrayList<>();
        counts.forEach((way, count) -> words.add(Numbers.count(count) + " " + way.label()));
        page.element(
                "p",
                "How ONNX Runtime runs the " + Numbers.plural(evaluation.nodes().size(), "node")
                        + " of the float model, as its optimized graph shows: " + String.join(", ", words) + ".",
                "class",
                "guide");
        table(page, List.of("Node", "Op", "Runs as", "Kernel", "Why"), List.of());
        for (NodeRun node : evaluation.nodes()) {
            page.open("tr", "class", "first").element("th", VisibleText.whole(node.name()), "scope", "row");
            page.open("td")
                    .element("span", VisibleText.whole(node.op()), "class", "op")
                    .close();
            page.open("td")
                    .element("span", node.way().label(), "class", "method " + style(node.way()))
                    .close();
            page.element("td", VisibleText.whole(node.kernel()));
            page.element("td", node.why(), "class", "why");
            page.close();
        }
        endTable(page);
        page.close();
    }

    private static String style(NodeRun.Way way) {
        return switch (way) {
            case INT8 -> "m0";
            case CODES -> "m2";
            case FLOAT -> "m1";
            case GONE, OTHER -> "m5";
        };
    }

    private static void tensors(Markup page, ModelEvaluation evaluation, Appendable out) throws IOException {
        page.open("section").element("h2", "Noise per tensor");
        page.element(
                "p",
                "Each value that the float model computes beside that of the int8 model, with the noise of all nodes"
                        + " before it, on the first " + Numbers.plural(evaluation.noiseRows(), "row") + ".",
                "class",
                "guide");
        table(
                page,
                List.of("Tensor"),
                List.of("SQNR, dB", "Largest error", "Range from", "to", "Scale", "Zero point", "Clipped, %"));
        List<TensorNoise> quantized = new ArrayList<>();
        for (TensorNoise tensor : evaluation.tensors()) {
            row(page, tensor, quantized.size());
            if (tensor.params().isPresent()) {
                quantized.add(tensor);
            }
            out.append(page.drain());
        }
        endTable(page);
        page.close();
        page.open("section").element("h2", "Ranges of codes");
        page.element(
                "p",
                "How often each value of the float model was seen, and below it the range that its codes hold. Values"
                        + " beyond it are clipped.",
                "class",
                "guide");
        for (int i = 0; i < quantized.size(); i++) {
            section(page, i, quantized.get(i), quantized.size() <= HtmlReport.OPEN);
            out.append(page.drain());
        }
        page.close();
    }

    private static void row(Markup page, TensorNoise tensor, int index) {
        page.open("tr", "class", "first").open("th", "scope", "row");
        String name = VisibleText.whole(tensor.name());
        if (tensor.params().isPresent()) {
            page.element("a", name, "href", "#t" + index);
        } else {
            page.text(name);
        }
        page.close();
        number(page, tensor.sqnrDb(), Numbers.decimals(tensor.sqnrDb(), 2));
        number(page, tensor.largestError(), Numbers.real(tensor.largestError()));
        if (tensor.params().isEmpty()) {
            page.element("td", "float", "class", "quiet number", "colspan", "5").close();
            return;
        }
        var params = tensor.params().get();
        number(page, params.range().min(), Numbers.real(params.range().min()));
        number(page, params.range().max(), Numbers.real(params.range().max()));
        number(page, params.scale(), Numbers.exact(params.scale()));
        number(page, params.zeroPoint(), Numbers.code(params.zeroPoint()));
        number(page, 100 * tensor.clipped(), Numbers.percent(tensor.clipped()));
        page.close();
    }

    private static void section(Markup page, int index, TensorNoise tensor, boolean open) {
        HtmlReport.openPart(page, open);
        page.open("summary").element("span", VisibleText.whole(tensor.name()), "class", "title");
        page.text(" ")
                .element("span", Numbers.decimals(tensor.sqnrDb(), 1) + " dB", "class", "op")
                .close();
        page.open("div", "id", "t" + index, "class", "content").open("div", "class", "pictures");
        page.open("figure").element("h3", "Values and range");
        page.empty("input", "type", "checkbox", "id", "linear" + index, "class", "switch linear");
        page.element("label", "linear counts", "for", "linear" + index);
        HistogramPlot.Row range = new HistogramPlot.Row(
                tensor.params().orElseThrow().type().label(),
                STYLE,
                false,
                tensor.params().orElseThrow().range(),
                tensor.clipped());
        new HistogramPlot(tensor.name(), tensor.seen(), List.of(range)).draw(page, false);
        page.close().close().close().close();
    }

    private static void channels(Markup page, ModelEvaluation evaluation, Appendable out) throws IOException {
        List<ChannelSteps> weights = evaluation.channels();
        if (weights.isEmpty()) {
            return;
        }
        page.open("section").element("h2", "Channels of weights");
        page.element(
                "p",
                "Each channel of these weights has a step of its own. A bar is the largest magnitude that the codes of"
                        + " a channel can have; with one step for all, that of the longest bar, the others would"
                        + " have fewer codes left: what a channel in the middle gains is said in bits.",
                "class",
                "guide");
        for (ChannelSteps weight : weights) {
            HtmlReport.openPart(page, weights.size() <= HtmlReport.OPEN);
            page.open("summary").element("span", VisibleText.whole(weight.name()), "class", "title");
            page.text(" ")
                    .element(
                            "span",
                            Numbers.plural(weight.scales().size(), "channel") + ", "
                                    + Numbers.decimals(weight.bitsLostWithOneStep(), 1)
                                    + " bits gained",
                            "class",
                            "op")
                    .close();
            page.open("div", "class", "content")
                    .open("div", "class", "pictures")
                    .open("figure");
            page.element("h3", "Largest magnitude by channel of axis " + weight.axis());
            new ChannelPlot(weight, STYLE).draw(page);
            page.close().close().close().close();
            out.append(page.drain());
        }
        page.close();
    }

    private static void table(Markup page, List<String> texts, List<String> numbers) {
        page.open("div", "class", "scroll")
                .open("table", "class", "summary")
                .open("thead")
                .open("tr");
        texts.forEach(heading -> page.element("th", heading, "scope", "col"));
        numbers.forEach(heading -> page.element("th", heading, "scope", "col", "class", "number"));
        page.close().close().open("tbody");
    }

    private static void endTable(Markup page) {
        page.close().close().close();
    }

    private static void number(Markup page, double value, String text) {
        page.element("td", text, "class", "number", "data-value", Double.toString(value));
    }
}
