// SPDX-License-Identifier: Apache-2.0
package dev.octant.layers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.core.ChannelLayout;
import dev.octant.core.ChannelQuantizer;
import dev.octant.core.CodeRange;
import dev.octant.core.Profile;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantType;
import dev.octant.layers.train.AmaxGrid;
import dev.octant.layers.train.AmaxObserver;
import dev.octant.layers.train.AmaxQuantizer;
import dev.octant.layers.train.ClipGradient;
import dev.octant.layers.train.ClippedQuantizer;
import dev.octant.layers.train.DynamicAmax;
import dev.octant.layers.train.FakeQuantizer;
import dev.octant.layers.train.KeptAxes;
import dev.octant.layers.train.LearnedClip;
import dev.octant.layers.train.LearnedStep;
import dev.octant.layers.train.QuantizerStage.Calibrate;
import dev.octant.layers.train.QuantizerStage.Fake;
import dev.octant.layers.train.QuantizerStage.Frozen;
import dev.octant.layers.train.QuantizerStage.Pass;
import dev.octant.layers.train.StepGradient;
import dev.octant.layers.train.StepStart;
import dev.octant.layers.train.StraightThrough;
import dev.octant.observers.HistogramObserver;
import dev.octant.observers.MinMaxObserver;
import dev.octant.observers.MovingAverageObserver;
import dev.octant.observers.Observer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Quantizers and stages where layers have them: what learns, who observes, what is refused and leaves no trace. */
class QuantizerPlaceTest {
    private static final CodeRange INT4 = new CodeRange(-8, 7);
    private static final FakeQuantizer STEP = FakeQuantizer.of(INT4, 0.25f, 0, Profile.ONNX);
    private static final int INPUTS = 4;
    private static final int OUTPUTS = 3;
    private static final int ROWS = 5;

    private final Random random = new Random(31);
    private final float[] x = normal(ROWS * INPUTS);
    private final float[] w = normal(OUTPUTS * INPUTS);
    private final float[] bias = normal(OUTPUTS);
    private final float[] dy = normal(ROWS * OUTPUTS);

    private float[] normal(int length) {
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = (float) random.nextGaussian() * 2;
        }
        return values;
    }

    /** Linear layers and convolutions of one place, which are the same. */
    private record Layer(FakeQuantLinear linear, FakeQuantConv2d convolution) {
        static List<Layer> of(StraightThrough input, StraightThrough weights) {
            return List.of(
                    new Layer(FakeQuantLinear.of(INPUTS, OUTPUTS, input, weights), null),
                    new Layer(null, FakeQuantConv2d.of(Conv2dShape.of(INPUTS, 1, 1, OUTPUTS, 1, 1), input, weights)));
        }

        LayerGradients gradients() {
            return linear == null ? convolution.gradients(ROWS) : linear.gradients(ROWS);
        }

        void forward(float[] x, float[] w, float[] bias, float[] y) {
            if (linear == null) {
                convolution.forward(x, w, bias, y);
            } else {
                linear.forward(x, w, bias, y);
            }
        }

        void backward(float[] x, float[] w, float[] dy, LayerGradients gradients) {
            if (linear == null) {
                convolution.backward(x, w, dy, gradients);
            } else {
                linear.backward(x, w, dy, gradients);
            }
        }
    }

    private LayerGradients trained(Layer layer) {
        LayerGradients gradients = layer.gradients();
        layer.backward(x, w, dy, gradients);
        return gradients;
    }

    private static Stream<Function<StraightThrough, StraightThrough>> stages() {
        return Stream.of(
                Fake::new,
                quantizer -> new Calibrate(new AmaxObserver(KeptAxes.NONE), new Fake(quantizer)),
                quantizer -> new Fake(new Fake(quantizer)),
                quantizer -> new Fake(new Calibrate(
                        new AmaxObserver(KeptAxes.NONE),
                        new Calibrate(new AmaxObserver(KeptAxes.NONE), new Fake(quantizer)))));
    }

    @Test
    void stepsLearnInEveryStage() {
        LayerGradients bare = trained(Layer.of(STEP, STEP).get(0));
        assertTrue(bare.weights().orElseThrow().scale(0) != 0);
        assertTrue(bare.inputClip().isEmpty());
        stages().forEach(stage -> {
            for (Layer layer : Layer.of(stage.apply(STEP), stage.apply(STEP))) {
                LayerGradients staged = trained(layer);
                assertEquals(
                        bare.input().orElseThrow().scale(0),
                        staged.input().orElseThrow().scale(0));
                assertEquals(
                        bare.weights().orElseThrow().scale(0),
                        staged.weights().orElseThrow().scale(0));
                assertArrayEquals(bare.dx(), staged.dx());
                assertArrayEquals(bare.dw(), staged.dw());
                assertArrayEquals(bare.db(), staged.db());
            }
        });
    }

    /** Bounds, alone and before a quantizer, beside the same carried out by hand. */
    @Test
    void boundsLearnInEveryStage() {
        LearnedClip clip = LearnedClip.of(-1.5f, 1);
        LearnedClip pact = LearnedClip.pact(1.25f);
        List<StraightThrough> quantizers = List.of(
                clip,
                pact,
                clip.then(AmaxQuantizer.of(AmaxGrid.INT8, clip)),
                pact.then(FakeQuantizer.of(new CodeRange(0, 15), pact.high() / 15, 0, Profile.ONNX)),
                clip.then(STEP));
        for (StraightThrough quantizer : quantizers) {
            LayerGradients plain = plain(quantizer);
            stages().forEach(stage -> {
                for (Layer layer : Layer.of(new Pass(), stage.apply(quantizer))) {
                    LayerGradients staged = trained(layer);
                    ClipGradient bounds = staged.weightsClip().orElseThrow();
                    assertEquals(plain.weightsClip().orElseThrow().low(), bounds.low());
                    assertEquals(plain.weightsClip().orElseThrow().high(), bounds.high());
                    assertArrayEquals(plain.dw(), staged.dw());
                    assertEquals(
                            plain.weights().map(step -> step.scale(0)),
                            staged.weights().map(step -> step.scale(0)));
                }
            });
            LayerGradients ofInput =
                    trained(Layer.of(new Fake(quantizer), new Pass()).get(0));
            assertTrue(ofInput.inputClip().isPresent());
            assertTrue(ofInput.weightsClip().isEmpty());
        }
    }

    private LayerGradients plain(StraightThrough quantizer) {
        // The weights' own gradients, then through quantizer and clip one after the other.
        float[] dw = trained(Layer.of(new Pass(), new Pass()).get(0)).dw().clone();
        LearnedClip clip = quantizer instanceof LearnedClip alone ? alone : ((ClippedQuantizer) quantizer).clip();
        LayerGradients expected =
                FakeQuantLinear.of(INPUTS, OUTPUTS, new Pass(), quantizer).gradients(ROWS);
        if (quantizer instanceof ClippedQuantizer clipped) {
            float[] inside = w.clone();
            clip.forward(inside, 0, inside, 0, inside.length);
            if (clipped.quantizer() instanceof FakeQuantizer fake) {
                StepGradient step = expected.weights().orElseThrow();
                fake.backward(inside, 0, dw, 0, dw, 0, dw.length, step);
            } else {
                clipped.quantizer().backward(inside, 0, dw, 0, dw, 0, dw.length);
            }
        }
        ClipGradient bounds = expected.weightsClip().orElseThrow();
        clip.backward(w, 0, dw, 0, dw, 0, dw.length, bounds);
        System.arraycopy(dw, 0, expected.dw(), 0, dw.length);
        return expected;
    }

    /** PACT in a layer: the bound falls from 6 to where 4-bit codes serve data of size 1. */
    @Test
    void aLayerTrainsItsBound() {
        LearnedClip clip = LearnedClip.pact(6);
        float[] identity = new float[INPUTS * INPUTS];
        for (int i = 0; i < INPUTS; i++) {
            identity[i * INPUTS + i] = 1;
        }
        float[] values = new float[400 * INPUTS];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextFloat();
        }
        float[] y = new float[values.length];
        float[] upstream = new float[values.length];
        double first = 0;
        double last = 0;
        for (int round = 0; round < 200; round++) {
            FakeQuantizer grid = FakeQuantizer.of(new CodeRange(0, 15), clip.high() / 15, 0, Profile.ONNX);
            FakeQuantLinear layer = FakeQuantLinear.of(INPUTS, INPUTS, new Fake(clip.then(grid)), new Pass());
            layer.forward(values, identity, new float[INPUTS], y);
            last = 0;
            for (int i = 0; i < y.length; i++) {
                upstream[i] = 2 * (y[i] - values[i]) / y.length;
                last += (double) (y[i] - values[i]) * (y[i] - values[i]);
            }
            first = round == 0 ? last : first;
            LayerGradients gradients = layer.gradients(400);
            layer.backward(values, identity, upstream, gradients);
            clip = clip.minus(gradients.inputClip().orElseThrow(), 0.5, 0.03);
        }
        assertTrue(last < first / 8, first + " to " + last);
        assertTrue(clip.high() < 1.2 && clip.high() > 0.5, clip.toString());
    }

    /** Counts what it is shown. */
    private static final class Counter implements Observer {
        private long values;

        @Override
        public void observe(float[] batch, int offset, int length) {
            values += length;
        }
    }

    @Test
    void observersSeeEveryBatchOnce() {
        Counter ofInput = new Counter();
        Counter ofWeights = new Counter();
        Counter outer = new Counter();
        for (Layer layer : Layer.of(
                new Calibrate(outer, new Calibrate(ofInput, new Fake(STEP))), new Fake(new Calibrate(ofWeights)))) {
            ofInput.values = 0;
            ofWeights.values = 0;
            layer.forward(x, w, bias, new float[dy.length]);
            assertEquals(x.length, ofInput.values);
            assertEquals(w.length, ofWeights.values);
            trained(layer);
            trained(layer);
            assertEquals(x.length, ofInput.values);
            assertEquals(w.length, ofWeights.values);
        }
        assertEquals(2L * x.length, outer.values);
    }

    @Test
    void whatIsRefusedIsNotObserved() {
        Counter counter = new Counter();
        Calibrate stage = new Calibrate(
                counter,
                new Fake(
                        FakeQuantizer.of(new ChannelLayout(2, 2), INT4, new float[] {1, 1}, new int[2], Profile.ONNX)));
        float[] y = {42, 42, 42};
        refusal(() -> stage.forward(new float[3], 0, y, 0, 3));
        assertEquals(0, counter.values);
        assertArrayEquals(new float[] {42, 42, 42}, y);
        for (Layer layer : Layer.of(new Calibrate(counter), new Fake(new Refusing(true)))) {
            refusal(() -> layer.forward(x, w, bias, new float[dy.length]));
            float[] nan = w.clone();
            nan[5] = Float.NaN;
            refusal(() -> layer.forward(x, nan, bias, new float[dy.length]));
            refusal(() -> layer.forward(x, w, new float[1], new float[dy.length]));
            assertEquals(0, counter.values);
        }
        Calibrate strict = new Calibrate((values, offset, length) -> {
            throw new IllegalArgumentException("batch must be another one");
        });
        refusal(() -> strict.forward(new float[3], 0, y, 0, 3));
        assertArrayEquals(new float[] {42, 42, 42}, y);
        // In place, the observer still sees the inputs.
        AmaxObserver largest = new AmaxObserver(KeptAxes.NONE);
        float[] values = {3, -9};
        new Calibrate(largest, new Fake(STEP)).forward(values, 0, values, 0, 2);
        assertArrayEquals(new float[] {1.75f, -2}, values);
        assertEquals(9, largest.amax()[0]);
    }

    /** What one observer refuses, no other keeps: at the inputs, at the weights and within one stage. */
    @Test
    void whatOneObserverRefusesNoneKeeps() {
        Observer own = (values, offset, length) -> {
            throw new IllegalArgumentException("batch must be another one");
        };
        for (Observer refusing : List.of(new AmaxObserver(KeptAxes.of(new int[] {7, 3}, 0)), own)) {
            for (int place = 0; place < 5; place++) {
                AmaxObserver largest = new AmaxObserver(KeptAxes.NONE);
                MinMaxObserver ends = new MinMaxObserver();
                HistogramObserver histogram = new HistogramObserver();
                MovingAverageObserver average = new MovingAverageObserver(0.5f);
                Observer[] others = {largest, ends, histogram, average};
                Observer[] all = new Observer[5];
                for (int i = 0; i < 5; i++) {
                    all[i] = i == place ? refusing : others[i < place ? i : i - 1];
                }
                StraightThrough input = new Calibrate(all[0], new Calibrate(all[1], new Fake(new Calibrate(all[2]))));
                StraightThrough weights = new Fake(new Calibrate(all[3], new Calibrate(all[4], new Fake(STEP))));
                float[] y = new float[dy.length];
                for (Layer layer : Layer.of(input, weights)) {
                    refusal(() -> layer.forward(x, w, bias, y));
                }
                float[] single = new float[x.length];
                if (place < 3) {
                    refusal(() -> input.forward(x, 0, single, 0, x.length));
                } else {
                    refusal(() -> weights.forward(x, 0, single, 0, x.length));
                }
                assertArrayEquals(new float[dy.length], y);
                assertArrayEquals(new float[x.length], single);
                assertEquals(0, largest.amax()[0]);
                assertEquals(0, ends.summary().finite());
                assertEquals(0, histogram.summary().counts().finite());
                assertThrows(IllegalStateException.class, average::range);
            }
        }
    }

    /** A quantizer of a caller's own that refuses, forward or backward. */
    private record Refusing(boolean forward) implements StraightThrough {
        @Override
        public void forward(float[] x, int xOffset, float[] y, int yOffset, int length) {
            if (forward) {
                throw new IllegalArgumentException("values must be others");
            }
            System.arraycopy(x, xOffset, y, yOffset, length);
        }

        @Override
        public void backward(float[] x, int xOffset, float[] dy, int dyOffset, float[] dx, int dxOffset, int length) {
            throw new IllegalArgumentException("values must be others");
        }
    }

    /** What is refused is not told in the words of what would be taken. */
    @Test
    void sentencesTellWhatIsOther() {
        Pass pass = new Pass();
        LayerGradients ofThree = FakeQuantLinear.of(2, 3, pass, pass).gradients(3);
        String expected = "gradients must be of 6 inputs, 6 weights and 2 outputs, were of 6, 6 and 3";
        FakeQuantLinear linear = FakeQuantLinear.of(3, 2, pass, pass);
        assertEquals(expected, refusal(() -> linear.backward(new float[6], new float[6], new float[4], ofThree)));
        FakeQuantConv2d convolution = FakeQuantConv2d.of(Conv2dShape.of(3, 1, 1, 2, 1, 1), pass, pass);
        assertEquals(expected, refusal(() -> convolution.backward(new float[6], new float[6], new float[4], ofThree)));

        KeptAxes columns = KeptAxes.of(new int[] {2, 3}, 1);
        AmaxQuantizer amax = AmaxQuantizer.of(AmaxGrid.INT8, columns, 1, 2, 3);
        assertEquals(
                "weight quantizer must have one magnitude or one for each of 2 rows of 3, had 3 of a tensor of 2 x 3"
                        + " along axis 1",
                refusal(() -> FakeQuantLinear.of(3, 2, pass, amax)));
    }

    /** Gradients of a layer with other steps or bounds, or with none, and quantizers that refuse. */
    @Test
    void refusedBackwardCallsLeaveNoTrace() {
        FakeQuantizer other = FakeQuantizer.of(INT4, 0.5f, 0, Profile.ONNX);
        LearnedClip clip = LearnedClip.of(-1, 1);
        List<StraightThrough> kinds = List.of(
                new Pass(),
                STEP,
                other,
                FakeQuantizer.of(INT4, 0.25f, 0, Profile.PYTORCH),
                clip,
                LearnedClip.of(-1, 2),
                clip.then(STEP),
                clip.then(other),
                clip.then(AmaxQuantizer.of(AmaxGrid.INT8, 1)));
        for (StraightThrough made : kinds) {
            for (StraightThrough used : kinds) {
                if (made == used || (made == clip && used == kinds.get(8)) || (made == kinds.get(8) && used == clip)) {
                    continue;
                }
                for (int side = 0; side < 2; side++) {
                    Layer layer = Layer.of(side == 0 ? made : STEP, side == 1 ? made : STEP)
                            .get(0);
                    for (Layer next : Layer.of(side == 0 ? used : STEP, side == 1 ? used : STEP)) {
                        LayerGradients gradients = trained(layer);
                        String message = refusedWithoutTrace(next, gradients);
                        assertTrue(
                                message.startsWith("gradients must be of the " + (side == 0 ? "input" : "weight")
                                        + " quantizer's "),
                                message);
                    }
                }
            }
        }
        for (Layer layer : Layer.of(STEP, new Refusing(false))) {
            assertEquals("values must be others", refusedWithoutTrace(layer, layer.gradients()));
        }
        for (Layer layer : Layer.of(new Refusing(false), clip.then(STEP))) {
            assertEquals("values must be others", refusedWithoutTrace(layer, layer.gradients()));
        }
        assertEquals(
                "gradients must be of the weight quantizer's step " + other + ", were of " + STEP,
                refusedWithoutTrace(
                        Layer.of(new Pass(), other).get(0),
                        Layer.of(new Pass(), STEP).get(0).gradients()));
        assertEquals(
                "gradients must be of the input quantizer's clip none, were of " + clip,
                refusedWithoutTrace(
                        Layer.of(new Pass(), STEP).get(0),
                        Layer.of(clip, STEP).get(0).gradients()));
    }

    /** A caller's own quantizer that refuses at last, wherever it stands and whatever learns beside it. */
    @Test
    void ownQuantizersThatRefuseLeaveWhatWasTrained() {
        LearnedClip clip = LearnedClip.of(-1, 1);
        List<UnaryOperator<StraightThrough>> places =
                List.of(own -> own, Fake::new, clip::then, own -> new Fake(clip.then(own)), own -> new Frozen(own));
        for (UnaryOperator<StraightThrough> place : places) {
            for (StraightThrough beside : List.of(new Pass(), STEP, clip, clip.then(STEP), clip.then(new Last()))) {
                for (boolean ofInput : new boolean[] {true, false}) {
                    Last own = new Last();
                    StraightThrough placed = place.apply(own);
                    for (Layer layer : Layer.of(ofInput ? placed : beside, ofInput ? beside : placed)) {
                        own.refuses = false;
                        LayerGradients gradients = trained(layer);
                        own.refuses = true;
                        float[] moved = normal(dy.length);
                        List<Object> before = content(gradients);
                        refusal(() -> layer.backward(x, w, moved, gradients));
                        assertEquals(before, content(gradients));
                    }
                }
            }
        }
    }

    /** A quantizer of a caller's own that passes all, until it refuses in mid-gradient. */
    private static final class Last implements StraightThrough {
        private boolean refuses;

        @Override
        public void forward(float[] x, int xOffset, float[] y, int yOffset, int length) {
            System.arraycopy(x, xOffset, y, yOffset, length);
        }

        @Override
        public void backward(float[] x, int xOffset, float[] dy, int dyOffset, float[] dx, int dxOffset, int length) {
            System.arraycopy(dy, dyOffset, dx, dxOffset, length);
            if (refuses) {
                dx[dxOffset] = 42;
                throw new IllegalArgumentException("values must be others");
            }
        }
    }

    private String refusedWithoutTrace(Layer layer, LayerGradients gradients) {
        List<Object> before = content(gradients);
        String message = refusal(() -> layer.backward(x, w, dy, gradients));
        assertEquals(before, content(gradients));
        return message;
    }

    private static List<Object> content(LayerGradients gradients) {
        return List.of(
                Arrays.toString(gradients.dx()),
                Arrays.toString(gradients.dw()),
                Arrays.toString(gradients.db()),
                gradients.input().map(StepGradient::elements),
                gradients.input().map(step -> step.scale(0)),
                gradients.weights().map(StepGradient::elements),
                gradients.weights().map(step -> step.scale(0)),
                bounds(gradients.inputClip()),
                bounds(gradients.weightsClip()));
    }

    private static List<Object> bounds(Optional<ClipGradient> clip) {
        return List.of(clip.map(ClipGradient::low), clip.map(ClipGradient::high), clip.map(ClipGradient::elements));
    }

    /** Arrays of the gradients themselves may be what goes in. */
    @Test
    void gradientsMayBeGivenAsWhatGoesIn() {
        float[] square = normal(INPUTS * INPUTS);
        FakeQuantLinear layer = FakeQuantLinear.of(INPUTS, INPUTS, STEP, STEP);
        float[] upstream = normal(ROWS * INPUTS);
        LayerGradients expected = layer.gradients(ROWS);
        layer.backward(x, square, upstream, expected);
        LayerGradients aliased = layer.gradients(ROWS);
        System.arraycopy(upstream, 0, aliased.dx(), 0, upstream.length);
        layer.backward(x, square, aliased.dx(), aliased);
        assertArrayEquals(expected.dx(), aliased.dx());
        assertArrayEquals(expected.dw(), aliased.dw());
        assertArrayEquals(expected.db(), aliased.db());
        System.arraycopy(x, 0, aliased.dx(), 0, x.length);
        System.arraycopy(square, 0, aliased.dw(), 0, square.length);
        layer.backward(aliased.dx(), aliased.dw(), upstream, aliased);
        assertEquals(content(expected), content(aliased));
    }

    /** What is frozen learns nothing, and lets the rest of the layer and what is before it learn. */
    @Test
    void theRestOfALayerTrainsBesideAFrozenPart() {
        LayerGradients both = trained(Layer.of(STEP, STEP).get(0));
        for (Layer layer : Layer.of(new Frozen(STEP), STEP)) {
            LayerGradients gradients = trained(layer);
            assertTrue(gradients.input().isEmpty());
            assertArrayEquals(both.dw(), gradients.dw());
            assertArrayEquals(both.dx(), gradients.dx());
            assertEquals(
                    both.weights().orElseThrow().scale(0),
                    gradients.weights().orElseThrow().scale(0));
        }
        for (Layer layer : Layer.of(STEP, new Frozen(STEP))) {
            LayerGradients gradients = trained(layer);
            assertTrue(gradients.weights().isEmpty());
            assertArrayEquals(both.dx(), gradients.dx());
        }
    }

    /** Scales of other rows than the weights', in every quantizer that has some. */
    @Test
    void scalesOfOtherRowsAreRefused() {
        float[] weights = normal(32);
        LearnedStep ofFour = LearnedStep.ofRows(weights, 4, INT4, StepStart.LARGEST);
        String expected = "weight quantizer must have one grid or one for each of 8 rows of 4, had"
                + " ChannelLayout[channels=4, inner=8]";
        assertEquals(expected, refusal(() -> FakeQuantLinear.of(4, 8, new Pass(), ofFour.quantizer())));
        stages().forEach(stage -> {
            StraightThrough staged = stage.apply(ofFour.quantizer());
            assertEquals(expected, refusal(() -> FakeQuantLinear.of(4, 8, new Pass(), staged)));
            Conv2dShape shape = Conv2dShape.of(2, 3, 3, 8, 1, 2);
            assertEquals(expected, refusal(() -> FakeQuantConv2d.of(shape, new Pass(), staged)));
        });
        FakeQuantLinear.of(8, 4, new Pass(), ofFour.quantizer());
        StraightThrough clipped = LearnedClip.of(-1, 1).then(ofFour.quantizer());
        assertEquals(expected, refusal(() -> FakeQuantLinear.of(4, 8, new Pass(), clipped)));
        assertEquals(expected, refusal(() -> FakeQuantLinear.of(4, 8, new Pass(), new Frozen(ofFour.quantizer()))));
        QuantParams params = QuantParams.of(QuantType.INT8, 1, 0);
        Frozen served = Frozen.of(ChannelQuantizer.uniform(new ChannelLayout(4, 8), params));
        assertEquals(expected, refusal(() -> FakeQuantLinear.of(4, 8, new Pass(), served)));
        FakeQuantizer columns =
                FakeQuantizer.of(new ChannelLayout(2, 1), INT4, new float[] {1, 2}, new int[2], Profile.ONNX);
        assertTrue(refusal(() -> FakeQuantLinear.of(2, 4, new Pass(), columns)).endsWith("inner=1]"));

        KeptAxes fourRows = KeptAxes.of(new int[] {4, 8}, 0);
        String magnitudes =
                "weight quantizer must have one magnitude or one for each of 8 rows of 4, had 4 of a tensor of 4 x 8"
                        + " along axis 0";
        AmaxQuantizer amax = AmaxQuantizer.of(AmaxGrid.INT8, fourRows, 1, 2, 3, 4);
        DynamicAmax dynamic = new DynamicAmax(AmaxGrid.INT8, fourRows, 1);
        for (StraightThrough wrong : List.of(amax, dynamic, new Frozen(amax), new Fake(dynamic))) {
            assertEquals(magnitudes, refusal(() -> FakeQuantLinear.of(4, 8, new Pass(), wrong)));
            FakeQuantLinear.of(8, 4, new Pass(), wrong);
        }
        KeptAxes eightColumns = KeptAxes.of(new int[] {8, 8}, 1);
        refusal(() -> FakeQuantLinear.of(8, 8, new Pass(), new DynamicAmax(AmaxGrid.INT8, eightColumns, 1)));
        Conv2dShape shape = Conv2dShape.of(2, 3, 3, 8, 1, 2);
        FakeQuantConv2d.of(
                shape, new Pass(), new DynamicAmax(AmaxGrid.INT8, KeptAxes.of(new int[] {8, 2, 1, 2}, 0), 1));

        assertEquals(
                "input quantizer must have one grid, or channels of inputs of 4, had"
                        + " ChannelLayout[channels=4, inner=8]",
                refusal(() -> FakeQuantLinear.of(4, 8, ofFour.quantizer(), new Pass())));
        FakeQuantLinear.of(2, 4, columns, new Pass());
    }

    /** Quantizers that would refuse every weight of the layer: tensors that are no part of it. */
    @Test
    void quantizersThatNoWeightsFitAreRefused() {
        QuantParams params = QuantParams.of(QuantType.INT8, 1, 0);
        ChannelLayout fours = new ChannelLayout(1, 4);
        StraightThrough one = FakeQuantizer.of(fours, INT4, new float[] {1}, new int[1], Profile.ONNX);
        String grid = "weight quantizer must have blocks that 2 rows of 3 are a whole number of, had " + fours;
        for (StraightThrough wrong : List.of(
                one,
                new Frozen(one),
                LearnedClip.of(-1, 1).then(one),
                Frozen.of(ChannelQuantizer.uniform(fours, params)))) {
            assertEquals(grid, refusal(() -> FakeQuantLinear.of(3, 2, new Pass(), wrong)));
            Conv2dShape shape = Conv2dShape.of(3, 2, 2, 2, 1, 1);
            assertEquals(grid, refusal(() -> FakeQuantConv2d.of(shape, new Pass(), wrong)));
            FakeQuantLinear.of(2, 2, new Pass(), wrong).forward(new float[2], new float[4], new float[2], new float[2]);
        }
        FakeQuantizer pair =
                FakeQuantizer.of(new ChannelLayout(2, 1), INT4, new float[] {1, 2}, new int[2], Profile.ONNX);
        assertEquals(
                "weight quantizer must have one grid or one for each of 65536 rows of 65536, had "
                        + new ChannelLayout(2, 1),
                refusal(() -> FakeQuantLinear.of(65536, 65536, new Pass(), pair)));
        KeptAxes twice = KeptAxes.of(new int[] {2, 2, 3}, 1);
        AmaxQuantizer amax = AmaxQuantizer.of(AmaxGrid.INT8, twice, 1, 2);
        String magnitudes =
                "weight quantizer must have one magnitude or one for each of 2 rows of 3, had 2 of a tensor of "
                        + twice;
        for (StraightThrough wrong : List.of(amax, new Frozen(amax), new DynamicAmax(AmaxGrid.INT8, twice, 1))) {
            assertEquals(magnitudes, refusal(() -> FakeQuantLinear.of(3, 2, new Pass(), wrong)));
        }
    }

    /** Kept axes that would run from one row of the inputs into the next, as channels may not. */
    @Test
    void axesOfOtherInputsAreRefused() {
        int[][] wrong = {{3}, {8}, {3, 8}, {6, 2}, {3, 3}};
        int[][] right = {{4}, {2}, {5, 4}, {3, 2, 2}};
        for (int[] shape : wrong) {
            for (StraightThrough quantizer : keepingFirst(shape)) {
                String expected = "input quantizer must have one magnitude, or kept axes of inputs of 4, had "
                        + KeptAxes.of(shape, 0);
                assertEquals(expected, refusal(() -> Layer.of(quantizer, new Pass())));
            }
        }
        for (int[] shape : right) {
            for (StraightThrough quantizer : keepingFirst(shape)) {
                Layer.of(quantizer, new Pass());
            }
        }
    }

    private static List<StraightThrough> keepingFirst(int... shape) {
        KeptAxes axes = KeptAxes.of(shape, 0);
        float[] amax = new float[axes.groups()];
        Arrays.fill(amax, 1);
        AmaxQuantizer quantizer = AmaxQuantizer.of(AmaxGrid.INT8, axes, amax);
        return List.of(
                quantizer,
                new DynamicAmax(AmaxGrid.INT8, axes, 1),
                new Frozen(quantizer),
                new Fake(LearnedClip.of(-1, 1).then(quantizer)));
    }

    private static String refusal(Runnable call) {
        return assertThrows(IllegalArgumentException.class, call::run).getMessage();
    }
}
