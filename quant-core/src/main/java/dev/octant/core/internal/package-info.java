// SPDX-License-Identifier: Apache-2.0
/**
 * Internal: the hot loops. Public only so that Octant's own modules can call them; what is here may change at any time.
 *
 * <p>Each loop is an interface with a scalar form, which defines the result and runs everywhere, and perhaps vector
 * forms, compiled for JDK 25 into their own layer of the jar. {@link dev.octant.core.internal.Kernels} lists them
 * all, {@link dev.octant.core.internal.choice.KernelChoice} picks one at run time. Bounds are the caller's to check.
 *
 * <p>A room has one kind of loop. Its classes are named by the way of computing, the kind and, if there is only one,
 * the width in bits: {@code ScalarTable}, {@code SelectTable512}, {@code StagedSlopes}, {@code VectorErrors256}. A form
 * without a number takes the widest vectors of the machine.
 */
package dev.octant.core.internal;
