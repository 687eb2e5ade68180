// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.words;

import dev.octant.formats.VisibleText;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What the commands share: help, version, and where their words go. */
@Command(mixinStandardHelpOptions = true, versionProvider = Version.class)
public abstract class OctantCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    /** The words that this command was given. */
    protected final CommandLine line() {
        return spec.commandLine();
    }

    /** What is thrown where the words do not go together. */
    protected final ParameterException refusal(String sentence) {
        return new ParameterException(line(), sentence);
    }

    /** Says something on stderr, behind the name of the command. */
    protected final void say(String sentence) {
        PrintWriter err = line().getErr();
        err.println(spec.qualifiedName() + ": " + VisibleText.whole(StandardStreams.in(sentence)));
        err.flush();
    }
}
