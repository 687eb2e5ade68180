// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli;

import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The help of a command, as {@code --help} behind it prints it. */
@Command(
        name = "help",
        description = "Print the help of a command, or of octant.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example: octant help calibrate"})
final class HelpCommand implements Callable<Integer> {
    /** The commands of {@code octant}. */
    static final class Candidates implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Octant.commands().iterator();
        }
    }

    @Parameters(
            paramLabel = "COMMAND",
            arity = "0..*",
            completionCandidates = Candidates.class,
            description = "A command, and the command of it that is asked for: calibrate, or model quantize.")
    private List<String> words = List.of();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        CommandLine asked = spec.parent().commandLine();
        for (String word : words) {
            CommandLine next = asked.getSubcommands().get(word);
            if (next == null) {
                CommandSpec above = asked.getCommandSpec();
                throw new ParameterException(
                        spec.commandLine(),
                        above.subcommands().isEmpty()
                                ? "command " + above.qualifiedName()
                                        + " must have no commands of its own to be asked for '" + word + "', had none"
                                : ParseRefusal.unknownCommand(above, word));
            }
            asked = next;
        }
        asked.usage(spec.commandLine().getOut(), spec.commandLine().getColorScheme());
        return 0;
    }
}
