/**
 * The report of {@code octant evaluate}: one HTML page, drawn without any library. {@link
 * dev.octant.cli.report.HtmlReport} is the way in.
 */
package dev.octant.cli.report;
