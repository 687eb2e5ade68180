package dev.octant.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octant.core.Profile;
import dev.octant.core.QuantParams;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Float to 8 bits as TensorFlow Lite and XNNPACK did it. */
class QuantizeGoldenTest {
    /** The optimised kernel of TensorFlow Lite has XNNPACK's rule in whole groups of eight, which these rows are. */
    @ParameterizedTest
    @CsvSource({"tflite_ref, TFLITE", "tflite_opt, XNNPACK", "tflite_xnn, XNNPACK"})
    void everyCodeIsTheEngines(String runtime, Profile profile) {
        List<String[]> rows = rows(runtime);
        assertEquals(32, rows.size());
        for (String[] row : rows) {
            assertEquals(row[5], codes(row, profile));
        }
    }

    private static List<String[]> rows(String runtime) {
        return GoldenRow.lines("quantize.csv.gz").stream()
                .map(line -> line.split(";", -1))
                .filter(row -> row[0].equals(runtime))
                .toList();
    }

    private static String codes(String[] row, Profile profile) {
        QuantParams params = GoldenRow.params(row[1], row[2], row[3]);
        int length = row[4].length() / Float.BYTES / 2;
        byte[] codes = new byte[length];
        for (int i = 0; i < length; i++) {
            int bits = Integer.parseUnsignedInt(row[4], 8 * i, 8 * i + 8, 16);
            codes[i] = (byte) profile.quantize(Float.intBitsToFloat(bits), params);
        }
        return HexFormat.of().formatHex(codes);
    }
}
