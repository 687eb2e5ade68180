// SPDX-License-Identifier: Apache-2.0
package dev.octant.spark.internal.sql;

import dev.octant.calibration.run.TensorSummary;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.classic.Dataset;
import org.apache.spark.sql.execution.ColumnarToRowExec;
import org.apache.spark.sql.execution.InputAdapter;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.execution.WholeStageCodegenExec;
import org.apache.spark.sql.vectorized.ColumnarBatch;

/**
 * Summaries of a table with a column, or a field of one, for each tensor. A scan that gives columns, as that of Parquet
 * does, is read as columns: the code that Spark makes of rows of many lists is longer than the JVM compiles, and takes
 * ten times as long. Others are read row by row.
 */
public final class WideScan {
    private WideScan() {}

    /**
     * A row of name and summary for each tensor of which a task saw a value; and where a task saw a row of the table,
     * whatever was in it, one whose name is NULL and whose summary is that of no value. So a task of a few tensors
     * sends nothing for the many others that the table has.
     *
     * @param table the {@link WideColumns#columns}, in this order
     */
    public static JavaRDD<Row> rows(Dataset<Row> table, WideColumns wide) {
        List<WideColumns.Tensor> tensors = wide.tensors();
        SparkPlan plan = withoutRows(table.queryExecution().executedPlan());
        if (plan.supportsColumnar()) {
            return plan.executeColumnar().toJavaRDD().mapPartitions(batches -> new Tensors(tensors).ofBatches(batches));
        }
        return table.queryExecution().toRdd().toJavaRDD().mapPartitions(rows -> new Tensors(tensors).ofRows(rows));
    }

    /** The plan that gives columns, below what makes rows of them. */
    private static SparkPlan withoutRows(SparkPlan plan) {
        if (plan instanceof WholeStageCodegenExec stage) {
            return withoutRows(stage.child());
        }
        if (plan instanceof InputAdapter adapter) {
            return withoutRows(adapter.child());
        }
        return plan instanceof ColumnarToRowExec rows ? withoutRows(rows.child()) : plan;
    }

    /** What a task sees of the tensors. */
    private static final class Tensors {
        /** Values of a tensor that wait until there are so many, where rows come one by one. */
        private static final int WAITING = 1 << 14;

        private final List<WideColumns.Tensor> tensors;
        private final ReadValues[] readers;
        private final TaskSummaries summaries;
        private boolean hasRows;

        Tensors(List<WideColumns.Tensor> tensors) {
            this.tensors = tensors;
            readers = tensors.stream()
                    .map(tensor -> new ReadValues(tensor.type(), tensor.fields()))
                    .toArray(ReadValues[]::new);
            summaries = new TaskSummaries(
                    tensors.stream().map(WideColumns.Tensor::name).toList());
        }

        Iterator<Row> ofBatches(Iterator<ColumnarBatch> batches) {
            Waiting waiting = new Waiting();
            while (batches.hasNext()) {
                ColumnarBatch batch = batches.next();
                hasRows |= batch.numRows() > 0;
                for (int tensor = 0; tensor < readers.length; tensor++) {
                    for (int row = 0; row < batch.numRows(); row++) {
                        read(batch.getRow(row), tensor);
                        waiting.add(tensor, readers[tensor]);
                    }
                    waiting.settle(tensor);
                }
            }
            return seen();
        }

        Iterator<Row> ofRows(Iterator<InternalRow> rows) {
            Waiting[] waiting = new Waiting[readers.length];
            Arrays.setAll(waiting, tensor -> new Waiting());
            while (rows.hasNext()) {
                InternalRow row = rows.next();
                hasRows = true;
                for (int tensor = 0; tensor < readers.length; tensor++) {
                    read(row, tensor);
                    waiting[tensor].add(tensor, readers[tensor]);
                }
            }
            for (int tensor = 0; tensor < readers.length; tensor++) {
                waiting[tensor].settle(tensor);
            }
            return seen();
        }

        private Iterator<Row> seen() {
            List<Row> seen = summaries.seen();
            if (hasRows) {
                seen.add(RowFactory.create(null, TensorSummary.EMPTY.toBytes()));
            }
            return seen.iterator();
        }

        /** A row of a batch gives a zero for a float that is NULL, so it is asked before. */
        private void read(InternalRow row, int tensor) {
            int column = tensors.get(tensor).column();
            readers[tensor].read(
                    row.isNullAt(column)
                            ? null
                            : row.get(column, tensors.get(tensor).type()));
        }

        /** Few values at a time, until there are enough to be observed. */
        private final class Waiting {
            private float[] values = {};
            private int count;

            void add(int tensor, ReadValues read) {
                if (read.count() >= WAITING) {
                    summaries.observe(tensor, read.values(), 0, read.count());
                    return;
                }
                if (read.count() > WAITING - count) {
                    settle(tensor);
                }
                if (read.count() > values.length - count) {
                    values = Arrays.copyOf(values, Math.min(WAITING, 2 * (count + read.count())));
                }
                System.arraycopy(read.values(), 0, values, count, read.count());
                count += read.count();
            }

            void settle(int tensor) {
                if (count > 0) {
                    summaries.observe(tensor, values, 0, count);
                    count = 0;
                }
            }
        }
    }
}
