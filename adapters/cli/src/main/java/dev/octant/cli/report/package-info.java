// SPDX-License-Identifier: Apache-2.0
/**
 * The report of {@code octant evaluate} and {@code octant calibrate}: one HTML page, drawn without any library, and
 * its facts as JSON. {@link dev.octant.cli.report.HtmlReport} and {@link dev.octant.cli.report.JsonReport} are the
 * ways in; {@link dev.octant.cli.report.ModelReport} and {@link dev.octant.cli.report.ModelJson} are those for int8
 * models.
 */
package dev.octant.cli.report;
