// SPDX-License-Identifier: Apache-2.0
package dev.octant.spark.internal.sql;

import dev.octant.calibration.run.TensorSummary;
import dev.octant.observers.HistogramObserver;
import dev.octant.observers.PerSampleSummary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * What a task sees of several tensors, many values of one after the other. One observer takes turns, so memory is that
 * of a summary for each. Not thread safe.
 */
public final class TaskSummaries {
    private static final int NONE = -1;

    private final List<String> names;
    private final HistogramObserver observer = new HistogramObserver();
    private final TensorSummary[] summaries;
    private int turn = NONE;

    /** Of tensors by their names, which are numbered from 0. */
    public TaskSummaries(List<String> names) {
        this.names = List.copyOf(names);
        summaries = new TensorSummary[names.size()];
        Arrays.fill(summaries, TensorSummary.EMPTY);
    }

    /** Observes {@code values[from .. from + count)} of a tensor. */
    public void observe(int tensor, float[] values, int from, int count) {
        if (tensor != turn) {
            endTurn();
            turn = tensor;
        }
        observer.observe(values, from, count);
    }

    private void endTurn() {
        if (turn != NONE) {
            summaries[turn] = summaries[turn].merge(new TensorSummary(observer.summary(), PerSampleSummary.EMPTY));
            observer.clear();
            turn = NONE;
        }
    }

    /** A row of name and summary for each tensor. */
    public Iterator<Row> rows() {
        return rows(true).iterator();
    }

    /** A row of name and summary for each tensor of which there was a value: wide tables may be of many others. */
    List<Row> seen() {
        return rows(false);
    }

    private List<Row> rows(boolean all) {
        endTurn();
        List<Row> seen = new ArrayList<>();
        for (int tensor = 0; tensor < summaries.length; tensor++) {
            if (all || summaries[tensor].values().counts().count() > 0) {
                seen.add(RowFactory.create(names.get(tensor), (Object) summaries[tensor].toBytes()));
            }
        }
        return seen;
    }
}
