// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.report;

import dev.octant.calibration.evaluation.MethodResult;
import dev.octant.calibration.evaluation.TensorResult;
import dev.octant.cli.report.drawing.Frame;
import dev.octant.cli.report.drawing.Markup;
import dev.octant.cli.report.drawing.Numbers;
import dev.octant.cli.report.drawing.PathData;
import dev.octant.core.Profile;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantScheme;
import dev.octant.core.QuantType;
import dev.octant.core.RealRange;
import dev.octant.formats.VisibleText;
import dev.octant.observers.ValueCounts;
import java.util.List;

/** One tensor: its facts, its warnings and three pictures. */
final class TensorSection {
    private final int index;
    private final TensorResult tensor;
    private final QuantScheme scheme;
    private final Palette palette;

    TensorSection(int index, TensorResult tensor, QuantScheme scheme, Palette palette) {
        this.index = index;
        this.tensor = tensor;
        this.scheme = scheme;
        this.palette = palette;
    }

    /**
     * Writes it.
     *
     * @param open whether it is shown open, and every bar says its exact value: of few tensors
     */
    void write(Markup page, boolean open) {
        HtmlReport.openPart(page, open);
        List<Warning> warnings = Warning.of(tensor, scheme);
        page.open("summary").element("span", VisibleText.whole(tensor.name()), "class", "title");
        page.text(" ").element("span", tensor.function().toString(), "class", "op");
        for (Warning warning : warnings) {
            page.text(" ").element("span", "⚠ " + warning.title(), "class", "alert");
        }
        page.close();
        // The target lies inside, so that following a link opens the section.
        page.open("div", "id", "t" + index, "class", "content");
        facts(page);
        if (!warnings.isEmpty()) {
            page.open("ul", "class", "warnings");
            for (Warning warning : warnings) {
                page.open("li")
                        .element("strong", warning.title() + ".")
                        .text(" " + warning.text())
                        .close();
            }
            page.close();
        }
        page.open("div", "class", "pictures");
        histogram(page, open);
        if (!tensor.methods().isEmpty()) {
            function(page, tensor.best());
            errors(page, tensor.best(), open);
        }
        page.close();
        if (!tensor.methods().isEmpty()) {
            page.open("figure", "class", "wide").element("h3", "Errors by method, root mean square");
            page.element("p", tensor.reason(), "class", "reason");
            page.open("div", "class", "scroll", "tabindex", "0");
            new ErrorTable(tensor, palette).write(page);
            page.close().close();
        }
        page.close().close();
    }

    private void facts(Markup page) {
        ValueCounts counts = tensor.input().counts();
        page.open("dl", "class", "facts");
        fact(page, "values", Numbers.count(counts.count()));
        if (counts.finite() > 0) {
            fact(page, "min", Numbers.real(counts.min()));
            fact(page, "mean", Numbers.real(tensor.input().mean()));
            fact(page, "max", Numbers.real(counts.max()));
            fact(page, "exact zeros", Numbers.percent(counts.zeros(), counts.finite()));
        }
        if (!tensor.methods().isEmpty()) {
            MethodResult best = tensor.best();
            fact(page, "best method", best.method().toString());
            fact(page, "input", params(best.quantized().input()));
            fact(page, "output", params(best.quantized().output()));
            fact(page, "outputs outside range", best.codesOutsideRange() + " of " + QuantType.RAW_VALUES);
        }
        page.close();
    }

    private static void fact(Markup page, String name, String value) {
        page.open("div").element("dt", name).element("dd", value).close();
    }

    private static String params(QuantParams params) {
        return "scale " + Numbers.exact(params.scale()) + ", zero point " + Numbers.code(params.zeroPoint());
    }

    private void histogram(Markup page, boolean open) {
        String id = "linear" + index;
        page.open("figure").element("h3", "Values and chosen ranges");
        page.empty("input", "type", "checkbox", "id", id, "class", "switch linear");
        page.element("label", "linear counts", "for", id);
        new HistogramPlot(tensor, palette).draw(page, open);
        page.open("figcaption").open("span", "class", "keys");
        key(page, "bars", "values");
        if (tensor.input().counts().zeros() > 0) {
            key(page, "zeros", Numbers.plural(tensor.input().counts().zeros(), "exact zero"));
        }
        page.close().close().close();
    }

    private void function(Markup page, MethodResult best) {
        String style = palette.style(best.method());
        page.open("figure").element("h3", "Function and table");
        new FunctionPlot(best.quantized(), style).draw(page);
        page.open("figcaption").open("span", "class", "keys");
        key(page, "curve", tensor.function() + " in float");
        key(page, "stairs " + style, "table of " + best.method());
        RealRange range = best.quantized().outputRange();
        if (!range.equals(RealRange.ALL)) {
            key(page, "forbidden", "never: outside " + Numbers.real(range.min()) + " to " + Numbers.real(range.max()));
        }
        page.close().close().close();
    }

    private void errors(Markup page, MethodResult best, boolean open) {
        CodeErrors errors = CodeErrors.of(best.quantized(), tensor.input());
        String style = palette.style(best.method());
        page.open("figure").element("h3", "Error of the table by input code");
        new ErrorPlot(errors, style).draw(page, open);
        long occurring = errors.occurring().count();
        long beyond = errors.occurring().filter(errors::isBeyondHalf).count();
        page.open("figcaption").open("span", "class", "keys");
        key(page, "errors " + style, Numbers.plural(occurring, "code") + " in the data");
        if (occurring < errors.high() - errors.low() + 1) {
            key(page, "errors absent", "not in the data");
        }
        key(page, "guide", "± half a step");
        page.close();
        page.open("span", "class", "finding");
        page.text("Largest error of a code in the data: " + Numbers.steps(errors.largest()) + " steps. ");
        page.text(
                beyond == 0
                        ? "No code in the data is off by more than rounding, half a step."
                        : Numbers.plural(beyond, "code")
                                + " in the data beyond half a step (dots): "
                                + cause(best.quantized().profile()));
        page.close().close().close();
    }

    private static String cause(Profile profile) {
        return profile == Profile.ONNX
                ? "held inside the output range or grid."
                : "held inside the output range or grid, or computed less exactly by the arithmetic of " + profile
                        + ".";
    }

    private static void key(Markup page, String style, String text) {
        page.open("span", "class", "key");
        page.open("svg", "viewBox", "0 0 20 10", "class", "swatch", "aria-hidden", "true");
        if (style.equals("bars") || style.equals("forbidden")) {
            page.empty("rect", "class", style, "x", "1", "y", "0", "width", "18", "height", "10");
        } else if (style.equals("zeros")) {
            Frame.path(page, "zeros", new PathData().move(10, 10).vertical(3));
            Frame.path(page, "zeros head", new PathData().dot(10, 3));
        } else if (style.startsWith("errors")) {
            PathData bars = new PathData()
                    .move(2, 10)
                    .vertical(4)
                    .horizontal(6)
                    .vertical(0)
                    .horizontal(10);
            Frame.path(
                    page,
                    style,
                    bars.vertical(6).horizontal(14).vertical(2).horizontal(18).vertical(10));
        } else {
            Frame.path(page, style, new PathData().move(0, 5).horizontal(20));
        }
        page.close().text(text).close();
    }
}
