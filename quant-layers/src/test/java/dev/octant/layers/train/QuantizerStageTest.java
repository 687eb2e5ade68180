// SPDX-License-Identifier: Apache-2.0
package dev.octant.layers.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.octant.core.QuantParams;
import dev.octant.core.QuantType;
import dev.octant.core.TensorQuantizer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/** One NVIDIA quantizer through all its modes, and the stages that stand for them. */
class QuantizerStageTest {
    private static final Pattern FIELD = Pattern.compile(
            "\"(axis|unsigned|shape|step|x_bits|y_bits)\":\\s*(null|true|false|\"[^\"]*\"|\\[[^\\]]*\\]|-?\\d+)");

    private AmaxObserver observer;
    private KeptAxes axes;
    private AmaxGrid grid;
    private QuantizerStage stage;
    private int compared;

    @Test
    void everyModeOfTheGoldenFile() throws IOException {
        String json;
        try (InputStream in = new GZIPInputStream(Objects.requireNonNull(
                QuantizerStageTest.class.getResourceAsStream("/golden/tensor_quantizer_modes.json.gz")))) {
            json = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
        }
        String axis = "";
        boolean unsigned = false;
        float[] x = {};
        Matcher field = FIELD.matcher(json);
        while (field.find()) {
            String value = field.group(2).replace("\"", "");
            switch (field.group(1)) {
                case "axis" -> axis = value;
                case "unsigned" -> unsigned = value.equals("true");
                case "shape" -> begin(axis, unsigned, wholes(value));
                case "step" -> stage = next(value);
                case "x_bits" -> {
                    x = floats(value);
                    if (stage instanceof QuantizerStage.Calibrate calibrate
                            && calibrate.then() instanceof QuantizerStage.Fake) {
                        // NVIDIA's calibrator shares its memory with the quantizer, so amax moves before it is used.
                        observer.observe(x);
                        stage = next("quant and calib");
                    }
                }
                default -> {
                    float[] y = new float[x.length];
                    stage.forward(x, 0, y, 0, x.length);
                    assertArrayEquals(floats(value), y, axis + ", unsigned " + unsigned + ", " + stage);
                    compared++;
                }
            }
        }
        assertEquals(6 * 8, compared);
    }

    private void begin(String axis, boolean unsigned, int[] shape) {
        axes = axis.equals("null") ? KeptAxes.NONE : KeptAxes.of(shape, wholes(axis));
        grid = new AmaxGrid(8, unsigned, false);
        observer = new AmaxObserver(axes);
    }

    private QuantizerStage next(String mode) {
        return switch (mode) {
            case "dynamic quant" -> new QuantizerStage.Fake(new DynamicAmax(grid, axes, 1));
            case "calib" -> new QuantizerStage.Calibrate(observer);
            case "neither", "disabled" -> new QuantizerStage.Pass();
            case "quant" -> new QuantizerStage.Fake(observer.quantizer(grid));
            case "quant and calib" ->
                new QuantizerStage.Calibrate(observer, new QuantizerStage.Fake(observer.quantizer(grid)));
            default -> throw new AssertionError(mode);
        };
    }

    private static int[] wholes(String text) {
        return Arrays.stream(text.replaceAll("[\\[\\]\\s]", "").split(",", -1))
                .mapToInt(Integer::parseInt)
                .toArray();
    }

    private static float[] floats(String hex) {
        float[] values = new float[hex.length() / 8];
        for (int i = 0; i < values.length; i++) {
            values[i] = Float.intBitsToFloat(Integer.parseUnsignedInt(hex, 8 * i, 8 * i + 8, 16));
        }
        return values;
    }

    @Test
    void gradientsOfEachStage() {
        float[] x = {0.5f, 200, -300};
        float[] dy = {1, 2, 4};
        float[] dx = new float[3];
        new QuantizerStage.Pass().backward(x, 0, dy, 0, dx, 0, 3);
        assertArrayEquals(dy, dx);
        QuantizerStage fake = new QuantizerStage.Fake(AmaxQuantizer.of(AmaxGrid.INT8, 250));
        fake.backward(x, 0, dy, 0, dx, 0, 3);
        assertArrayEquals(new float[] {1, 2, 0}, dx);
        AmaxObserver seen = new AmaxObserver(KeptAxes.NONE);
        QuantizerStage.Calibrate calibrate = new QuantizerStage.Calibrate(seen, fake);
        assertSame(fake, calibrate.then());
        Arrays.fill(dx, 0);
        calibrate.backward(x, 0, dy, 0, dx, 0, 3);
        assertArrayEquals(new float[] {1, 2, 0}, dx);
        calibrate.forward(x, 0, dx, 0, 3);
        assertEquals(300, seen.amax()[0]);
        QuantizerStage frozen = QuantizerStage.Frozen.of(TensorQuantizer.of(QuantParams.of(QuantType.INT8, 2, 0)));
        frozen.forward(x, 0, dx, 0, 3);
        assertArrayEquals(new float[] {0, 200, -256}, dx);
        frozen.backward(new float[] {0.5f, 200, -300}, 0, dy, 0, dx, 0, 3);
        assertArrayEquals(new float[] {1, 2, 0}, dx);
    }
}
