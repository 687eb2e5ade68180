// SPDX-License-Identifier: Apache-2.0
package dev.octant.spark;

import dev.octant.onnx.values.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** A program for spark-submit: summaries of what a model computes on the rows of a table. */
public final class ModelProgram {
    private ModelProgram() {}

    /** The table, the model, and the target. */
    public static void main(String[] arguments) throws IOException {
        SparkSession spark = SparkSession.builder().getOrCreate();
        Dataset<Row> rows = spark.read().parquet(arguments[0]).repartition(5);
        byte[] model = Files.readAllBytes(Path.of(arguments[1]));
        OctantSpark.write(ModelSummaries.of(rows, model, Target.CPU, 1), arguments[2]);
        spark.stop();
    }
}
