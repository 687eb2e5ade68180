// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.ranges;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.cli.Shell;
import dev.octant.cli.words.TextConverters;
import dev.octant.formats.InputFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The command that is printed for the same data reads the same data. */
class NextCommandTest {
    /** What is written, how the words look, and the method, which the command's own takes the place of. */
    private static final Set<String> NOT_OF_THE_DATA =
            Set.of("--help", "--version", "--quiet", "--json", "--report", "--method");

    private static CommandLine line(Object command) {
        CommandLine line = new CommandLine(command);
        TextConverters.register(line);
        return line;
    }

    private static List<String> values(OptionSpec option) {
        if (option.arity().max() == 0) {
            return List.of();
        }
        List<String> values = new ArrayList<>();
        if (option.completionCandidates() != null) {
            values.add(option.completionCandidates().iterator().next());
        } else {
            values.add(option.type() == Integer.class ? "3" : "a b'c");
        }
        if (option.isMultiValue()) {
            values.add("-*gate*=sigmoid");
        }
        return values;
    }

    /** Of calibrate itself all is kept but what is written, and how the run is. */
    @Test
    void calibrateAgain() {
        CommandLine calibrate = line(new CalibrateCommand());
        Set<String> ofTheRun = Set.of("--output", "--summary", "--checkpoint", "--checkpoint-every", "--fresh");
        List<String> words = new ArrayList<>(List.of("x.npy", "--fresh", "--checkpoint=c", "--until-stable", "0.2,4"));
        List<OptionSpec> kept = calibrate.getCommandSpec().options().stream()
                .filter(option -> !NOT_OF_THE_DATA.contains(option.longestName()))
                .filter(option -> !ofTheRun.contains(option.longestName()))
                .toList();
        for (OptionSpec option : kept) {
            if (!option.longestName().equals("--until-stable")) {
                words.add(option.longestName()
                        + values(option).stream()
                                .findFirst()
                                .map(value -> "=" + value)
                                .orElse(""));
            }
        }
        String next = NextCommand.like(calibrate.parseArgs(words.toArray(new String[0])), "calibrate");
        assertTrue(next.contains(" --until-stable=0.2,4"), next);
        CommandLine again = line(new CalibrateCommand());
        again.parseArgs(Shell.split(next).subList(2, Shell.split(next).size()).toArray(new String[0]));
        for (OptionSpec option : kept) {
            String name = option.longestName();
            assertEquals(
                    option.<Object>getValue(),
                    again.getCommandSpec().findOption(name).getValue(),
                    name);
        }
        for (String option : ofTheRun) {
            assertTrue(!next.contains(option), next);
        }
        CommandLine usual = line(new CalibrateCommand());
        next = NextCommand.like(usual.parseArgs("--until-stable", "x.npy"), "calibrate");
        assertEquals("octant calibrate x.npy --until-stable=0.1,3", next);
        assertEquals("octant calibrate x.npy", NextCommand.like(usual.parseArgs("x.npy"), "calibrate"));
    }

    /** A dash is standard input in the next command, too, and what begins with one is a file. */
    @Test
    void aDashStaysStandardInput() {
        CommandLine evaluate = line(new EvaluateCommand());
        String next = NextCommand.like(evaluate.parseArgs("-", "./-", "--", "-w.npy"), "calibrate");
        assertEquals("octant calibrate - ./- ./-w.npy", next);
        CommandLine again = line(new CalibrateCommand());
        again.parseArgs("-", "./-", "./-w.npy");
        assertEquals(
                List.of(InputFile.STANDARD_INPUT, Path.of("./-"), Path.of("./-w.npy")),
                again.getCommandSpec().positionalParameters().get(0).getValue());
    }

    @Test
    void anOptionKeepsAValueThatLooksLikeOne() {
        assertEquals("octant table --from 'a b.json'", NextCommand.of("table", "--from", "a b.json"));
        assertEquals("octant table --from=-q.json", NextCommand.of("table", "--from", "-q.json"));
    }

    @Test
    void everySharedOptionOnceWithAllItsValues() {
        CommandSpec calibrate = line(new CalibrateCommand()).getCommandSpec();
        CommandLine evaluate = line(new EvaluateCommand());
        List<OptionSpec> shared = evaluate.getCommandSpec().options().stream()
                .filter(option -> !NOT_OF_THE_DATA.contains(option.longestName()))
                .filter(option -> calibrate.findOption(option.longestName()) != null)
                .toList();
        assertTrue(shared.stream().anyMatch(option -> option.longestName().equals("--values")));
        List<String> words = new ArrayList<>(List.of("x.npy", "-q"));
        for (OptionSpec option : shared) {
            List<String> values = values(option);
            values.forEach(value -> words.add(option.longestName() + "=" + value));
            if (values.isEmpty()) {
                words.add(option.longestName());
            }
        }
        words.addAll(List.of("--profile", "tflite", "--method", "mse", "--json", "f.json", "y z.npy", "--", "-w.npy"));
        CommandLine.ParseResult given = evaluate.parseArgs(words.toArray(new String[0]));
        List<String> next = Shell.split(NextCommand.like(given, "calibrate"));
        assertEquals(List.of("octant", "calibrate", "x.npy", "y z.npy", "./-w.npy"), next.subList(0, 5));
        CommandLine again = line(new CalibrateCommand());
        again.parseArgs(next.subList(2, next.size()).toArray(new String[0]));
        for (OptionSpec option : shared) {
            String name = option.longestName();
            assertEquals(
                    Math.max(1, values(option).size()),
                    next.stream()
                            .filter(word -> word.equals(name) || word.startsWith(name + "="))
                            .count(),
                    () -> name + " in " + next);
            Object value = option.getValue();
            assertEquals(value, again.getCommandSpec().findOption(name).getValue(), name);
        }
        for (String word : List.of("-q", "--profile", "--method", "--json")) {
            assertTrue(!next.contains(word), next::toString);
        }
    }
}
