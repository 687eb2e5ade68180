// SPDX-License-Identifier: Apache-2.0
package dev.octant.spark.internal.models;

import dev.octant.onnx.BatchActivations;
import dev.octant.onnx.OnnxModel;
import dev.octant.onnx.values.ModelTensor;
import dev.octant.onnx.values.Target;
import dev.octant.onnx.values.TensorValue;
import dev.octant.spark.internal.sql.TaskSummaries;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.classic.Dataset;
import org.apache.spark.sql.types.StructField;

/** Summaries of what a model computes on the rows of a table. A task has a session of ONNX Runtime on one thread. */
public final class ModelScan {
    private ModelScan() {}

    /**
     * The inputs of a model and the columns of their names.
     *
     * @throws IllegalArgumentException if a column is missing or does not fit, or the model does not take such batches
     */
    public static List<String> columns(Dataset<Row> table, OnnxModel model, int batchRows) {
        List<ModelInput> inputs = inputs(table, model);
        OptionalLong fixed = ModelInput.fixedRows(inputs);
        if (fixed.isPresent() && fixed.getAsLong() != batchRows) {
            throw new IllegalArgumentException(
                    "batch must have the " + fixed.getAsLong() + " rows that the model takes, was " + batchRows);
        }
        return inputs.stream().map(ModelInput::name).toList();
    }

    private static List<ModelInput> inputs(Dataset<Row> table, OnnxModel model) {
        Map<String, StructField> fields = new HashMap<>();
        Arrays.stream(table.schema().fields()).forEach(field -> fields.put(field.name(), field));
        List<ModelInput> inputs = new ArrayList<>();
        for (ModelTensor input : model.info().inputs()) {
            StructField field = fields.get(input.name());
            if (field == null) {
                throw new IllegalArgumentException("table must have a column for the model's input " + input + ", had "
                        + String.join(", ", table.columns()));
            }
            inputs.add(ModelInput.of(input, field));
        }
        if (inputs.isEmpty()) {
            throw new IllegalArgumentException("model must have an input to be fed, had none");
        }
        return inputs;
    }

    /**
     * A row of name and summary for each tensor of each task.
     *
     * @param table the {@link #columns}, in this order
     */
    public static JavaRDD<Row> rows(
            JavaSparkContext context, Dataset<Row> table, OnnxModel model, byte[] bytes, Target target, int batchRows) {
        List<ModelInput> inputs = inputs(table, model);
        Broadcast<byte[]> shared = context.broadcast(bytes);
        return table.queryExecution()
                .toRdd()
                .toJavaRDD()
                .mapPartitions(rows -> summaries(rows, inputs, shared.value(), target, batchRows));
    }

    private static Iterator<Row> summaries(
            Iterator<InternalRow> rows, List<ModelInput> inputs, byte[] model, Target target, int batchRows)
            throws IOException {
        if (!rows.hasNext()) {
            return Collections.emptyIterator();
        }
        try (BatchActivations activations = BatchActivations.open(OnnxModel.of(model), target)) {
            Task task = new Task(inputs, activations, batchRows);
            while (rows.hasNext()) {
                task.add(rows.next());
            }
            return task.end();
        }
    }

    /** A task: rows become batches, batches activations, and these summaries. */
    private static final class Task {
        private final List<ModelInput> inputs;
        private final List<InputBuffer> buffers = new ArrayList<>();
        private final BatchActivations activations;
        private final int batchRows;
        private final TaskSummaries summaries;
        private final Map<String, Integer> numbers = new HashMap<>();
        private int waiting;

        Task(List<ModelInput> inputs, BatchActivations activations, int batchRows) {
            this.inputs = inputs;
            this.activations = activations;
            this.batchRows = batchRows;
            for (int i = 0; i < inputs.size(); i++) {
                buffers.add(new InputBuffer(inputs.get(i), i));
            }
            for (String tensor : activations.tensors()) {
                numbers.put(tensor, numbers.size());
            }
            summaries = new TaskSummaries(activations.tensors());
        }

        void add(InternalRow row) throws IOException {
            if (waiting > 0 && !buffers.stream().allMatch(buffer -> buffer.isAlike(row))) {
                run();
            }
            buffers.forEach(buffer -> buffer.add(row));
            waiting++;
            if (waiting == batchRows) {
                run();
            }
        }

        private void run() throws IOException {
            OptionalLong fixed = ModelInput.fixedRows(inputs);
            if (fixed.isPresent() && fixed.getAsLong() != waiting) {
                throw new IllegalArgumentException("rows of a partition must be a multiple of the batch of "
                        + fixed.getAsLong() + " that the model takes, was " + waiting + " more");
            }
            Map<String, TensorValue> batch = new LinkedHashMap<>();
            for (int i = 0; i < inputs.size(); i++) {
                batch.put(inputs.get(i).name(), buffers.get(i).take(waiting));
            }
            waiting = 0;
            activations.read(batch, (tensor, values, from, count) -> {
                summaries.observe(numbers.get(tensor), values, from, count);
                return true;
            });
        }

        Iterator<Row> end() throws IOException {
            if (waiting > 0) {
                run();
            }
            return summaries.rows();
        }
    }
}
