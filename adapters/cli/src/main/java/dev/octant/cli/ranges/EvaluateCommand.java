// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.ranges;

import dev.octant.calibration.evaluation.Conclusion;
import dev.octant.calibration.evaluation.DataEvaluation;
import dev.octant.calibration.evaluation.Evaluation;
import dev.octant.calibration.methods.MethodSet;
import dev.octant.calibration.methods.OpChoice;
import dev.octant.calibration.run.TensorInputs;
import dev.octant.cli.words.OctantCommand;
import dev.octant.cli.words.Outputs;
import dev.octant.cli.words.ProfileOption;
import dev.octant.cli.words.Progress;
import dev.octant.cli.words.QuietOption;
import dev.octant.cli.words.StandardStreams;
import dev.octant.cli.words.Terminal;
import dev.octant.formats.FormatException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Measures what every calibration method costs on real activations. */
@Command(
        name = "evaluate",
        description = {
            "Compare calibration methods on recorded activations: which range is best, and what int8 costs.",
            "Without INPUT it runs on bundled activations of a small digit classifier and writes octant-report.html."
        })
public final class EvaluateCommand extends OctantCommand {
    @Parameters(
            paramLabel = "INPUT",
            arity = "0..*",
            description =
                    "Files of tensors (.npy, .npz, .safetensors, .parquet, .csv, .tsv), or folders of them. Tensors of"
                            + " one name are one tensor; --name-from says which part of a name it is.")
    private List<Path> inputs = List.of();

    @Mixin
    private OpOption ops;

    @Option(
            names = "--method",
            paramLabel = "M",
            // The comma in fixed=-6,6 is none between methods.
            split = ",(?=\\s*[A-Za-z])",
            splitSynopsisLabel = ",",
            defaultValue = MethodSet.ALL,
            completionCandidates = MethodWords.OfEvaluate.class,
            description = "One or several with commas, of those below. Default: ${DEFAULT-VALUE}.")
    private List<String> methods;

    @Mixin
    private GridOptions grid;

    @Mixin
    private ProfileOption profile;

    @Mixin
    private ReportOptions reports;

    @Mixin
    private InputOptions input;

    @Mixin
    private ThreadsOption threads;

    @Mixin
    private QuietOption quiet;

    /** For people. */
    private PrintWriter text;

    @Override
    public Integer call() throws IOException {
        threads.requireSound(quiet.progress(0));
        if (!inputs.isEmpty()) {
            requireApart(Outputs.ofTensors(inputs));
            evaluate(
                    inputs,
                    List.of(),
                    inputs.stream().map(StandardStreams::name).toList());
            return 0;
        }
        reports.reportTo(Path.of("octant-report.html"));
        requireApart(Outputs.of());
        try (BundledDigits digits = BundledDigits.unpack()) {
            evaluate(List.of(digits.file()), BundledDigits.OPS, List.of(BundledDigits.TITLE));
        }
        return 0;
    }

    /** Calibrates by the winner, where there is one, or else each tensor by its best. */
    private String next(Evaluation evaluation) {
        if (inputs.isEmpty()) {
            return "octant evaluate YOUR_ACTIVATIONS/ --op silu --report report.html";
        }
        List<Conclusion.Tally> winners = Conclusion.ofInputs(evaluation).methods().stream()
                .filter(tally -> tally.wins() > 0)
                .toList();
        String method = winners.size() == 1 ? winners.get(0).method() : MethodSet.BEST;
        return NextCommand.like(line().getParseResult(), "calibrate") + " --method " + NextCommand.quoted(method)
                + " -o table.json";
    }

    private void requireApart(Outputs outputs) throws FormatException {
        reports.addTo(outputs);
        outputs.requireApart();
        text = quiet.text(outputs, line());
    }

    private void evaluate(List<Path> files, List<String> usualOps, List<String> titles) throws IOException {
        TensorInputs tensors = input.open(files);
        input.print(tensors, text);
        // Of the tensors that are wanted.
        List<String> known = usualOps.stream()
                .filter(op -> tensors.tensors().contains(op.substring(0, op.lastIndexOf('='))))
                .toList();
        OpChoice choice = ops.choice(tensors.tensors(), known);
        DataEvaluation running =
                DataEvaluation.of(tensors, MethodSet.parse(methods), choice, grid.rule(), profile.profile());
        Evaluation evaluation;
        try (Progress progress = quiet.progress(running.values())) {
            evaluation = running.run(
                    titles,
                    progress::advance,
                    threads.work(progress, tensors.tensors().size()));
        }
        input.require(evaluation.leftOut());
        EvaluationText.print(evaluation, next(evaluation), text, Terminal.of(line()));
        TensorOptions.print(evaluation.leftOut(), text);
        reports.write(evaluation, text);
    }
}
