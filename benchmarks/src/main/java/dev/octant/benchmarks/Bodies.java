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
import org.apache.commons.lang3.StringUtils;

/**
 * The calls that are measured, by name of {@link Work}, ready to run, with the kernels that the system properties ask for
 * when this is made. Kernels are chosen once per class loader, so each of these comes from a loader of its own.
 */
public final class Bodies implements Function<String, Runnable> {
    /** Chooses the kernels, and waits for that. */
    public Bodies() throws InterruptedException {
        VectorKernels.warmUp();
    }

    /** The calls of a library loaded anew from this JVM's class path. */
    @SuppressWarnings("unchecked")
    static Function<String, Runnable> load() throws ReflectiveOperationException {
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
        return Class.forName(Bodies.class.getName(), true, loader)
                .asSubclass(Function.class)
                .getConstructor()
                .newInstance();
    }

    @Override
    public Runnable apply(String work) {
        BesidePeers benchmark = Work.valueOf(work).benchmark();
        benchmark.size = Work.COMMON_SIZE;
        benchmark.prepare();
        return benchmark::call;
    }
}
