// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli;

import dev.octant.calibration.methods.MethodSet;
import dev.octant.cli.words.Version;
import dev.octant.core.VectorKernels;
import dev.octant.observers.HistogramObserver;
import dev.octant.observers.HistogramSummary;
import dev.octant.ops.Activation;
import dev.octant.ops.ActivationKind;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What this installation is and can do. */
@Command(
        name = "info",
        description = "Print version, machine, kernels, ops and methods.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        footer = {"", "Example: octant info"})
final class InfoCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        out.println("octant " + Version.text());
        out.println("JDK      " + System.getProperty("java.vm.name") + " " + Runtime.version());
        out.println("machine  " + System.getProperty("os.name") + " " + System.getProperty("os.arch") + ", "
                + Runtime.getRuntime().availableProcessors() + " processors");
        VectorKernels.warmUp();
        VectorKernels.choices().forEach(choice -> out.printf("kernel   %-12s %s%n", choice.name(), choice.reason()));
        out.printf(
                Locale.ROOT,
                "memory   %,d bytes at most per observer, whatever the data; %,d per tensor observed, as a rule%n",
                HistogramObserver.BYTES,
                HistogramSummary.USUAL_BYTES);
        out.println("methods  " + String.join(", ", MethodSet.forms()));
        out.println("ops      with their default parameters and output range");
        for (ActivationKind kind : ActivationKind.values()) {
            if (kind != ActivationKind.CUSTOM) {
                Activation op = Activation.of(kind);
                out.printf(Locale.ROOT, "         %-38s %s%n", op, op.outputRange());
            }
        }
        out.flush();
        return 0;
    }
}
