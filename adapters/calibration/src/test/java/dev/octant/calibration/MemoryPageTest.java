// SPDX-License-Identifier: Apache-2.0
package dev.octant.calibration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.core.QuantParams;
import dev.octant.core.QuantScheme;
import dev.octant.core.QuantType;
import dev.octant.core.RealRange;
import dev.octant.core.TensorQuantizer;
import dev.octant.ops.Activation;
import dev.octant.ops.QuantizedActivation;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;

/** The program of docs/memory.md, as it stands there. */
@EnabledForJreRange(min = JRE.JAVA_22, disabledReason = "memory segments are there from JDK 22 on")
class MemoryPageTest {
    private static final Path PAGE = Path.of("..", "..", "docs", "memory.md");

    @TempDir
    Path folder;

    @Test
    void partsOfAFileAreAsTheWholeInArrays() throws Exception {
        float[] values = new float[10_000];
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.nativeOrder());
        Random random = new Random(4);
        float least = 0;
        float most = 0;
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
            least = Math.min(least, values[i]);
            most = Math.max(most, values[i]);
            bytes.putFloat(values[i]);
        }
        Path file = Files.write(folder.resolve("floats"), bytes.array());
        Path result = folder.resolve("codes");
        System.setProperty("part", "3000"); // the last part is shorter
        String printed;
        try {
            printed = PageProgram.run(folder, "Segments", PageProgram.of(PAGE), file.toString(), result.toString());
        } finally {
            System.clearProperty("part");
        }
        assertTrue(printed.startsWith("10000 codes of "), printed);

        QuantParams input = QuantScheme.ASYMMETRIC.choose(RealRange.of(least, most), QuantType.INT8);
        QuantParams output = QuantParams.of(QuantType.INT8, 0.02f, -114);
        byte[] codes = TensorQuantizer.of(input).quantize(values).codes();
        QuantizedActivation silu = QuantizedActivation.compile(Activation.SILU, input, output);
        byte[] found = Files.readAllBytes(result);
        assertEquals(values.length, found.length);
        for (int i = 0; i < values.length; i++) {
            assertEquals(silu.table().apply(codes[i]), found[i]);
        }
    }
}
