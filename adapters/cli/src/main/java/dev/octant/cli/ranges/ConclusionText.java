// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.ranges;

import dev.octant.calibration.evaluation.Conclusion;
import dev.octant.calibration.evaluation.Evaluation;
import dev.octant.calibration.evaluation.TensorResult;
import dev.octant.cli.report.Warning;
import dev.octant.cli.words.ShownNames;
import dev.octant.cli.words.Terminal;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What an evaluation comes to, in words: the best methods, the worst tensors, warnings, and what to do next. */
final class ConclusionText {
    private static final int WORST = 3;
    private static final int NAMED = 5;

    /** Below this many decibels the error is above 10 % of the signal. */
    private static final double POOR = 20;

    private ConclusionText() {}

    /**
     * Prints it.
     *
     * @param next the command to run next
     */
    static void print(Evaluation evaluation, String next, PrintWriter out, Terminal terminal) {
        Conclusion conclusion = Conclusion.of(evaluation);
        ShownNames names = new ShownNames(
                terminal, evaluation.tensors().stream().map(TensorResult::name).toList());
        out.println();
        String sentences = String.join(" ", conclusion.sentences());
        if (!sentences.isEmpty()) {
            terminal.lines("", sentences).forEach(line -> out.println(terminal.bold(line)));
        }
        String ofInputs = String.join(" ", Conclusion.ofInputs(evaluation).sentences());
        if (!ofInputs.equals(sentences)) {
            print("", "By dB best, where a method chooses the input alone: " + ofInputs, out, terminal);
        }
        List<TensorResult> worst = conclusion.worst();
        if (worst.size() > 1) {
            print(
                    "Worst: ",
                    worst.stream()
                                    .limit(WORST)
                                    .map(tensor -> names.of(tensor.name()) + " "
                                            + EvaluationText.decibelsInWords(
                                                    tensor.best().error().outputSqnrDb()) + " by "
                                            + tensor.best().method())
                                    .collect(Collectors.joining(", "))
                            + ".",
                    out,
                    terminal);
        }
        long poor = worst.stream()
                .filter(tensor -> tensor.best().error().outputSqnrDb() < POOR)
                .count();
        if (poor > 0) {
            print(
                    "Poor: ",
                    String.format(
                            Locale.ROOT,
                            "%s of %s tensors are below %.0f dB, an error above 10 %% of the signal, by every method.",
                            poor,
                            worst.size(),
                            POOR),
                    out,
                    terminal);
        }
        warnings(evaluation, names, out, terminal);
        // A command is not broken: it is to be copied.
        out.println("Next: " + next);
        out.flush();
    }

    private static void warnings(Evaluation evaluation, ShownNames names, PrintWriter out, Terminal terminal) {
        Map<Warning.Kind, Map<String, Warning>> kinds = new LinkedHashMap<>();
        for (TensorResult tensor : evaluation.tensors()) {
            for (Warning warning : Warning.of(tensor, evaluation.rule().scheme())) {
                kinds.computeIfAbsent(warning.kind(), kind -> new LinkedHashMap<>())
                        .put(names.of(tensor.name()), warning);
            }
        }
        kinds.forEach((kind, given) -> {
            String named = ShownNames.first(given.keySet(), NAMED);
            String text = given.size() == 1 ? given.values().iterator().next().text() : kind.meaning();
            terminal.lines("Warning: ", kind.title() + ": " + named + ". " + text)
                    .forEach(line -> out.println(terminal.warning(line)));
        });
    }

    private static void print(String head, String text, PrintWriter out, Terminal terminal) {
        terminal.lines(head, text).forEach(out::println);
    }
}
