// SPDX-License-Identifier: Apache-2.0
package dev.octant.layers;

import dev.octant.core.ChannelLayout;
import dev.octant.layers.train.AmaxQuantizer;
import dev.octant.layers.train.ClipGradient;
import dev.octant.layers.train.ClippedQuantizer;
import dev.octant.layers.train.DynamicAmax;
import dev.octant.layers.train.FakeQuantizer;
import dev.octant.layers.train.KeptAxes;
import dev.octant.layers.train.LearnedClip;
import dev.octant.layers.train.ObservedBatches;
import dev.octant.layers.train.QuantizerStage;
import dev.octant.layers.train.ServedGrids;
import dev.octant.layers.train.StepGradient;
import dev.octant.layers.train.StraightThrough;
import java.util.Objects;
import org.apache.commons.lang3.Validate;

/**
 * A quantizer where a layer has it: what computes there, who observes, and what of it learns. Observers are shown the
 * values once, by the forward call. Immutable.
 */
final class QuantizerPlace {
    private final String name;
    private final StraightThrough stage;

    /** Without the stages that observe or mark what trains. */
    private final StraightThrough quantizer;

    /** What is behind the clip, or all where there is none. */
    private final StraightThrough behindClip;

    /** Each null if the quantizer has none. */
    private final LearnedClip clip;

    private final FakeQuantizer step;

    private QuantizerPlace(String name, StraightThrough stage, StraightThrough quantizer) {
        this.name = name;
        this.stage = stage;
        this.quantizer = quantizer;
        behindClip = behindClip(quantizer);
        if (quantizer instanceof ClippedQuantizer clipped) {
            clip = clipped.clip();
        } else {
            clip = quantizer instanceof LearnedClip alone ? alone : null;
        }
        step = behindClip instanceof FakeQuantizer fake ? fake : null;
    }

    private static StraightThrough behindClip(StraightThrough quantizer) {
        return quantizer instanceof ClippedQuantizer clipped ? clipped.quantizer() : quantizer;
    }

    /** The place of a quantizer or stage. */
    static QuantizerPlace of(String name, StraightThrough stage) {
        return new QuantizerPlace(name, stage, ObservedBatches.quantizer(stage));
    }

    /**
     * That the grids are those of the weights' rows, or one, and their tensor the weights or a part of them.
     *
     * @throws IllegalArgumentException if not
     */
    void requireRows(int rows, int inputs) {
        StraightThrough grids = grids();
        ChannelLayout layout = layout(grids);
        KeptAxes axes = axes(grids);
        boolean one = layout == null || layout.channels() == 1;
        boolean fits = one || (layout.channels() == rows && layout.inner() == inputs);
        Validate.isTrue(
                fits, "%s must have one grid or one for each of %s rows of %s, had %s", name, rows, inputs, layout);
        Validate.isTrue(
                layout == null || (long) rows * inputs % layout.period() == 0,
                "%s must have blocks that %s rows of %s are a whole number of, had %s",
                name,
                rows,
                inputs,
                layout);
        Validate.isTrue(
                axes == null || axes.groups() == 1 || areRows(axes, rows, inputs),
                "%s must have one magnitude or one for each of %s rows of %s, had %s of a tensor of %s",
                name,
                rows,
                inputs,
                axes == null ? 0 : axes.groups(),
                axes);
    }

    private static boolean areRows(KeptAxes axes, int rows, int inputs) {
        boolean same = axes.groups() == rows && axes.elements() == (long) rows * inputs;
        for (int row = 0; same && row < rows; row++) {
            for (int k = 0; k < inputs; k++) {
                same &= axes.group(row * inputs + k) == row;
            }
        }
        return same;
    }

    /**
     * That channels of the inputs are those of each row, or the rows themselves.
     *
     * @throws IllegalArgumentException if not
     */
    void requireChannelsOf(int row) {
        StraightThrough grids = grids();
        ChannelLayout layout = layout(grids);
        KeptAxes axes = axes(grids);
        Validate.isTrue(
                layout == null || layout.channels() == 1 || layout.inner() == row || row % layout.period() == 0,
                "%s must have one grid, or channels of inputs of %s, had %s",
                name,
                row,
                layout);
        Validate.isTrue(
                axes == null || axes.fitsRows(row),
                "%s must have one magnitude, or kept axes of inputs of %s, had %s",
                name,
                row,
                axes);
    }

    /** What has the grids. */
    private StraightThrough grids() {
        return quantizer instanceof QuantizerStage.Frozen frozen ? behindClip(frozen.quantizer()) : behindClip;
    }

    private static ChannelLayout layout(StraightThrough grids) {
        if (grids instanceof ServedGrids served) {
            return served.quantizer().layout();
        }
        return grids instanceof FakeQuantizer fake ? fake.layout().orElse(null) : null;
    }

    private static KeptAxes axes(StraightThrough grids) {
        if (grids instanceof AmaxQuantizer amax) {
            return amax.axes();
        }
        return grids instanceof DynamicAmax dynamic ? dynamic.axes() : null;
    }

    /** What stands for some values, in a new array; no observer sees them. */
    float[] quantized(float[] values) {
        float[] quantized = new float[values.length];
        quantizer.forward(values, 0, quantized, 0, values.length);
        return quantized;
    }

    /** Shows values to the observers of two places, or to none. */
    static void observe(QuantizerPlace input, float[] x, QuantizerPlace weights, float[] w) {
        new ObservedBatches()
                .add(input.stage, x, 0, x.length)
                .add(weights.stage, w, 0, w.length)
                .show();
    }

    /** Room for the gradients of what learns. */
    Gradient gradient() {
        return new Gradient(this, step == null ? null : step.gradient(), clip == null ? null : clip.gradient());
    }

    /**
     * The gradients of what learns at a place.
     *
     * @param step null if no step learns
     * @param clip null if no bounds learn
     */
    record Gradient(QuantizerPlace place, StepGradient step, ClipGradient clip) {
        /**
         * That this is room for what learns at {@code other}.
         *
         * @throws IllegalArgumentException if not
         */
        void require(QuantizerPlace other) {
            require("step", place.step, other.step);
            require("clip", place.clip, other.clip);
        }

        private void require(String what, Object had, Object wanted) {
            if (!Objects.equals(had, wanted)) {
                throw new IllegalArgumentException("gradients must be of the " + place.name + "'s " + what + " "
                        + (wanted == null ? "none" : wanted) + ", were of " + (had == null ? "none" : had));
            }
        }

        /**
         * Carries {@code gradients} of the quantized values through a quantizer that does not learn, in their place. A
         * caller's own may refuse here; nothing of this is written.
         */
        void throughWhatIsFixed(float[] values, float[] gradients) {
            if (step == null && place.behindClip != place.clip) {
                place.behindClip.backward(behindClip(values), 0, gradients, 0, gradients, 0, values.length);
            }
        }

        /**
         * Carries what {@link #throughWhatIsFixed} has left through the steps and bounds, and writes theirs anew. They
         * have been checked and refuse nothing.
         */
        void throughWhatLearns(float[] values, float[] gradients) {
            int length = values.length;
            if (step != null) {
                step.clear();
                place.step.backward(behindClip(values), 0, gradients, 0, gradients, 0, length, step);
            }
            if (clip != null) {
                clip.clear();
                place.clip.backward(values, 0, gradients, 0, gradients, 0, length, clip);
            }
        }

        /** What the quantizer behind the clip is given: the values themselves where there is none. */
        private float[] behindClip(float[] values) {
            if (place.behindClip == place.quantizer) {
                return values;
            }
            float[] clipped = new float[values.length];
            place.clip.forward(values, 0, clipped, 0, values.length);
            return clipped;
        }
    }

    @Override
    public String toString() {
        return stage.toString();
    }
}
