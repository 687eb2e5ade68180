// SPDX-License-Identifier: Apache-2.0
package dev.octant.spark.internal.files;

import dev.octant.formats.Destination;
import dev.octant.formats.FormatException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * What will be written, compared with what is read before anything runs: no output may be an input, a file that the
 * next run would read from a folder of inputs, or another output. Local files are told apart by the file system,
 * whatever their names; others by their names. Not thread safe.
 */
public final class OutputChecks {
    private record Output(String name, String shown, Path path, Optional<Destination> local) {}

    private final Configuration configuration;
    private final boolean areTables;
    private final List<Output> outputs = new ArrayList<>();

    /**
     * Of a run that reads tables, which are whole folders with all folders in them, or tensor files.
     *
     * @param areTables whether inputs are tables
     */
    public OutputChecks(Configuration configuration, boolean areTables) {
        this.configuration = configuration;
        this.areTables = areTables;
    }

    /**
     * One more output.
     *
     * @param name the option that asks for it
     * @throws FormatException if it cannot be written
     */
    public OutputChecks and(String name, String uri) throws IOException {
        Path path = HadoopFiles.qualified(uri, configuration);
        Optional<Destination> local = local(path);
        SummaryOutput.requireWritable(uri, configuration);
        outputs.add(new Output(name, uri, path, local));
        return this;
    }

    /**
     * One more output, on the machine of the driver.
     *
     * @throws FormatException if it cannot be written
     */
    public OutputChecks andLocal(String name, java.nio.file.Path file) throws FormatException {
        Destination destination = Destination.of(file);
        destination.requireWritable();
        outputs.add(new Output(
                name,
                file.toString(),
                new Path("file", null, file.toAbsolutePath().toString()),
                Optional.of(destination)));
        return this;
    }

    private static Optional<Destination> local(Path path) throws FormatException {
        return HadoopFiles.isLocal(path) ? Optional.of(Destination.of(java(path))) : Optional.empty();
    }

    private static java.nio.file.Path java(Path path) {
        return java.nio.file.Path.of(path.toUri().getPath());
    }

    /**
     * Refuses outputs that would write over something.
     *
     * @param inputs URIs; of tables also patterns of them
     */
    public void requireApart(List<String> inputs) throws IOException {
        for (int i = 0; i < outputs.size(); i++) {
            for (Output other : outputs.subList(0, i)) {
                if (isSame(outputs.get(i), other)) {
                    throw new FormatException(outputs.get(i).shown() + ": file of "
                            + outputs.get(i).name() + " must be another than that of " + other.name()
                            + ", was the same as " + other.shown());
                }
            }
        }
        for (String input : inputs) {
            for (FileStatus status : statuses(input)) {
                for (Output output : outputs) {
                    requireApart(output, status);
                }
            }
        }
    }

    private static boolean isSame(Output one, Output other) {
        if (one.local().isPresent() && other.local().isPresent()) {
            return one.local().get().isSameFile(other.local().get());
        }
        return one.path().equals(other.path());
    }

    /** What is there; that something is missing is said by its reader. */
    private List<FileStatus> statuses(String input) throws IOException {
        Path path = HadoopFiles.qualified(input, configuration);
        try {
            FileStatus[] found = areTables
                    ? path.getFileSystem(configuration).globStatus(path)
                    : new FileStatus[] {path.getFileSystem(configuration).getFileStatus(path)};
            return found == null ? List.of() : List.of(found);
        } catch (FileNotFoundException e) {
            return List.of();
        } catch (IOException e) {
            throw new FormatException(
                    input + ": input must be readable, was refused by the file system (" + e.getMessage() + ")", e);
        }
    }

    private void requireApart(Output output, FileStatus input) throws IOException {
        Path path = input.getPath();
        boolean isLocal = HadoopFiles.isLocal(path) && output.local().isPresent();
        if (isLocal ? isLocalInput(output.local().get(), input) : output.path().equals(path)) {
            throw new FormatException(output.shown() + ": file of " + output.name()
                    + " must be no input, was the input " + (isLocal ? java(path) : path));
        }
        boolean wouldBeRead = areTables
                || FileScan.isFound(
                        isLocal
                                ? output.local().get().name()
                                : java.nio.file.Path.of(output.path().getName()));
        if (input.isDirectory() && wouldBeRead && isIn(output, path, isLocal)) {
            throw new FormatException(output.shown() + ": file of " + output.name()
                    + (areTables
                            ? " must not lie in a folder of inputs, was in "
                            : " must not have the name of an input in a folder of inputs, was in ")
                    + (isLocal ? java(path) : path));
        }
    }

    private boolean isLocalInput(Destination output, FileStatus input) throws IOException {
        java.nio.file.Path path = java(input.getPath());
        if (!input.isDirectory()) {
            return output.isSameFile(path);
        }
        try (Stream<java.nio.file.Path> files = areTables ? Files.walk(path) : Files.list(path)) {
            for (java.nio.file.Path file : files.toList()) {
                if ((areTables || FileScan.isFound(file)) && output.isSameFile(file)) {
                    return true;
                }
            }
            return false;
        }
    }

    private boolean isIn(Output output, Path folder, boolean isLocal) throws IOException {
        if (!isLocal) {
            Path at = output.path().getParent();
            while (areTables && at != null && !at.equals(folder)) {
                at = at.getParent();
            }
            return folder.equals(at);
        }
        return areTables
                ? parent(output).startsWith(java(folder).toRealPath())
                : output.local().get().isIn(java(folder));
    }

    private static java.nio.file.Path parent(Output output) throws IOException {
        return java(output.path()).toAbsolutePath().getParent().toRealPath();
    }
}
