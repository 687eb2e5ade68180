// SPDX-License-Identifier: Apache-2.0
package dev.octant.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The jars as users submit them, on executors that are processes of their own. */
@Tag("big")
class SubmitJarTest {
    private static final boolean HAS_LAYER = Runtime.version().feature() >= 25;
    private static final String ALL = System.getProperty("octant.all");
    private static final String THIN = System.getProperty("octant.thin");

    @TempDir
    private Path folder;

    private SubmittedSpark spark;

    @BeforeEach
    void start() throws IOException {
        spark = new SubmittedSpark(folder);
    }

    @AfterEach
    void end() throws InterruptedException {
        spark.end();
    }

    private void submit(String... words) throws IOException, InterruptedException {
        SubmittedSpark.Ended ended = spark.submit(words);
        assertEquals(0, ended.code(), ended::said);
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

    /** A program on a table of these data, with the jar {@code all} beside it; what it wrote beside its summaries. */
    private String run(String master, Class<?> program, Activations data, String... settings) throws Exception {
        byte[] expected = Activations.onOneMachine(false, data.file(folder, false));
        String table = written(data, 8);
        Path target = folder.resolve("s.summary");
        Path mark = folder.resolve("mark");
        List<String> words = new ArrayList<>(List.of("--master", master, "--class", program.getName(), "--jars", ALL));
        for (String setting : settings) {
            words.addAll(List.of("--conf", setting));
        }
        words.addAll(List.of("--conf", "spark.executor.memory=512m", "--conf", "spark.ui.enabled=false"));
        words.addAll(List.of(
                "--conf", "spark.sql.shuffle.partitions=4", spark.programs().toString()));
        words.addAll(List.of(table, target.toString(), mark.toString()));
        submit(words.toArray(String[]::new));
        assertArrayEquals(expected, Files.readAllBytes(target));
        return Files.readString(mark);
    }

    /** 1,000 tensors in two executors of 512 MB, of which one is halted after its map stage. */
    @Test
    void anExecutorIsHaltedAfterTheMapStage() throws Exception {
        String kernels = run(
                "local-cluster[2,1,512]",
                HaltedExecutor.class,
                data(1000),
                "spark.executor.extraJavaOptions=-Doctant.vector=" + (HAS_LAYER ? "on" : "auto"));
        if (HAS_LAYER) {
            // Asked for so, an executor that cannot load them fails.
            assertTrue(kernels.contains("reason=CountBins") && kernels.contains("reason=BitEnds"), kernels);
        }
    }

    /** A copy of a task is never begun on the host of the task, so there are two. */
    @Test
    void aCopyIsFasterThanItsTask() throws Exception {
        String happened = run(
                spark.cluster(2),
                SlowAttempt.class,
                data(100),
                "spark.speculation=true",
                "spark.speculation.interval=100ms",
                "spark.speculation.quantile=0.5",
                "spark.speculation.multiplier=1",
                "spark.cores.max=2",
                "spark.executor.cores=1");
        assertFalse(happened.startsWith("0 first"), happened);
        assertFalse(happened.contains(" 0 killed"), happened);
        System.out.println("Executors without a flag of Octant: " + happened);
    }

    /** ONNX Runtime and what else models need come beside the jar {@code all}. */
    @Test
    void aModelIsRunInExecutors() throws Exception {
        String table = folder.resolve("images").toUri().toString();
        ModelSummariesTest.table(folder, "digits_cnn", "image").write().parquet(table);
        Path target = folder.resolve("s.summary");
        submit(
                "--master",
                "local-cluster[2,1,1024]",
                "--conf",
                "spark.ui.enabled=false",
                "--class",
                ModelProgram.class.getName(),
                "--jars",
                ALL + ","
                        + spark.libraries(
                                "octant-onnx", "octant-layers", "onnxruntime", "tribuo-util", "protobuf-java"),
                spark.programs().toString(),
                table,
                ModelSummariesTest.resource("digits_cnn/model.onnx").toString(),
                target.toString());
        assertArrayEquals(ModelSummariesTest.onOneMachine(folder, "digits_cnn", 1), Files.readAllBytes(target));
    }

    /** Readers that need the relocated libraries: JSON of safetensors is Jackson's, text is FastCSV's. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theCommandReadsFilesWithWhatTheJarHolds(boolean isAll) throws Exception {
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
        List<String> words = new ArrayList<>(List.of("--master", "local[2]", "--conf", "spark.ui.enabled=false"));
        words.addAll(List.of("--class", "dev.octant.spark.Calibrate"));
        if (isAll) {
            // It makes no records: what is sent must not need it to.
            words.addAll(List.of("--conf", "spark.serializer=org.apache.spark.serializer.KryoSerializer"));
        } else {
            words.addAll(List.of("--jars", spark.libraries("")));
        }
        words.addAll(List.of(isAll ? ALL : THIN, inputs.toString(), "--files", "--summary", target.toString()));
        submit(words.toArray(String[]::new));
        assertArrayEquals(expected, Files.readAllBytes(target));
    }

    @Test
    void badInputIsExitCodeTwoAndOneSentence() throws Exception {
        String table = written(data(3), 1);
        Path target = folder.resolve("s.summary");
        SubmittedSpark.Ended ended = spark.submit(
                "--master",
                "local[2]",
                "--class",
                "dev.octant.spark.Calibrate",
                ALL,
                table,
                "--tensor",
                "tensor",
                "--values",
                "valeus",
                "--summary",
                target.toString());
        assertEquals(2, ended.code(), ended::said);
        assertTrue(
                ended.said()
                        .lines()
                        .anyMatch(line -> line.startsWith("octant calibrate: file:" + folder + "/table/part-")
                                && line.endsWith(".parquet: table must have the column valeus, had tensor STRING,"
                                        + " values ARRAY<FLOAT>")),
                ended::said);
        assertFalse(ended.said().contains("\tat "), ended::said);
        assertFalse(Files.exists(target));
    }
}
