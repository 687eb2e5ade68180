// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.report.drawing;

import java.util.Locale;

/** The rectangle all plots share, in pixels of the drawing, and the axes around it. */
public final class Frame {
    public static final int WIDTH = 420;
    public static final int HEIGHT = 254;
    public static final int LEFT = 46;
    public static final int RIGHT = 404;
    public static final int TOP = 26;
    public static final int BOTTOM = 212;

    /** All of it. */
    public static final Pane PANE = new Pane(LEFT, TOP, RIGHT, BOTTOM);

    private Frame() {}

    /** Begins a drawing; the caller closes it. */
    public static void open(Markup page, int height, String description) {
        page.open("svg", "viewBox", "0 0 " + WIDTH + " " + height, "role", "img", "aria-label", description);
    }

    /** Begins a part of which nothing outside a pane is seen; the caller closes it. Pixels stay the drawing's. */
    public static void openClipped(Markup page, Pane pane) {
        String width = pixels(pane.width());
        String height = pixels(pane.height());
        String left = pixels(pane.left());
        String top = pixels(pane.top());
        page.open(
                "svg",
                "x",
                left,
                "y",
                top,
                "width",
                width,
                "height",
                height,
                "viewBox",
                String.join(" ", left, top, width, height));
    }

    public static void rectangle(Markup page, String style, Pane pane) {
        page.empty(
                "rect",
                "class",
                style,
                "x",
                pixels(pane.left()),
                "y",
                pixels(pane.top()),
                "width",
                pixels(pane.width()),
                "height",
                pixels(pane.height()));
    }

    /** The horizontal axis with its title under it. */
    public static void bottom(Markup page, Axis axis, String title) {
        PathData marks = new PathData().move(LEFT, BOTTOM).horizontal(RIGHT);
        for (Tick tick : axis.ticks()) {
            marks.move(tick.place(), BOTTOM).vertical(BOTTOM + 4);
            label(page, tick.place(), BOTTOM + 16, "mid", tick.label());
        }
        path(page, "axis", marks);
        label(page, (LEFT + RIGHT) / 2.0, BOTTOM + 34, "mid name", title + axis.factor());
    }

    /** The vertical axis with grid lines, its title above it. */
    public static void left(Markup page, Axis axis, String title) {
        PathData grid = new PathData();
        for (Tick tick : axis.ticks()) {
            grid.move(LEFT, tick.place()).horizontal(RIGHT);
            label(page, LEFT - 6, tick.place() + 3.5, "end", tick.label());
        }
        path(page, "grid", grid);
        label(page, 2, TOP - 12, "name", title + axis.factor());
    }

    public static void path(Markup page, String style, PathData path) {
        if (!path.isEmpty()) {
            page.empty("path", "class", style, "d", path.toString());
        }
    }

    public static void label(Markup page, double x, double y, String style, String text) {
        page.element("text", text, "x", pixels(x), "y", pixels(y), "class", style);
    }

    public static String pixels(double value) {
        String text = String.format(Locale.ROOT, "%.1f", value);
        return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
    }
}
