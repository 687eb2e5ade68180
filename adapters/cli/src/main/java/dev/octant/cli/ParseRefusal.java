// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli;

import dev.octant.cli.words.TextConverters;
import dev.octant.core.internal.text.Suggestion;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/** What is wrong with the words of a command line, in one sentence: what must hold, what came, and of which option. */
final class ParseRefusal {
    private ParseRefusal() {}

    /**
     * The sentence for what a command line was refused for.
     *
     * @param words the whole command line
     */
    static String sentence(ParameterException refusal, String[] words) {
        CommandSpec command = refusal.getCommandLine().getCommandSpec();
        if (refusal instanceof UnmatchedArgumentException unmatched) {
            return unmatched(command, unmatched);
        }
        if (refusal instanceof OverwrittenOptionException overwritten) {
            return name(overwritten.getOverwritten()) + " must be given once, was given again";
        }
        if (refusal instanceof MissingParameterException missing) {
            return missing(missing.getMissing(), List.of(words));
        }
        if (refusal.getCause() instanceof TypeConversionException wrong && refusal.getArgSpec() != null) {
            return name(refusal.getArgSpec()) + ": " + wrong.getMessage();
        }
        return refusal.getMessage();
    }

    /** What is said where a command must stand. */
    static String noCommand(CommandSpec command, String found) {
        return "command must be one of "
                + String.join(", ", command.subcommands().keySet()) + ", was " + found;
    }

    /** The same where a word stands that is none. */
    static String unknownCommand(CommandSpec command, String word) {
        return noCommand(command, "'" + word + "'")
                + Suggestion.of(word, command.subcommands().keySet());
    }

    private static String unmatched(CommandSpec command, UnmatchedArgumentException refusal) {
        String first = refusal.getUnmatched().get(0);
        if (refusal.isUnknownOption()) {
            return "option must be one of "
                    + command.options().stream().map(ParseRefusal::name).collect(Collectors.joining(", ")) + ", was '"
                    + first + "'" + Suggestion.of(withoutValue(first), names(command));
        }
        if (!command.subcommands().isEmpty()) {
            return unknownCommand(command, first);
        }
        Optional<String> refused = refusedByList(command, first);
        if (refused.isPresent()) {
            return refused.get();
        }
        List<String> places = new ArrayList<>();
        command.positionalParameters().forEach(place -> places.add(name(place)));
        return "words that are no options must be "
                + (places.isEmpty() ? "none" : String.join(" and ", places) + " only")
                + ", was also '" + first + "'";
    }

    /** A list of files that may be empty leaves over what is no file's name, without the reason. */
    private static Optional<String> refusedByList(CommandSpec command, String word) {
        for (ArgSpec place : command.positionalParameters()) {
            if (place.isMultiValue() && List.of(place.auxiliaryTypes()).contains(Path.class)) {
                try {
                    TextConverters.path(word);
                } catch (IllegalArgumentException e) {
                    return Optional.of(name(place) + ": " + e.getMessage());
                }
            }
        }
        return Optional.empty();
    }

    private static String withoutValue(String word) {
        int equals = word.indexOf('=');
        return equals < 0 ? word : word.substring(0, equals);
    }

    private static List<String> names(CommandSpec command) {
        return command.options().stream()
                .flatMap(option -> Stream.of(option.names()))
                .toList();
    }

    /** An option whose value is missing was given, one that is missing was not. */
    private static String missing(List<ArgSpec> missing, List<String> words) {
        ArgSpec first = missing.get(0);
        if (first instanceof OptionSpec option && words.stream().anyMatch(word -> isName(option, word))) {
            return name(first) + " must have its value " + first.paramLabel() + ", was without";
        }
        return missing.stream().map(ParseRefusal::name).collect(Collectors.joining(" and "))
                + " must be given, was missing";
    }

    private static boolean isName(OptionSpec option, String word) {
        for (String name : option.names()) {
            if (word.equals(name)) {
                return true;
            }
        }
        return false;
    }

    /** As people write it: {@code -o}, {@code --threads}, {@code INPUT}. */
    private static String name(ArgSpec argument) {
        return argument instanceof OptionSpec option ? option.names()[0] : argument.paramLabel();
    }
}
