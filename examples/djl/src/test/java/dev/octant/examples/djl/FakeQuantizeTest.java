// SPDX-License-Identifier: Apache-2.0
package dev.octant.examples.djl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.core.Linear;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import dev.octant.core.ChannelLayout;
import dev.octant.core.CodeRange;
import dev.octant.core.Profile;
import dev.octant.layers.QuantizedWeights;
import dev.octant.layers.train.FakeQuantizer;
import dev.octant.layers.train.LearnedStep;
import dev.octant.layers.train.StepGradient;
import dev.octant.layers.train.StepStart;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The block inside DJL beside Octant's own forward and backward. */
class FakeQuantizeTest {
    private static final CodeRange INT4 = new CodeRange(-8, 7);

    /** The unit of rounding of floats. */
    private static final double UNIT = 0x1p-24;

    /** Divisible by every number of channels times inner below. */
    private static final int LENGTH = 24 * 500;

    private static LearnedStep perTensor() {
        return LearnedStep.symmetric(INT4, 0.07f, LENGTH);
    }

    static Stream<LearnedStep> steps() {
        return Stream.of(
                perTensor(),
                perTensor().as(Profile.PYTORCH),
                LearnedStep.symmetric(new CodeRange(-128, 127), 1e-3f, LENGTH),
                LearnedStep.symmetric(new ChannelLayout(4, 3000), INT4, new float[] {0.03f, 0.07f, 0.2f, 3f}, 3000),
                LearnedStep.symmetric(new ChannelLayout(3, 2), INT4, new float[] {0.03f, 0.07f, 0.2f}, 4000),
                LearnedStep.affine(new CodeRange(0, 255), 0.01f, 30.4f, 24));
    }

    /** Normal values, and those at which rules differ: ties, ends, zeros, the largest, infinities, NaN. */
    private static float[] values(LearnedStep step, Random random) {
        float[] x = new float[LENGTH];
        float[] odd = {
            0,
            -0f,
            Float.MIN_VALUE,
            Float.MAX_VALUE,
            -Float.MAX_VALUE,
            Float.POSITIVE_INFINITY,
            Float.NEGATIVE_INFINITY,
            Float.NaN
        };
        for (int i = 0; i < x.length; i++) {
            x[i] = switch (random.nextInt(8)) {
                case 0 -> odd[random.nextInt(odd.length)];
                case 1 -> (random.nextInt(40) - 20 + 0.5f) * step.scale(0);
                case 2 -> (random.nextInt(40) - 20) * step.scale(0);
                default -> (float) random.nextGaussian() * 5 * step.scale(0);
            };
        }
        return x;
    }

    private static float[] gaussians(Random random, int length) {
        float[] values = new float[length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    /** What one pass forward and backward through the block gives. */
    private static final class Passed {
        private final float[] y;
        private final float[] dx;
        private final float[] ds;
        private final float[] dz;

        private Passed(float[] y, float[] dx, float[] ds, float[] dz) {
            this.y = y;
            this.dx = dx;
            this.ds = ds;
            this.dz = dz;
        }

        private static Passed through(FakeQuantize block, NDManager manager, float[] x, float[] dy) {
            try (NDManager scope = manager.newSubManager()) {
                NDArray input = scope.create(x, new Shape(x.length / 24, 24));
                input.setRequiresGradient(true);
                NDArray upstream = scope.create(dy, input.getShape());
                NDArray y;
                try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
                    y = block.forward(new ParameterStore(scope, false), new NDList(input), true)
                            .singletonOrThrow();
                    overwriteWhatIsFree();
                    collector.backward(y.mul(upstream).sum());
                }
                float[] ds = takeGradient(block, "scale");
                float[] dz = block.step().isAffine() ? takeGradient(block, "zeroPoint") : new float[0];
                return new Passed(y.toFloatArray(), input.getGradient().toFloatArray(), ds, dz);
            }
        }

        /** Fills memory that the block has given back, so that nobody can go on reading it and be right. */
        private static void overwriteWhatIsFree() {
            byte[] other = new byte[Float.BYTES * LENGTH];
            Arrays.fill(other, (byte) 0x7f);
            System.gc();
            for (int i = 0; i < 100; i++) {
                int length = i % 2 == 0 ? LENGTH : other.length;
                ByteBuffer.allocateDirect(length).put(other, 0, length);
            }
        }

        /** Reads a gradient and makes it 0 for the next pass, as DJL's optimizers do. */
        private static float[] takeGradient(FakeQuantize block, String parameter) {
            try (NDArray gradient =
                    block.getParameters().get(parameter).getArray().getGradient()) {
                float[] values = gradient.toFloatArray();
                gradient.subi(gradient);
                return values;
            }
        }
    }

    private static int[] bits(float[] values) {
        int[] bits = new int[values.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Float.floatToRawIntBits(values[i]);
        }
        return bits;
    }

    /**
     * Values and input gradients have Octant's bits. A gradient of a parameter is a float sum of n products dy (g D): g
     * is rounded once, each of both products once, and a partial sum at most n - 1 times in whatever order, so the sum
     * is off by at most {@code k u / (1 - k u)} of the sum of magnitudes, with k = n + 2 roundings of unit u; Octant's
     * own sum, in double, by nothing beside that.
     */
    @ParameterizedTest
    @MethodSource("steps")
    void valuesAndGradientsAreOctants(LearnedStep step) {
        long seed = 7;
        Random random = new Random(seed);
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            FakeQuantize block = new FakeQuantize(step);
            block.initialize(manager, DataType.FLOAT32, new Shape(LENGTH / 24, 24));
            for (int pass = 0; pass < 3; pass++) {
                float[] x = values(step, random);
                float[] dy = gaussians(random, LENGTH);
                Passed passed = Passed.through(block, manager, x, dy);

                FakeQuantizer quantizer = step.quantizer();
                float[] y = new float[LENGTH];
                float[] dx = new float[LENGTH];
                quantizer.forward(x, 0, y, 0, LENGTH);
                StepGradient gradient = quantizer.gradient();
                quantizer.backward(x, 0, dy, 0, dx, 0, LENGTH, gradient);

                String where = "seed " + seed + ", pass " + pass;
                assertArrayEquals(bits(y), bits(passed.y), where);
                assertArrayEquals(bits(dx), bits(passed.dx), where);
                checkSums(step, x, dy, gradient, passed, where);
            }
        }
    }

    private static void checkSums(
            LearnedStep step, float[] x, float[] dy, StepGradient gradient, Passed passed, String where) {
        FakeQuantizer quantizer = step.quantizer();
        byte[] mask = new byte[LENGTH];
        float[] d = new float[LENGTH];
        quantizer.local(x, 0, mask, 0, d, 0, LENGTH);
        int channels = quantizer.channels();
        int inner = quantizer.layout().map(ChannelLayout::inner).orElse(LENGTH);
        double[] magnitude = new double[channels];
        double outside = 0;
        for (int i = 0; i < LENGTH; i++) {
            magnitude[i / inner % channels] += Math.abs((double) dy[i] * d[i]);
            outside += mask[i] == 1 || Float.isNaN(x[i]) ? 0 : Math.abs((double) dy[i] * quantizer.scale(0));
        }
        double roundings = (LENGTH / channels + 2) * UNIT;
        double bound = roundings / (1 - roundings) * step.gradientScale();
        for (int c = 0; c < channels; c++) {
            double ours = step.gradientScale() * gradient.scale(c);
            assertEquals(ours, passed.ds[c], bound * magnitude[c], where + ", channel " + c);
        }
        if (step.isAffine()) {
            assertEquals(step.gradientScale() * gradient.zeroPoint(0), passed.dz[0], bound * outside, where);
        }
    }

    /** The toy of docs/training.md, moved by DJL's optimizer: within 5 % of the step of least squares. */
    @Test
    void theStepLearnsWhereTheToyDoes() {
        Random random = new Random(1);
        float[] x = new float[10_000];
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) (Math.log(1 - random.nextDouble()) * (random.nextBoolean() ? 1 : -1));
        }
        LearnedStep start = LearnedStep.ofWeights(x, INT4, StepStart.LARGEST);
        FakeQuantize block = new FakeQuantize(start);
        DefaultTrainingConfig config = new DefaultTrainingConfig(Loss.l2Loss("squares", 1))
                .optOptimizer(Optimizer.sgd()
                        .setLearningRateTracker(Tracker.fixed(20))
                        .build());
        List<Integer> held = new ArrayList<>();
        float learned;
        try (Model model = Model.newInstance("toy", "PyTorch")) {
            model.setBlock(block);
            try (Trainer trainer = model.newTrainer(config)) {
                trainer.initialize(new Shape(x.length));
                for (int round = 0; round < 60; round++) {
                    try (NDManager scope = trainer.getManager().newSubManager()) {
                        NDArray input = scope.create(x);
                        try (GradientCollector collector = trainer.newGradientCollector()) {
                            NDArray y = trainer.forward(new NDList(input)).singletonOrThrow();
                            collector.backward(y.sub(input).square().mean());
                        }
                        trainer.step();
                    }
                    held.add(arrays(model.getNDManager(), trainer.getManager()));
                }
            }
            learned = block.step().scale(0);
        }
        float best = StepStart.LEAST_SQUARES.step(x, 0, x.length, INT4);
        String said = "from " + start.scale(0) + " to " + learned + ", least squares at " + best;
        assertTrue(Math.abs(start.scale(0) / best - 1) > 0.3, said);
        assertEquals(1, learned / best, 0.05, said);
        assertEquals(held.get(0), held.get(held.size() - 1), () -> "arrays left open after each round: " + held);
    }

    /** Arrays that nobody has closed. */
    private static int arrays(NDManager... managers) {
        return Stream.of(managers).mapToInt(m -> m.getManagedArrays().size()).sum();
    }

    @Test
    void nothingIsLeftOpen() {
        LearnedStep step = perTensor();
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            FakeQuantize block = new FakeQuantize(step);
            block.initialize(manager, DataType.FLOAT32, new Shape(LENGTH / 24, 24));
            Random random = new Random(3);
            List<Integer> held = new ArrayList<>();
            for (int pass = 0; pass < 5; pass++) {
                Passed.through(block, manager, values(step, random), gaussians(random, LENGTH));
                held.add(arrays(manager));
            }
            assertEquals(held.get(0), held.get(4), () -> "arrays left open after each pass: " + held);
        }
    }

    /** Rows of weights, trained for some rounds: what was made of them is closed, and they are served as they were. */
    @Test
    void aLayerTrainsAndIsFrozen() {
        Random random = new Random(5);
        int rows = 6;
        int inputs = 20;
        int batch = 8;
        Linear floats = Linear.builder().setUnits(rows).build();
        DefaultTrainingConfig config = new DefaultTrainingConfig(Loss.l2Loss("squares", 1))
                .optOptimizer(Optimizer.sgd()
                        .setLearningRateTracker(Tracker.fixed(0.1f))
                        .build());
        List<Integer> held = new ArrayList<>();
        try (Model trained = Model.newInstance("floats", "PyTorch");
                Model model = Model.newInstance("layer", "PyTorch")) {
            Engine.getEngine("PyTorch").setRandomSeed(5);
            floats.initialize(trained.getNDManager(), DataType.FLOAT32, new Shape(batch, inputs));
            float[] before = floats.getParameters().get("weight").getArray().toFloatArray();
            LearnedStep start = LearnedStep.ofRows(before, rows, INT4, StepStart.LARGEST);
            FakeQuantizedLinear layer = new FakeQuantizedLinear(floats, start);
            model.setBlock(layer);
            try (Trainer trainer = model.newTrainer(config)) {
                trainer.initialize(new Shape(batch, inputs));
                for (int round = 0; round < 5; round++) {
                    try (NDManager scope = trainer.getManager().newSubManager()) {
                        NDArray x = scope.create(gaussians(random, batch * inputs), new Shape(batch, inputs));
                        NDArray label = scope.create(gaussians(random, batch * rows), new Shape(batch, rows));
                        try (GradientCollector collector = trainer.newGradientCollector()) {
                            NDArray y = trainer.forward(new NDList(x)).singletonOrThrow();
                            collector.backward(y.sub(label).square().mean());
                        }
                        trainer.step();
                    }
                    held.add(arrays(model.getNDManager(), trainer.getManager()));
                }
                for (int row = 0; row < rows; row++) {
                    assertNotEquals(start.scale(row), layer.step().scale(row), "step of row " + row);
                }
                try (NDManager scope = trainer.getManager().newSubManager()) {
                    // With the rows of the unit matrix and without the bias the layer gives its weights.
                    NDArray zero = scope.zeros(new Shape(1, inputs));
                    NDArray unit = scope.eye(inputs);
                    NDArray bias = trainer.evaluate(new NDList(zero)).singletonOrThrow();
                    NDArray y = trainer.evaluate(new NDList(unit)).singletonOrThrow();
                    float[] served = QuantizedWeights.freeze(layer.step(), layer.weights(), rows)
                            .values();
                    float[] withBias = scope.create(served, new Shape(rows, inputs))
                            .transpose()
                            .add(bias)
                            .toFloatArray();
                    assertArrayEquals(withBias, y.toFloatArray());
                }
            }
        }
        assertEquals(held.get(0), held.get(4), () -> "arrays left open after each round: " + held);
    }

    /** A step that the optimizer has moved out of the positive floats is held at their end, as LearnedStep holds it. */
    @Test
    void aScaleStaysPositive() {
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            FakeQuantize block = new FakeQuantize(LearnedStep.affine(new CodeRange(0, 255), 0.1f, 3, 10));
            block.initialize(manager, DataType.FLOAT32, new Shape(4));
            block.getParameters().get("scale").getArray().set(new float[] {-1});
            block.getParameters().get("zeroPoint").getArray().set(new float[] {300});
            assertEquals(Float.MIN_NORMAL, block.step().scale(0));
            assertEquals(255, block.step().zeroPoint(0));
            NDList y = block.forward(
                    new ParameterStore(manager, false), new NDList(manager.create(new float[] {1, -1, 0, 2})), true);
            float low = -255 * Float.MIN_NORMAL;
            assertArrayEquals(new float[] {0, low, 0, 0}, y.singletonOrThrow().toFloatArray());
        }
    }

    @Test
    void otherTypesAreRefused() {
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            FakeQuantize block = new FakeQuantize(perTensor());
            block.initialize(manager, DataType.FLOAT32, new Shape(2));
            NDList doubles = new NDList(manager.create(new double[] {1, 2}));
            ParameterStore store = new ParameterStore(manager, false);
            Exception refusal = assertThrows(IllegalArgumentException.class, () -> block.forward(store, doubles, true));
            assertEquals("values to quantize must be float32, were float64", refusal.getMessage());
        }
    }
}
