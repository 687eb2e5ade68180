// SPDX-License-Identifier: Apache-2.0
/**
 * The command {@code octant}. Start at {@link dev.octant.cli.Octant}. Commands stand in rooms: {@code ranges} from data
 * to tables, {@code codes} on codes, {@code models} on ONNX models; {@code report} draws, {@code words} holds what
 * commands of several rooms share. What they do with data is in the module calibration.
 */
package dev.octant.cli;
