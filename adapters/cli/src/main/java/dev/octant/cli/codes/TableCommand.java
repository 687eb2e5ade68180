// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.codes;

import dev.octant.cli.words.Candidates;
import dev.octant.cli.words.OctantCommand;
import dev.octant.cli.words.Outputs;
import dev.octant.cli.words.ProfileOption;
import dev.octant.cli.words.QuietOption;
import dev.octant.cli.words.StandardStreams;
import dev.octant.cli.words.TextConverters;
import dev.octant.formats.AtomicFile;
import dev.octant.formats.VisibleText;
import dev.octant.formats.calibration.CalibrationTable;
import dev.octant.formats.tensor.LeftOut;
import dev.octant.ops.Activation;
import dev.octant.ops.ActivationKind;
import dev.octant.ops.QuantizedActivation;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Compiles lookup tables. */
@Command(
        name = "table",
        description = {
            "Compile an op between two grids to its 256-entry table; without -o, print it.",
            "With --batch, one table per row of a file, which names the type and all else; with --from, one per tensor"
                    + " of a calibration table."
        })
public final class TableCommand extends OctantCommand {
    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "OP",
            completionCandidates = Candidates.Ops.class,
            description = "The op: silu, leaky_relu(0.1).")
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

    @Mixin
    private TableEntry table;

    @Option(
            names = "--as",
            paramLabel = "F",
            completionCandidates = TableFormat.Endings.class,
            description = "Format: json, csv, npy, h or hex. Default: what -o ends in; json in a folder.")
    private String format;

    @Option(
            names = {"-o", "--output"},
            converter = TextConverters.OutputOrFolder.class,
            paramLabel = "FILE",
            description = "Where to write; the ending says how, .json, .csv, .npy, .h or .hex, or else --as; - is"
                    + " standard output. With --from and no --tensor a folder, which is made.")
    private Path output;

    @Mixin
    private QuietOption quiet;

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
        lines.addAll(List.of(
                "",
                "Examples: octant table silu --input-scale 0.05 --input-zero-point 3 --output-scale 0.03"
                        + " --output-zero-point -118 -o silu.h",
                "          octant table --from table.json -o tables/ --as h"));
        return lines.toArray(new String[0]);
    }

    @Override
    public Integer call() throws IOException {
        if (batch != null) {
            return compileBatch();
        }
        if (table.isGiven()) {
            return compileTensors();
        }
        if (op == null) {
            throw refusal("OP must be given, or --batch or --from, was missing");
        }
        QuantizedActivation compiled = options.compile(op, profile.profile());
        Outputs.of().and("-o", file()).requireApart();
        write(compiled, Optional.empty());
        return 0;
    }

    private void write(QuantizedActivation compiled, Optional<String> tensor) throws IOException {
        if (output == null && format == null) {
            PrintWriter out = line().getOut();
            out.print(TableFormat.text(compiled));
            out.flush();
        } else {
            Path file = output == null ? TextConverters.STANDARD_OUTPUT : file();
            TableFormat.write(file, TableFormat.of(file, Optional.ofNullable(format)), compiled, tensor);
        }
    }

    /** Where one file goes. */
    private Path file() {
        return output == null ? null : TextConverters.file(output);
    }

    private int compileTensors() throws IOException {
        if (op != null) {
            throw refusal("OP must not be given with --from, which says the op, was '" + op + "'");
        }
        options.requireEmpty();
        if (table.isOfOne() || output == null || output.equals(TextConverters.STANDARD_OUTPUT)) {
            Outputs.of(table.file()).and("-o", file()).requireApart();
            Map.Entry<String, CalibrationTable.Entry> entry = table.entry();
            write(table.compile(entry, profile.profile()), Optional.of(entry.getKey()));
            return 0;
        }
        return compileFolder();
    }

    private int compileFolder() throws IOException {
        Map<String, QuantizedActivation> compiled = new LinkedHashMap<>();
        List<LeftOut> leftOut = new ArrayList<>();
        for (Map.Entry<String, CalibrationTable.Entry> entry : table.entries().entrySet()) {
            if (entry.getValue().consumer().isPresent()) {
                compiled.put(entry.getKey(), table.compile(entry, profile.profile()));
            } else {
                leftOut.add(new LeftOut(entry.getKey(), Optional.empty(), "no op that reads it is in the table"));
            }
        }
        if (compiled.isEmpty()) {
            throw new IllegalArgumentException(table.file()
                    + ": table must have the op that reads a tensor, as calibrate --op writes it, had none");
        }
        TableFolder folder = new TableFolder(output.normalize());
        String ending = TableFormat.ending(format == null ? "json" : format);
        Map<String, Path> files = folder.files(compiled.keySet(), ending);
        folder.create();
        Outputs outputs = Outputs.of(table.file());
        for (Path file : files.values()) {
            outputs.and("-o", file);
        }
        outputs.requireApart();
        for (Map.Entry<String, QuantizedActivation> op : compiled.entrySet()) {
            TableFormat.write(files.get(op.getKey()), ending, op.getValue(), Optional.of(op.getKey()));
        }
        PrintWriter out = quiet.text(outputs, line());
        files.forEach((tensor, file) -> out.println(VisibleText.whole(tensor) + ": " + StandardStreams.shown(file)));
        leftOut.forEach(left -> out.println("Left out: " + left));
        out.flush();
        return 0;
    }

    private int compileBatch() throws IOException {
        if (op != null || !options.isEmpty() || profile.isGiven() || table.isGiven() || format != null) {
            throw refusal("--batch must stand without OP, --from, --type, --profile, --as and parameters, had both");
        }
        if (output == null) {
            throw refusal("-o must be given with --batch, was missing");
        }
        Path file = file();
        Outputs.of(batch).and("-o", file).requireApart();
        AtomicFile.write(file, stream -> TableBatch.compile(batch, stream));
        return 0;
    }
}
