// SPDX-License-Identifier: Apache-2.0
package dev.octant.calibration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.calibration.evaluation.DataEvaluation;
import dev.octant.calibration.evaluation.TensorResult;
import dev.octant.calibration.methods.Method;
import dev.octant.calibration.methods.MethodName;
import dev.octant.calibration.methods.MethodSet;
import dev.octant.calibration.methods.OpChoice;
import dev.octant.calibration.methods.ParameterRule;
import dev.octant.calibration.methods.TensorObserver;
import dev.octant.calibration.run.CalibrationRun;
import dev.octant.calibration.run.HeapTooSmallException;
import dev.octant.calibration.run.RunOutcome;
import dev.octant.calibration.run.RunSettings;
import dev.octant.calibration.run.SampleSplitter;
import dev.octant.calibration.run.SummaryFile;
import dev.octant.calibration.run.TensorInputs;
import dev.octant.core.Profile;
import dev.octant.core.QuantScheme;
import dev.octant.core.QuantType;
import dev.octant.formats.FormatException;
import dev.octant.formats.ReadInterruptedException;
import dev.octant.observers.HistogramObserver;
import dev.octant.observers.HistogramSummary;
import dev.octant.observers.PerSampleObserver;
import dev.octant.ops.Activation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls in another order, twice, or of what nobody asked for are one sentence, and cost no value. */
class OrderOfCallsTest {
    private static final ParameterRule RULE = ParameterRule.of(QuantType.INT8, QuantScheme.ASYMMETRIC);

    @TempDir
    private Path folder;

    private TensorInputs data;
    private RunSettings settings;

    @BeforeEach
    void write() throws IOException {
        data = TensorInputs.open(List.of(Files.writeString(folder.resolve("a.csv"), "a\n1\n2\n")));
        settings = RunSettings.of(Calibration.best(RULE, OpChoice.NONE));
    }

    private static void refused(Class<? extends Throwable> type, String sentence, Executable call) {
        assertEquals(sentence, assertThrows(type, call).getMessage());
    }

    @Test
    void aRunIsCalledOnce() throws IOException {
        CalibrationRun run = CalibrationRun.of(data.files(), settings);
        assertEquals(RunOutcome.End.COMPLETE, run.run().end());
        refused(IllegalStateException.class, "run must be called once, was called again", run::run);
        assertEquals(2, run.progress().values());
        DataEvaluation evaluation = DataEvaluation.of(data, MethodSet.all(), OpChoice.NONE, RULE, Profile.ONNX);
        evaluation.run(List.of("a"), values -> {});
        refused(
                IllegalStateException.class,
                "evaluation must be run once, was run again",
                () -> evaluation.run(List.of("a"), values -> {}));
    }

    @Test
    void aTensorWithoutMethodsHasNoBest() {
        TensorResult none =
                new TensorResult("a", Optional.empty(), HistogramSummary.EMPTY, OptionalLong.empty(), List.of());
        String sentence = "a: methods must be at least one to have a best, were none, as of a tensor that is left out";
        refused(IllegalStateException.class, sentence, none::best);
        refused(IllegalStateException.class, sentence, none::reason);
    }

    @Test
    void missingPartsAreNamed() {
        refused(
                NullPointerException.class,
                "name must be given, was null",
                () -> new TensorResult(null, Optional.empty(), null, null, null));
        refused(
                NullPointerException.class,
                "end must be given, was null",
                () -> new RunOutcome(null, null, null, null, false));
        refused(
                NullPointerException.class,
                "table must be given, was null",
                () -> new CalibrationResult(null, List.of()));
        refused(NullPointerException.class, "name must be given, was null", () -> MethodSet.of((MethodName) null));
        refused(
                NullPointerException.class,
                "word must be given, was null",
                () -> MethodSet.parse(Collections.singletonList(null)));
        refused(
                NullPointerException.class,
                "method must be given, was null",
                () -> new TensorObserver(Collections.singletonList(null)));
        Map<String, Activation> ops = new HashMap<>();
        ops.put("a", null);
        refused(NullPointerException.class, "op of a tensor must be given, was null", () -> OpChoice.of(ops));
        ops.clear();
        ops.put(null, Activation.SILU);
        refused(NullPointerException.class, "tensor must be given, was null", () -> OpChoice.of(ops));
    }

    @Test
    void samplesAndArraysBeginFirst() {
        HistogramObserver values = new HistogramObserver();
        SampleSplitter splitter = new SampleSplitter(values, new PerSampleObserver());
        float[] block = new float[10];
        refused(
                IllegalStateException.class,
                "sample must begin before its values are observed",
                () -> splitter.observe(block, 0, 10));
        refused(IllegalArgumentException.class, "sample length must be at least 1, was 0", () -> splitter.begin(0));
        splitter.begin(7);
        assertEquals(
                "block must have room for 11 values from 0, had 10",
                assertThrows(IndexOutOfBoundsException.class, () -> splitter.observe(block, 0, 11))
                        .getMessage());
        assertThrows(IndexOutOfBoundsException.class, () -> splitter.observe(block, 5, -1));
        assertEquals(0, values.summary().counts().count());

        Method minmax = MethodName.parse("minmax").method(RULE, Optional.empty());
        TensorObserver observer = new TensorObserver(List.of(minmax));
        refused(
                IllegalStateException.class,
                "array must begin before its values are observed",
                () -> observer.observe(block, 10));
        refused(IllegalArgumentException.class, "sample length must be at least 0, was -3", () -> observer.begin(-3));
        observer.begin(5);
        observer.observe(block, 10);
        observer.end();
        for (String other : List.of("mean", "moving-average")) {
            Method unasked = MethodName.parse(other).method(RULE, Optional.empty());
            String sentence = assertThrows(IllegalArgumentException.class, () -> unasked.choose(observer))
                    .getMessage();
            assertTrue(
                    sentence.startsWith("method must be one of those that the tensor is observed for, was " + other),
                    sentence);
        }
    }

    @Test
    void aFileOfSummariesIsReadFromItsBeginningToItsEnd() throws IOException {
        Path file = folder.resolve("a.summary");
        SummaryFile.write(file, CalibrationRun.of(data.files(), settings).run().tensors());
        try (SummaryFile.Reader reader = SummaryFile.open(file)) {
            refused(
                    IllegalStateException.class,
                    file + ": reader must stand at a tensor, stood before the first",
                    reader::name);
            assertTrue(reader.next());
            assertEquals("a", reader.name());
            assertFalse(reader.next());
            assertFalse(reader.next());
            refused(
                    IllegalStateException.class,
                    file + ": reader must stand at a tensor, stood behind the last",
                    reader::summary);
        }
        SummaryFile.Writer writer = new SummaryFile.Writer(new ByteArrayOutputStream());
        writer.end();
        refused(
                IllegalStateException.class,
                "summary file must be written up to its end, was ended before",
                writer::end);
    }

    @Test
    void numbersBeyondAllAreTheLargest() throws IOException {
        assertThrows(HeapTooSmallException.class, () -> CalibrationRun.of(data.files(), settings, Long.MAX_VALUE));
        assertThrows(HeapTooSmallException.class, () -> CalibrationRun.of(data.files(), settings, Long.MAX_VALUE / 2));
        refused(
                IllegalArgumentException.class,
                "bytes held later must be at least 0, was -1",
                () -> CalibrationRun.of(data.files(), settings, -1));
        for (long seconds : new long[] {Long.MAX_VALUE, Long.MIN_VALUE}) {
            Path place = folder.resolve("c.checkpoint");
            CalibrationRun run =
                    CalibrationRun.withCheckpoint(data.files(), settings, place, Duration.ofSeconds(seconds));
            assertEquals(RunOutcome.End.COMPLETE, run.run().end());
            Files.deleteIfExists(place);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "O", "OC", "OCT", "OCTX", "another file"})
    void onlyACheckpointIsDiscarded(String content) throws IOException {
        Path file = Files.writeString(folder.resolve("mine"), content);
        assertThrows(FormatException.class, () -> CalibrationRun.discard(file));
        assertTrue(Files.exists(file));
    }

    @Test
    void aLinkToNothingIsNoCheckpoint() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("nowhere"));
        assertThrows(FormatException.class, () -> CalibrationRun.discard(link));
        assertTrue(Files.exists(link, LinkOption.NOFOLLOW_LINKS));
        CalibrationRun.discard(folder.resolve("missing"));
    }

    @Test
    void aCalibratorKeepsNoTensorOfARefusedCall() {
        Calibrator calibrator = new Calibrator();
        assertEquals(
                "values must have room for 9 values from 2, had 3",
                assertThrows(IndexOutOfBoundsException.class, () -> calibrator.observe("a", new float[3], 2, 9))
                        .getMessage());
        Map<String, HistogramSummary> more = new LinkedHashMap<>();
        more.put("b", HistogramSummary.EMPTY);
        more.put(" ", HistogramSummary.EMPTY);
        assertThrows(IllegalArgumentException.class, () -> calibrator.merge(more));
        more.put(" ", null);
        assertEquals(Set.of(), calibrator.summaries().keySet());
    }

    @Test
    void manyNamesAreEight() throws IOException {
        List<String> tensors = new TreeMap<>(Map.of("a", 1)).keySet().stream().toList();
        String[] many = new String[5000];
        Arrays.setAll(many, i -> "layer." + i);
        refused(
                IllegalArgumentException.class,
                "tensor of an op must be one of a, or a pattern of some, was 'no\\u000ape'",
                () -> OpChoice.parse(List.of("no\npe=silu"), tensors));
        String sentence = assertThrows(
                        IllegalArgumentException.class, () -> OpChoice.parse(List.of("nope=silu"), Arrays.asList(many)))
                .getMessage();
        assertTrue(sentence.startsWith("tensor of an op must be one of layer.0, "), sentence);
        assertTrue(sentence.contains("layer.7 and 4,992 more, or a pattern"), sentence);
    }

    @Test
    void anInterruptedThreadIsToldOfTheFile() throws IOException {
        Path file = data.files().get(0).path();
        DataEvaluation evaluation = DataEvaluation.of(data, MethodSet.all(), OpChoice.NONE, RULE, Profile.ONNX);
        OrderedCalibration ordered =
                Calibration.parse("moving-average", RULE, OpChoice.NONE).ordered(data);
        List<Executable> calls = List.of(
                () -> TensorInputs.open(List.of(file)),
                data::count,
                () -> evaluation.run(List.of("a"), values -> {}),
                () -> ordered.run(values -> {}));
        for (Executable call : calls) {
            Thread.currentThread().interrupt();
            try {
                refused(
                        ReadInterruptedException.class,
                        file + ": file must be read without an interrupt, was interrupted",
                        call);
            } finally {
                assertTrue(Thread.interrupted());
            }
        }
    }
}
