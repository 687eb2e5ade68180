// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.ranges;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.cli.Shell;
import dev.octant.cli.words.TextConverters;
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
