// SPDX-License-Identifier: Apache-2.0
package dev.octant.ops;

import dev.octant.core.internal.text.Given;
import java.util.Arrays;
import org.apache.commons.lang3.Validate;

/**
 * Which element of a smaller tensor belongs to each element of a larger one: ONNX's unidirectional broadcasting.
 *
 * <p>Both shapes are row-major. They are aligned at their last dimensions; each dimension of the smaller tensor is the
 * larger's or 1, which stands for all places along it, and dimensions it has not are as if they were 1. A scalar has
 * the shape {@code []}. Immutable and thread safe; nothing is allocated after it is made. Source: ONNX, "Broadcasting".
 */
public final class Broadcast {
    private final int size;
    private final int sourceSize;

    /** Dimensions of the larger tensor, from the last: neighbours that go together are one. */
    private final int[] lengths;

    /** How far the smaller tensor moves along each of them: 0 where one element stands for all. */
    private final int[] strides;

    private final int run;

    private Broadcast(int size, int sourceSize, int[] lengths, int[] strides) {
        this.size = size;
        this.sourceSize = sourceSize;
        this.lengths = lengths;
        this.strides = strides;
        this.run = lengths.length == 0 ? 1 : lengths[0];
    }

    /**
     * The broadcast of a tensor to another's shape.
     *
     * @param source the smaller shape
     * @param target the larger shape
     * @throws IllegalArgumentException if a dimension is not positive, the target's elements do not fit an int, or the
     *     source cannot be broadcast to the target
     */
    public static Broadcast of(int[] source, int[] target) {
        Given.require("source shape", source);
        Given.require("target shape", target);
        long size = 1;
        for (int d : target) {
            Validate.isTrue(d > 0, "dimensions must be positive, was %s", Arrays.toString(target));
            size *= d;
            Validate.isTrue(
                    size <= Integer.MAX_VALUE, "elements must fit an int, was the shape %s", Arrays.toString(target));
        }
        boolean fits = source.length <= target.length;
        for (int k = 1; fits && k <= source.length; k++) {
            int d = source[source.length - k];
            fits = d == 1 || d == target[target.length - k];
        }
        if (!fits) {
            throw new IllegalArgumentException(
                    "shape must be broadcastable to " + Arrays.toString(target) + ", was " + Arrays.toString(source));
        }
        return new Collapsed(source, target).broadcast((int) size);
    }

    /** Both shapes from their last dimension on, with neighbours joined that are both moved along or both not. */
    private static final class Collapsed {
        private final int[] lengths;
        private final int[] strides;
        private int count;
        private int sourceSize = 1;

        Collapsed(int[] source, int[] target) {
            lengths = new int[target.length];
            strides = new int[target.length];
            for (int k = 1; k <= target.length; k++) {
                int length = target[target.length - k];
                int own = k <= source.length ? source[source.length - k] : 1;
                if (length > 1) {
                    add(length, own == 1 ? 0 : sourceSize);
                }
                sourceSize *= own;
            }
        }

        private void add(int length, int stride) {
            boolean joins = count > 0
                    && (stride == 0
                            ? strides[count - 1] == 0
                            : strides[count - 1] > 0 && stride == strides[count - 1] * lengths[count - 1]);
            if (joins) {
                lengths[count - 1] *= length;
            } else {
                lengths[count] = length;
                strides[count] = stride;
                count++;
            }
        }

        Broadcast broadcast(int size) {
            return new Broadcast(size, sourceSize, Arrays.copyOf(lengths, count), Arrays.copyOf(strides, count));
        }
    }

    /** Elements of the larger tensor. */
    public int size() {
        return size;
    }

    /** Elements of the smaller tensor. */
    public int sourceSize() {
        return sourceSize;
    }

    /**
     * The element of the smaller tensor that belongs to an element of the larger one.
     *
     * @throws IllegalArgumentException if the larger tensor has no such element
     */
    public int source(int element) {
        if (element < 0 || element >= size) {
            throw new IllegalArgumentException("element must be within the tensor's " + size + ", was " + element);
        }
        int rest = element;
        int place = 0;
        for (int k = 0; k < lengths.length; k++) {
            place += rest % lengths[k] * strides[k];
            rest /= lengths[k];
        }
        return place;
    }

    /** After how many elements, counted from the first, another run begins: in a run the source moves by one step. */
    int run() {
        return run;
    }

    /** That step: 1, or 0 where one element of the source belongs to a whole run. */
    int step() {
        return strides.length == 0 ? 0 : strides[0];
    }
}
