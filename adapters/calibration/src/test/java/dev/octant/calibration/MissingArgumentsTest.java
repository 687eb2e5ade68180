// SPDX-License-Identifier: Apache-2.0
package dev.octant.calibration;

import dev.octant.calibration.evaluation.Conclusion;
import dev.octant.calibration.evaluation.DataError;
import dev.octant.calibration.evaluation.DataEvaluation;
import dev.octant.calibration.evaluation.Evaluation;
import dev.octant.calibration.evaluation.EvaluationRoom;
import dev.octant.calibration.evaluation.Evidence;
import dev.octant.calibration.evaluation.MethodResult;
import dev.octant.calibration.evaluation.SummaryEvaluator;
import dev.octant.calibration.evaluation.TensorEvaluator;
import dev.octant.calibration.evaluation.TensorResult;
import dev.octant.calibration.methods.Method;
import dev.octant.calibration.methods.MethodKind;
import dev.octant.calibration.methods.MethodName;
import dev.octant.calibration.methods.MethodSet;
import dev.octant.calibration.methods.OpChoice;
import dev.octant.calibration.methods.ParameterRule;
import dev.octant.calibration.methods.SharedObservers;
import dev.octant.calibration.methods.TensorObserver;
import dev.octant.calibration.run.CalibrationRun;
import dev.octant.calibration.run.Heap;
import dev.octant.calibration.run.NamePattern;
import dev.octant.calibration.run.RunOutcome;
import dev.octant.calibration.run.RunSettings;
import dev.octant.calibration.run.SampleSplitter;
import dev.octant.calibration.run.SummaryFile;
import dev.octant.calibration.run.TensorChoice;
import dev.octant.calibration.run.TensorInputs;
import dev.octant.calibration.run.TensorSummary;
import dev.octant.calibration.run.TensorWork;
import dev.octant.core.ParameterPolicy;
import dev.octant.core.Profile;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantScheme;
import dev.octant.core.QuantType;
import dev.octant.core.RealRange;
import dev.octant.fixtures.NullArguments;
import dev.octant.observers.HistogramObserver;
import dev.octant.observers.PerSampleObserver;
import dev.octant.observers.PerSampleSummary;
import dev.octant.observers.estimators.MinMax;
import dev.octant.ops.Activation;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every public method says in a sentence of its own which argument is missing. */
class MissingArgumentsTest {
    @TempDir
    private Path folder;

    @Test
    void everyMethodNamesWhatIsMissing() throws IOException {
        Path csv = Files.writeString(folder.resolve("x.csv"), "a\n1\n2\n");
        ParameterRule rule = ParameterRule.of(QuantType.INT8, QuantScheme.ASYMMETRIC);
        TensorInputs data = TensorInputs.open(List.of(csv));
        Calibration calibration = Calibration.by(MethodName.of(MethodKind.MINMAX), rule, OpChoice.NONE);
        RunSettings settings = RunSettings.of(calibration);
        CalibrationRun run = CalibrationRun.of(data.files(), settings);
        RunOutcome outcome = run.run();
        Path summaries = folder.resolve("x.summary");
        SummaryFile.write(summaries, outcome.tensors());
        TensorSummary summary = outcome.tensors().get("a");
        Evaluation evaluation = calibration.evaluation(List.of("x"), outcome.tensors());
        TensorResult result = evaluation.tensors().get(0);
        MethodResult best = result.best();
        Method.OfHistogram method = new Method.OfHistogram(new MinMax());
        Consumer<Object> consumer = any -> {};
        LongConsumer progress = values -> {};
        TensorInputs.Visitor visitor = (tensor, block, length) -> {};
        // What comes out is made by nobody else.
        Set<Class<?>> outcomes = Set.of(
                RunOutcome.class, TensorResult.class, MethodResult.class, DataError.class, CalibrationResult.class);
        List<Class<?>> classes = Stream.concat(
                        NullArguments.publicClasses(Calibration.class).stream(), Stream.of(SummaryFile.Writer.class))
                .filter(type ->
                        !Throwable.class.isAssignableFrom(type) && !type.isInterface() && !outcomes.contains(type))
                .toList();
        try (SummaryFile.Reader reader = SummaryFile.open(summaries)) {
            NullArguments.check(
                    classes,
                    csv,
                    "minmax",
                    List.of(),
                    new TreeMap<String, TensorSummary>(),
                    Optional.empty(),
                    OptionalLong.empty(),
                    Stream.of(),
                    new float[4],
                    FloatBuffer.allocate(4),
                    Duration.ZERO,
                    consumer,
                    progress,
                    visitor,
                    data,
                    rule,
                    calibration,
                    calibration.calibrate(outcome.tensors()),
                    TensorWork.ALONE,
                    Conclusion.of(evaluation),
                    (IntConsumer) count -> {},
                    (TensorWork.Source<Object>) () -> null,
                    (Function<Object, Object>) any -> any,
                    calibration.calibrate(outcome.tensors()).table(),
                    calibration.ordered(data),
                    settings,
                    run,
                    outcome,
                    run.progress(),
                    outcome.end(),
                    reader,
                    new SummaryFile.Writer(OutputStream.nullOutputStream()),
                    OutputStream.nullOutputStream(),
                    new DataOutputStream(OutputStream.nullOutputStream()),
                    new DataInputStream(new ByteArrayInputStream(summary.toBytes())),
                    summary.toBytes(),
                    summary,
                    summary.values(),
                    PerSampleSummary.EMPTY,
                    evaluation,
                    result,
                    best,
                    best.range(),
                    best.quantized(),
                    best.error(),
                    best.error().input(),
                    method,
                    new Method[0],
                    new MethodName[0],
                    MethodKind.MINMAX,
                    MethodName.of(MethodKind.MINMAX),
                    MethodSet.all(),
                    OpChoice.NONE,
                    new SharedObservers(),
                    new EvaluationRoom(),
                    Heap.ofThisProcess(),
                    new TensorObserver(List.of(method)),
                    new NamePattern("{name}"),
                    TensorChoice.ALL,
                    new HistogramObserver(),
                    new PerSampleObserver(),
                    new SampleSplitter(new HistogramObserver(), new PerSampleObserver(4)),
                    new Calibrator(),
                    new SummaryEvaluator(rule, Profile.ONNX),
                    new TensorEvaluator(
                            "a", Optional.empty(), List.of(method), rule, Profile.ONNX, new EvaluationRoom()),
                    DataEvaluation.of(data, MethodSet.all(), OpChoice.NONE, rule, Profile.ONNX),
                    Evidence.EXPECTED,
                    Profile.ONNX,
                    ParameterPolicy.OCTANT,
                    QuantType.INT8,
                    QuantScheme.ASYMMETRIC,
                    QuantParams.of(QuantType.INT8, 1, 0),
                    RealRange.UNIT,
                    new MinMax(),
                    Activation.SILU);
        }
    }
}
