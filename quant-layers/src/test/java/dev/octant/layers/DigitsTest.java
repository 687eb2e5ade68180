// SPDX-License-Identifier: Apache-2.0
package dev.octant.layers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.core.CodeRange;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantType;
import dev.octant.core.QuantizedTensor;
import dev.octant.core.TensorQuantizer;
import dev.octant.layers.train.ActivationGradient;
import dev.octant.layers.train.FakeQuantizer;
import dev.octant.layers.train.LearnedStep;
import dev.octant.layers.train.QuantizerStage;
import dev.octant.layers.train.StepStart;
import dev.octant.layers.train.StraightThrough;
import dev.octant.ops.Activation;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * An example: two layers for digits of 8 x 8 pixels, trained as floats, quantized to 4-bit weights, fine-tuned with
 * steps that learn, and served as int8. The loop is plain arrays; Octant gives forward functions and their gradients.
 */
class DigitsTest {
    private static final int PIXELS = 64;
    private static final int HIDDEN = 24;
    private static final int DIGITS = 10;
    private static final int TRAINED = 300;
    private static final int BATCH = 20;
    private static final int SEEDS = 5;
    private static final ActivationGradient SILU = ActivationGradient.of(Activation.SILU);

    /** Pixels are 0..16 sixteenths: exact on this grid. */
    private static final FakeQuantizer IMAGE = FakeQuantizer.of(QuantParams.of(QuantType.UINT8, 1 / 16f, 0));

    private final List<GoldenTable.Row> rows = GoldenTable.rows("digits.csv.gz");
    private final int[] labels =
            rows.stream().mapToInt(row -> row.whole("label")).toArray();
    private final float[] images = images();

    private float[] images() {
        float[] pixels = new float[rows.size() * PIXELS];
        for (int r = 0; r < rows.size(); r++) {
            int[] values = rows.get(r).wholes("pixels");
            for (int p = 0; p < PIXELS; p++) {
                pixels[r * PIXELS + p] = values[p] / 16f;
            }
        }
        return pixels;
    }

    /** Weights, biases and, once there are some, the steps of both layers' weights and of the hidden values. */
    private final class Network {
        private final float[] w1 = new float[HIDDEN * PIXELS];
        private final float[] b1 = new float[HIDDEN];
        private final float[] w2 = new float[DIGITS * HIDDEN];
        private final float[] b2 = new float[DIGITS];
        private LearnedStep step1;
        private LearnedStep step2;
        private LearnedStep hiddenStep;

        private Network(Random random) {
            for (int i = 0; i < w1.length; i++) {
                w1[i] = (float) random.nextGaussian() * 0.2f;
            }
            for (int i = 0; i < w2.length; i++) {
                w2[i] = (float) random.nextGaussian() * 0.3f;
            }
        }

        /** Steps by the largest weight of each row, and of what the training images give behind the first layer. */
        private void quantize(int bits) {
            CodeRange codes = new CodeRange(-(1 << (bits - 1)), (1 << (bits - 1)) - 1);
            float[] hidden = new float[TRAINED * HIDDEN];
            hidden(range(0, TRAINED), new float[hidden.length], hidden);
            step1 = LearnedStep.ofRows(w1, HIDDEN, codes, StepStart.LARGEST);
            step2 = LearnedStep.ofRows(w2, DIGITS, codes, StepStart.LARGEST);
            float most = 0;
            for (float value : hidden) {
                most = Math.max(most, value);
            }
            hiddenStep =
                    LearnedStep.affine(new CodeRange(0, 255), (most + 0.3f) / 255, 255 * 0.3f / (most + 0.3f), HIDDEN);
        }

        private FakeQuantLinear layer1() {
            return FakeQuantLinear.of(PIXELS, HIDDEN, IMAGE, quantizer(step1));
        }

        private FakeQuantLinear layer2() {
            return FakeQuantLinear.of(HIDDEN, DIGITS, quantizer(hiddenStep), quantizer(step2));
        }

        private StraightThrough quantizer(LearnedStep step) {
            return step == null ? new QuantizerStage.Pass() : step.quantizer();
        }

        private void hidden(int[] batch, float[] sums, float[] hidden) {
            layer1().forward(pixels(batch), w1, b1, sums);
            for (int i = 0; i < sums.length; i++) {
                hidden[i] = (float) Activation.SILU.value(sums[i]);
            }
        }

        private float[] logits(int[] batch) {
            float[] hidden = new float[batch.length * HIDDEN];
            float[] logits = new float[batch.length * DIGITS];
            hidden(batch, new float[hidden.length], hidden);
            layer2().forward(hidden, w2, b2, logits);
            return logits;
        }

        /** One step of gradient descent on the cross entropy of a batch. */
        private void train(int[] batch, float rate) {
            float[] x = pixels(batch);
            float[] sums = new float[batch.length * HIDDEN];
            float[] hidden = new float[sums.length];
            float[] logits = new float[batch.length * DIGITS];
            hidden(batch, sums, hidden);
            FakeQuantLinear layer2 = layer2();
            layer2.forward(hidden, w2, b2, logits);
            float[] dy = crossEntropyGradient(logits, batch);
            LayerGradients g2 = layer2.gradients(batch.length);
            layer2.backward(hidden, w2, dy, g2);
            SILU.backward(sums, 0, g2.dx(), 0, g2.dx(), 0, sums.length);
            FakeQuantLinear layer1 = layer1();
            LayerGradients g1 = layer1.gradients(batch.length);
            layer1.backward(x, w1, g2.dx(), g1);
            descend(w1, g1.dw(), rate);
            descend(b1, g1.db(), rate);
            descend(w2, g2.dw(), rate);
            descend(b2, g2.db(), rate);
            if (step1 != null) {
                step1 = step1.minus(g1.weights().orElseThrow(), rate);
                step2 = step2.minus(g2.weights().orElseThrow(), rate);
                hiddenStep = hiddenStep.minus(g2.input().orElseThrow(), rate);
            }
        }

        private void trainFloats() {
            for (int epoch = 0; epoch < 40; epoch++) {
                for (int first = 0; first < TRAINED; first += BATCH) {
                    train(range(first, BATCH), 0.5f);
                }
            }
        }

        /** From the steps of least squares; the images in a new order every epoch, at a rate that falls to 0. */
        private void fineTune(Random random) {
            step1 = LearnedStep.ofRows(w1, HIDDEN, step1.codes(), StepStart.LEAST_SQUARES);
            step2 = LearnedStep.ofRows(w2, DIGITS, step2.codes(), StepStart.LEAST_SQUARES);
            List<Integer> order = IntStream.range(0, TRAINED).boxed().collect(Collectors.toList());
            int epochs = 30;
            for (int epoch = 0; epoch < epochs; epoch++) {
                Collections.shuffle(order, random);
                for (int first = 0; first < TRAINED; first += BATCH) {
                    int[] batch = order.subList(first, first + BATCH).stream()
                            .mapToInt(Integer::intValue)
                            .toArray();
                    train(batch, 0.2f * (epochs - epoch) / epochs);
                }
            }
        }

        /** Of the images that were not trained with, those whose largest logit is the label's. */
        private int right() {
            float[] logits = logits(tested());
            int right = 0;
            for (int i = 0; i < labels.length - TRAINED; i++) {
                int best = 0;
                for (int d = 1; d < DIGITS; d++) {
                    best = logits[i * DIGITS + d] > logits[i * DIGITS + best] ? d : best;
                }
                right += best == labels[TRAINED + i] ? 1 : 0;
            }
            return right;
        }
    }

    private static int[] range(int first, int count) {
        return IntStream.range(first, first + count).toArray();
    }

    private int[] tested() {
        return range(TRAINED, labels.length - TRAINED);
    }

    private float[] pixels(int[] batch) {
        float[] x = new float[batch.length * PIXELS];
        for (int i = 0; i < batch.length; i++) {
            System.arraycopy(images, batch[i] * PIXELS, x, i * PIXELS, PIXELS);
        }
        return x;
    }

    private float[] crossEntropyGradient(float[] logits, int[] batch) {
        float[] dy = new float[logits.length];
        for (int i = 0; i < batch.length; i++) {
            double largest = Double.NEGATIVE_INFINITY;
            for (int d = 0; d < DIGITS; d++) {
                largest = Math.max(largest, logits[i * DIGITS + d]);
            }
            double sum = 0;
            for (int d = 0; d < DIGITS; d++) {
                sum += Math.exp(logits[i * DIGITS + d] - largest);
            }
            for (int d = 0; d < DIGITS; d++) {
                double p = Math.exp(logits[i * DIGITS + d] - largest) / sum;
                dy[i * DIGITS + d] = (float) ((p - (labels[batch[i]] == d ? 1 : 0)) / batch.length);
            }
        }
        return dy;
    }

    private static void descend(float[] values, float[] gradients, float rate) {
        for (int i = 0; i < values.length; i++) {
            values[i] -= rate * gradients[i];
        }
    }

    /**
     * Every seed keeps at least what quantization after training reaches, of 1,497 images that were not trained with:
     * with a few hundred the noise of the comparison, the root of the images that one of both gets right, is as large
     * as what fine-tuning wins.
     */
    @Test
    void fineTuningPays() {
        StringBuilder report = new StringBuilder();
        boolean neverBelow = true;
        int won = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            Network network = new Network(new Random(seed));
            network.trainFloats();
            int floats = network.right();
            network.quantize(4);
            int before = network.right();
            network.fineTune(new Random(seed));
            int after = network.right();
            report.append(String.format(
                    Locale.ROOT,
                    "seed %s: floats %s, after training %s, fine-tuned %s%n",
                    seed,
                    floats,
                    before,
                    after));
            neverBelow &= after >= before;
            won += after - before;
            served(network);
        }
        assertTrue(neverBelow, report.toString());
        assertTrue(won > 0, report.toString());
    }

    /**
     * Both layers frozen: the codes are those of the layers that trained, but where a tie is as near as {@link
     * FrozenBound} states. A hidden value at a tie may be one step off, which moves the logits by that step times its
     * weights.
     */
    private void served(Network network) {
        int[] batch = tested();
        float[] x = pixels(batch);
        QuantParams hidden = network.hiddenStep.freeze().params();
        QuantParams logits = QuantParams.of(QuantType.INT8, 0.25f, 0);
        QuantizedWeights w1 = QuantizedWeights.freeze(network.step1, network.w1, HIDDEN);
        QuantizedWeights w2 = QuantizedWeights.freeze(network.step2, network.w2, DIGITS);
        QuantParams image = IMAGE.params(0);
        QuantizedLinear layer1 = QuantizedLinear.of(
                image,
                w1,
                SumsToCodes.of(image, w1, network.b1, Activation.SILU, hidden, Between.EXACT),
                MatrixProduct.java());
        QuantizedLinear layer2 = QuantizedLinear.of(
                hidden,
                w2,
                SumsToCodes.of(hidden, w2, network.b2, Activation.IDENTITY, logits, Between.EXACT),
                MatrixProduct.java());
        QuantizedTensor y = layer2.apply(layer1.apply(TensorQuantizer.of(image).quantize(x)));
        float[] trained = network.logits(batch);
        assertEquals(trained.length, y.length());
        float[] sums = new float[batch.length * HIDDEN];
        float[] values = new float[sums.length];
        network.hidden(batch, sums, values);
        float[] quantized = new float[sums.length];
        network.hiddenStep.quantizer().forward(values, 0, quantized, 0, values.length);
        float[] v1 = w1.values();
        float[] v2 = w2.values();
        int decided = 0;
        for (int i = 0; i < trained.length; i++) {
            int row = i / DIGITS;
            int digit = i % DIGITS;
            double apart = FrozenBound.between(quantized, row, v2, digit, HIDDEN, network.b2[digit]);
            for (int h = 0; h < HIDDEN; h++) {
                double value = Activation.SILU.value(sums[row * HIDDEN + h]);
                // No slope of SiLU is above 1.1; the trained value is a float.
                double ofHidden = 1.1 * FrozenBound.between(x, row, v1, h, PIXELS, network.b1[h])
                        + FrozenBound.UNIT * Math.abs(value);
                int steps = FrozenBound.codes(value, ofHidden, hidden);
                apart += steps * hidden.scale() * Math.abs(v2[digit * HIDDEN + h]);
            }
            int most = FrozenBound.codes(trained[i], apart, logits);
            decided += most == 0 ? 1 : 0;
            int off = Math.abs(logits.quantize(trained[i]) - y.code(i));
            assertTrue(off <= most, "at " + i + " off by " + off);
        }
        assertTrue(decided > trained.length / 2, decided + " of " + trained.length);
    }
}
