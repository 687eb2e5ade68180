// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.report.drawing;

/** Invisible strips over a picture whose titles, which browsers show on hover, are the exact values there. */
public final class HitAreas {
    private HitAreas() {}

    /** A strip as high as the picture. */
    public static void strip(Markup page, double left, double right, String title) {
        double from = Math.max(left, Frame.LEFT);
        double to = Math.min(right, Frame.RIGHT);
        if (to > from) {
            page.open(
                    "path",
                    "class",
                    "hit",
                    "d",
                    new PathData()
                            .move(from, Frame.TOP)
                            .horizontal(to)
                            .vertical(Frame.BOTTOM)
                            .horizontal(from)
                            .toString());
            page.element("title", title).close();
        }
    }
}
