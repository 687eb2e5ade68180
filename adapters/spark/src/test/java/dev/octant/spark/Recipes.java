// SPDX-License-Identifier: Apache-2.0
package dev.octant.spark;

import static org.apache.spark.sql.functions.call_function;
import static org.apache.spark.sql.functions.col;

import dev.octant.calibration.run.TensorSummary;
import dev.octant.observers.HistogramObserver;
import dev.octant.observers.PerSampleSummary;
import dev.octant.onnx.values.Target;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.apache.spark.api.java.function.VoidFunction2;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.StreamingQuery;

/** The programs of docs/spark.md, which a test compares with the page. */
final class Recipes {
    private Recipes() {}

    static void summaries(SparkSession spark, String activations, String wide, String npy, String target)
            throws Exception {
        Dataset<Row> table = spark.read().parquet(activations);
        Dataset<Row> summaries = OctantSpark.summaries(table, "tensor", "values")
                .union(OctantSpark.wide(spark.read().option("mergeSchema", true).parquet(wide)))
                .union(OctantSpark.files(spark, List.of(npy)));
        OctantSpark.write(summaries, target);
    }

    static void model(SparkSession spark) throws IOException {
        byte[] model = Files.readAllBytes(Path.of("model.onnx"));
        Dataset<Row> images = spark.read().parquet("s3a://bucket/images");
        OctantSpark.write(ModelSummaries.of(images, model, Target.CPU, 1), "s3a://bucket/all.summary");
    }

    static StreamingQuery stream(Dataset<Row> rows, String target, String checkpoint) throws TimeoutException {
        return rows.groupBy(col("tensor"))
                .agg(call_function("octant_summary", col("values")).as("summary"))
                .writeStream()
                .outputMode("complete")
                .option("checkpointLocation", checkpoint)
                .foreachBatch((VoidFunction2<Dataset<Row>, Long>) (all, batch) -> OctantSpark.write(all, target))
                .start();
    }

    /** Stands for {@code org.apache.flink.api.common.functions.AggregateFunction}, whose methods these are. */
    interface AggregateFunction<IN, ACC, OUT> extends Serializable {
        ACC createAccumulator();

        ACC add(IN value, ACC accumulator);

        OUT getResult(ACC accumulator);

        ACC merge(ACC a, ACC b);
    }

    /** Stands for {@code org.apache.beam.sdk.transforms.Combine.CombineFn}, whose methods these are. */
    abstract static class CombineFn<IN, ACC, OUT> implements Serializable {
        private static final long serialVersionUID = 1L;

        public abstract ACC createAccumulator();

        public abstract ACC addInput(ACC accumulator, IN input);

        public abstract ACC mergeAccumulators(Iterable<ACC> accumulators);

        public abstract OUT extractOutput(ACC accumulator);
    }

    static final class Summaries {
        private Summaries() {}

        static byte[] of(float[] values) {
            HistogramObserver observer = new HistogramObserver();
            observer.observe(values);
            return new TensorSummary(observer.summary(), PerSampleSummary.EMPTY).toBytes();
        }

        static byte[] merged(byte[] a, byte[] b) {
            try {
                return TensorSummary.of(a).merge(TensorSummary.of(b)).toBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    static final class FlinkSummary implements AggregateFunction<float[], byte[], byte[]> {
        private static final long serialVersionUID = 1L;

        @Override
        public byte[] createAccumulator() {
            return TensorSummary.EMPTY.toBytes();
        }

        @Override
        public byte[] add(float[] values, byte[] accumulator) {
            return Summaries.merged(accumulator, Summaries.of(values));
        }

        @Override
        public byte[] merge(byte[] a, byte[] b) {
            return Summaries.merged(a, b);
        }

        @Override
        public byte[] getResult(byte[] accumulator) {
            return accumulator;
        }
    }

    static final class BeamSummary extends CombineFn<float[], byte[], byte[]> {
        private static final long serialVersionUID = 1L;

        @Override
        public byte[] createAccumulator() {
            return TensorSummary.EMPTY.toBytes();
        }

        @Override
        public byte[] addInput(byte[] accumulator, float[] values) {
            return Summaries.merged(accumulator, Summaries.of(values));
        }

        @Override
        public byte[] mergeAccumulators(Iterable<byte[]> accumulators) {
            byte[] all = createAccumulator();
            for (byte[] one : accumulators) {
                all = Summaries.merged(all, one);
            }
            return all;
        }

        @Override
        public byte[] extractOutput(byte[] accumulator) {
            return accumulator;
        }
    }
}
