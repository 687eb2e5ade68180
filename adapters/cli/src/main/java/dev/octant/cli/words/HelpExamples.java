// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.words;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.IHelpSectionRenderer;
import picocli.CommandLine.Model.UsageMessageSpec;

/**
 * What stands below the help of a command, where examples are broken as a shell takes them: an example that is longer
 * than a line goes on in the next one behind a backslash, so that all its lines can be copied at once.
 */
public final class HelpExamples {
    private static final Pattern EXAMPLE = Pattern.compile("(Examples?: | {10})((?:octant|source) .*)");

    /** A command or an option with the values behind it, which stay in one line. */
    private static final Pattern PART = Pattern.compile("(?:'[^']*'|[^' ])+(?: (?!--?[a-z])(?:'[^']*'|[^' ])+)*");

    private static final String GOES_ON = " \\";

    private HelpExamples() {}

    /** Breaks the examples of this command and of those below it. */
    public static void breakIn(CommandLine line) {
        line.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_FOOTER, HelpExamples::footer);
        line.getSubcommands().values().forEach(HelpExamples::breakIn);
    }

    /** As {@link IHelpSectionRenderer#render}. */
    private static String footer(Help help) {
        UsageMessageSpec usage = help.commandSpec().usageMessage();
        List<String> lines = new ArrayList<>();
        for (String line : usage.footer()) {
            lines.addAll(lines(line, usage.width()));
        }
        return Help.join(
                        help.colorScheme().ansi(),
                        usage.width(),
                        usage.adjustLineBreaksForWideCJKCharacters(),
                        lines.toArray(new String[0]),
                        new StringBuilder())
                .toString();
    }

    /** A line, or the lines of an example that is longer than {@code width}. */
    public static List<String> lines(String line, int width) {
        Matcher example = EXAMPLE.matcher(line);
        if (line.length() <= width || !example.matches()) {
            return List.of(line);
        }
        List<String> lines = new ArrayList<>();
        String indent = " ".repeat(example.group(1).length() + 2);
        StringBuilder last = new StringBuilder(example.group(1));
        boolean begun = false;
        String command = example.group(2);
        Matcher part = PART.matcher(command);
        while (part.find()) {
            int behind = part.end() == command.length() ? 0 : GOES_ON.length();
            if (begun && last.length() + 1 + part.group().length() + behind > width) {
                lines.add(last + GOES_ON);
                last = new StringBuilder(indent);
                begun = false;
            }
            last.append(begun ? " " : "").append(part.group());
            begun = true;
        }
        lines.add(last.toString());
        return lines;
    }
}
