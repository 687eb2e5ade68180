// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli;

import dev.octant.cli.codes.ApplyCommand;
import dev.octant.cli.codes.CompareCommand;
import dev.octant.cli.codes.DequantizeCommand;
import dev.octant.cli.codes.QuantizeCommand;
import dev.octant.cli.codes.TableCommand;
import dev.octant.cli.models.ModelCommand;
import dev.octant.cli.models.ModelWords;
import dev.octant.cli.ranges.CalibrateCommand;
import dev.octant.cli.ranges.ConvertCommand;
import dev.octant.cli.ranges.EvaluateCommand;
import dev.octant.cli.ranges.MergeCommand;
import dev.octant.cli.ranges.MethodHelp;
import dev.octant.cli.ranges.RangesCommand;
import dev.octant.cli.ranges.ReportCommand;
import dev.octant.cli.words.HelpExamples;
import dev.octant.cli.words.StandardStreams;
import dev.octant.cli.words.Terminal;
import dev.octant.cli.words.TextConverters;
import dev.octant.cli.words.Version;
import dev.octant.formats.VisibleText;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.NoSuchFileException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/**
 * The command {@code octant}: reads files, asks the libraries, prints.
 *
 * <p>Exit code 0, or 2 for input or output the user can mend, with one sentence on stderr; 130 for a calibration that
 * was told to stop; 1 for a fault of ours. A standard output that is full, closed, or a pipe whose reader has gone is
 * such an output: the command still writes its files.
 */
@Command(
        name = "octant",
        description = "int8 activations: calibrate ranges, compile lookup tables, measure what they cost.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "Inputs are regular files. What is read once from its first byte to its last may be a pipe, which is"
                    + " waited for: that of quantize, dequantize, apply, merge, table --batch, and of convert --from;"
                    + " - is standard input there, and standard output for a file to write. A file of that name is"
                    + " ./-",
            "",
            "Try 'octant evaluate': it runs on bundled activations of a small real model.",
            "Shell completion: source <(octant generate-completion)",
            "Example: octant help calibrate",
            "",
            "Files: an output replaces a file all at once and keeps its permissions; a link is followed and stays. What"
                    + " is no ordinary file is written as a stream: /dev/stdout, /dev/fd/3, a pipe. No output may be an"
                    + " input or another output. Names of files are read by the locale: LC_ALL=C.UTF-8 reads all "
                    + "that are"
                    + " UTF-8.",
            "Java: the newest JDK installed, 17 or later, is used (JAVA_HOME among them); OCTANT_JAVA names another,"
                    + " by its folder or its java. On Windows JAVA_HOME is used if it is 17 or later, or else the java"
                    + " on the PATH.",
            "Text: as wide as the terminal, or as COLUMNS says, but not less than " + Terminal.LEAST_WIDTH
                    + "; NO_COLOR leaves out bold and colour.",
            "Memory: JDK_JAVA_OPTIONS=-Xmx2g gives the heap 2 GB; what does not fit is refused before it is read."
        })
public final class Octant implements Runnable {
    /** Exit code for input or output that the user can mend. */
    static final int BAD_INPUT = CommandLine.ExitCode.USAGE;

    /** The commands in the order of the help. */
    private static final Map<String, Class<?>> COMMANDS = new LinkedHashMap<>();

    static {
        COMMANDS.put("evaluate", EvaluateCommand.class);
        COMMANDS.put("calibrate", CalibrateCommand.class);
        COMMANDS.put("merge", MergeCommand.class);
        COMMANDS.put("ranges", RangesCommand.class);
        COMMANDS.put("convert", ConvertCommand.class);
        COMMANDS.put("report", ReportCommand.class);
        COMMANDS.put("table", TableCommand.class);
        COMMANDS.put("compare", CompareCommand.class);
        COMMANDS.put("quantize", QuantizeCommand.class);
        COMMANDS.put("dequantize", DequantizeCommand.class);
        COMMANDS.put("apply", ApplyCommand.class);
        COMMANDS.put("model", ModelCommand.class);
        COMMANDS.put("info", InfoCommand.class);
        COMMANDS.put("help", HelpCommand.class);
        COMMANDS.put("generate-completion", GenerateCompletion.class);
    }

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), ParseRefusal.noCommand(spec, "none"));
    }

    /** Runs the command line and exits with its code. */
    public static void main(String[] args) {
        VectorApi.loadIfAsked();
        CommandLine line = commandLineFor(args);
        int code = line.execute(args);
        line.getOut().flush();
        // A stream of text only remembers that it could not write.
        if (System.out.checkError() && code == CommandLine.ExitCode.OK) {
            System.err.println("octant: standard output must take all that is written, was full or closed");
            code = BAD_INPUT;
        }
        System.exit(code);
    }

    /** The names of the commands. */
    static Set<String> commands() {
        return Collections.unmodifiableSet(COMMANDS.keySet());
    }

    /** The command line with all its commands. */
    static CommandLine commandLine() {
        return commandLine(COMMANDS);
    }

    /**
     * The command line for these words: where the first names a command that knows nothing of the others, that alone
     * is in it. Reading what all commands are takes longer than most of them run.
     */
    static CommandLine commandLineFor(String... words) {
        Class<?> command = words.length == 0 ? null : COMMANDS.get(words[0]);
        boolean alone = command != null && command != HelpCommand.class && command != GenerateCompletion.class;
        return commandLine(alone ? Map.of(words[0], command) : COMMANDS);
    }

    /** The command line with these commands, its converters and its way to report errors. */
    private static CommandLine commandLine(Map<String, Class<?>> commands) {
        CommandLine line = new CommandLine(new Octant()) {
            @Override
            public int execute(String... args) {
                try {
                    return super.execute(args);
                } catch (OutOfMemoryError | StackOverflowError e) {
                    return report(running(this), e, BAD_INPUT);
                }
            }
        };
        commands.forEach(line::addSubcommand);
        TextConverters.register(line);
        if (commands.containsValue(ModelCommand.class)) {
            ModelWords.register(line);
        }
        line.setUsageHelpWidth(Terminal.widthOfProcess());
        line.setColorScheme(Help.defaultColorScheme(Terminal.ansiOfProcess()));
        // A file named @x may hold anything; a shell's *.csv must not turn its lines into options.
        line.setExpandAtFiles(false);
        line.getSubcommands()
                .forEach((name, command) ->
                        footer(name).ifPresent(command.getCommandSpec().usageMessage()::footer));
        HelpExamples.breakIn(line);
        line.setParameterExceptionHandler((e, args) -> refuse(e.getCommandLine(), ParseRefusal.sentence(e, args)));
        line.setExecutionExceptionHandler((e, command, parsed) -> report(command, e, exitCode(e)));
        return line;
    }

    /** What stands below the help of a command and is no constant. */
    private static Optional<String[]> footer(String command) {
        return Optional.ofNullable(
                switch (command) {
                    case "evaluate", "calibrate", "ranges" -> MethodHelp.lines(command);
                    case "table" -> TableCommand.footer();
                    case "generate-completion" -> new String[] {"", "Example: source <(octant generate-completion)"};
                    default -> null;
                });
    }

    /** The command that was given, or this one where it is not known yet. */
    private static CommandLine running(CommandLine line) {
        CommandLine last = line;
        for (ParseResult parsed = line.getParseResult(); parsed != null; parsed = parsed.subcommand()) {
            last = parsed.commandSpec().commandLine();
        }
        return last;
    }

    private static int exitCode(Exception e) {
        boolean mendable = MemoryAdvice.of(e).isPresent()
                || e instanceof IllegalArgumentException
                || e instanceof IllegalStateException
                || e instanceof IOException
                || e instanceof ParameterException;
        return mendable ? BAD_INPUT : CommandLine.ExitCode.SOFTWARE;
    }

    private static int report(CommandLine command, Throwable e, int code) {
        if (code == BAD_INPUT) {
            return refuse(command, sentence(e));
        }
        PrintWriter err = command.getErr();
        err.println(command.getCommandSpec().qualifiedName() + ": internal error, please report it: "
                + VisibleText.whole(e.toString()));
        if (Boolean.getBoolean("octant.debug")) {
            e.printStackTrace(err);
        }
        err.flush();
        return code;
    }

    private static int refuse(CommandLine command, String sentence) {
        PrintWriter err = command.getErr();
        err.println(command.getCommandSpec().qualifiedName() + ": " + VisibleText.whole(StandardStreams.in(sentence)));
        err.flush();
        return BAD_INPUT;
    }

    private static String sentence(Throwable e) {
        Optional<String> memory = MemoryAdvice.of(e);
        if (memory.isPresent()) {
            return memory.get();
        }
        if (e instanceof NoSuchFileException missing) {
            return missing.getFile() + ": file must exist, was missing";
        }
        if (e instanceof ClosedByInterruptException) {
            return "files must be read without an interrupt, was interrupted; start the command again";
        }
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
}
