// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.core.BlockLayout;
import dev.octant.core.DynamicPolicy;
import dev.octant.core.DynamicQuantizer;
import dev.octant.core.IntegerQuantizer;
import dev.octant.core.IntegerType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The code of docs/integers.md. */
class IntegersExampleTest {
    @Test
    void thePageShowsIt() throws IOException {
        String source = Files.readString(Path.of("src/test/java/dev/octant/core/example/IntegersExampleTest.java"));
        Matcher block = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("../docs/integers.md")));
        assertTrue(block.find());
        assertTrue(source.replaceAll("\\s+", "").contains(block.group(1).replaceAll("\\s+", "")), block::group);
        assertFalse(block.find());
    }

    @Test
    void theExampleOfThePage() {
        float[] weights = new float[64 * 256]; // 64 rows of 256
        Random random = new Random(1);
        for (int i = 0; i < weights.length; i++) {
            weights[i] = (float) random.nextGaussian();
        }

        // int4, symmetric, a scale for every 32 neighbours of a row: chosen from the data
        BlockLayout layout = BlockLayout.of(1, 32, 64, 256);
        float[] scales = new float[layout.groups()];
        int[] zeroPoints = new int[layout.groups()];
        byte[] packed = new byte[IntegerType.INT4.storedLength(weights.length)];
        DynamicQuantizer.of(DynamicPolicy.TORCHAO_SYMMETRIC, IntegerType.INT4)
                .quantize(weights, 0, packed, 0, layout.groups(), 32, scales, zeroPoints);

        // and back; any part of the tensor can be read by itself
        IntegerQuantizer blocks = IntegerQuantizer.of(IntegerType.INT4, layout, scales, zeroPoints);
        float[] row = new float[256];
        blocks.dequantize(packed, IntegerType.INT4.storedLength(5 * 256), row, 0, 256, 5 * 256L);

        for (int i = 0; i < row.length; i++) {
            assertEquals(weights[5 * 256 + i], row[i], 0.51 * scales[(5 * 256 + i) / 32]);
        }
    }
}
