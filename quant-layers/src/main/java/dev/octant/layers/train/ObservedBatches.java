// SPDX-License-Identifier: Apache-2.0
package dev.octant.layers.train;

import dev.octant.core.internal.block.Bounds;
import dev.octant.core.internal.text.Given;
import dev.octant.observers.HistogramObserver;
import dev.octant.observers.MinMaxObserver;
import dev.octant.observers.MovingAverageObserver;
import dev.octant.observers.Observer;
import java.util.ArrayList;
import java.util.List;

/**
 * Batches that the observers of one or more stages are shown together: all of them, or none where one is refused. For a
 * layer that takes stages at several places.
 *
 * <pre>
 * new ObservedBatches().add(inputStage, x, 0, x.length).add(weightStage, w, 0, w.length).show();
 * </pre>
 *
 * <p>An {@link AmaxObserver} is asked first whether the lengths suit its axes. {@link MinMaxObserver}, {@link
 * HistogramObserver} and {@link MovingAverageObserver} refuse nothing. Of others only the call tells, so they come
 * first, in their order. The limit: where two or more batches are of such others, those shown before the one that is
 * refused have been seen.
 *
 * <p>Arrays are read by {@link #show}. Not thread safe.
 */
public final class ObservedBatches {
    /** The calls of observers that may refuse. */
    private final List<Runnable> unsure = new ArrayList<>();

    private final List<Runnable> sure = new ArrayList<>();

    /**
     * Adds a batch for every observer of a stage, the outer ones first; for none where {@code stage} has none.
     *
     * @throws IllegalArgumentException if an {@link AmaxObserver} of the stage refuses the length; no batch of the
     *     stage is then added
     * @throws IndexOutOfBoundsException if the values are not inside the array
     */
    public ObservedBatches add(StraightThrough stage, float[] values, int offset, int length) {
        Given.require("stage", stage);
        Bounds.check("values", values, offset, length);
        List<Observer> observers = new ArrayList<>();
        StraightThrough inner = stage;
        for (StraightThrough next = within(inner); next != inner; next = within(inner)) {
            if (inner instanceof QuantizerStage.Calibrate calibrate) {
                requireLength(calibrate.observer(), length);
                observers.add(calibrate.observer());
            }
            inner = next;
        }
        for (Observer observer : observers) {
            (refusesNothing(observer) ? sure : unsure).add(() -> observer.observe(values, offset, length));
        }
        return this;
    }

    private static void requireLength(Observer observer, int length) {
        if (observer instanceof AmaxObserver amax) {
            amax.requireLength(length);
        }
    }

    private static boolean refusesNothing(Observer observer) {
        return observer instanceof AmaxObserver
                || observer instanceof MinMaxObserver
                || observer instanceof HistogramObserver
                || observer instanceof MovingAverageObserver;
    }

    /** Shows every batch that was added; whatever an observer throws comes from here. */
    public void show() {
        unsure.forEach(Runnable::run);
        sure.forEach(Runnable::run);
    }

    /** What computes where {@code stage} stands: without the stages around it that observe or mark what trains. */
    public static StraightThrough quantizer(StraightThrough stage) {
        Given.require("stage", stage);
        StraightThrough inner = stage;
        for (StraightThrough next = within(inner); next != inner; next = within(inner)) {
            inner = next;
        }
        return inner;
    }

    private static StraightThrough within(StraightThrough stage) {
        if (stage instanceof QuantizerStage.Calibrate calibrate) {
            return calibrate.then();
        }
        return stage instanceof QuantizerStage.Fake fake ? fake.quantizer() : stage;
    }
}
