// SPDX-License-Identifier: Apache-2.0
/**
 * The report of {@code octant evaluate} and {@code octant calibrate}: one HTML page, drawn without any library, and
 * its facts as JSON. {@link dev.octant.cli.report.HtmlReport} and {@link dev.octant.cli.report.JsonReport} are the
 * ways in.
 */
package dev.octant.cli.report;
