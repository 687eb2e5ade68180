// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.function.Consumer;
import picocli.CommandLine;

/** Runs one command line in this JVM and keeps what it said. */
record Shell(int code, String out, String err) {
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
}
