// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx;

import dev.octant.formats.FormatException;
import dev.octant.formats.tensor.TensorFile;
import dev.octant.formats.tensor.TensorPart;
import dev.octant.onnx.internal.data.Passes;
import dev.octant.onnx.internal.data.RowSource;
import dev.octant.onnx.internal.file.ExternalData;
import dev.octant.onnx.values.Target;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a float model computes on data, as tensors by name that a calibration reads: with checkpoints, on several
 * threads, and with summaries that merge, like files of recorded activations.
 *
 * <pre>
 * try (ModelActivations activations = ModelActivations.open(model, Target.CPU, data)) {
 *     RunOutcome outcome = CalibrationRun.of(activations.files(), settings).run();
 *     SummaryFile.write(Path.of("shard1.summary"), outcome.tensors());
 * }
 * </pre>
 *
 * <p>The tensors are all values of float32 that are given or computed once the model is prepared for a target: so the
 * summaries serve any {@link QuantizeSettings} of that target. A part is a batch. ONNX Runtime computes each on one
 * thread, so that the values are the same for any number of threads that read; they may differ in the last place
 * between batches of different sizes.
 *
 * <p>Memory: for each thread that reads, the activations of a batch. Thread safe, but for {@link #close}.
 */
public final class ModelActivations implements AutoCloseable {
    private final BatchActivations activations;
    private final List<TensorFile> files = new ArrayList<>();
    private final Passes passes;
    private final int batchRows;

    private ModelActivations(BatchActivations activations, int batchRows) {
        this.activations = activations;
        this.batchRows = batchRows;
        this.passes = new Passes(batchRows);
    }

    /** A file of batches, or one that these depend on. */
    private record Watched(Path path, List<TensorPart> parts, String reading) implements TensorFile {}

    /**
     * Loads a model.
     *
     * @param model read from a file, or one in memory
     * @param target the one that the model will be quantized for
     * @throws FormatException if the model is quantized already or of an opset below 10, or ONNX Runtime refuses it
     */
    public static ModelActivations open(OnnxModel model, Target target, ModelData data) throws IOException {
        ModelActivations all = new ModelActivations(BatchActivations.open(model, target), data.batchRows());
        ExternalData external = model.external();
        external.model().ifPresent(file -> all.dependOn(file, target));
        external.files().forEach(file -> all.dependOn(file, target));
        data.sources().forEach(all::add);
        return all;
    }

    private void dependOn(Path file, Target target) {
        files.add(new Watched(file, List.of(), "for " + target.label()));
    }

    private void add(RowSource source) {
        List<TensorPart> batches = new ArrayList<>();
        long count = (source.rows() + batchRows - 1) / batchRows;
        for (long batch = 0; batch < count; batch++) {
            batches.add(new Batch(source, batch));
        }
        String reading = ("in batches of " + batchRows + " " + source.reading()).strip();
        for (Path file : source.files()) {
            files.add(new Watched(file, List.copyOf(batches), reading));
            // Images are many files with batches together.
            batches.clear();
        }
    }

    /** The model's files, which have no tensors, and those of the data, with the activations of their batches. */
    public List<TensorFile> files() {
        return List.copyOf(files);
    }

    /** The values of one run of the model. */
    private final class Batch implements TensorPart {
        private final RowSource source;
        private final long number;

        Batch(RowSource source, long number) {
            this.source = source;
            this.number = number;
        }

        @Override
        public List<String> tensors() {
            return activations.tensors();
        }

        /** Shapes may depend on the data. */
        @Override
        public long values() {
            return -1;
        }

        @Override
        public long bytes() {
            long rows = Math.min(batchRows, source.rows() - number * batchRows);
            return (long) ((double) source.bytes() / source.rows() * rows);
        }

        @Override
        public long sampleLength() {
            return 0;
        }

        @Override
        public void read(Visitor visitor) throws IOException {
            Passes.Place place = passes.take(source, number);
            boolean isRead = false;
            try {
                activations.read(place.pass().next(), visitor);
                isRead = true;
            } finally {
                if (isRead) {
                    passes.give(place);
                } else {
                    place.pass().close();
                }
            }
        }
    }

    @Override
    public void close() throws IOException {
        try {
            passes.close();
        } finally {
            activations.close();
        }
    }
}
