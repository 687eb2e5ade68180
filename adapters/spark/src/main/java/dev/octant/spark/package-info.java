// SPDX-License-Identifier: Apache-2.0
/**
 * Calibration on Apache Spark: the summaries of a cluster have the bytes that one machine gives.
 *
 * <p>{@link dev.octant.spark.OctantExtensions} brings functions to SQL, {@link dev.octant.spark.OctantSpark} tables and
 * files to summaries, {@link dev.octant.spark.Calibrate} is the command. Spark does the distributing: what crosses the
 * wire is a row for each tensor and task, its name and the bytes of its summary.
 */
package dev.octant.spark;
