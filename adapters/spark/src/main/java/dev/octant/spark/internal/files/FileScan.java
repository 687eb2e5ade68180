// SPDX-License-Identifier: Apache-2.0
package dev.octant.spark.internal.files;

import dev.octant.calibration.run.CalibrationRun;
import dev.octant.calibration.run.RunOutcome;
import dev.octant.calibration.run.RunSettings;
import dev.octant.core.internal.text.Given;
import dev.octant.formats.FormatException;
import dev.octant.formats.InputFile;
import dev.octant.formats.tensor.LeftOut;
import dev.octant.formats.tensor.TensorFile;
import dev.octant.formats.tensor.TensorFiles;
import dev.octant.formats.tensor.TensorPart;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Summaries of tensor files by the tasks of a cluster. A first job opens every file and lists its parts; the driver
 * puts neighbouring parts into tasks; each task is a calibration run of its parts, by the rules of one machine.
 * Immutable and thread safe.
 */
public final class FileScan {
    private final JavaSparkContext context;
    private final SerializableConfiguration configuration;
    private final long taskBytes;

    /**
     * A scan of files in the file systems that a configuration knows.
     *
     * @param taskBytes how many bytes of files a task is to read, about
     */
    public FileScan(JavaSparkContext context, Configuration configuration, long taskBytes) {
        this.context = context;
        this.configuration = new SerializableConfiguration(configuration);
        this.taskBytes = taskBytes;
    }

    /**
     * Neighbouring parts of a file that are read together.
     *
     * @param size of the file
     * @param modified when it was last changed, in milliseconds
     * @param parts how many the file has
     * @param from the first of these
     * @param to the one after the last of these
     * @param bytes of these parts
     */
    record Piece(String uri, long size, long modified, int parts, int from, int to, long bytes)
            implements Serializable {}

    /** What is known of a file once it was opened. */
    private record Listed(List<Piece> pieces, List<String> leftOut) implements Serializable {}

    /**
     * The files that URIs stand for: a file is itself, a folder the tensor files directly in it, as {@link
     * TensorFiles#find} finds them, and those of Parquet.
     *
     * @throws FormatException if one is missing or cannot be looked at
     */
    public List<String> find(List<String> uris) throws IOException {
        List<String> files = new ArrayList<>();
        for (String uri : uris) {
            Path input = HadoopFiles.path(uri, configuration.value());
            List<Path> tables = Files.isDirectory(input) ? tables(input) : List.of();
            tables.forEach(file -> files.add(file.toString()));
            if (tables.isEmpty() || hasOthers(input)) {
                for (Path file : TensorFiles.find(input)) {
                    // Octant's own reader of Parquet may be there, too.
                    if (!tables.contains(file)) {
                        files.add(file.toString());
                    }
                }
            }
        }
        return files;
    }

    /** Whether a file is read by Spark. */
    public static boolean isTable(String uri) {
        return uri.toLowerCase(Locale.ROOT).endsWith(".parquet");
    }

    private static List<Path> tables(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(entry -> isTable(entry.toString())).sorted().toList();
        }
    }

    private static boolean hasOthers(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            for (Path entry : entries.toList()) {
                if (TensorFiles.isFound(entry) && !isTable(entry.toString())) {
                    return true;
                }
            }
            return false;
        }
    }

    /**
     * A row of name and summary for each tensor of each task.
     *
     * @param leftOut is told, a line each, what is not read and why
     * @throws IllegalArgumentException if nothing is left
     */
    public JavaRDD<Row> rows(List<String> files, Consumer<String> leftOut) {
        Given.require("files", files);
        SerializableConfiguration shared = configuration;
        long most = taskBytes;
        int slices = Math.max(1, Math.min(files.size(), 4 * context.defaultParallelism()));
        List<Listed> listed = context.parallelize(files, slices)
                .map(file -> list(file, shared.value(), most))
                .collect();
        listed.forEach(file -> file.leftOut().forEach(leftOut));
        List<List<Piece>> tasks = new ArrayList<>();
        long bytes = most;
        for (Listed file : listed) {
            for (Piece piece : file.pieces()) {
                if (bytes + piece.bytes() > most) {
                    tasks.add(new ArrayList<>());
                    bytes = 0;
                }
                tasks.get(tasks.size() - 1).add(piece);
                bytes += piece.bytes();
            }
        }
        if (tasks.isEmpty()) {
            List<String> all =
                    listed.stream().flatMap(file -> file.leftOut().stream()).toList();
            throw new IllegalArgumentException("inputs must have a tensor that can be calibrated, had none"
                    + (all.isEmpty() ? "" : ": " + all.get(0) + (all.size() > 1 ? "; and others" : "")));
        }
        return context.parallelize(tasks, tasks.size()).flatMap(task -> rows(task, shared.value()));
    }

    private static Listed list(String uri, Configuration configuration, long most) throws IOException {
        Path path = HadoopFiles.path(uri, configuration);
        InputFile state = InputFile.of(path);
        TensorFile file = TensorFiles.open(path);
        List<TensorPart> parts = filled(file);
        List<Piece> pieces = new ArrayList<>();
        int from = 0;
        long bytes = 0;
        for (int i = 0; i < parts.size(); i++) {
            bytes += parts.get(i).bytes();
            if (i + 1 == parts.size() || !goesOn(parts.get(i), parts.get(i + 1), bytes, most)) {
                pieces.add(new Piece(uri, state.size(), state.modified().toMillis(), parts.size(), from, i + 1, bytes));
                from = i + 1;
                bytes = 0;
            }
        }
        List<String> leftOut = new ArrayList<>();
        file.leftOut().forEach(left -> leftOut.add(left.toString()));
        Set<String> known = new HashSet<>();
        parts.forEach(part -> known.addAll(part.tensors()));
        for (TensorPart part : file.parts()) {
            for (String tensor : part.tensors()) {
                if (known.add(tensor)) {
                    leftOut.add(LeftOut.of(path, tensor, "tensor must have at least one value, was without any")
                            .toString());
                }
            }
        }
        return new Listed(pieces, leftOut);
    }

    private static boolean goesOn(TensorPart part, TensorPart next, long bytes, long most) {
        boolean isOneArray = part.tensors().equals(next.tensors());
        return (part.isCheckedTogether() && isOneArray) || bytes + next.bytes() <= most;
    }

    /** The parts that hold values: a run counts those. */
    private static List<TensorPart> filled(TensorFile file) {
        return file.parts().stream().filter(part -> part.values() != 0).toList();
    }

    private static Iterator<Row> rows(List<Piece> task, Configuration configuration) throws IOException {
        Map<String, List<Piece>> byFile = new LinkedHashMap<>();
        for (Piece piece : task) {
            byFile.computeIfAbsent(piece.uri(), uri -> new ArrayList<>()).add(piece);
        }
        List<TensorFile> files = new ArrayList<>();
        for (List<Piece> pieces : byFile.values()) {
            files.add(open(pieces, configuration));
        }
        // The task is the thread that Spark gave it. Ranges are chosen elsewhere.
        RunSettings settings =
                new RunSettings(1, false, (tensor, summary) -> summary.values().range(), Optional.empty());
        RunOutcome outcome = CalibrationRun.of(files, settings).run();
        if (outcome.end() != RunOutcome.End.COMPLETE) {
            // Spark ends tasks by an interruption, and asks for nothing more of them.
            throw new InterruptedIOException(outcome.reason());
        }
        return outcome.tensors().entrySet().stream()
                .map(tensor -> RowFactory.create(
                        tensor.getKey(), (Object) tensor.getValue().toBytes()))
                .iterator();
    }

    private static TensorFile open(List<Piece> pieces, Configuration configuration) throws IOException {
        Piece first = pieces.get(0);
        Path path = HadoopFiles.path(first.uri(), configuration);
        InputFile state = InputFile.of(path);
        List<TensorPart> all = filled(TensorFiles.open(path));
        if (state.size() != first.size()
                || state.modified().toMillis() != first.modified()
                || all.size() != first.parts()) {
            throw new FormatException(path + ": file must stay as it is while it is read, was changed");
        }
        List<TensorPart> parts = new ArrayList<>();
        for (Piece piece : pieces) {
            parts.addAll(all.subList(piece.from(), piece.to()));
        }
        return TensorFile.of(path, parts);
    }
}
