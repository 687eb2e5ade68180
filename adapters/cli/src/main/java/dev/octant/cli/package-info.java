// SPDX-License-Identifier: Apache-2.0
/**
 * The command {@code octant}. Start at {@link dev.octant.cli.Octant}; each command is a class of its own, and what
 * two of them share stands beside them. The outcome of an evaluation lives in {@code evaluate}, its pictures in
 * {@code report}.
 */
package dev.octant.cli;
