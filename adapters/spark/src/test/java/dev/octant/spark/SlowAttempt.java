// SPDX-License-Identifier: Apache-2.0
package dev.octant.spark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.TaskContext;
import org.apache.spark.TaskKilled;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * A program for spark-submit: summaries of a long table, where the first attempt of a task hands out all its rows and
 * then does not end, so that Spark begins a copy of it elsewhere. Writes how many copies were first, how many attempts
 * were killed, and which kernels the executors have chosen.
 */
public final class SlowAttempt {
    private static final int PARTITIONS = 6;

    private SlowAttempt() {}

    /** The table, the target, and a file for what happened. */
    public static void main(String[] arguments) throws IOException {
        SparkSession spark = SparkSession.builder().getOrCreate();
        AtomicInteger first = new AtomicInteger();
        AtomicInteger killed = new AtomicInteger();
        spark.sparkContext().addSparkListener(new SparkListener() {
            @Override
            public void onTaskEnd(SparkListenerTaskEnd end) {
                if (end.taskInfo().speculative() && end.taskInfo().successful()) {
                    first.incrementAndGet();
                }
                if (end.reason() instanceof TaskKilled) {
                    killed.incrementAndGet();
                }
            }
        });
        Dataset<Row> table = spark.read().parquet(arguments[0]).repartition(PARTITIONS);
        Dataset<Row> slow =
                table.mapPartitions((MapPartitionsFunction<Row, Row>) SlowEnd::new, Encoders.row(table.schema()));
        OctantSpark.write(OctantSpark.summaries(slow, "tensor", "values"), arguments[1]);
        String kernels = HaltedExecutor.kernels(spark);
        // The listener has heard of all by then.
        spark.stop();
        Files.writeString(Path.of(arguments[2]), first + " first, " + killed + " killed\n" + kernels);
    }

    /** The rows, after which the first attempt of the first task does not end before it is killed. */
    private record SlowEnd(Iterator<Row> rows) implements Iterator<Row> {
        @Override
        public boolean hasNext() {
            boolean hasNext = rows.hasNext();
            TaskContext task = TaskContext.get();
            if (!hasNext && task.partitionId() == 0 && task.attemptNumber() == 0) {
                try {
                    TimeUnit.HOURS.sleep(1);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            return hasNext;
        }

        @Override
        public Row next() {
            return rows.next();
        }
    }
}
