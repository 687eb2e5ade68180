/**
 * The report of {@code octant evaluate} and {@code octant calibrate}: one HTML page, drawn without any library, and its facts as
 * JSON. {@link
 * dev.octant.cli.report.HtmlReport} is the way in.
 */
package dev.octant.cli.report;
