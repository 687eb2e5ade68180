// SPDX-License-Identifier: Apache-2.0
package dev.octant.spark;

import dev.octant.core.internal.text.Given;
import dev.octant.onnx.BatchActivations;
import dev.octant.onnx.OnnxModel;
import dev.octant.onnx.values.Target;
import dev.octant.spark.internal.models.ModelScan;
import java.io.IOException;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Summaries of what a float ONNX model computes on the rows of a table, as {@code octant model calibrate} makes them of
 * files: rows {@code (tensor STRING, summary BINARY)} for {@link OctantSpark#write}, of which {@code octant model
 * quantize --summary} makes an int8 model.
 *
 * <pre>
 * byte[] model = Files.readAllBytes(Path.of("model.onnx"));
 * OctantSpark.write(ModelSummaries.of(rows, model, Target.CPU, 1), "s3a://bucket/all.summary");
 * </pre>
 *
 * <p>It alone needs {@code octant-onnx} and what that needs, on the driver and in executors. The model is broadcast; a
 * task has a session of ONNX Runtime on one thread, and puts its rows together to batches. The bytes are those of one
 * machine for any partitions where each batch has one row. In larger batches ONNX Runtime may compute a float that
 * differs in the last place, and which rows are together depends on the partitions; as it may on processors of another
 * kind.
 *
 * <p>Memory of a task: the model twice, the activations of a batch, and a summary of each. Stateless and thread safe.
 */
public final class ModelSummaries {
    private ModelSummaries() {}

    /**
     * Summaries of all values of float32 that are given or computed once the model is prepared for a target.
     *
     * <p>A column for each input of the model has its name, and a row what the model takes beside the first dimension:
     * FLOAT, DOUBLE, BIGINT, INT, SMALLINT, TINYINT or BOOLEAN for the input's very type, or arrays of it, also of
     * arrays, in C order; BINARY for uint8, its bytes as they are. At most one dimension beside the first may be open;
     * rows of other lengths are batches of their own. Other columns are passed over.
     *
     * @param model the bytes of an {@code .onnx} file without external data
     * @param target the one that the model will be quantized for
     * @param batchRows the rows of a batch, at least 1; the last of a partition may have fewer
     * @throws dev.octant.formats.FormatException if the model has external data or cannot be calibrated
     * @throws IllegalArgumentException if a column is missing or of another type, or the model takes other batches. A
     *     row that is NULL or has another number of values fails the query with one sentence
     */
    public static Dataset<Row> of(Dataset<Row> table, byte[] model, Target target, int batchRows) throws IOException {
        Given.require("table", table);
        Given.require("model", model);
        Given.require("target", target);
        if (batchRows < 1) {
            throw new IllegalArgumentException("batch must have at least one row, was " + batchRows);
        }
        OnnxModel parsed = OnnxModel.of(model);
        org.apache.spark.sql.classic.Dataset<Row> rows = (org.apache.spark.sql.classic.Dataset<Row>) table;
        Column[] columns = ModelScan.columns(rows, parsed, batchRows).stream()
                .map(OctantSpark::column)
                .toArray(Column[]::new);
        // What is wrong with the model is said here, not by every task.
        BatchActivations.open(parsed, target).close();
        return OctantSpark.merged(
                table.sparkSession(),
                ModelScan.rows(
                        new JavaSparkContext(table.sparkSession().sparkContext()),
                        rows.select(columns),
                        parsed,
                        model.clone(),
                        target,
                        batchRows));
    }
}
