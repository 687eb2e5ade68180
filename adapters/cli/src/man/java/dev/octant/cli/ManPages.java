// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli;

import dev.octant.cli.words.HelpExamples;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.codegen.docgen.manpage.ManPageGenerator;

/**
 * Writes a page of AsciiDoc for every command, of which the build of a release makes man pages. Arguments: a folder,
 * and the version. Help is plain text: what would be markup in it is put between marks that say so.
 */
public final class ManPages {
    private static final Pattern FIRST_SENTENCE = Pattern.compile("(.*?)\\.( .*)?");

    /** Of a page of 80 columns, of which man leaves some on both sides. */
    private static final int COLUMNS = 68;

    private ManPages() {}

    /** Writes the pages. */
    public static void main(String[] args) throws IOException {
        CommandSpec octant = Octant.commandLine().getCommandSpec();
        prepare(octant, args[1]);
        int code = ManPageGenerator.generateManPage(new File(args[0]), null, new boolean[0], true, octant);
        if (code != 0) {
            throw new IOException("man pages must be written to " + args[0] + ", exit code was " + code);
        }
    }

    private static void prepare(CommandSpec command, String version) {
        command.versionProvider(() -> new String[] {"octant " + version});
        UsageMessageSpec usage = command.usageMessage();
        usage.header(title(usage.description()[0]));
        usage.description(plain(usage.description()));
        usage.footerHeading("Notes");
        usage.footer(blocks(Arrays.stream(usage.footer())
                .flatMap(line -> HelpExamples.lines(line, COLUMNS).stream())
                .toArray(String[]::new)));
        for (OptionSpec option : List.copyOf(command.options())) {
            command.remove(option);
            command.addOption(OptionSpec.builder(option)
                    .description(plain(option.description()))
                    .build());
        }
        for (PositionalParamSpec positional : List.copyOf(command.positionalParameters())) {
            command.remove(positional);
            command.addPositional(PositionalParamSpec.builder(positional)
                    .description(plain(positional.description()))
                    .build());
        }
        Collection<CommandLine> commands = command.subcommands().values();
        commands.forEach(sub -> prepare(sub.getCommandSpec(), version));
    }

    /** For the line that apropos shows. */
    private static String title(String description) {
        Matcher sentence = FIRST_SENTENCE.matcher(description);
        String text = sentence.matches() ? sentence.group(1) : description;
        // ONNX stays ONNX.
        return Character.isLowerCase(text.charAt(1))
                ? text.substring(0, 1).toLowerCase(Locale.ROOT) + text.substring(1)
                : text;
    }

    private static String[] plain(String... lines) {
        return Arrays.stream(lines).map(ManPages::plain).toArray(String[]::new);
    }

    private static String plain(String line) {
        return line.isEmpty() ? line : "pass:c[" + line.replace("]", "\\]") + "]";
    }

    /** Lines with columns stay as they are, and those behind them; others are filled. */
    private static String[] blocks(String... lines) {
        List<String> blocks = new ArrayList<>();
        List<String> block = new ArrayList<>();
        for (String line : lines) {
            if (line.isEmpty()) {
                add(block, blocks);
                block.clear();
            } else {
                block.add(line);
            }
        }
        add(block, blocks);
        return blocks.toArray(new String[0]);
    }

    private static void add(List<String> block, List<String> blocks) {
        if (block.isEmpty()) {
            return;
        }
        boolean hasColumns = block.stream().anyMatch(line -> line.startsWith("  "));
        int prose = hasColumns ? 0 : block.size();
        while (prose < block.size()
                && !block.get(prose).startsWith("  ")
                && !block.get(prose).startsWith("Example")) {
            prose++;
        }
        sentences(block.subList(0, prose)).forEach(line -> blocks.add(plain(line)));
        if (hasColumns) {
            blocks.addAll(prose > 0 ? List.of("", "....") : List.of("...."));
            blocks.addAll(block.subList(prose, block.size()));
            blocks.add("....");
        }
        blocks.add("");
    }

    /** A line goes on the one before, unless that ends in a colon or this begins with a capital letter. */
    private static List<String> sentences(List<String> block) {
        List<String> sentences = new ArrayList<>();
        for (String line : block) {
            int last = sentences.size() - 1;
            if (last < 0
                    || Character.isUpperCase(line.charAt(0))
                    || sentences.get(last).endsWith(":")) {
                sentences.add(line);
            } else {
                sentences.set(last, sentences.get(last) + " " + line);
            }
        }
        return sentences;
    }
}
