// SPDX-License-Identifier: Apache-2.0
/**
 * Internal: which of several forms of a loop is called. {@link dev.octant.core.internal.choice.KernelChoice} answers
 * with the scalar form until a {@link dev.octant.core.internal.choice.Trial} has shown on this machine that a vector
 * form writes the same and is faster.
 */
package dev.octant.core.internal.choice;
