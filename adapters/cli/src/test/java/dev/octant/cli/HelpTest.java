// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.ops.ActivationKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;

/** What a user meets who knows nothing yet. */
class HelpTest {
    private static final Pattern OPTION = Pattern.compile("(?:\\b([a-z]+) )?(?<![\\w-])(--[a-z][a-z-]+|-[a-z]\\b)");
    private static final Pattern EXAMPLE = Pattern.compile("(Examples?: )(.*)");

    @TempDir
    private Path folder;

    /** Every command, those of commands too, as it is called. */
    static Stream<String> commands() {
        List<String> names = new ArrayList<>();
        add(Octant.commandLine(), "", names);
        return names.stream();
    }

    private static void add(CommandLine line, String name, List<String> names) {
        names.add(name.strip());
        line.getSubcommands().forEach((word, command) -> add(command, name + " " + word, names));
    }

    private static Object[] words(String... parts) {
        return Stream.of(parts)
                .flatMap(part -> Stream.of(part.split(" ")))
                .filter(word -> !word.isEmpty())
                .toArray();
    }

    /** A command stands under its own name, and alone where it is called by it. */
    @Test
    void aCommandIsAloneWhereItIsCalled() {
        Octant.commandLine().getSubcommands().forEach((word, command) -> {
            assertEquals(command.getCommandSpec().name(), word);
            boolean knowsOthers = word.equals("help") || word.equals("generate-completion");
            assertEquals(
                    knowsOthers ? Octant.commands() : Set.of(word),
                    Octant.commandLineFor(word).getSubcommands().keySet());
        });
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyHelpHasAnExampleAndNoPatternOfAProgram(String command) {
        Shell shell = Shell.run(words(command, "--help"));
        assertEquals(0, shell.code(), shell::toString);
        assertTrue(shell.out().matches("(?s).*\nExamples?: .*octant .*"), shell::out);
        for (String sign : List.of("(?", "\\s", "[A-Z", "\\d", "$)")) {
            assertFalse(shell.out().contains(sign), shell::out);
        }
        if (!command.isEmpty()) {
            Shell asked = Shell.run(words("help", command));
            assertEquals(shell.out(), asked.out());
            assertEquals(0, asked.code());
        }
    }

    /** What is copied from a narrow terminal is one command, and one that is understood. */
    @ParameterizedTest
    @MethodSource("commands")
    void examplesAreCommandsAtAnyWidth(String command) {
        Set<List<String>> examples = new HashSet<>();
        for (int width : new int[] {55, 80, 81, 120, 1000}) {
            String help = Shell.run(line -> line.setUsageHelpWidth(width), words(command, "--help"))
                    .out();
            assertTrue(help.lines().allMatch(line -> line.length() <= width), help);
            List<String> found = examples(help);
            assertFalse(found.isEmpty(), help);
            examples.add(found);
            for (String example : found) {
                List<String> given = Shell.split(example.replaceAll("^source <\\((.*)\\)$", "$1"));
                assertEquals("octant", given.get(0), help);
                CommandLine.ParseResult parsed = Octant.commandLine()
                        .parseArgs(given.subList(1, given.size()).toArray(new String[0]));
                assertTrue(parsed.hasSubcommand(), example);
            }
        }
        assertEquals(1, examples.size(), examples::toString);
    }

    /** The examples of a help, each as a shell reads the lines that it stands in. */
    private static List<String> examples(String help) {
        List<String> examples = new ArrayList<>();
        String indent = null;
        for (String line : help.replaceAll(" \\\\\n +", " ").split("\n", -1)) {
            Matcher begin = EXAMPLE.matcher(line);
            if (begin.matches()) {
                indent = " ".repeat(begin.group(1).length());
                examples.add(begin.group(2));
            } else if (indent != null && line.startsWith(indent)) {
                examples.add(line.substring(indent.length()));
            } else {
                indent = null;
            }
        }
        return examples;
    }

    /** An option that a description names is one of that command, or of the command whose name stands before it. */
    @ParameterizedTest
    @MethodSource("commands")
    void descriptionsNameOptionsThatAreThere(String command) {
        CommandLine line = Octant.commandLine();
        CommandLine model = line.getSubcommands().get("model");
        for (Object word : words(command)) {
            line = line.getSubcommands().get(word.toString());
        }
        CommandSpec spec = line.getCommandSpec();
        for (ArgSpec argument : spec.args()) {
            Matcher named = OPTION.matcher(String.join(" ", argument.description()));
            while (named.find()) {
                CommandLine other = named.group(1) == null
                        ? null
                        : model.getSubcommands()
                                .getOrDefault(
                                        named.group(1),
                                        Octant.commandLine().getSubcommands().get(named.group(1)));
                String option = named.group(2);
                assertTrue(
                        spec.findOption(option) != null
                                || (other != null && other.getCommandSpec().findOption(option) != null),
                        () -> argument + " names " + option);
            }
        }
    }

    /** The form of an option that help shows is one that is taken. */
    @Test
    void numbersOfChannelsAreThreeAtMost() {
        for (String command : List.of("quantize", "calibrate", "compare", "run")) {
            String help = Shell.run(line -> line.setUsageHelpWidth(1000), "model", command, "--help")
                    .out();
            assertTrue(help.contains(" --image-mean=R,G,B ") && help.contains(" --image-std=R,G,B "), help);
            assertFalse(help.contains("R,G,B["), help);
        }
    }

    @Test
    void helpAloneIsThatOfTheProgram() {
        assertEquals(Shell.run("--help").out(), Shell.run("help").out());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "evalute|command must be one of evaluate, .*, was 'evalute'; did you mean evaluate\\?",
                "calib|.*, was 'calib'; did you mean calibrate\\?",
                "brew|.*, was 'brew'",
                "help tabel|command must be one of evaluate, .*, was 'tabel'; did you mean table\\?",
                "help table x|command octant table must have no commands of its own to be asked for 'x', had none",
                "calibrate x.npy --methd mse|option must be one of .*, was '--methd'; did you mean --method\\?",
                "calibrate x.npy --methd=mse|option must be one of .*, was '--methd=mse'; did you mean --method\\?",
                "evaluate --method minmx|method must be one of .*, was 'minmx'; did you mean minmax\\?",
                "evaluate --method percentle=99|.*, was 'percentle=99'; did you mean percentile\\?",
                "evaluate --method bst|.*, was 'bst'; did you mean best\\?",
                "table hswish|OP: op must be one of .*, was 'hswish'; did you mean hardswish\\?",
                "table gelu_fast|.*, was 'gelu_fast'; did you mean gelu_tanh\\?",
                "table sigmoidd|.*, was 'sigmoidd'; did you mean sigmoid\\?",
                "table brew|.*, was 'brew'",
            })
    void didYouMean(String line, String sentence) {
        Shell shell = Shell.run(words(line));
        assertEquals(2, shell.code(), shell::toString);
        assertTrue(shell.err().strip().matches("octant[a-z ]*: " + sentence), shell::err);
    }

    @Test
    void quietCommandsPrintNothingAndWriteTheSame() throws IOException {
        Path in = Arrays.floats(folder.resolve("x.npy"), -1, 2, 3.5f);
        Path summary = folder.resolve("x.summary");
        Path table = folder.resolve("x.json");
        Path other = folder.resolve("other");
        for (List<Object> command : List.<List<Object>>of(
                List.of("calibrate", in, "-o", table, "--summary", summary),
                List.of("ranges", summary, "-o", table),
                List.of("evaluate", in, "--json", other),
                List.of("merge", summary, "-o", other),
                List.of("convert", table, folder.resolve("x.onnxruntime.json")))) {
            Shell loud = Shell.run(command.toArray());
            assertEquals(0, loud.code(), loud::toString);
            assertFalse(loud.out().isEmpty());
            Path last = (Path) command.get(command.size() - 1);
            byte[] written = Files.readAllBytes(last);
            Files.delete(last);
            List<Object> words = new ArrayList<>(command);
            words.add("-q");
            assertEquals(new Shell(0, "", loud.err()), Shell.run(words.toArray()));
            assertArrayEquals(written, Files.readAllBytes(last));
        }
    }

    /** What bash completes: ops, methods, types, and files. */
    @Test
    void completionKnowsOpsMethodsAndFiles() {
        String script = Shell.run("generate-completion").out();
        for (ActivationKind kind : ActivationKind.values()) {
            if (kind != ActivationKind.CUSTOM) {
                assertTrue(script.contains("\"" + kind.label() + "\""), kind::label);
            }
        }
        for (String word : List.of("percentile=99.99", "int8_narrow", "onnxruntime", "asymmetric", "tensorrt")) {
            assertTrue(script.contains("\"" + word + "\""), word);
        }
        // Constants of Java are no words of the command line.
        String ours = script.replaceAll("(?s)function _picocli_octant_model.*?\n}\n", "");
        for (String constant : List.of("INT8", "ASYMMETRIC", "ONNX_RUNTIME", "TENSORRT")) {
            assertFalse(ours.contains("\"" + constant + "\""), constant);
        }
    }
}
