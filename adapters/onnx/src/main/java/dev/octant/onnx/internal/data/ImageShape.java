// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx.internal.data;

import dev.octant.formats.FormatException;
import dev.octant.formats.VisibleText;
import dev.octant.formats.tensor.NumberType;
import dev.octant.onnx.values.ImageSettings;
import dev.octant.onnx.values.ModelTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * How images lie in the one input of a model.
 *
 * @param isChannelsFirst (rows, channels, height, width), or (rows, height, width, channels)
 * @param channels 1 or 3
 */
record ImageShape(String input, NumberType type, boolean isChannelsFirst, int channels, int height, int width) {
    /**
     * What a model takes: channels are where its shape has 1 or 3, which is in front where both ends have.
     *
     * @throws FormatException if it takes no images, or leaves open how large they are, and the settings do
     */
    static ImageShape of(List<ModelTensor> inputs, ImageSettings settings) throws FormatException {
        ModelTensor input = inputs.get(0);
        List<String> shape = input.shape();
        NumberType type = InputTypes.number(input);
        boolean isFirst = shape.size() == 4 && isChannels(shape.get(1));
        if (inputs.size() != 1 || shape.size() != 4 || !(isFirst || isChannels(shape.get(3))) || !isPixel(type)) {
            throw new FormatException("model must have one input of float32, float16 or uint8 of the shape (rows, 1 or"
                    + " 3, height, width) or (rows, height, width, 1 or 3) to be fed with images, was "
                    + VisibleText.of(inputs.toString()));
        }
        int channels = Integer.parseInt(shape.get(isFirst ? 1 : 3));
        for (List<Float> numbers : List.of(settings.mean(), settings.std())) {
            if (numbers.size() > channels) {
                throw new FormatException("mean and std of images must be one number for the one channel that the model"
                        + " takes, was " + numbers);
            }
        }
        return new ImageShape(
                input.name(),
                type,
                isFirst,
                channels,
                side("height", shape.get(isFirst ? 2 : 1), settings.height()),
                side("width", shape.get(isFirst ? 3 : 2), settings.width()));
    }

    private static boolean isChannels(String dimension) {
        return dimension.equals("1") || dimension.equals("3");
    }

    private static boolean isPixel(NumberType type) {
        return type == NumberType.FLOAT32 || type == NumberType.FLOAT16 || type == NumberType.UINT8;
    }

    private static int side(String name, String dimension, OptionalInt given) throws FormatException {
        long fixed = InputTypes.length(dimension).orElse(0L);
        if (fixed == 0 && given.isEmpty()) {
            throw new FormatException("size of images must be given where the model leaves it open, was a " + name
                    + " of " + VisibleText.of(dimension));
        }
        if (fixed != 0 && given.isPresent() && given.getAsInt() != fixed) {
            throw new FormatException(
                    name + " of images must be the " + fixed + " that the model takes, was " + given.getAsInt());
        }
        if (fixed > 65_535) {
            throw new FormatException(name + " of images must be within 1..65535, was " + fixed);
        }
        return fixed == 0 ? given.getAsInt() : (int) fixed;
    }

    List<Long> shape(long rows) {
        List<Long> shape = new ArrayList<>(List.of(rows, (long) height, (long) width));
        shape.add(isChannelsFirst ? 1 : 3, (long) channels);
        return shape;
    }

    /** Bytes of one image. */
    long bytes() {
        return (long) channels * height * width * type.bytes();
    }
}
