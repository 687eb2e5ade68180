// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx.internal.data;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/**
 * Passes over rows for threads that each take the next batch: whoever is done with one leaves its pass to whoever takes
 * a later one, so that a file is read about once for each thread and not once for each batch. Thread safe.
 */
public final class Passes implements Closeable {
    /** Files that wait open for a later batch. */
    private static final int MOST_IDLE = 16;

    private final int batchRows;
    private final Deque<Place> idle = new ArrayDeque<>();

    /** Passes with batches of so many rows. */
    public Passes(int batchRows) {
        this.batchRows = batchRows;
    }

    /** A pass that stands before a batch of a source. */
    public record Place(RowSource source, RowSource.Pass pass, long batch) {}

    /** A pass that stands before a batch; the caller gives it back or closes it. */
    public Place take(RowSource source, long batch) throws IOException {
        Place found = nearest(source, batch);
        RowSource.Pass pass = found == null ? source.open(batchRows) : found.pass();
        try {
            for (long at = found == null ? 0 : found.batch(); at < batch; at++) {
                pass.skip();
            }
        } catch (IOException | RuntimeException e) {
            pass.close();
            throw e;
        }
        return new Place(source, pass, batch);
    }

    private synchronized Place nearest(RowSource source, long batch) {
        Place nearest = null;
        for (Place place : idle) {
            if (place.source() == source
                    && place.batch() <= batch
                    && (nearest == null || place.batch() > nearest.batch())) {
                nearest = place;
            }
        }
        if (nearest != null) {
            idle.remove(nearest);
        }
        return nearest;
    }

    /** Leaves a pass whose batch was read. */
    public void give(Place taken) throws IOException {
        long next = taken.batch() + 1;
        if (next * batchRows >= taken.source().rows()) {
            taken.pass().close();
            return;
        }
        Place closed;
        synchronized (this) {
            idle.addLast(new Place(taken.source(), taken.pass(), next));
            closed = idle.size() > MOST_IDLE ? idle.removeFirst() : null;
        }
        if (closed != null) {
            closed.pass().close();
        }
    }

    @Override
    public synchronized void close() throws IOException {
        for (Iterator<Place> places = idle.iterator(); places.hasNext(); places.remove()) {
            places.next().pass().close();
        }
    }
}
