// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.words;

import java.io.Console;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/**
 * How text for people is set: in lines of at most {@code width} characters, with bold and colour where {@code styled}.
 * Immutable and thread safe.
 *
 * @param width characters in a line
 * @param styled whether escape sequences may be written: on a terminal, and not where NO_COLOR is set
 * @param interactive whether it is read on a terminal, where long names are in the way; a file has them whole
 */
public record Terminal(int width, boolean styled, boolean interactive) {
    /** Where nobody says how wide a line is. */
    public static final int USUAL_WIDTH = 80;

    /** What a line is set for where less is said: tables have columns that they cannot be without. */
    public static final int LEAST_WIDTH = 55;

    private static final int MOST_WIDTH = 1000;

    /** That of a command, whose help is as wide. */
    public static Terminal of(CommandLine command) {
        return new Terminal(
                command.getUsageHelpWidth(), command.getColorScheme().ansi().enabled(), isTerminal());
    }

    /** Whether colour and bold are written. */
    public static Ansi ansiOfProcess() {
        return ansi(System.getenv("NO_COLOR"), System.getenv("TERM"), Terminal::isTerminal);
    }

    /**
     * The same by what the environment says: NO_COLOR counts where it is not empty, and a terminal that calls itself
     * dumb has neither. All else is found out by picocli.
     *
     * @param noColor null where it is not set
     * @param term null where it is not set
     */
    static Ansi ansi(String noColor, String term, BooleanSupplier isTerminal) {
        boolean isSet = noColor != null && !noColor.isEmpty();
        if (isSet || "dumb".equals(term)) {
            return Ansi.OFF;
        }
        // picocli takes an empty one for set.
        return noColor != null && isTerminal.getAsBoolean() ? Ansi.ON : Ansi.AUTO;
    }

    /** The width that COLUMNS states, or else that of the terminal, or else {@value #USUAL_WIDTH}. */
    public static int widthOfProcess() {
        int stated = width(System.getenv("COLUMNS"));
        if (stated > 0) {
            return stated;
        }
        // A file or a pipe has no width.
        int own = isTerminal() ? widthOfTerminal() : 0;
        return own > 0 ? own : USUAL_WIDTH;
    }

    /** Whether standard input and output are a terminal: later JDKs have a console without one, too, and say so. */
    @SuppressWarnings("SystemConsoleNull") // null on JDK 17 and 21, where there is no method to ask
    private static boolean isTerminal() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException e) {
            return true;
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }

    /** The width that a text states, within those that tables can have; 0 where it states none. */
    static int width(String text) {
        if (text == null
                || text.isBlank()
                || text.length() > 9
                || !text.strip().chars().allMatch(c -> c >= '0' && c <= '9')) {
            return 0;
        }
        int width = Integer.parseInt(text.strip());
        return width == 0 ? 0 : Math.min(Math.max(width, LEAST_WIDTH), MOST_WIDTH);
    }

    /** Asks the terminal driver, as shells do; 0 where there is none to ask. */
    private static int widthOfTerminal() {
        File terminal = new File("/dev/tty");
        if (!terminal.exists()) {
            return 0;
        }
        try {
            Process process = new ProcessBuilder("stty", "size")
                    .redirectInput(terminal)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!process.waitFor(1, TimeUnit.SECONDS)) {
                process.destroy();
                return 0;
            }
            String size = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            return width(size.substring(size.indexOf(' ') + 1).strip());
        } catch (IOException e) {
            return 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 0;
        }
    }

    /** Text that stands out, where that can be shown. The text is data: no markup of a library's is read in it. */
    public String bold(String text) {
        return styled ? "\033[1m" + text + "\033[0m" : text;
    }

    /** Text of a warning. */
    public String warning(String text) {
        return styled ? "\033[33m" + text + "\033[0m" : text;
    }

    /**
     * A sentence in lines, broken at its spaces; a word that is longer than a line has one of its own.
     *
     * @param indent in front of the first line; as many spaces are in front of the others
     */
    public List<String> lines(String indent, String sentence) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder(indent);
        boolean begun = false;
        for (String word : sentence.split(" ", -1)) {
            if (begun && line.length() + 1 + word.length() > width) {
                lines.add(line.toString());
                line = new StringBuilder(" ".repeat(indent.length()));
                begun = false;
            }
            line.append(begun ? " " : "").append(word);
            begun = true;
        }
        lines.add(line.toString());
        return lines;
    }
}
