// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli;

import dev.octant.calibration.methods.MethodSet;
import dev.octant.cli.words.OctantCommand;
import dev.octant.cli.words.Terminal;
import dev.octant.cli.words.Version;
import dev.octant.core.VectorKernels;
import dev.octant.observers.HistogramObserver;
import dev.octant.observers.HistogramSummary;
import dev.octant.ops.Activation;
import dev.octant.ops.ActivationKind;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import picocli.CommandLine.Command;

/** What this installation is and can do. */
@Command(
        name = "info",
        description = "Print version, machine, kernels, ops and methods.",
        footer = {"", "Example: octant info"})
final class InfoCommand extends OctantCommand {
    /** Room for an op with its parameters. */
    private static final int NAME = 36;

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = line().getOut();
        Terminal terminal = Terminal.of(line());
        out.println("octant " + Version.text());
        terminal.lines("JDK      ", System.getProperty("java.vm.name") + " " + Runtime.version())
                .forEach(out::println);
        out.println("machine  " + System.getProperty("os.name") + " " + System.getProperty("os.arch") + ", "
                + Runtime.getRuntime().availableProcessors() + " processors");
        VectorKernels.warmUp();
        kernels(out, terminal);
        terminal.lines(
                        "memory   ",
                        String.format(
                                Locale.ROOT,
                                "%,d bytes at most per observer, whatever the data; %,d per tensor observed, as a rule",
                                HistogramObserver.BYTES,
                                HistogramSummary.USUAL_BYTES))
                .forEach(out::println);
        terminal.lines("methods  ", String.join(", ", MethodSet.forms())).forEach(out::println);
        out.println("ops      with their default parameters and output range");
        List<Activation> ops = Stream.of(ActivationKind.values())
                .filter(kind -> kind != ActivationKind.CUSTOM)
                .map(Activation::of)
                .toList();
        for (Activation op : ops) {
            // A name that leaves no room for the range has it below.
            String name = op.toString();
            boolean isLong = name.length() > NAME;
            out.println("         " + name + (isLong ? "" : " ".repeat(NAME + 2 - name.length()) + op.outputRange()));
            if (isLong) {
                out.println("           " + op.outputRange());
            }
        }
        out.flush();
        return 0;
    }

    /** Each in one line if all have room there, or else the reason below the name. */
    private static void kernels(PrintWriter out, Terminal terminal) {
        List<VectorKernels.Choice> choices = VectorKernels.choices();
        int longest = choices.stream()
                .mapToInt(choice -> choice.name().length())
                .max()
                .orElse(0);
        List<String> lines = choices.stream()
                .map(choice -> "kernel   " + choice.name()
                        + " ".repeat(longest + 2 - choice.name().length()) + choice.reason())
                .toList();
        if (lines.stream().allMatch(line -> line.length() <= terminal.width())) {
            lines.forEach(out::println);
            return;
        }
        for (VectorKernels.Choice choice : choices) {
            out.println("kernel   " + choice.name());
            terminal.lines("           ", choice.reason()).forEach(out::println);
        }
    }
}
