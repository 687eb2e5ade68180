// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.formats.FormatException;
import dev.octant.onnx.values.ImageSettings;
import dev.octant.onnx.values.ImageSettings.Resize;
import dev.octant.onnx.values.ModelTensor;
import dev.octant.onnx.values.OnnxType;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageDataTest {
    @TempDir
    private Path folder;

    private static List<ModelTensor> input(OnnxType type, String... shape) {
        return List.of(new ModelTensor("x", Optional.of(type), List.of(shape)));
    }

    /** An image whose pixel (x, y) is 0xRRGGBB. */
    private Path image(String name, int type, int[][] pixels) throws IOException {
        BufferedImage image = new BufferedImage(pixels[0].length, pixels.length, type);
        for (int y = 0; y < pixels.length; y++) {
            for (int x = 0; x < pixels[0].length; x++) {
                if (type == BufferedImage.TYPE_BYTE_GRAY) {
                    image.getRaster().setSample(x, y, 0, pixels[y][x] & 0xFF);
                } else {
                    image.setRGB(x, y, pixels[y][x]);
                }
            }
        }
        Path file = folder.resolve(name);
        assertTrue(ImageIO.write(image, name.endsWith(".png") ? "png" : "jpg", file.toFile()));
        return file;
    }

    private static double[] values(ModelData data) throws IOException {
        List<Double> values = new ArrayList<>();
        data.forEachBatch(batch -> {
            for (double value : batch.get("x").doubles()) {
                values.add(value);
            }
        });
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private static double[] values(List<ModelTensor> inputs, Path path, ImageSettings settings) throws IOException {
        return values(ModelData.open(inputs, List.of(path), settings, OptionalInt.empty()));
    }

    private static final int[][] TWO_BY_TWO = {{0xFF0000, 0x00FF00}, {0x0000FF, 0x336699}};

    @Test
    void channelsLieWhereTheModelHasThem() throws IOException {
        Path file = image("a.png", BufferedImage.TYPE_INT_RGB, TWO_BY_TWO);
        assertArrayEquals(
                new double[] {255, 0, 0, 0x33, 0, 255, 0, 0x66, 0, 0, 255, 0x99},
                values(input(OnnxType.UINT8, "n", "3", "2", "2"), file, ImageSettings.USUAL));
        assertArrayEquals(
                new double[] {255, 0, 0, 0, 255, 0, 0, 0, 255, 0x33, 0x66, 0x99},
                values(input(OnnxType.UINT8, "n", "2", "2", "3"), file, ImageSettings.USUAL));
        // 0.299, 0.587, 0.114, rounded as PIL does.
        assertArrayEquals(
                new double[] {76, 150, 29, 93},
                values(input(OnnxType.UINT8, "n", "1", "2", "2"), file, ImageSettings.USUAL));
    }

    @Test
    void floatsAreNormalized() throws IOException {
        Path file = image("a.png", BufferedImage.TYPE_INT_RGB, TWO_BY_TWO);
        ImageSettings settings =
                ImageSettings.USUAL.withMean(List.of(0.5f, 0.25f, 0f)).withStd(List.of(0.5f, 1f, 2f));
        double[] found = values(input(OnnxType.FLOAT32, "n", "3", "h", "w"), file, settings.withSize(2, 2));
        assertArrayEquals(new double[] {1, -1, -1, -0.6, -0.25, 0.75, -0.25, 0.15, 0, 0, 0.5, 0.3}, found, 1e-6);
        double[] half = values(input(OnnxType.FLOAT16, "n", "3", "2", "2"), file, settings);
        assertArrayEquals(found, half, 1e-3);
    }

    /** Java brightens grey images when it is asked for their colours. */
    @Test
    void greyStaysAsItIs() throws IOException {
        Path file = image("a.png", BufferedImage.TYPE_BYTE_GRAY, new int[][] {{0, 10}, {128, 255}});
        assertArrayEquals(
                new double[] {0, 10, 128, 255},
                values(input(OnnxType.UINT8, "n", "1", "2", "2"), file, ImageSettings.USUAL));
        assertArrayEquals(
                new double[] {0, 0, 0, 10, 10, 10, 128, 128, 128, 255, 255, 255},
                values(input(OnnxType.UINT8, "n", "2", "2", "3"), file, ImageSettings.USUAL));
    }

    @Test
    void imagesAreMadeToFit() throws IOException {
        Path file = image("a.png", BufferedImage.TYPE_BYTE_GRAY, new int[][] {{0, 40, 80, 120}, {0, 40, 80, 120}});
        List<ModelTensor> square = input(OnnxType.UINT8, "n", "1", "2", "2");
        // Triangles two pixels wide to each side: weights 3, 3, 1 of 7, those beyond the edge left out.
        assertArrayEquals(
                new double[] {29, 91, 29, 91}, values(square, file, ImageSettings.USUAL.withResize(Resize.STRETCH)));
        assertArrayEquals(
                new double[] {40, 80, 40, 80}, values(square, file, ImageSettings.USUAL.withResize(Resize.CROP)));
        // Twice as wide: a quarter and three quarters of neighbours.
        assertArrayEquals(
                new double[] {0, 10, 30, 50, 70, 90, 110, 120},
                values(input(OnnxType.UINT8, "n", "1", "1", "8"), file, ImageSettings.USUAL));
    }

    @Test
    void imagesMakeBatches() throws IOException {
        for (int i = 0; i < 5; i++) {
            int[][] one = {{i}};
            image("image" + i + ".png", BufferedImage.TYPE_BYTE_GRAY, one);
        }
        Files.writeString(folder.resolve("notes.txt"), "no image");
        ModelData data = ModelData.open(
                input(OnnxType.UINT8, "n", "1", "1", "1"), List.of(folder), ImageSettings.USUAL, OptionalInt.of(2));
        assertEquals(5, data.rows());
        assertEquals(2, data.batchRows());
        List<List<Long>> shapes = new ArrayList<>();
        data.forEachBatch(batch -> shapes.add(batch.get("x").shape()));
        assertEquals(List.of(List.of(2L, 1L, 1L, 1L), List.of(2L, 1L, 1L, 1L), List.of(1L, 1L, 1L, 1L)), shapes);
        assertArrayEquals(new double[] {0, 1, 2, 3, 4}, values(data));
        Path jpeg = image("b.jpg", BufferedImage.TYPE_INT_RGB, new int[16][16]);
        double[] black = values(input(OnnxType.UINT8, "n", "3", "16", "16"), jpeg, ImageSettings.USUAL);
        assertArrayEquals(new double[3 * 16 * 16], black, 2);
    }

    private String refused(List<ModelTensor> inputs, Path path, ImageSettings settings) {
        String message = assertThrows(FormatException.class, () -> values(inputs, path, settings))
                .getMessage();
        assertTrue(message.contains(" must ") && message.contains(", was "), message);
        return message;
    }

    @Test
    void whatDoesNotFitIsRefused() throws IOException {
        Path file = image("a.png", BufferedImage.TYPE_INT_RGB, TWO_BY_TWO);
        List<ModelTensor> rgb = input(OnnxType.FLOAT32, "n", "3", "2", "2");
        assertTrue(refused(input(OnnxType.FLOAT32, "n", "12"), file, ImageSettings.USUAL)
                .contains("must have one input of float32, float16 or uint8"));
        assertTrue(refused(input(OnnxType.INT64, "n", "3", "2", "2"), file, ImageSettings.USUAL)
                .contains("must have one input of float32, float16 or uint8"));
        assertTrue(refused(input(OnnxType.FLOAT32, "n", "3", "h", "w"), file, ImageSettings.USUAL)
                .endsWith("size of images must be given where the model leaves it open, was a height of h"));
        assertTrue(refused(rgb, file, ImageSettings.USUAL.withSize(3, 2))
                .endsWith("width of images must be the 2 that the model takes, was 3"));
        assertTrue(refused(
                        input(OnnxType.FLOAT32, "n", "1", "2", "2"),
                        file,
                        ImageSettings.USUAL.withMean(List.of(1f, 2f, 3f)))
                .contains("one number for the one channel"));
        Path text = Files.writeString(folder.resolve("t.png"), "hello");
        assertTrue(refused(rgb, text, ImageSettings.USUAL).endsWith("image must be a PNG or JPEG, was neither"));
        byte[] cut = Files.readAllBytes(file);
        Path half = Files.write(folder.resolve("h.png"), Arrays.copyOf(cut, cut.length / 2));
        assertTrue(refused(rgb, half, ImageSettings.USUAL).contains("image must be a PNG or JPEG that can be decoded"));
        Path empty = Files.createDirectory(folder.resolve("empty"));
        assertTrue(refused(rgb, empty, ImageSettings.USUAL).contains("folder must hold .npz, .npy"));
        assertTrue(refused(rgb, folder.resolve("none"), ImageSettings.USUAL).endsWith("must exist, was missing"));
        assertThrows(IllegalArgumentException.class, () -> ImageSettings.USUAL.withStd(List.of(0f)));
        assertThrows(IllegalArgumentException.class, () -> ImageSettings.USUAL.withMean(List.of(0f, 1f)));
        assertThrows(IllegalArgumentException.class, () -> ImageSettings.USUAL.withSize(0, 5));
    }
}
