// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.codes;

import dev.octant.cli.words.Outputs;
import dev.octant.cli.words.ProfileOption;
import dev.octant.cli.words.TextConverters;
import dev.octant.cli.words.Version;
import dev.octant.formats.AtomicFile;
import dev.octant.ops.Activation;
import dev.octant.ops.ActivationKind;
import dev.octant.ops.QuantizedActivation;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Compiles lookup tables. */
@Command(
        name = "table",
        description = {
            "Compile an op between two grids to its 256-entry table; without -o, print it.",
            "With --batch, one table per row of a file, which names the type and all else."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
public final class TableCommand implements Callable<Integer> {
    @Parameters(index = "0", arity = "0..1", paramLabel = "OP", description = "The op: silu, leaky_relu(0.1).")
    private Activation op;

    @Mixin
    private TableOptions options;

    @Mixin
    private ProfileOption profile;

    @Option(
            names = "--batch",
            paramLabel = "PARAMS.csv",
            description = "Compile a table for every row of this file; - is standard input.")
    private Path batch;

    @Option(
            names = {"-o", "--output"},
            converter = TextConverters.Output.class,
            paramLabel = "FILE",
            description = "Where to write; the ending says how: .json, .csv, .npy, .h or .hex. With"
                    + " --batch, - is standard output.")
    private Path output;

    @Spec
    private CommandSpec spec;

    /** The end of its help: every op there is, and what a batch file holds. */
    public static String[] footer() {
        List<String> lines = new ArrayList<>();
        lines.add("");
        lines.add("Ops, with the parameters that they have when none are given:");
        StringBuilder line = new StringBuilder();
        for (ActivationKind kind : ActivationKind.values()) {
            if (kind == ActivationKind.CUSTOM) {
                continue;
            }
            String op = Activation.of(kind) + " ";
            if (line.length() + op.length() > 79) {
                lines.add(line.toString().stripTrailing());
                line.setLength(0);
            }
            line.append(op);
        }
        lines.add(line.toString().stripTrailing());
        lines.addAll(List.of(
                "",
                "A batch file has the header",
                "op;type;input_scale;input_zero_point;output_scale;output_zero_point;output_low;output_high",
                "whose last two fields may be empty in a row; a column 'profile' may stand third,",
                "and be empty too. The output repeats it with a column 'table': 512 hex digits,",
                "two per entry, in ascending order of input code. The file has at most 1000000",
                "lines and is read once: it may be a pipe."));
        return lines.toArray(new String[0]);
    }

    @Override
    public Integer call() throws IOException {
        if (batch != null) {
            return compileBatch();
        }
        if (op == null) {
            throw new ParameterException(spec.commandLine(), "OP must be given, or --batch, was missing");
        }
        QuantizedActivation compiled = options.compile(op, profile.profile());
        Outputs.of().and("-o", output).requireApart();
        PrintWriter out = spec.commandLine().getOut();
        if (output == null) {
            out.print(TableFormat.text(compiled));
            out.flush();
        } else {
            TableFormat.write(output, compiled);
        }
        return 0;
    }

    private int compileBatch() throws IOException {
        if (op != null || !options.isEmpty() || profile.isGiven()) {
            throw new ParameterException(
                    spec.commandLine(), "--batch must stand without OP and its parameters, had both");
        }
        if (output == null) {
            throw new ParameterException(spec.commandLine(), "-o must be given with --batch, was missing");
        }
        Outputs.of(batch).and("-o", output).requireApart();
        AtomicFile.write(output, stream -> TableBatch.compile(batch, stream));
        return 0;
    }
}
