// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.report.drawing;

import java.util.List;

/** Maps values to pixels and marks some of them. Immutable. */
public interface Axis {
    /** The pixel of a value; far outside the axis, a pixel at most ten times its length away. */
    double at(double value);

    /** Its marks, none outside. */
    List<Tick> ticks();

    /** What the labels have to be multiplied by: empty, or {@code × 10⁻⁷} with a space in front. */
    default String factor() {
        return "";
    }
}
