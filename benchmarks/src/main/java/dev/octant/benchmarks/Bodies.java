// SPDX-License-Identifier: Apache-2.0
package dev.octant.benchmarks;

import dev.octant.benchmarks.work.BesidePeers;
import dev.octant.core.VectorKernels;
import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.commons.lang3.StringUtils;

/**
 * The calls that are measured, by name of {@link Work}, ready to run, with the kernels that the system properties ask
 * for when this is made; and which kernels these are. Kernels are chosen once per class loader, so each of these
 * comes from a loader of its own, and is known by interfaces of the JDK.
 */
public final class Bodies implements Function<String, Runnable>, Supplier<List<String>> {
    /** Chooses the kernels, and waits for that. */
    public Bodies() throws InterruptedException {
        VectorKernels.warmUp();
    }

    /** The calls of a library loaded anew from this JVM's class path. */
    static Loaded load() throws ReflectiveOperationException {
        List<URL> path = new ArrayList<>();
        for (String entry : StringUtils.split(System.getProperty("java.class.path"), File.pathSeparatorChar)) {
            try {
                path.add(Path.of(entry).toUri().toURL());
            } catch (MalformedURLException e) {
                throw new IllegalStateException(e);
            }
        }
        // Stays open as long as the process: classes are loaded late.
        ClassLoader loader = new URLClassLoader(path.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
        Object bodies = Class.forName(Bodies.class.getName(), true, loader)
                .getConstructor()
                .newInstance();
        return new Loaded(bodies);
    }

    /** Bodies of another loader. */
    static final class Loaded {
        private final Function<String, Runnable> calls;
        private final Supplier<List<String>> choices;

        @SuppressWarnings("unchecked")
        private Loaded(Object bodies) {
            this.calls = (Function<String, Runnable>) bodies;
            this.choices = (Supplier<List<String>>) bodies;
        }

        Runnable call(Work work) {
            return calls.apply(work.name());
        }

        /** Name, colon and reason. */
        List<String> choices() {
            return choices.get();
        }
    }

    @Override
    public Runnable apply(String work) {
        BesidePeers benchmark = Work.valueOf(work).benchmark();
        benchmark.size = Work.COMMON_SIZE;
        benchmark.prepare();
        return benchmark::call;
    }

    @Override
    public List<String> get() {
        return VectorKernels.choices().stream()
                .map(choice -> choice.name() + ": " + choice.reason())
                .toList();
    }
}
