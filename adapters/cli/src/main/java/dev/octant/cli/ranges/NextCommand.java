// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.ranges;

import dev.octant.formats.VisibleText;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** A command for the same data, to be copied into a shell. */
final class NextCommand {
    /** The options that say which data are meant and how ranges become parameters. */
    private static final List<String> KEPT = List.of(
            "--op", "--type", "--scheme", "--policy", "--tensors", "--skip", "--as-values", "--name-from", "--strict");

    private NextCommand() {}

    /** The command of this name for what another was given. */
    static String like(ParseResult given, String command) {
        List<String> words = new ArrayList<>(List.of("octant", command));
        given.matchedPositionals().forEach(place -> words.addAll(place.originalStringValues()));
        for (OptionSpec option : given.matchedOptions()) {
            String name = option.longestName();
            if (!KEPT.contains(name)) {
                continue;
            }
            if (option.arity().max() == 0) {
                words.add(name);
            } else {
                option.originalStringValues().forEach(value -> words.addAll(List.of(name, value)));
            }
        }
        return words.stream().map(NextCommand::quoted).collect(Collectors.joining(" "));
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
