// SPDX-License-Identifier: Apache-2.0
package dev.octant.layers.train;

import dev.octant.core.ChannelLayout;
import dev.octant.core.ChannelQuantizer;
import dev.octant.core.TensorQuantizer;
import dev.octant.core.internal.block.Bounds;
import dev.octant.core.internal.text.Given;
import dev.octant.observers.Observer;
import java.util.List;
import org.apache.commons.lang3.Validate;

/**
 * What stands at a place of a network where values are to be quantized: nothing yet, an observer, a function that
 * trains, or a frozen grid. A model holds one and replaces it by the next; there are no switches to be set together.
 *
 * <pre>
 * stage = new QuantizerStage.Pass();
 * stage = new QuantizerStage.Calibrate(observer);          run some batches; outputs are the inputs
 * stage = new QuantizerStage.Fake(quantizer);              train
 * stage = new QuantizerStage.Frozen(quantizer);            serve what was trained
 * </pre>
 *
 * <p>{@code new Calibrate(observer, fake)} quantizes and observes at once. Shapes and aliasing are those of {@link
 * StraightThrough}. Thread safe, but for {@link Calibrate}, whose observer is not.
 */
public sealed interface QuantizerStage extends StraightThrough {
    /** Values and gradients pass as they are. */
    record Pass() implements QuantizerStage {
        @Override
        public void forward(float[] x, int xOffset, float[] y, int yOffset, int length) {
            Bounds.check(x, xOffset, y, yOffset, length);
            System.arraycopy(x, xOffset, y, yOffset, length);
        }

        @Override
        public void backward(float[] x, int xOffset, float[] dy, int dyOffset, float[] dx, int dxOffset, int length) {
            Bounds.check("source", x, xOffset, length);
            Bounds.check("gradient", dy, dyOffset, length);
            Bounds.check("destination", dx, dxOffset, length);
            System.arraycopy(dy, dyOffset, dx, dxOffset, length);
        }
    }

    /**
     * Shows the inputs of forward to an observer. What the next stage refuses is not observed, and what the observer
     * refuses is not written: calls allocate a copy. What one of several observers refuses, here or in a layer, none of
     * them keeps, but for the limit of {@link ObservedBatches}. Layers show their inputs once, in their forward.
     *
     * @param observer what learns from them
     * @param then what is computed
     */
    record Calibrate(Observer observer, QuantizerStage then) implements QuantizerStage {
        public Calibrate {
            Validate.notNull(observer, "observer must be given, was null");
            Validate.notNull(then, "next stage must be given, was null");
        }

        /** Outputs are the inputs. */
        public Calibrate(Observer observer) {
            this(observer, new Pass());
        }

        @Override
        public void forward(float[] x, int xOffset, float[] y, int yOffset, int length) {
            Bounds.check(x, xOffset, y, yOffset, length);
            Bounds.checkOverlap(x, xOffset, y, yOffset, length);
            float[] computed = new float[length];
            ObservedBatches.quantizer(then).forward(x, xOffset, computed, 0, length);
            new ObservedBatches().add(this, x, xOffset, length).show();
            System.arraycopy(computed, 0, y, yOffset, length);
        }

        @Override
        public void backward(float[] x, int xOffset, float[] dy, int dyOffset, float[] dx, int dxOffset, int length) {
            then.backward(x, xOffset, dy, dyOffset, dx, dxOffset, length);
        }
    }

    /**
     * Fake quantization, which trains.
     *
     * @param quantizer a {@link FakeQuantizer}, {@link AmaxQuantizer}, {@link DynamicAmax}, {@link LearnedClip}, {@link
     *     ClippedQuantizer} or one of the caller's own
     */
    record Fake(StraightThrough quantizer) implements QuantizerStage {
        public Fake {
            Validate.notNull(quantizer, "quantizer must be given, was null");
        }

        @Override
        public void forward(float[] x, int xOffset, float[] y, int yOffset, int length) {
            quantizer.forward(x, xOffset, y, yOffset, length);
        }

        @Override
        public void backward(float[] x, int xOffset, float[] dy, int dyOffset, float[] dx, int dxOffset, int length) {
            quantizer.backward(x, xOffset, dy, dyOffset, dx, dxOffset, length);
        }
    }

    /**
     * A quantizer that no longer learns: exactly its values, whatever its codes, channels and arithmetic. Gradients
     * pass through it as through the quantizer, for what still learns before it; nothing of it has a gradient.
     *
     * @param quantizer what was trained: {@code step.quantizer()}, an {@link AmaxQuantizer}, .. but no stage
     */
    record Frozen(StraightThrough quantizer) implements QuantizerStage {
        public Frozen {
            Validate.notNull(quantizer, "quantizer must be given, was null");
            Validate.isTrue(!(quantizer instanceof QuantizerStage), "quantizer must not be a stage, was %s", quantizer);
        }

        /** The values of a grid of 8 bits for the whole tensor. */
        public static Frozen of(TensorQuantizer quantizer) {
            Given.require("quantizer", quantizer);
            return of(ChannelQuantizer.of(new ChannelLayout(1, 1), List.of(quantizer.params()), quantizer.profile()));
        }

        /** The values of grids of 8 bits, one for each channel. */
        public static Frozen of(ChannelQuantizer quantizer) {
            Given.require("quantizer", quantizer);
            return new Frozen(new ServedGrids(quantizer));
        }

        @Override
        public void forward(float[] x, int xOffset, float[] y, int yOffset, int length) {
            quantizer.forward(x, xOffset, y, yOffset, length);
        }

        @Override
        public void backward(float[] x, int xOffset, float[] dy, int dyOffset, float[] dx, int dxOffset, int length) {
            quantizer.backward(x, xOffset, dy, dyOffset, dx, dxOffset, length);
        }
    }
}
