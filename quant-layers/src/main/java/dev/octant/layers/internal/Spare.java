// SPDX-License-Identifier: Apache-2.0
package dev.octant.layers.internal;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * One object that calls hand on to each other, so that a call alone allocates nothing; calls at one time each make
 * their own. Thread safe. Internal.
 *
 * @param <T> what is handed on
 */
public final class Spare<T> {
    private final AtomicReference<T> kept = new AtomicReference<>();
    private final Supplier<T> maker;

    /**
     * @param maker makes one when there is none
     */
    public Spare(Supplier<T> maker) {
        this.maker = maker;
    }

    /** One that nobody else has until it is given back. */
    public T take() {
        T spare = kept.getAndSet(null);
        return spare != null ? spare : maker.get();
    }

    /** Keeps it for the next call. */
    public void giveBack(T spare) {
        kept.set(spare);
    }
}
