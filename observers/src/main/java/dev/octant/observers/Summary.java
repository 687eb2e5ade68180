// SPDX-License-Identifier: Apache-2.0
package dev.octant.observers;

/**
 * An immutable value that tells what was observed, and that merges.
 *
 * <pre>
 * a.merge(b) equals b.merge(a)
 * a.merge(b).merge(c) equals a.merge(b.merge(c))
 * the summary of all values equals the merged summaries of any parts of them, in any order
 * </pre>
 *
 * <p>All three hold exactly: no rounding, no dependence on batch size. Immutable and thread safe.
 *
 * @param <S> the summary's own type
 */
public interface Summary<S extends Summary<S>> {
    /**
     * The summary of the values of both.
     *
     * @throws ArithmeticException if together they count more than {@link Long#MAX_VALUE} values
     */
    S merge(S other);
}
