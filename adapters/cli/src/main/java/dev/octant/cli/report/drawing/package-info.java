// SPDX-License-Identifier: Apache-2.0
/**
 * What the report is drawn with: {@link dev.octant.cli.report.drawing.Markup} writes elements, {@link
 * dev.octant.cli.report.drawing.Frame} the axes around a plot, {@link dev.octant.cli.report.drawing.PathData} its lines
 * and {@link dev.octant.cli.report.drawing.Numbers} every number. It knows nothing of quantization.
 */
package dev.octant.cli.report.drawing;
