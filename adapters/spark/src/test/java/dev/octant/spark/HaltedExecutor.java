// SPDX-License-Identifier: Apache-2.0
package dev.octant.spark;

import dev.octant.core.VectorKernels;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * A program for spark-submit: summaries of a long table, where one executor is halted once the map stage is over, so
 * that what it held is computed again. Writes which kernels the executors have chosen.
 */
public final class HaltedExecutor {
    private HaltedExecutor() {}

    /** The table, the target, and a file that is made by the executor that is halted. */
    public static void main(String[] arguments) throws IOException {
        SparkSession spark = SparkSession.builder().getOrCreate();
        Dataset<Row> table = spark.read().parquet(arguments[0]);
        File mark = new File(arguments[2]);
        Dataset<Row> summaries = OctantSpark.summaries(table, "tensor", "values");
        Dataset<Row> halting = summaries.mapPartitions(
                (MapPartitionsFunction<Row, Row>) rows -> {
                    if (mark.createNewFile()) {
                        Runtime.getRuntime().halt(137);
                    }
                    return rows;
                },
                Encoders.row(summaries.schema()));
        OctantSpark.write(halting, arguments[1]);
        Files.writeString(Path.of(arguments[2]), kernels(spark));
        spark.stop();
    }

    /** Which kernels the executors have chosen, a line for each choice that differs. */
    static String kernels(SparkSession spark) {
        Set<String> kernels = new TreeSet<>(new JavaSparkContext(spark.sparkContext())
                .parallelize(List.of(1, 2, 3, 4), 4)
                .map(any -> choices())
                .collect());
        return String.join("\n", kernels);
    }

    private static String choices() {
        try {
            VectorKernels.warmUp();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return VectorKernels.choices().toString();
    }
}
