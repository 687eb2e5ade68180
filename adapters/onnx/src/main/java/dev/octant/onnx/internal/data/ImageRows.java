// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx.internal.data;

import dev.octant.core.scalar.HalfType;
import dev.octant.formats.FormatException;
import dev.octant.formats.InputFile;
import dev.octant.formats.VisibleText;
import dev.octant.onnx.values.ImageSettings;
import dev.octant.onnx.values.TensorValue;
import java.awt.image.BufferedImage;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.apache.commons.lang3.Validate;

/** Images, each of which is a row. */
final class ImageRows implements RowSource {
    /** As floats of three channels, 3 GB. */
    private static final long MOST_PIXELS = 1 << 28;

    private final List<Path> images;
    private final long bytes;
    private final ImageShape shape;
    private final ImageSettings settings;

    ImageRows(List<Path> images, ImageShape shape, ImageSettings settings) throws IOException {
        this.images = List.copyOf(images);
        this.shape = shape;
        this.settings = settings;
        long sum = 0;
        for (Path image : images) {
            sum += Files.size(image);
        }
        this.bytes = sum;
    }

    @Override
    public long rows() {
        return images.size();
    }

    @Override
    public List<Path> files() {
        return images;
    }

    @Override
    public long bytes() {
        return bytes;
    }

    @Override
    public String reading() {
        return "as " + settings;
    }

    @Override
    public Pass open(int most) {
        return new Images(Math.min(most, images.size()));
    }

    private final class Images implements Pass {
        private final int most;
        private final ByteBuffer buffer;
        private int at;

        Images(int most) {
            long length = most * shape.bytes();
            Validate.isTrue(
                    length <= Integer.MAX_VALUE,
                    "batch must have less than 2 GiB for an input, was %s bytes for %s",
                    length,
                    shape.input());
            this.most = most;
            this.buffer = ByteBuffer.allocateDirect((int) length).order(ByteOrder.nativeOrder());
        }

        @Override
        public Map<String, TensorValue> next() throws IOException {
            buffer.clear();
            int first = at;
            for (; at < Math.min(images.size(), first + most); at++) {
                put(images.get(at));
            }
            return at == first
                    ? Map.of()
                    : Map.of(shape.input(), new TensorValue(shape.type(), shape.shape(at - first), buffer.flip()));
        }

        private void put(Path file) throws IOException {
            Pixels pixels =
                    Pixels.of(read(file), shape.channels()).fitted(settings.resize(), shape.width(), shape.height());
            int plane = shape.width() * shape.height();
            for (int i = 0; i < plane * shape.channels(); i++) {
                int channel = shape.isChannelsFirst() ? i / plane : i % shape.channels();
                int pixel = shape.isChannelsFirst() ? i % plane : i / shape.channels();
                put(pixels.value(channel, pixel), channel);
            }
        }

        private void put(float pixel, int channel) {
            float number = (pixel / 255 - of(settings.mean(), channel)) / of(settings.std(), channel);
            switch (shape.type()) {
                case UINT8 -> buffer.put((byte) Math.round(pixel));
                case FLOAT16 -> buffer.putShort(HalfType.FLOAT16.fromFloat(number));
                default -> buffer.putFloat(number);
            }
        }

        private static float of(List<Float> numbers, int channel) {
            return numbers.get(numbers.size() == 1 ? 0 : channel);
        }

        @Override
        public void skip() {
            at = Math.min(images.size(), at + most);
        }

        @Override
        public void close() {
            // Files are closed as soon as they are read.
        }
    }

    private static BufferedImage read(Path file) throws IOException {
        try (InputStream in = new BufferedInputStream(InputFile.stream(file))) {
            BufferedImage image = ImageIO.read(in);
            if (image != null) {
                requirePixels(file, image);
                return image;
            }
        } catch (FormatException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            // Of broken files the decoders throw whatever they meet.
            throw new FormatException(
                    file + ": image must be a PNG or JPEG that can be decoded, was refused: "
                            + VisibleText.of(String.valueOf(e.getMessage())),
                    e);
        }
        throw new FormatException(file + ": image must be a PNG or JPEG, was neither");
    }

    private static void requirePixels(Path file, BufferedImage image) throws FormatException {
        if ((long) image.getWidth() * image.getHeight() > MOST_PIXELS) {
            throw new FormatException(file + ": image must have at most " + MOST_PIXELS + " pixels, was "
                    + image.getWidth() + " x " + image.getHeight());
        }
    }
}
