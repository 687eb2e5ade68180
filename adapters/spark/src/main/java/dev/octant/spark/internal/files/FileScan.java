// SPDX-License-Identifier: Apache-2.0
package dev.octant.spark.internal.files;

import dev.octant.calibration.run.CalibrationRun;
import dev.octant.calibration.run.RunOutcome;
import dev.octant.calibration.run.RunSettings;
import dev.octant.core.internal.text.Given;
import dev.octant.core.internal.text.Numbers;
import dev.octant.formats.FormatException;
import dev.octant.formats.InputFile;
import dev.octant.formats.VisibleText;
import dev.octant.formats.tensor.LeftOut;
import dev.octant.formats.tensor.TensorFile;
import dev.octant.formats.tensor.TensorFiles;
import dev.octant.formats.tensor.TensorPart;
import java.io.File;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.Serializable;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
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

    /** What is known of a file once it was opened; {@code withoutSamples} is a tensor whose samples are not known. */
    private record Listed(ArrayList<Piece> pieces, ArrayList<String> leftOut, String withoutSamples)
            implements Serializable {}

    /** Whose samples are looked at, for the methods {@code mean} and {@code median}. */
    public enum Samples {
        /** Those long enough that it costs nothing. */
        LONG,

        /** All that are known. */
        ALL,

        /** All; a file whose samples are not known is refused. */
        REQUIRED
    }

    /**
     * The files that URIs stand for: a file is itself, a folder the tensor files directly in it, as {@link
     * TensorFiles#find} finds them, and those of Parquet.
     *
     * @param leftOut is told, a line each, which folders in folders are not read
     * @throws FormatException if one is missing or cannot be looked at
     */
    public List<String> find(List<String> uris, Consumer<String> leftOut) throws IOException {
        List<Path> inputs = new ArrayList<>();
        for (String uri : uris) {
            inputs.add(HadoopFiles.path(uri, configuration.value()));
        }
        List<Path> files = new ArrayList<>();
        for (Path input : inputs) {
            files.addAll(found(input));
            for (Path folder : TensorFiles.folders(input)) {
                if (!inputs.contains(folder)) {
                    leftOut.accept(VisibleText.of(folder) + ": folder in a folder must be given to be read, was not");
                }
            }
        }
        for (Path file : files) {
            requireName(file);
        }
        return files.stream().map(Path::toString).toList();
    }

    /** The files of an input. */
    static List<Path> found(Path input) throws IOException {
        if (!isFolder(input)) {
            return List.of(input);
        }
        requireNames(input);
        List<Path> all = new ArrayList<>();
        try (Stream<Path> entries = Files.list(input)) {
            for (Path entry : entries.sorted().toList()) {
                if (isFound(entry) && !Files.isDirectory(entry)) {
                    all.add(entry);
                }
            }
        }
        if (all.isEmpty()) {
            int folders = TensorFiles.folders(input).size();
            throw new FormatException(input
                    + ": folder must hold .npy, .npz, .safetensors, .csv, .tsv or .parquet files, was without any"
                    + (folders == 0
                            ? ""
                            : "; it has " + Numbers.counted(folders, "folder") + ", which must be given to be read"));
        }
        return all;
    }

    /** Hadoop passes over local files whose names it cannot tell. */
    private static void requireNames(Path folder) throws IOException {
        org.apache.hadoop.fs.Path place = ((HadoopPath) folder).hadoop();
        String[] names = HadoopFiles.isLocal(place) ? new File(place.toUri().getPath()).list() : null;
        if (names != null) {
            for (String name : names) {
                Path file = folder.getFileSystem().getPath(name);
                if (isFound(file)) {
                    requireName(file);
                }
            }
        }
    }

    private static void requireName(Path file) throws FormatException {
        if (file.toString().indexOf('\uFFFD') >= 0) {
            throw new FormatException(file + ": name must " + InputFile.ruleOfNames() + ", had others");
        }
    }

    /** Whether an input is a folder; what hinders to know it is said. */
    private static boolean isFolder(Path input) throws IOException {
        try {
            return Files.readAttributes(input, BasicFileAttributes.class).isDirectory();
        } catch (NoSuchFileException e) {
            throw new FormatException(input + ": input must exist, was missing", e);
        } catch (FileSystemException e) {
            throw new FormatException(
                    input + ": input must be readable, was refused by the file system"
                            + (e.getReason() == null ? "" : " (" + e.getReason() + ")"),
                    e);
        }
    }

    /** Whether a file of this name is read where its folder is given. */
    static boolean isFound(Path name) throws FormatException {
        Path own = name.getFileName();
        return TensorFiles.isFound(name)
                || (isTable(name.toString()) && own != null && !own.toString().startsWith("._"));
    }

    /** Whether a file is read by Spark. */
    public static boolean isTable(String uri) {
        return uri.toLowerCase(Locale.ROOT).endsWith(".parquet");
    }

    /**
     * A row of name and summary for each tensor of each task.
     *
     * @param leftOut is told, a line each, what is not read and why
     * @throws FormatException if samples are required and not known
     * @throws IllegalArgumentException if nothing is left
     */
    public JavaRDD<Row> rows(List<String> files, Samples samples, Consumer<String> leftOut) throws FormatException {
        Given.require("files", files);
        SerializableConfiguration shared = configuration;
        long most = taskBytes;
        int slices = Math.max(1, Math.min(files.size(), 4 * context.defaultParallelism()));
        // Sent as bytes, for another serializer of Spark may not know the types.
        List<Listed> listed = context
                .parallelize(files, slices)
                .map(file -> JavaBytes.of(list(file, shared.value(), most)))
                .collect()
                .stream()
                .map(bytes -> JavaBytes.read(bytes, Listed.class))
                .toList();
        for (int i = 0; i < files.size(); i++) {
            if (samples == Samples.REQUIRED && listed.get(i).withoutSamples() != null) {
                throw withoutSamples(files.get(i), listed.get(i).withoutSamples());
            }
        }
        listed.forEach(file -> file.leftOut().forEach(leftOut));
        List<ArrayList<Piece>> tasks = new ArrayList<>();
        long taken = most;
        for (Listed file : listed) {
            for (Piece piece : file.pieces()) {
                if (taken + piece.bytes() > most) {
                    tasks.add(new ArrayList<>());
                    taken = 0;
                }
                tasks.get(tasks.size() - 1).add(piece);
                taken += piece.bytes();
            }
        }
        if (tasks.isEmpty()) {
            List<String> all =
                    listed.stream().flatMap(file -> file.leftOut().stream()).toList();
            throw new IllegalArgumentException("inputs must have a tensor that can be calibrated, had none"
                    + (all.isEmpty() ? "" : ": " + all.get(0) + (all.size() > 1 ? "; and others" : "")));
        }
        boolean shortSamples = samples != Samples.LONG;
        return context.parallelize(tasks.stream().map(JavaBytes::of).toList(), tasks.size())
                .flatMap(bytes -> rows(JavaBytes.read(bytes, ArrayList.class), shortSamples, shared.value()));
    }

    /** The refusal of a file whose samples are not known. */
    public static FormatException withoutSamples(String file, String tensor) {
        return new FormatException(file + ": " + VisibleText.of(tensor)
                + ": samples must lie one after the other for the methods mean and median, were not known (text,"
                + " Parquet and arrays in Fortran order have none)");
    }

    private static Listed list(String uri, Configuration configuration, long most) throws IOException {
        Path path = HadoopFiles.path(uri, configuration);
        InputFile state = InputFile.of(path);
        TensorFile file = TensorFiles.open(path);
        List<TensorPart> parts = filled(file);
        ArrayList<Piece> pieces = new ArrayList<>();
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
        ArrayList<String> leftOut = new ArrayList<>();
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
        String withoutSamples = parts.stream()
                .filter(part -> part.sampleLength() == 0 || part.tensors().size() > 1)
                .map(part -> part.tensors().get(0))
                .findFirst()
                .orElse(null);
        return new Listed(pieces, leftOut, withoutSamples);
    }

    private static boolean goesOn(TensorPart part, TensorPart next, long bytes, long most) {
        boolean isOneArray = part.tensors().equals(next.tensors());
        return (part.isCheckedTogether() && isOneArray) || bytes + next.bytes() <= most;
    }

    /** The parts that hold values: a run counts those. */
    private static List<TensorPart> filled(TensorFile file) {
        return file.parts().stream().filter(part -> part.values() != 0).toList();
    }

    private static Iterator<Row> rows(List<?> task, boolean shortSamples, Configuration configuration)
            throws IOException {
        Map<String, List<Piece>> byFile = new LinkedHashMap<>();
        for (Object each : task) {
            Piece piece = (Piece) each;
            byFile.computeIfAbsent(piece.uri(), uri -> new ArrayList<>()).add(piece);
        }
        List<TensorFile> files = new ArrayList<>();
        for (List<Piece> pieces : byFile.values()) {
            files.add(open(pieces, configuration));
        }
        // The task is the thread that Spark gave it. Ranges are chosen elsewhere.
        RunSettings settings = new RunSettings(
                1, shortSamples, (tensor, summary) -> summary.values().range(), Optional.empty());
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
