// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.ranges;

import dev.octant.cli.words.TextConverters;
import dev.octant.formats.VisibleText;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** A command for the same data, to be copied into a shell. */
final class NextCommand {
    /** The options that say which data are meant and how they are read, and how ranges become parameters. */
    private static final Set<String> KEPT = Set.of(
            "--op",
            "--type",
            "--scheme",
            "--policy",
            "--tensors",
            "--skip",
            "--as-values",
            "--name-from",
            "--tensor",
            "--values",
            "--threads",
            "--samples",
            "--strict",
            "--until-stable");

    private NextCommand() {}

    /** The command of this name for what another was given. */
    static String like(ParseResult given, String command) {
        List<String> words = new ArrayList<>(List.of("octant", command));
        // What was given twice is listed twice, each time with all its values.
        for (PositionalParamSpec place : new LinkedHashSet<>(given.matchedPositionals())) {
            place.originalStringValues().forEach(value -> words.add(input(value)));
        }
        for (OptionSpec option : new LinkedHashSet<>(given.matchedOptions())) {
            String name = option.longestName();
            if (!KEPT.contains(name)) {
                continue;
            }
            if (option.arity().max() == 0) {
                words.add(name);
            } else {
                option.originalStringValues().forEach(value -> add(words, name, value));
            }
        }
        // picocli leaves what a preprocessor has read out of the options that were given.
        for (OptionSpec option : given.commandSpec().options()) {
            if (KEPT.contains(option.longestName())
                    && option.preprocessor() instanceof RunOptions.OptionalNumbers
                    && option.getValue() != null) {
                words.add(option.longestName() + "=" + option.getValue());
            }
        }
        return joined(words);
    }

    /** A command with one option and its value. */
    static String of(String command, String option, String value) {
        List<String> words = new ArrayList<>(List.of("octant", command));
        add(words, option, value);
        return joined(words);
    }

    private static String joined(List<String> words) {
        return words.stream().map(NextCommand::quoted).collect(Collectors.joining(" "));
    }

    /** A dash is standard input again; a file whose name begins with one is no option. */
    private static String input(String value) {
        return value.startsWith("-") && !value.equals(TextConverters.STANDARD_STREAM) ? "./" + value : value;
    }

    /** A value that looks like an option is no word of its own. */
    private static void add(List<String> words, String option, String value) {
        if (value.startsWith("-")) {
            words.add(option + "=" + value);
        } else {
            words.add(option);
            words.add(value);
        }
    }

    /** As a POSIX shell reads it. */
    static String quoted(String word) {
        boolean plain = !word.isEmpty() && word.chars().allMatch(NextCommand::isPlain);
        return plain ? word : "'" + VisibleText.whole(word).replace("'", "'\\''") + "'";
    }

    private static boolean isPlain(int c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || "_./=:,@%+-".indexOf(c) >= 0;
    }
}
