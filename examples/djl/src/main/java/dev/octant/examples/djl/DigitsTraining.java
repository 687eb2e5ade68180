// SPDX-License-Identifier: Apache-2.0
package dev.octant.examples.djl;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import ai.djl.training.Trainer;
import ai.djl.training.initializer.Initializer;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import dev.octant.core.CodeRange;
import dev.octant.layers.train.LearnedStep;
import dev.octant.layers.train.StepStart;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * An example: two layers for digits of 8 x 8 pixels, trained by DJL as floats, quantized to 4-bit weights, and
 * fine-tuned by DJL with steps that learn. Forward, gradients and updates are DJL's; quantization is Octant's.
 *
 * <p>The recipe is that of Octant's own loop: 300 images in batches of 20, 40 epochs of floats at the rate 0.5, then 30
 * with steps at a rate that falls from 0.2 to 0.
 */
public final class DigitsTraining {
    static final int SEEDS = 5;
    private static final int HIDDEN = 24;
    private static final int TRAINED = 300;
    private static final int BATCH = 20;
    private static final int FLOAT_EPOCHS = 40;
    private static final int FINE_EPOCHS = 30;
    private static final CodeRange INT4 = new CodeRange(-8, 7);

    /** SiLU is never below this. */
    private static final float LEAST_HIDDEN = -0.3f;

    /** Images that were not trained with and are told right: by the floats, after quantization, and fine-tuned. */
    record Right(int floats, int afterTraining, int fineTuned) {}

    private final Digits digits;
    private final int[] tested;

    DigitsTraining(Digits digits) {
        this.digits = digits;
        tested = IntStream.range(TRAINED, digits.count()).toArray();
    }

    /** Prints a row for each seed. */
    public static void main(String[] args) {
        DigitsTraining training = new DigitsTraining(Digits.read());
        System.out.println("| seed | floats | after training | fine-tuned |");
        System.out.println("| --- | --- | --- | --- |");
        for (int seed = 0; seed < SEEDS; seed++) {
            Right right = training.run(seed);
            System.out.println("| " + seed + " | " + right.floats() + " | " + right.afterTraining() + " | "
                    + right.fineTuned() + " |");
        }
    }

    /** Trains a network as floats, and two quantized ones from it: one as it is, one fine-tuned. */
    Right run(int seed) {
        Random random = new Random(seed);
        Linear first = linear(HIDDEN, 0.2f, random);
        Linear second = linear(Digits.CLASSES, 0.3f, random);
        SequentialBlock floats =
                new SequentialBlock().add(first).add(DigitsTraining::silu).add(second);
        try (Model model = model(floats)) {
            int[] inOrder = IntStream.range(0, TRAINED).toArray();
            train(model, FLOAT_EPOCHS, Tracker.fixed(0.5f), epoch -> inOrder);
            LearnedStep hidden = hiddenStep(model, first);
            int floatsRight = right(model);
            int quantized;
            try (Model after = model(quantized(first, second, hidden, StepStart.LARGEST))) {
                initialize(after);
                quantized = right(after);
            }
            try (Model tuned = model(quantized(first, second, hidden, StepStart.LEAST_SQUARES))) {
                List<Integer> order = IntStream.range(0, TRAINED).boxed().collect(Collectors.toList());
                Random shuffle = new Random(seed);
                train(tuned, FINE_EPOCHS, DigitsTraining::falling, epoch -> {
                    Collections.shuffle(order, shuffle);
                    return order.stream().mapToInt(Integer::intValue).toArray();
                });
                return new Right(floatsRight, quantized, right(tuned));
            }
        }
    }

    private static Linear linear(int outputs, float deviation, Random random) {
        Linear linear = Linear.builder().setUnits(outputs).build();
        Initializer gaussian = (manager, shape, type) -> {
            float[] values = new float[(int) shape.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) random.nextGaussian() * deviation;
            }
            return manager.create(values, shape);
        };
        linear.setInitializer(gaussian, Parameter.Type.WEIGHT);
        return linear;
    }

    /** Pixels are sixteenths, exact on an 8-bit grid: nothing is quantized in front of the first layer. */
    private static SequentialBlock quantized(Linear first, Linear second, LearnedStep hidden, StepStart start) {
        return new SequentialBlock()
                .add(new FakeQuantizedLinear(first, rows(first, start)))
                .add(DigitsTraining::silu)
                .add(new FakeQuantize(hidden))
                .add(new FakeQuantizedLinear(second, rows(second, start)));
    }

    /**
     * DJL's own swish multiplies by a number of Java's, which its engine goes on reading on the way back, after it was
     * given free.
     */
    private static NDList silu(NDList sums) {
        NDArray x = sums.singletonOrThrow();
        return new NDList(x.mul(Activation.sigmoid(x)));
    }

    private static LearnedStep rows(Linear linear, StepStart start) {
        NDArray weights = linear.getParameters().get("weight").getArray();
        return LearnedStep.ofRows(
                weights.toFloatArray(), (int) weights.getShape().get(0), INT4, start);
    }

    private static Model model(Block block) {
        Model model = Model.newInstance("digits", "PyTorch");
        model.setBlock(block);
        return model;
    }

    private static void initialize(Model model) {
        model.getBlock().initialize(model.getNDManager(), model.getDataType(), new Shape(BATCH, Digits.PIXELS));
    }

    /** A rate for each update: the same within an epoch, and falling to 0. */
    private static float falling(int update) {
        int epoch = update / (TRAINED / BATCH);
        return 0.2f * (FINE_EPOCHS - epoch) / FINE_EPOCHS;
    }

    /** The images of an epoch, in their order. */
    private interface Order {
        int[] of(int epoch);
    }

    private void train(Model model, int epochs, Tracker rate, Order order) {
        DefaultTrainingConfig config = new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
                .optOptimizer(Optimizer.sgd().setLearningRateTracker(rate).build());
        try (Trainer trainer = model.newTrainer(config)) {
            trainer.initialize(new Shape(BATCH, Digits.PIXELS));
            for (int epoch = 0; epoch < epochs; epoch++) {
                int[] images = order.of(epoch);
                for (int from = 0; from < TRAINED; from += BATCH) {
                    int begin = from;
                    step(
                            trainer,
                            IntStream.range(0, BATCH)
                                    .map(i -> images[begin + i])
                                    .toArray());
                }
            }
        }
    }

    /** One step of gradient descent; all its arrays are closed behind it. */
    private void step(Trainer trainer, int[] batch) {
        try (NDManager manager = trainer.getManager().newSubManager()) {
            NDArray x = manager.create(digits.images(batch), new Shape(batch.length, Digits.PIXELS));
            NDArray labels = manager.create(digits.labels(batch), new Shape(batch.length, 1));
            try (GradientCollector collector = trainer.newGradientCollector()) {
                NDList logits = trainer.forward(new NDList(x));
                collector.backward(trainer.getLoss().evaluate(new NDList(labels), logits));
            }
            trainer.step();
        }
    }

    /** From the range that the training images give behind the first layer; the zero point learns too. */
    private LearnedStep hiddenStep(Model model, Linear first) {
        try (NDManager manager = model.getNDManager().newSubManager()) {
            int[] trained = IntStream.range(0, TRAINED).toArray();
            NDArray x = manager.create(digits.images(trained), new Shape(TRAINED, Digits.PIXELS));
            NDList sums = first.forward(new ParameterStore(manager, false), new NDList(x), false);
            float most = silu(sums).singletonOrThrow().max().toFloatArray()[0];
            float scale = (most - LEAST_HIDDEN) / 255;
            return LearnedStep.affine(new CodeRange(0, 255), scale, -LEAST_HIDDEN / scale, HIDDEN);
        }
    }

    private int right(Model model) {
        try (NDManager manager = model.getNDManager().newSubManager()) {
            NDArray x = manager.create(digits.images(tested), new Shape(tested.length, Digits.PIXELS));
            NDList logits = model.getBlock().forward(new ParameterStore(manager, false), new NDList(x), false);
            long[] told = logits.singletonOrThrow().argMax(1).toLongArray();
            int right = 0;
            for (int i = 0; i < tested.length; i++) {
                right += told[i] == digits.label(tested[i]) ? 1 : 0;
            }
            return right;
        }
    }
}
