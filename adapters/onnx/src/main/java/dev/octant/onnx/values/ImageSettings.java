// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx.values;

import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import org.apache.commons.lang3.Validate;

/**
 * How an image becomes the numbers that a model takes.
 *
 * <pre>
 * float inputs   (pixel / 255 - mean) / std, pixel 0..255, for each channel
 * uint8 inputs   pixel
 * </pre>
 *
 * <p>Images are resized by a triangle filter that is as wide as the pixels of the source that fall on one of the
 * target, as PIL's {@code BILINEAR}. Where the model takes one channel, it gets {@code 0.299 R + 0.587 G + 0.114 B};
 * where it takes three, those of red, green, blue, in this order. Transparency is passed over, and so is the
 * orientation that a camera notes.
 *
 * <p>Immutable and thread safe.
 *
 * @param resize how an image of another size is made to fit
 * @param width of the image that the model gets, where that leaves it open
 * @param height the same
 * @param mean for each channel, or one for all
 * @param std for each channel, or one for all; not 0
 */
public record ImageSettings(Resize resize, OptionalInt width, OptionalInt height, List<Float> mean, List<Float> std) {
    /** Numbers within 0..1 of the whole image. */
    public static final ImageSettings USUAL =
            new ImageSettings(Resize.STRETCH, OptionalInt.empty(), OptionalInt.empty(), List.of(0f), List.of(1f));

    /** How an image of another size is made to fit. */
    public enum Resize {
        /** All of it, with its sides stretched to those asked for. */
        STRETCH,

        /** Its middle: the largest part that has the sides' ratio, stretched. */
        CROP;

        /** Its word on the command line. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }

        /**
         * The constant of a {@link #label}, in any case of letters and with blanks around it.
         *
         * @throws IllegalArgumentException if the word names none
         */
        public static Resize parse(String word) {
            for (Resize resize : values()) {
                if (resize.label().equalsIgnoreCase(word.strip())) {
                    return resize;
                }
            }
            throw new IllegalArgumentException("resize must be stretch or crop, was '" + word + "'");
        }
    }

    public ImageSettings {
        Validate.notNull(resize, "resize must be given, was null");
        requireSide("width", width);
        requireSide("height", height);
        mean = List.copyOf(mean);
        std = List.copyOf(std);
        for (List<Float> channels : List.of(mean, std)) {
            Validate.isTrue(
                    channels.size() == 1 || channels.size() == 3,
                    "mean and std of images must be one number or three, was %s",
                    channels);
        }
        Validate.isTrue(mean.stream().allMatch(Float::isFinite), "mean of images must be finite, was %s", mean);
        Validate.isTrue(
                std.stream().allMatch(x -> Float.isFinite(x) && x != 0),
                "std of images must be finite and not 0, was %s",
                std);
    }

    private static void requireSide(String name, OptionalInt side) {
        Validate.isTrue(
                side.orElse(1) >= 1 && side.orElse(1) <= 65_535,
                "%s of images must be within 1..65535, was %s",
                name,
                side.orElse(0));
    }

    /** The same for images of a size, for models that leave it open. */
    public ImageSettings withSize(int newWidth, int newHeight) {
        return new ImageSettings(resize, OptionalInt.of(newWidth), OptionalInt.of(newHeight), mean, std);
    }

    /** The same with another way to make images fit. */
    public ImageSettings withResize(Resize other) {
        return new ImageSettings(other, width, height, mean, std);
    }

    /** The same with another mean, of the numbers within 0..1. */
    public ImageSettings withMean(List<Float> other) {
        return new ImageSettings(resize, width, height, other, std);
    }

    /** The same with another standard deviation, of the numbers within 0..1. */
    public ImageSettings withStd(List<Float> other) {
        return new ImageSettings(resize, width, height, mean, other);
    }
}
