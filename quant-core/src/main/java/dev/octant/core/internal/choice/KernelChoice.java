// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.choice;

import java.util.List;
import java.util.function.Supplier;

/**
 * Which of several kernels of one shape is called: the scalar loop, until a vector kernel has proved on this machine
 * that it writes the same and is clearly faster.
 *
 * <p>The first call of {@link #current()} leads to a {@link Probe} in the background and meanwhile answers with the
 * scalar loop; where no thread can be started for it, the scalar loop is the choice. What is published is never taken
 * back, and results do not depend on it. Thread safe. Internal.
 *
 * @param <K> the kind of kernel
 */
public final class KernelChoice<K> {
    private final String name;
    private final K scalar;
    private final List<String> candidates;
    private final Supplier<Trial<K>> trial;
    private final ProbeThread prober;

    /** Null until somebody asks. */
    private volatile K current;

    private volatile String reason = "scalar: not asked for yet";
    private volatile boolean decided;

    /**
     * @param name what the kernel does, for people
     * @param candidates simple names of vector kernels, the best first; found by name, for they need a newer JDK
     */
    public KernelChoice(String name, K scalar, Supplier<Trial<K>> trial, String... candidates) {
        this(ProbeThread.SHARED, name, scalar, trial, candidates);
    }

    /** A choice that is made on the thread of {@code prober}. */
    KernelChoice(ProbeThread prober, String name, K scalar, Supplier<Trial<K>> trial, String... candidates) {
        this.prober = prober;
        this.name = name;
        this.scalar = scalar;
        this.trial = trial;
        this.candidates = List.of(candidates);
    }

    /** The kernel to call now. */
    public K current() {
        K kernel = current;
        return kernel != null ? kernel : begin();
    }

    /** The scalar loop, whatever was chosen. */
    public K scalar() {
        return scalar;
    }

    /** The simple names of the vector kernels, the best first. */
    public List<String> candidates() {
        return candidates;
    }

    /** Work on which the kernels can be compared. */
    public Trial<K> trial() {
        return trial.get();
    }

    /** What the kernel does: {@code table}. */
    public String name() {
        return name;
    }

    /**
     * What is called and why, in one line: {@code SelectTable512: the same bytes, 21.3 times as fast as the scalar
     * loop}.
     */
    public String reason() {
        return reason;
    }

    /** Whether somebody has asked for the kernel. */
    public boolean isBegun() {
        return current != null;
    }

    /** Whether the choice is final. */
    public boolean isDecided() {
        return decided;
    }

    /** Waits until the choice is made; starts making it if need be. */
    public void await() throws InterruptedException {
        current();
        prober.startNow();
        synchronized (this) {
            while (!decided) {
                wait();
            }
        }
    }

    private synchronized K begin() {
        if (current != null) {
            return current;
        }
        VectorMode mode = VectorMode.asked();
        if (mode == VectorMode.ON) {
            Probe<K> probe = new Probe<>(scalar, trial.get(), candidates);
            decide(probe.forced(name));
            return current;
        }
        current = scalar;
        if (mode == VectorMode.OFF) {
            decide(new Verdict<>(scalar, "scalar: " + VectorMode.PROPERTY + "=off"));
        } else {
            reason = "scalar: a vector kernel is being tried";
            submitProbe();
        }
        return current;
    }

    private void submitProbe() {
        Verdict<K> verdict = new Verdict<>(scalar, "scalar: trying a vector kernel failed");
        try {
            prober.submit(() -> decideBy(verdict));
        } catch (RuntimeException | Error e) {
            // The thread limit of a container, a security manager, a thread group that is closed: none is the caller's
            // concern.
            decide(new Verdict<>(scalar, "scalar: no thread could be started to try a vector kernel, " + e));
        }
    }

    /** Decides in any case: somebody may wait for it. */
    private void decideBy(Verdict<K> otherwise) {
        Verdict<K> verdict = otherwise;
        try {
            verdict = judged();
        } finally {
            decide(verdict);
        }
    }

    private Verdict<K> judged() {
        try {
            return new Probe<>(scalar, trial.get(), candidates).judged();
        } catch (Throwable e) {
            // Whatever goes wrong in the background must not cost more than speed.
            return new Verdict<>(scalar, "scalar: trying a vector kernel failed, " + e);
        }
    }

    private synchronized void decide(Verdict<K> verdict) {
        reason = verdict.reason();
        current = verdict.kernel();
        decided = true;
        notifyAll();
    }

    /**
     * The outcome of a probe.
     *
     * @param reason name of the kernel, and why it was chosen
     */
    record Verdict<K>(K kernel, String reason) {}
}
