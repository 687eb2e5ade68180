// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.report;

import dev.octant.calibration.evaluation.MethodResult;
import dev.octant.calibration.evaluation.TensorResult;
import dev.octant.core.RealRange;
import dev.octant.formats.VisibleText;
import dev.octant.observers.HistogramSummary;

/** The values of a tensor and the range each method chose for them. */
final class HistogramPlot {
    static final int BARS = 160;
    private static final int ROW = 30;
    private static final int GAP = 6;

    /** One value of so many may be left out of the picture. */
    private static final int FEW = 200;

    /** So many times as far from the others as they are from each other. */
    private static final int CUT = 5;

    private final TensorResult tensor;
    private final Palette palette;
    private final Bars bars;
    private final LinearAxis x;

    /** Where the picture ends. */
    private final RealRange shown;

    HistogramPlot(TensorResult tensor, Palette palette) {
        this.tensor = tensor;
        this.palette = palette;
        RealRange span = RealRange.of(0, 0);
        if (tensor.input().counts().finite() > 0) {
            span = span.union(tensor.input().range());
        }
        for (MethodResult result : tensor.methods()) {
            span = result.range().isFinite() ? span.union(result.range()) : span;
        }
        this.shown = bulk(tensor.input(), span);
        this.bars = Bars.within(tensor.input(), BARS, shown);
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
        int height = Frame.HEIGHT + GAP + ROW * tensor.methods().size();
        Frame.open(page, height, "Histogram of the values of " + VisibleText.whole(tensor.name()));
        long largest = Math.max(1, Math.max(bars.largest(), zeros()));
        counts(page, "log", new LogAxis(largest, Frame.BOTTOM, Frame.TOP), "number of values, log scale");
        counts(page, "lin", LinearAxis.ofCounts(largest, Frame.BOTTOM, Frame.TOP), "number of values");
        for (MethodResult result : tensor.methods()) {
            PathData ends = new PathData();
            for (double end : new double[] {result.range().min(), result.range().max()}) {
                if (isShown(end)) {
                    ends.move(x.at(end), Frame.TOP).vertical(Frame.BOTTOM);
                }
            }
            Frame.path(page, "ends " + palette.style(result.method()), ends);
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
        for (MethodResult result : tensor.methods()) {
            bracket(page, result, top);
            top += ROW;
        }
        page.close();
    }

    /** How many values lie outside the picture, and how far. */
    private void beyond(Markup page) {
        if (tensor.input().counts().finite() == 0) {
            return;
        }
        long left = 0;
        long right = 0;
        for (HistogramSummary.Cell cell : tensor.input().cells()) {
            left += cell.right() <= shown.min() ? cell.count() : 0;
            right += cell.left() >= shown.max() ? cell.count() : 0;
        }
        RealRange all = tensor.input().range();
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

    private void bracket(Markup page, MethodResult result, int top) {
        String style = palette.style(result.method());
        double line = top + 18;
        double from = held(x.at(result.range().min()));
        double to = held(x.at(result.range().max()));
        PathData bracket = new PathData();
        // An end outside the picture has no mark: the line runs to the edge.
        if (isShown(result.range().min())) {
            bracket.move(from, line - 4).vertical(line + 4);
        }
        bracket.move(from, line).horizontal(to);
        if (isShown(result.range().max())) {
            bracket.move(to, line - 4).vertical(line + 4);
        }
        page.open("text", "x", "2", "y", Frame.pixels(top + 9), "class", "row");
        page.element("tspan", result.method().toString(), "class", "method " + style);
        if (result.equals(tensor.best())) {
            page.element("tspan", " ★ best");
        }
        page.close();
        Frame.label(
                page,
                Frame.RIGHT,
                top + 9,
                "end",
                Numbers.real(result.range().min()) + " to "
                        + Numbers.real(result.range().max()) + " · "
                        + Numbers.percent(result.error().clippedFraction()) + " % clipped");
        Frame.path(page, "bracket " + style, bracket);
    }

    private boolean isShown(double value) {
        double place = x.at(value);
        return place >= Frame.LEFT && place <= Frame.RIGHT;
    }

    private static double held(double place) {
        return Math.min(Math.max(place, Frame.LEFT), Frame.RIGHT);
    }

    private long zeros() {
        HistogramSummary input = tensor.input();
        return input.counts().zeros();
    }
}
