// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.report;

import dev.octant.cli.report.drawing.Axis;
import dev.octant.cli.report.drawing.Frame;
import dev.octant.cli.report.drawing.LinearAxis;
import dev.octant.cli.report.drawing.Markup;
import dev.octant.cli.report.drawing.Numbers;
import dev.octant.cli.report.drawing.PathData;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * From the output SQNR of the first run, a ring, to that of the second, a dot: a small drawing for each row of a table,
 * all of one axis. Nothing is drawn for a tensor with a ratio that is not finite, or with another op.
 */
final class ChangePlot {
    private static final int WIDTH = 220;
    private static final int HEIGHT = 14;
    private static final int MARGIN = 8;
    private static final double RADIUS = 4;

    private final double[] ratios;
    private final Axis axis;

    ChangePlot(List<RunComparison.Change> changes) {
        ratios = changes.stream()
                .filter(ChangePlot::isDrawn)
                .flatMapToDouble(change -> DoubleStream.of(
                        change.before().outputSqnrDb(), change.after().outputSqnrDb()))
                .sorted()
                .toArray();
        axis = LinearAxis.ofReals(least(), largest(), MARGIN, WIDTH - MARGIN, 2);
    }

    private double least() {
        return ratios.length == 0 ? 0 : ratios[0];
    }

    private double largest() {
        return ratios.length == 0 ? 0 : ratios[ratios.length - 1];
    }

    private static boolean isDrawn(RunComparison.Change change) {
        return change.isOfOneOp()
                && Double.isFinite(change.before().outputSqnrDb())
                && Double.isFinite(change.after().outputSqnrDb());
    }

    /** What the ring and the dot are, and the ends of the axis; no column where no row has a drawing. */
    void key(Markup page) {
        if (ratios.length > 0) {
            String ends = Numbers.decimals(least(), 1) + " to " + Numbers.decimals(largest(), 1);
            page.element("th", "From first ○ to second ●, " + ends + " dB", "scope", "col", "class", "change");
        }
    }

    /** The drawing of a row, in a cell. */
    void cell(Markup page, RunComparison.Change change) {
        if (ratios.length == 0) {
            return;
        }
        page.open("td", "class", "change");
        if (isDrawn(change)) {
            double from = axis.at(change.before().outputSqnrDb());
            double to = axis.at(change.after().outputSqnrDb());
            page.open(
                    "svg",
                    "viewBox",
                    "0 0 " + WIDTH + " " + HEIGHT,
                    "class",
                    change.gainDb() < 0 ? "loss" : "gain",
                    "aria-hidden",
                    "true");
            Frame.path(page, "way", new PathData().move(from, HEIGHT / 2.0).horizontal(to));
            circle(page, "first", from);
            circle(page, "second", to);
            page.close();
        }
        page.close();
    }

    private static void circle(Markup page, String style, double x) {
        page.empty(
                "circle",
                "class",
                style,
                "cx",
                Frame.pixels(x),
                "cy",
                Frame.pixels(HEIGHT / 2.0),
                "r",
                Frame.pixels(RADIUS));
    }
}
