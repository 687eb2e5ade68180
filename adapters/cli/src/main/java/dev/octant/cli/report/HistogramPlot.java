// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.report;

import dev.octant.calibration.evaluation.TensorResult;
import dev.octant.core.RealRange;
import dev.octant.formats.VisibleText;
import dev.octant.observers.HistogramSummary;
import java.util.List;

/** The values of a tensor and the range each method chose for them. */
final class HistogramPlot {
    static final int BARS = 160;
    private static final int ROW = 30;
    private static final int GAP = 6;

    private final String tensor;
    private final HistogramSummary input;
    private final List<Row> rows;
    private final Bars bars;
    private final LinearAxis x;

    /**
     * A range that was chosen.
     *
     * @param style of its lines
     * @param clipped the share of values beyond it
     */
    record Row(String label, String style, boolean isBest, RealRange range, double clipped) {}

    HistogramPlot(TensorResult tensor, Palette palette) {
        this(
                tensor.name(),
                tensor.input(),
                tensor.methods().stream()
                        .map(result -> new Row(
                                result.method().toString(),
                                palette.style(result.method()),
                                result.equals(tensor.best()),
                                result.range(),
                                result.error().clippedFraction()))
                        .toList());
    }

    HistogramPlot(String tensor, HistogramSummary input, List<Row> rows) {
        this.tensor = tensor;
        this.input = input;
        this.rows = rows;
        this.bars = Bars.of(input, BARS);
        RealRange span = RealRange.of(0, 0);
        if (input.counts().finite() > 0) {
            span = span.union(input.range());
        }
        for (Row row : rows) {
            span = row.range().isFinite() ? span.union(row.range()) : span;
        }
        double margin = 0.02 * span.width();
        this.x = LinearAxis.ofReals(span.min() - margin, span.max() + margin, Frame.LEFT, Frame.RIGHT, 7);
    }

    void draw(Markup page) {
        int height = Frame.HEIGHT + GAP + ROW * rows.size();
        Frame.open(page, height, "Histogram of the values of " + VisibleText.whole(tensor));
        long largest = Math.max(1, Math.max(bars.largest(), zeros()));
        counts(page, "log", new LogAxis(largest, Frame.BOTTOM, Frame.TOP), "number of values, log scale");
        counts(page, "lin", LinearAxis.ofCounts(largest, Frame.BOTTOM, Frame.TOP), "number of values");
        for (Row row : rows) {
            PathData ends = new PathData();
            ends.move(x.at(row.range().min()), Frame.TOP).vertical(Frame.BOTTOM);
            ends.move(x.at(row.range().max()), Frame.TOP).vertical(Frame.BOTTOM);
            Frame.path(page, "ends " + row.style(), ends);
        }
        Frame.bottom(page, x, "input value");
        int top = Frame.HEIGHT + GAP;
        for (Row row : rows) {
            bracket(page, row, top);
            top += ROW;
        }
        page.close();
    }

    private void counts(Markup page, String style, Axis y, String title) {
        page.open("g", "class", style);
        Frame.left(page, y, title);
        Frame.path(page, "bars", outline(y));
        if (zeros() > 0) {
            double top = y.at((double) zeros());
            Frame.path(page, "zeros", new PathData().move(x.at(0), Frame.BOTTOM).vertical(top));
            Frame.path(page, "zeros head", new PathData().dot(x.at(0), top));
        }
        page.close();
    }

    private PathData outline(Axis y) {
        PathData path = new PathData();
        if (bars.size() == 0) {
            return path;
        }
        path.move(x.at(bars.edge(0)), Frame.BOTTOM);
        for (int i = 0; i < bars.size(); i++) {
            path.vertical(y.at((double) bars.count(i))).horizontal(right(i));
        }
        return path.vertical(Frame.BOTTOM);
    }

    /** The right end of a bar, at least two pixels from its left one. */
    private double right(int i) {
        double left = x.at(bars.edge(i));
        double right = x.at(bars.edge(i + 1));
        boolean alone = i + 1 == bars.size() || bars.count(i + 1) == 0;
        return alone ? Math.max(right, left + 2) : right;
    }

    private void bracket(Markup page, Row row, int top) {
        double line = top + 18;
        double from = x.at(row.range().min());
        double to = x.at(row.range().max());
        PathData bracket = new PathData();
        bracket.move(from, line - 4).vertical(line + 4).move(from, line).horizontal(to);
        bracket.move(to, line - 4).vertical(line + 4);
        page.open("text", "x", "2", "y", Frame.pixels(top + 9), "class", "row");
        page.element("tspan", row.label(), "class", "method " + row.style());
        if (row.isBest()) {
            page.element("tspan", " ★ best");
        }
        page.close();
        Frame.label(
                page,
                Frame.RIGHT,
                top + 9,
                "end",
                Numbers.real(row.range().min()) + " to "
                        + Numbers.real(row.range().max()) + " · "
                        + Numbers.percent(row.clipped()) + " % clipped");
        Frame.path(page, "bracket " + row.style(), bracket);
    }

    private long zeros() {
        return input.counts().zeros();
    }
}
