// SPDX-License-Identifier: Apache-2.0
package dev.octant.spark;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import org.apache.spark.launcher.JavaModuleOptions;

/**
 * Spark in processes of its own, as users start it. What it needs of a distribution are its jars, which are those of
 * the class path here: nothing of Octant, nor of what only Octant needs. {@link #end} ends what was started.
 */
final class SubmittedSpark {
    private final Path folder;
    private final String heap;
    private final Path home;
    private final List<Path> ours = new ArrayList<>();
    private final List<Process> started = new ArrayList<>();

    /** A home of Spark in a folder, where everything is written. */
    SubmittedSpark(Path folder) throws IOException {
        this(folder, "1g");
    }

    /** The same, where the driver has another heap. */
    SubmittedSpark(Path folder, String heap) throws IOException {
        this.folder = folder;
        this.heap = heap;
        home = Files.createDirectory(folder.resolve("home"));
        Path jars = Files.createDirectory(home.resolve("jars"));
        Files.writeString(home.resolve("RELEASE"), "Spark");
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            Path jar = Path.of(entry);
            String name = jar.getFileName().toString();
            boolean isOurs = name.startsWith("octant-")
                    || name.startsWith("fastcsv")
                    || name.startsWith("onnxruntime")
                    || name.startsWith("tribuo")
                    || name.startsWith("protobuf")
                    || entry.contains("/tools/jackson/");
            if (!name.endsWith(".jar") || name.startsWith("junit") || name.startsWith("octant-spark")) {
                continue;
            }
            if (isOurs) {
                ours.add(jar);
            } else if (!Files.exists(jars.resolve(name))) {
                Files.createSymbolicLink(jars.resolve(name), jar);
            }
        }
    }

    /** What {@code spark-submit} said and how it ended. */
    record Ended(int code, String said) {}

    /** Of what Octant needs and Spark has not, that which begins with one of some names; as {@code --jars} takes it. */
    String libraries(String... beginnings) {
        return ours.stream()
                .filter(jar ->
                        Arrays.stream(beginnings).anyMatch(jar.getFileName().toString()::startsWith))
                .map(Path::toString)
                .collect(Collectors.joining(","));
    }

    Ended submit(String... words) throws IOException, InterruptedException {
        Path log = folder.resolve("submit.log");
        Process running = start(log, "127.0.0.1", "org.apache.spark.deploy.SparkSubmit", words);
        int code = running.waitFor();
        return new Ended(code, Files.readString(log));
    }

    private Process start(Path log, String address, String main, String... words) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(JavaModuleOptions.defaultModuleOptions().split(" ")));
        command.addAll(List.of("-Xmx" + heap, "-cp", home.resolve("jars") + "/*", main));
        command.addAll(List.of(words));
        ProcessBuilder process = new ProcessBuilder(command).redirectErrorStream(true);
        process.environment().put("SPARK_HOME", home.toString());
        process.environment().put("SPARK_LOCAL_IP", address);
        process.environment().put("SPARK_SCALA_VERSION", "2.13");
        process.environment().put("JAVA_HOME", System.getProperty("java.home"));
        process.directory(folder.toFile());
        Process running = process.redirectOutput(log.toFile()).start();
        started.add(running);
        return running;
    }

    /**
     * A master and workers of one core on so many hosts, which are addresses of this one.
     *
     * @return the address of the master
     */
    String cluster(int hosts) throws IOException, InterruptedException {
        Path log = folder.resolve("master.log");
        start(log, "127.0.0.1", "org.apache.spark.deploy.master.Master", words("127.0.0.1"));
        String master = "spark://127.0.0.1:" + said(log, "Starting Spark master at spark://127.0.0.1:");
        for (int i = 0; i < hosts; i++) {
            String host = "127.0.0." + (2 + i);
            List<String> words = new ArrayList<>(List.of(words(host)));
            words.addAll(List.of("--cores", "1", "--memory", "1g", "--work-dir"));
            words.addAll(List.of(folder.resolve("work" + i).toString(), master));
            Path workerLog = folder.resolve("worker" + i + ".log");
            start(workerLog, host, "org.apache.spark.deploy.worker.Worker", words.toArray(String[]::new));
            said(workerLog, "Successfully registered with master");
        }
        return master;
    }

    private static String[] words(String host) {
        return new String[] {"--host", host, "--port", "0", "--webui-port", "0"};
    }

    /** Waits for a line of a log; what follows the text in it. */
    private static String said(Path log, String text) throws IOException, InterruptedException {
        for (int i = 0; i < 1200; i++) {
            List<String> lines = Files.readAllLines(log);
            for (String line : lines) {
                int at = line.indexOf(text);
                // The last line may not be whole yet.
                if (at >= 0 && lines.indexOf(line) < lines.size() - 1) {
                    return line.substring(at + text.length()).strip();
                }
            }
            Thread.sleep(100);
        }
        throw new IllegalStateException("no '" + text + "' in " + Files.readString(log));
    }

    /** The programs of the tests in a jar: their loader must be that of the jar with Octant. */
    Path programs() throws IOException, URISyntaxException {
        Path classes =
                Path.of(SlowAttempt.class.getResource("SlowAttempt.class").toURI());
        Path jar = folder.resolve("programs.jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
                DirectoryStream<Path> all = Files.newDirectoryStream(classes.getParent(), "*.class")) {
            for (Path type : all) {
                out.putNextEntry(new ZipEntry("dev/octant/spark/" + type.getFileName()));
                Files.copy(type, out);
                out.closeEntry();
            }
        }
        return jar;
    }

    void end() throws InterruptedException {
        for (Process process : started) {
            process.destroy();
        }
        for (Process process : started) {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        }
    }
}
