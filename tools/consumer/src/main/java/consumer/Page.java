// SPDX-License-Identifier: Apache-2.0
package consumer;

import dev.octant.calibration.Calibration;
import dev.octant.calibration.methods.OpChoice;
import dev.octant.calibration.run.TensorInputs;
import dev.octant.calibration.methods.ParameterRule;
import dev.octant.calibration.run.CalibrationRun;
import dev.octant.calibration.run.RunSettings;
import dev.octant.core.CodeRange;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantScheme;
import dev.octant.core.QuantType;
import dev.octant.core.QuantizedTensor;
import dev.octant.core.TensorQuantizer;
import dev.octant.fixtures.CodeType;
import dev.octant.fixtures.Grid;
import dev.octant.fixtures.OpCase;
import dev.octant.fixtures.QuantizedFunction;
import dev.octant.fixtures.ReferenceFunctions;
import dev.octant.formats.calibration.CalibrationTable;
import dev.octant.formats.tensor.ArrayHeader;
import dev.octant.formats.tensor.ArrayWriter;
import dev.octant.formats.tensor.ElementType;
import dev.octant.layers.MatrixProduct;
import dev.octant.layers.train.LearnedStep;
import dev.octant.layers.train.StepStart;
import dev.octant.observers.HistogramObserver;
import dev.octant.observers.estimators.ConsumerAware;
import dev.octant.observers.estimators.ConsumerRanges;
import dev.octant.onnx.OnnxModel;
import dev.octant.ops.Activation;
import dev.octant.ops.QuantizedActivation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Something of every module; the argument says where this must have been loaded from. */
public final class Page {
    private static final int VALUES = 10_000;

    private Page() {}

    /** Runs it all, and says on what. */
    public static void main(String[] args) throws IOException {
        String home = Page.class.getModule().isNamed() ? "module " + Page.class.getModule().getName() : "class path";
        require(home.equals(args[0]), "loaded from " + args[0] + ", was from " + home);
        float[] values = new float[VALUES];
        Random random = new Random(1);
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (3 * random.nextGaussian());
        }
        double error = errorOfSilu(values);
        fixturesJudgeTables();
        CalibrationTable.Entry entry = calibrated(values);
        LearnedStep step = LearnedStep.ofWeights(values, new CodeRange(-8, 7), StepStart.LEAST_SQUARES);
        String product = MatrixProduct.fastest().getClass().getSimpleName();
        System.out.printf(
                "JDK %s, %s: silu within %.3g, calibrated to %s, 4-bit step %.3g, %s, models: %s%n",
                Runtime.version().feature(), home, error, entry.params(), step.scale(0), product, refusalOfModel());
    }

    /** The README's page: observe, choose both ranges, compile, apply. */
    private static double errorOfSilu(float[] values) {
        HistogramObserver observer = new HistogramObserver();
        observer.observe(values);
        ConsumerRanges ranges = ConsumerAware.of(
                        Activation.SILU::value, Activation.SILU.outputRange(), QuantType.INT8, QuantScheme.ASYMMETRIC)
                .ranges(observer.summary());
        QuantParams before = QuantScheme.ASYMMETRIC.choose(ranges.input(), QuantType.INT8);
        QuantParams after = QuantScheme.ASYMMETRIC.choose(ranges.output(), QuantType.INT8);
        QuantizedActivation silu = QuantizedActivation.compile(Activation.SILU, before, after);
        QuantizedTensor codes = TensorQuantizer.of(before).quantize(values);
        float[] results = silu.apply(codes).dequantize();
        double squares = 0;
        for (int i = 0; i < values.length; i++) {
            double difference = results[i] - ReferenceFunctions.silu(values[i]);
            squares += difference * difference;
        }
        double error = Math.sqrt(squares / values.length);
        // Two roundings of half a step at most in the mean, the first enlarged by a slope of at most 1.1.
        require(error < before.scale() + after.scale(), "within a step of each grid, was off by " + error);
        return error;
    }

    private static void fixturesJudgeTables() {
        OpCase.of("silu", ReferenceFunctions::silu)
                .types(CodeType.INT8)
                .clipped(-0.27846455, Double.POSITIVE_INFINITY)
                .quantizedTo((in, out) -> QuantizedFunction.ofBlocks(
                        out,
                        QuantizedActivation.compile(Activation.SILU, params(in), params(out))
                                .table()::apply))
                .check();
    }

    private static QuantParams params(Grid grid) {
        return QuantParams.of(QuantType.INT8, grid.scale(), grid.zeroPoint());
    }

    /** From a file of activations to a tensor's parameters. */
    private static CalibrationTable.Entry calibrated(float[] values) throws IOException {
        Path file = Files.createTempFile("consumer", ".npy");
        try {
            ArrayHeader header = ArrayHeader.of("act", ElementType.FLOAT32, List.of((long) values.length));
            ArrayWriter.write(file, header, out -> out.writeFloats(values, 0, values.length));
            TensorInputs data = TensorInputs.open(List.of(file));
            ParameterRule rule = ParameterRule.of(QuantType.INT8, QuantScheme.ASYMMETRIC);
            Calibration calibration = Calibration.best(rule, OpChoice.of(Activation.SILU));
            CalibrationTable table = calibration.table(
                    CalibrationRun.of(data.files(), RunSettings.of(calibration)).run().tensors());
            Optional<CalibrationTable.Entry> entry = table.entries().values().stream().findFirst();
            return entry.orElseThrow();
        } finally {
            Files.delete(file);
        }
    }

    /** What is no model is refused in a sentence: the module is there, and its readers with it. */
    private static String refusalOfModel() {
        try {
            OnnxModel.of(new byte[] {1, 2, 3});
        } catch (IOException e) {
            return "'" + e.getMessage() + "'";
        }
        throw new IllegalStateException("three bytes must be no model, were one");
    }

    private static void require(boolean held, String what) {
        if (!held) {
            throw new IllegalStateException("it must be " + what);
        }
    }
}
