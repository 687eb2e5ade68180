// SPDX-License-Identifier: Apache-2.0
package dev.octant.observers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.core.QuantParams;
import dev.octant.core.QuantScheme;
import dev.octant.core.QuantType;
import dev.octant.core.RealRange;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The bits PyTorch's own observers give, from {@code torch_observers.csv}. */
class TorchObserversTest {
    @Test
    void rangesGivePyTorchsParameters() throws IOException {
        String text;
        try (InputStream in = TorchObserversTest.class.getResourceAsStream("torch_observers.csv")) {
            text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        int rows = 0;
        for (String line : text.lines().filter(l -> !l.startsWith("#")).toList()) {
            String[] fields = line.split(";", -1);
            float[] lower = floats(fields[2]);
            float[] upper = floats(fields[3]);
            float[] scales = floats(fields[4]);
            String[] zeroPoints = fields[5].split(" ", -1);
            QuantType type = fields[1].equals("int8") ? QuantType.INT8 : QuantType.UINT8;
            List<RealRange> ranges = observed(fields[0], lower, upper);
            assertEquals(scales.length, ranges.size());
            for (int i = 0; i < scales.length; i++) {
                assertEquals(
                        QuantParams.of(type, scales[i], Integer.parseInt(zeroPoints[i])),
                        QuantScheme.ASYMMETRIC.choose(ranges.get(i), type),
                        line);
                rows++;
            }
        }
        assertTrue(rows >= 100, "rows read: " + rows);
    }

    private static List<RealRange> observed(String observer, float[] lower, float[] upper) {
        switch (observer) {
            case "MinMax" -> {
                MinMaxObserver minMax = new MinMaxObserver();
                for (int i = 0; i < lower.length; i++) {
                    minMax.observe(new float[] {upper[i], lower[i]});
                }
                return List.of(minMax.summary().range());
            }
            case "MovingAverageMinMax" -> {
                MovingAverageObserver average = new MovingAverageObserver(0.01f);
                for (int i = 0; i < lower.length; i++) {
                    average.observe(new float[] {upper[i], lower[i]});
                }
                return List.of(average.range());
            }
            default -> {
                PerChannelMinMaxObserver channels = new PerChannelMinMaxObserver(lower.length, 1);
                channels.observe(lower);
                channels.observe(upper);
                return channels.summary().ranges();
            }
        }
    }

    private static float[] floats(String hex) {
        List<Float> values = new ArrayList<>();
        for (String bits : hex.split(" ", -1)) {
            values.add(Float.intBitsToFloat(Integer.parseUnsignedInt(bits, 16)));
        }
        float[] result = new float[values.size()];
        for (int i = 0; i < result.length; i++) {
            result[i] = values.get(i);
        }
        return result;
    }
}
