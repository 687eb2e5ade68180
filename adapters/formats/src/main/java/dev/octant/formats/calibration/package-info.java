// SPDX-License-Identifier: Apache-2.0
/**
 * Files of calibration tables: the scale and zero point of each tensor, with its range, how it was chosen and from
 * what.
 *
 * <p>Enter by {@link dev.octant.formats.calibration.CalibrationFile} for our JSON, which holds all of a table, and by
 * {@link dev.octant.formats.calibration.CalibrationFormat} for the files of other tools. Reading one of those gives a
 * {@link dev.octant.formats.calibration.TableImport}, writing one a {@link
 * dev.octant.formats.calibration.TableExport}; both say what was lost on the way.
 *
 * <p>Files are at most {@link dev.octant.formats.calibration.CalibrationFile#MAX_BYTES} long.
 */
package dev.octant.formats.calibration;
