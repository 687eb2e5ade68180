// SPDX-License-Identifier: Apache-2.0
package dev.octant.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;
import org.apache.spark.launcher.JavaModuleOptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The jar {@code all} as users submit it, on executors that are processes of their own. What spark-submit needs of a
 * distribution are its jars, which are those of the class path here.
 */
@Tag("big")
class SubmitJarTest {
    private static final boolean HAS_LAYER = Runtime.version().feature() >= 25;

    @TempDir
    private Path folder;

    /** A home of Spark: its jars, and nothing of Octant nor of what only Octant needs. */
    private Path home() throws IOException {
        Path home = Files.createDirectory(folder.resolve("home"));
        Path jars = Files.createDirectory(home.resolve("jars"));
        Files.writeString(home.resolve("RELEASE"), "Spark");
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            Path jar = Path.of(entry);
            boolean isOurs = entry.contains("octant")
                    || entry.contains("/tools/jackson/")
                    || entry.contains("fastcsv")
                    || entry.contains("/target/")
                    || entry.contains("junit");
            if (!isOurs && entry.endsWith(".jar") && !Files.exists(jars.resolve(jar.getFileName()))) {
                Files.createSymbolicLink(jars.resolve(jar.getFileName()), jar);
            }
        }
        return home;
    }

    private void submit(String... words) throws IOException, InterruptedException {
        Path home = home();
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(JavaModuleOptions.defaultModuleOptions().split(" ")));
        command.addAll(List.of("-Xmx1g", "-cp", home.resolve("jars") + "/*", "org.apache.spark.deploy.SparkSubmit"));
        command.addAll(List.of(words));
        ProcessBuilder process = new ProcessBuilder(command).redirectErrorStream(true);
        process.environment().put("SPARK_HOME", home.toString());
        process.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
        process.environment().put("SPARK_SCALA_VERSION", "2.13");
        process.directory(folder.toFile());
        Path log = folder.resolve("log");
        Process running = process.redirectOutput(log.toFile()).start();
        assertEquals(0, running.waitFor(), () -> {
            try {
                return Files.readString(log);
            } catch (IOException e) {
                return e.toString();
            }
        });
    }

    /** The program in a jar of its own: its loader must be that of the jar with Octant. */
    private Path program() throws IOException {
        Path jar = folder.resolve("program.jar");
        String name = HaltedExecutor.class.getName().replace('.', '/') + ".class";
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
                InputStream code = HaltedExecutor.class.getClassLoader().getResourceAsStream(name)) {
            out.putNextEntry(new ZipEntry(name));
            code.transferTo(out);
            out.closeEntry();
        }
        return jar;
    }

    private static Activations data(int tensors) {
        Map<String, float[][]> rows = new LinkedHashMap<>();
        float[][] values = Activations.random(41, 20, 300).rows().get("layer 1");
        for (int t = 0; t < tensors; t++) {
            float[][] own = {values[t % 20].clone(), values[(t * 7 + 3) % 20], values[(t * 11 + 5) % 20]};
            own[0][0] = t;
            rows.put("tensor " + t, own);
        }
        return new Activations(rows);
    }

    private String written(Activations data, int files) {
        String place = folder.resolve("table").toUri().toString();
        data.table().repartition(files).write().parquet(place);
        return place;
    }

    /** 1,000 tensors in two executors of 512 MB, of which one is halted after its map stage. */
    @Test
    void anExecutorIsHaltedAfterTheMapStage() throws Exception {
        Activations data = data(1000);
        byte[] expected = Activations.onOneMachine(false, data.file(folder, false));
        String table = written(data, 8);
        Path target = folder.resolve("s.summary");
        Path mark = folder.resolve("mark");
        String program = program().toString();
        submit(
                "--master",
                "local-cluster[2,1,512]",
                "--conf",
                "spark.executor.memory=512m",
                "--conf",
                "spark.ui.enabled=false",
                "--conf",
                "spark.sql.shuffle.partitions=4",
                "--conf",
                "spark.executor.extraJavaOptions=-Doctant.vector=" + (HAS_LAYER ? "on" : "auto"),
                "--class",
                HaltedExecutor.class.getName(),
                "--jars",
                System.getProperty("octant.all"),
                program,
                table,
                target.toString(),
                mark.toString());
        assertArrayEquals(expected, Files.readAllBytes(target));
        String kernels = Files.readString(mark);
        if (HAS_LAYER) {
            // Asked for so, an executor that cannot load them fails.
            assertTrue(kernels.contains("octant.vector=on"), kernels);
        }
    }

    /** Readers that need the relocated libraries: JSON of safetensors is Jackson's, text is FastCSV's. */
    @Test
    void theCommandReadsFilesWithWhatTheJarHolds() throws Exception {
        Path inputs = Files.createDirectory(folder.resolve("in"));
        Files.writeString(inputs.resolve("x.csv"), "a,b\n1,2\n-3,\n0.5,nan\n");
        byte[] header = "{'t':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}}"
                .replace('\'', '"')
                .getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(8 + header.length + 8).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(header.length).put(header).putFloat(1.5f).putFloat(-2);
        Files.write(inputs.resolve("y.safetensors"), bytes.array());
        byte[] expected = Activations.onOneMachine(false, inputs.resolve("x.csv"), inputs.resolve("y.safetensors"));
        Path target = folder.resolve("s.summary");
        submit(
                "--master",
                "local[2]",
                "--conf",
                "spark.ui.enabled=false",
                "--class",
                "dev.octant.spark.Calibrate",
                System.getProperty("octant.all"),
                inputs.toString(),
                "--files",
                "--summary",
                target.toString());
        assertArrayEquals(expected, Files.readAllBytes(target));
    }
}
