// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.words;

import dev.octant.formats.Destination;
import dev.octant.formats.FormatException;
import dev.octant.formats.tensor.TensorFiles;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;

/**
 * What a command will write, compared with what it reads before anything runs: no output may be an input, a file that
 * the next run would read from a folder of inputs, or another output. Standard output and error are outputs too.
 * Streams may meet, as two reports to {@code /dev/null} do, but for standard output: what is written there is one file
 * for the next program, without any text for people, which goes to standard error.
 */
public final class Outputs {
    /** What help says of an output beside which text is printed. */
    public static final String HELP = " - is standard output; text for people then goes to standard error.";

    private record Output(String name, Path path, Destination destination) {
        /** Whether it was asked for, and goes where text for people goes otherwise. */
        boolean takesStandardOutput() {
            return destination.isStandardOutput() && !name.equals(StandardStreams.OUTPUT);
        }

        /** What a sentence on it begins with. */
        String subject() {
            boolean isOwn = name.equals(StandardStreams.OUTPUT) || name.equals(StandardStreams.ERROR);
            return isOwn ? name : StandardStreams.name(path) + ": file of " + name;
        }
    }

    private final List<Path> inputs;
    private final List<Path> folders;
    private final List<Output> outputs = new ArrayList<>();

    private Outputs(List<Path> inputs, List<Path> folders) throws FormatException {
        this.inputs = inputs;
        this.folders = folders;
        add(StandardStreams.OUTPUT, stream("/dev/stdout"));
        add(StandardStreams.ERROR, stream("/dev/stderr"));
    }

    /** Of a command that reads these files. */
    public static Outputs of(Path... inputs) throws FormatException {
        return new Outputs(List.of(inputs), List.of());
    }

    /** Of a command that reads these files of tensors, and those in folders. */
    public static Outputs ofTensors(List<Path> inputs) throws IOException {
        List<Path> files = new ArrayList<>();
        for (Path input : inputs) {
            files.addAll(TensorFiles.find(input));
        }
        return new Outputs(
                files, inputs.stream().filter(path -> Files.isDirectory(path)).toList());
    }

    private static Path stream(String name) {
        Path path = Path.of(name);
        return Files.exists(path) ? path : null;
    }

    /**
     * One more output.
     *
     * @param name the option that asks for it
     * @param path null if it is not asked for
     * @throws FormatException if it cannot be written
     */
    public Outputs and(String name, Path path) throws FormatException {
        if (path != null) {
            Destination.of(path).requireWritable();
        }
        return add(name, path);
    }

    /** The same for one that must be an ordinary file. */
    public Outputs andFile(String name, Path path) throws FormatException {
        if (path != null && !Destination.of(path).isFile()) {
            throw new FormatException(StandardStreams.name(path) + ": file of " + name
                    + " must be an ordinary one, was a pipe or device");
        }
        return and(name, path);
    }

    /**
     * The same for one of several reports: if its folder is missing when it is written, that does not cost the others.
     */
    public Outputs andReport(String name, Path path) throws FormatException {
        return path == null || Destination.of(path).isFile() ? add(name, path) : and(name, path);
    }

    /** Where text for people goes: to standard output, or to standard error if an output takes that. */
    public PrintWriter text(CommandLine command) {
        return outputs.stream().anyMatch(Output::takesStandardOutput) ? command.getErr() : command.getOut();
    }

    private Outputs add(String name, Path path) throws FormatException {
        if (path != null) {
            outputs.add(new Output(name, path, Destination.of(path)));
        }
        return this;
    }

    /** Refuses outputs that would write over something. */
    public void requireApart() throws FormatException {
        for (int i = 0; i < outputs.size(); i++) {
            Output output = outputs.get(i);
            requireNoInput(output);
            for (Output other : outputs.subList(0, i)) {
                if (output.destination().isSameFile(other.destination())
                        || (output.takesStandardOutput() && other.takesStandardOutput())) {
                    throw new FormatException(output.subject() + " must be another than that of " + other.name()
                            + ", was the same as " + StandardStreams.name(other.path()));
                }
            }
        }
    }

    private void requireNoInput(Output output) throws FormatException {
        for (Path input : inputs) {
            if (output.destination().isSameFile(input)) {
                throw new FormatException(
                        output.subject() + " must be no input, was the input " + StandardStreams.name(input));
            }
        }
        for (Path folder : folders) {
            if (output.destination().isFile()
                    && TensorFiles.isFound(output.destination().name())
                    && output.destination().isIn(folder)) {
                throw new FormatException(output.subject()
                        + " must not have the name of an input in a folder of inputs, was in " + folder);
            }
        }
    }
}
