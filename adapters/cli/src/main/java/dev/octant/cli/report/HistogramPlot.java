// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.report;

import dev.octant.calibration.evaluation.TensorResult;
import dev.octant.cli.report.drawing.Axis;
import dev.octant.cli.report.drawing.Frame;
import dev.octant.cli.report.drawing.HitAreas;
import dev.octant.cli.report.drawing.LinearAxis;
import dev.octant.cli.report.drawing.LogAxis;
import dev.octant.cli.report.drawing.Markup;
import dev.octant.cli.report.drawing.Numbers;
import dev.octant.cli.report.drawing.PathData;
import dev.octant.core.RealRange;
import dev.octant.formats.VisibleText;
import dev.octant.observers.HistogramSummary;
import java.util.List;

/** The values of a tensor and the range each method chose for them. */
final class HistogramPlot {
    static final int BARS = 160;
    private static final int ROW = 30;
    private static final int GAP = 6;

    /** One value of so many may be left out of the picture. */
    private static final int FEW = 200;

    /** So many times as far from the others as they are from each other. */
    private static final int CUT = 5;

    private final String tensor;
    private final HistogramSummary input;
    private final List<Row> rows;
    private final Bars bars;
    private final LinearAxis x;

    /** Where the picture ends. */
    private final RealRange shown;

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
        RealRange span = RealRange.of(0, 0);
        if (input.counts().finite() > 0) {
            span = span.union(input.range());
        }
        for (Row row : rows) {
            span = row.range().isFinite() ? span.union(row.range()) : span;
        }
        this.shown = bulk(input, span);
        this.bars = Bars.within(input, BARS, shown);
        double margin = 0.02 * shown.width();
        this.x = LinearAxis.ofReals(shown.min() - margin, shown.max() + margin, Frame.LEFT, Frame.RIGHT, 7);
    }

    /**
     * All of the values, or where a few lie far from the others, so that these would be a line: the others with room
     * around them. Each side of 0 is cut by itself.
     */
    private static RealRange bulk(HistogramSummary input, RealRange span) {
        long few = input.counts().finite() / FEW;
        double low = 0;
        double high = 0;
        long below = 0;
        long above = 0;
        for (HistogramSummary.Cell cell : input.cells()) {
            // In ascending order: the first and last cells that are reached when more than a few are counted.
            below += cell.count();
            if (below > few && below - cell.count() <= few) {
                low = Math.min(0, cell.left());
            }
        }
        for (HistogramSummary.Cell cell : input.cells()) {
            above += cell.count();
            if (above >= below - few && above - cell.count() < below - few) {
                high = Math.max(0, cell.right());
            }
        }
        double width = high - low;
        if (!(width > 0)) {
            return span;
        }
        double from = span.min() < low - CUT * width ? low - width / 4 : span.min();
        double to = span.max() > high + CUT * width ? high + width / 4 : span.max();
        return RealRange.of(from, to);
    }

    /**
     * Draws it.
     *
     * @param exact whether every bar says its count on hover
     */
    void draw(Markup page, boolean exact) {
        int height = Frame.HEIGHT + GAP + ROW * rows.size();
        Frame.open(page, height, "Histogram of the values of " + VisibleText.whole(tensor));
        long largest = Math.max(1, Math.max(bars.largest(), zeros()));
        counts(page, "log", new LogAxis(largest, Frame.BOTTOM, Frame.TOP), "number of values, log scale");
        counts(page, "lin", LinearAxis.ofCounts(largest, Frame.BOTTOM, Frame.TOP), "number of values");
        for (Row row : rows) {
            PathData ends = new PathData();
            for (double end : new double[] {row.range().min(), row.range().max()}) {
                if (isShown(end)) {
                    ends.move(x.at(end), Frame.TOP).vertical(Frame.BOTTOM);
                }
            }
            Frame.path(page, "ends " + row.style(), ends);
        }
        Frame.bottom(page, x, "input value");
        beyond(page);
        for (int i = 0; exact && i < bars.size(); i++) {
            if (bars.count(i) > 0) {
                HitAreas.strip(
                        page,
                        x.at(bars.edge(i)),
                        right(i),
                        Numbers.real(bars.edge(i)) + " to " + Numbers.real(bars.edge(i + 1)) + ": "
                                + Numbers.plural(bars.count(i), "value"));
            }
        }
        int top = Frame.HEIGHT + GAP;
        for (Row row : rows) {
            bracket(page, row, top);
            top += ROW;
        }
        page.close();
    }

    /** How many values lie outside the picture, and how far. */
    private void beyond(Markup page) {
        if (input.counts().finite() == 0) {
            return;
        }
        long left = 0;
        long right = 0;
        for (HistogramSummary.Cell cell : input.cells()) {
            left += cell.right() <= shown.min() ? cell.count() : 0;
            right += cell.left() >= shown.max() ? cell.count() : 0;
        }
        RealRange all = input.range();
        if (left > 0 && all.min() < shown.min()) {
            Frame.label(
                    page,
                    Frame.LEFT + 4,
                    Frame.TOP + 10,
                    "halo",
                    "← " + Numbers.plural(left, "value") + ", down to " + Numbers.real(all.min()));
        }
        if (right > 0 && all.max() > shown.max()) {
            Frame.label(
                    page,
                    Frame.RIGHT - 4,
                    Frame.TOP + 10,
                    "halo end",
                    Numbers.plural(right, "value") + ", up to " + Numbers.real(all.max()) + " →");
        }
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
        double from = held(x.at(row.range().min()));
        double to = held(x.at(row.range().max()));
        PathData bracket = new PathData();
        // An end outside the picture has no mark: the line runs to the edge.
        if (isShown(row.range().min())) {
            bracket.move(from, line - 4).vertical(line + 4);
        }
        bracket.move(from, line).horizontal(to);
        if (isShown(row.range().max())) {
            bracket.move(to, line - 4).vertical(line + 4);
        }
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

    private boolean isShown(double value) {
        double place = x.at(value);
        return place >= Frame.LEFT && place <= Frame.RIGHT;
    }

    private static double held(double place) {
        return Math.min(Math.max(place, Frame.LEFT), Frame.RIGHT);
    }

    private long zeros() {
        return input.counts().zeros();
    }
}
