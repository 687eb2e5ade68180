// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import picocli.CommandLine;

/** Runs one command line in this JVM and keeps what it said. */
public record Shell(int code, String out, String err) {
    static Shell run(Object... words) {
        return run(line -> {}, words);
    }

    /** The same with a command line that was made ready first. */
    static Shell run(Consumer<CommandLine> prepare, Object... words) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        String[] args = new String[words.length];
        for (int i = 0; i < words.length; i++) {
            args[i] = words[i].toString();
        }
        CommandLine line = Octant.commandLineFor(args);
        prepare.accept(line);
        line.setOut(new PrintWriter(out));
        line.setErr(new PrintWriter(err));
        line.setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF));
        int code = line.execute(args);
        return new Shell(code, out.toString(), err.toString());
    }

    /** The words of a line as a shell splits it. */
    public static List<String> split(String line) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '\'') {
                quoted = !quoted;
            } else if (c == '\\' && !quoted) {
                word.append(line.charAt(++i));
            } else if (c == ' ' && !quoted) {
                words.add(word.toString());
                word.setLength(0);
            } else {
                word.append(c);
            }
        }
        words.add(word.toString());
        return words;
    }
}
