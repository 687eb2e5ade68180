// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.report.drawing;

/**
 * A mark of an axis.
 *
 * @param place where it stands, in pixels
 * @param label what is written beside it
 */
public record Tick(double place, String label) {}
