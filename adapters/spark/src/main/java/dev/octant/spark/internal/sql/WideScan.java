// SPDX-License-Identifier: Apache-2.0
package dev.octant.spark.internal.sql;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.classic.Dataset;
import org.apache.spark.sql.execution.ColumnarToRowExec;
import org.apache.spark.sql.execution.InputAdapter;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.execution.WholeStageCodegenExec;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.vectorized.ColumnarBatch;

/**
 * Summaries of a table with a column for each tensor. A scan that gives columns, as that of Parquet does, is read as
 * columns: the code that Spark makes of rows of many lists is longer than the JVM compiles, and takes ten times as
 * long. Others are read row by row.
 */
public final class WideScan {
    private WideScan() {}

    /** A row of name and summary for each column of each task. All columns must be of floats or doubles, or arrays. */
    public static JavaRDD<Row> rows(Dataset<Row> table) {
        List<String> names = new ArrayList<>();
        List<DataType> types = new ArrayList<>();
        for (StructField field : table.schema().fields()) {
            names.add(field.name());
            types.add(field.dataType());
        }
        SparkPlan plan = withoutRows(table.queryExecution().executedPlan());
        if (plan.supportsColumnar()) {
            return plan.executeColumnar()
                    .toJavaRDD()
                    .mapPartitions(batches -> new Columns(names, types).ofBatches(batches));
        }
        return table.queryExecution().toRdd().toJavaRDD().mapPartitions(rows -> new Columns(names, types).ofRows(rows));
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

    /** What a task sees of the columns. */
    private static final class Columns {
        /** Values of a column that wait until there are so many, where rows come one by one. */
        private static final int WAITING = 1 << 14;

        private final List<DataType> types;
        private final ReadValues[] readers;
        private final TaskSummaries summaries;

        Columns(List<String> names, List<DataType> types) {
            this.types = types;
            readers = types.stream().map(ReadValues::new).toArray(ReadValues[]::new);
            summaries = new TaskSummaries(names);
        }

        Iterator<Row> ofBatches(Iterator<ColumnarBatch> batches) {
            Waiting waiting = new Waiting();
            while (batches.hasNext()) {
                ColumnarBatch batch = batches.next();
                for (int column = 0; column < readers.length; column++) {
                    for (int row = 0; row < batch.numRows(); row++) {
                        readers[column].read(batch.getRow(row).get(column, types.get(column)));
                        waiting.add(column, readers[column]);
                    }
                    waiting.settle(column);
                }
            }
            return summaries.rows();
        }

        Iterator<Row> ofRows(Iterator<InternalRow> rows) {
            Waiting[] waiting = new Waiting[readers.length];
            Arrays.setAll(waiting, column -> new Waiting());
            while (rows.hasNext()) {
                InternalRow row = rows.next();
                for (int column = 0; column < readers.length; column++) {
                    readers[column].read(row.get(column, types.get(column)));
                    waiting[column].add(column, readers[column]);
                }
            }
            for (int column = 0; column < readers.length; column++) {
                waiting[column].settle(column);
            }
            return summaries.rows();
        }

        /** Few values at a time, until there are enough to be observed. */
        private final class Waiting {
            private float[] values = {};
            private int count;

            void add(int column, ReadValues read) {
                if (read.count() >= WAITING) {
                    summaries.observe(column, read.values(), 0, read.count());
                    return;
                }
                if (read.count() > WAITING - count) {
                    settle(column);
                }
                if (read.count() > values.length - count) {
                    values = Arrays.copyOf(values, Math.min(WAITING, 2 * (count + read.count())));
                }
                System.arraycopy(read.values(), 0, values, count, read.count());
                count += read.count();
            }

            void settle(int column) {
                if (count > 0) {
                    summaries.observe(column, values, 0, count);
                    count = 0;
                }
            }
        }
    }
}
