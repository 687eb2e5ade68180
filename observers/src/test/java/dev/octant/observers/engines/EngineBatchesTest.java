// SPDX-License-Identifier: Apache-2.0
package dev.octant.observers.engines;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.octant.core.ParameterPolicy;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantScheme;
import dev.octant.core.QuantType;
import dev.octant.core.RealRange;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.function.IntToLongFunction;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

/** The engines' histograms and ranges over several batches, from {@code engine_histograms.csv}. */
class EngineBatchesTest {
    private static final Map<String, GoldenData.Tensor> DATA = data();

    private static Map<String, GoldenData.Tensor> data() {
        Map<String, GoldenData.Tensor> data = GoldenData.digits();
        data.replaceAll((name, tensor) -> tensor.flat());
        data.put("heavy", GoldenData.heavyTailed());
        return data;
    }

    private static List<String[]> rows(String engine) {
        return GoldenData.lines("engine_histograms.csv").stream()
                .map(line -> line.split(";", -1))
                .filter(fields -> fields[0].equals(engine))
                .toList();
    }

    private static List<float[]> batches(String[] row) {
        int parts = Integer.parseInt(row[2]);
        List<float[]> batches = DATA.get(row[1]).split(parts);
        if (row[3].equals("1")) {
            for (int i = 0; i < parts; i++) {
                float factor = (float) (i + 1) / parts;
                float[] batch = batches.get(i);
                for (int j = 0; j < batch.length; j++) {
                    batch[j] *= factor;
                }
            }
        }
        return batches;
    }

    private static String name(String[] row) {
        return String.join(" ", row[0], row[1], row[2], row[3]);
    }

    private static String crc(int bins, IntToLongFunction count) {
        ByteBuffer bytes = ByteBuffer.allocate(bins * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < bins; i++) {
            bytes.putLong(count.applyAsLong(i));
        }
        return crc(bytes);
    }

    private static String crc(ByteBuffer bytes) {
        CRC32 crc = new CRC32();
        crc.update(bytes.flip());
        return String.format("%08x", crc.getValue());
    }

    private static String crc(TorchHistogramObserver observer) {
        ByteBuffer bytes = ByteBuffer.allocate(2048 * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < 2048; i++) {
            bytes.putFloat(observer.count(i));
        }
        return crc(bytes);
    }

    private static RealRange range(String[] row, int at) {
        return RealRange.of(GoldenData.bits(row[at + 1]), GoldenData.bits(row[at + 2]));
    }

    @Test
    void pyTorch() {
        List<String[]> rows = rows("torch");
        for (String[] row : rows) {
            TorchHistogramObserver observer = new TorchHistogramObserver();
            batches(row).forEach(observer::observe);
            assertEquals(row[5], crc(observer), name(row));
            assertEquals(range(row, 6), RealRange.of(observer.min(), observer.max()), name(row));
            assertEquals(range(row, 9), observer.range(), name(row));
            assertEquals(GoldenData.bits(row[13]), observer.search().error(10, 2000), name(row));
            assertEquals(
                    QuantParams.of(QuantType.UINT8, GoldenData.bits(row[16]), Integer.parseInt(row[17])),
                    ParameterPolicy.PYTORCH.choose(observer.range(), QuantType.UINT8, QuantScheme.ASYMMETRIC),
                    name(row));
        }
        assertEquals(21, rows.size());
    }

    /** Measured with PyTorch 2.13.0, like the rows of the file. */
    @Test
    void pyTorchsConstantAndSubnormalBatches() {
        assertTorch("40a00000", "40a00000", "31b330f3", new float[] {5, 5});
        assertTorch("3f800000", "410ff000", "f26a8a76", new float[] {5, 5, 5}, new float[] {1, 2, 9});
        assertTorch("00000000", "00000000", "31b330f3", new float[] {0, 0});
        assertTorch("c0400000", "407fc800", "c37d13aa", new float[] {0, 0}, new float[] {-3, 4});
        assertTorch("00000001", "00000001", "31b330f3", new float[] {Float.MIN_VALUE, Float.MIN_VALUE});
        assertTorch("806ce3ee", "806cc8b5", "f7fc55d4", new float[] {1e-38f, -1e-38f});
    }

    private static void assertTorch(String min, String max, String crc, float[]... batches) {
        TorchHistogramObserver observer = new TorchHistogramObserver();
        for (float[] batch : batches) {
            observer.observe(batch);
        }
        assertEquals(crc, crc(observer));
        assertEquals(RealRange.of(GoldenData.bits(min), GoldenData.bits(max)), observer.range());
    }

    @Test
    void onnxRuntimeValues() {
        int checked = 0;
        for (int bins : new int[] {128, 2048}) {
            for (String[] row : rows("ort" + bins)) {
                OnnxRuntimeHistogramObserver observer = new OnnxRuntimeHistogramObserver(bins);
                batches(row).forEach(observer::observe);
                assertEquals(Integer.parseInt(row[4]), observer.bins(), name(row));
                assertEquals(row[5], crc(observer.bins(), observer::count), name(row));
                for (int at = 6; at < row.length; at += 3) {
                    String[] method = row[at].split("=", -1);
                    if (row[at + 1].equals("-")) {
                        assertThrows(
                                IllegalStateException.class,
                                () -> observer.entropy(Integer.parseInt(method[1])),
                                name(row));
                    } else {
                        assertEquals(
                                range(row, at),
                                method[0].equals("entropy")
                                        ? observer.entropy(Integer.parseInt(method[1]))
                                        : observer.percentile(Double.parseDouble(method[1])),
                                name(row) + " " + row[at]);
                    }
                    checked++;
                }
            }
        }
        assertEquals(260, checked);
    }

    @Test
    void onnxRuntimeMagnitudes() {
        List<String[]> rows = rows("ortabs");
        for (String[] row : rows) {
            for (int at = 6; at < row.length; at += 3) {
                OnnxRuntimeMagnitudeObserver observer =
                        new OnnxRuntimeMagnitudeObserver(Double.parseDouble(row[at].split("=", -1)[1]), 2048);
                batches(row).forEach(observer::observe);
                assertEquals(Integer.parseInt(row[4]), observer.bins(), name(row));
                assertEquals(row[5], crc(observer.bins(), observer::count), name(row));
                assertEquals(range(row, at), observer.range(), name(row) + " " + row[at]);
            }
        }
        assertEquals(21, rows.size());
    }

    @Test
    void nvidia() {
        List<String[]> rows = rows("nvidia");
        for (String[] row : rows) {
            NvidiaHistogramObserver observer = new NvidiaHistogramObserver();
            batches(row).forEach(observer::observe);
            assertEquals(Integer.parseInt(row[4]), observer.bins(), name(row));
            assertEquals(row[5], crc(observer.bins(), observer::count), name(row));
            for (int at = 6; at < row.length; at += 3) {
                String[] method = row[at].split("=", -1);
                QuantType type = method[0].startsWith("u") ? QuantType.UINT8 : QuantType.INT8;
                RealRange actual = switch (method[0]) {
                    case "percentile" -> observer.percentile(Double.parseDouble(method[1]), type);
                    case "entropy", "uentropy" -> observer.entropy(type, Integer.parseInt(method[1]));
                    default -> observer.meanSquaredError(type, Integer.parseInt(method[1]));
                };
                assertEquals(range(row, at), actual, name(row) + " " + row[at]);
            }
        }
        assertEquals(21, rows.size());
    }
}
