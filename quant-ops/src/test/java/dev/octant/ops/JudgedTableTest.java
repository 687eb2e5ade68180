// SPDX-License-Identifier: Apache-2.0
package dev.octant.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.core.QuantParams;
import dev.octant.core.QuantType;
import dev.octant.fixtures.CodeType;
import dev.octant.fixtures.Grid;
import dev.octant.fixtures.OpCase;
import dev.octant.fixtures.QuantizedFunction;
import dev.octant.fixtures.ReferenceFunctions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Tables judged as a user of the fixtures judges them at first try: docs/testing.md shows it. */
class JudgedTableTest {
    @Test
    void theDeclaredRangeIsJudgedToo() {
        OpCase.of("silu", ReferenceFunctions::silu)
                .types(CodeType.INT8)
                .clipped(-0.27846455, Double.POSITIVE_INFINITY)
                .quantizedTo((in, out) -> QuantizedFunction.ofBlocks(
                        out,
                        QuantizedActivation.compile(Activation.SILU, params(in), params(out))
                                .table()::apply))
                .check();
    }

    static QuantParams params(Grid grid) {
        return QuantParams.of(QuantType.INT8, grid.scale(), grid.zeroPoint());
    }

    @Test
    void thePageShowsIt() throws IOException {
        String source = withoutBlanks(Files.readString(Path.of("src/test/java/dev/octant/ops/JudgedTableTest.java")));
        List<String> blocks = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("../docs/testing.md")))
                .results()
                .map(block -> block.group(1))
                .toList();
        assertEquals(2, blocks.size()); // the first is an example of the fixtures
        for (String part : blocks.get(1).split("\n\n", -1)) {
            assertTrue(source.contains(withoutBlanks(part)), part);
        }
    }

    private static String withoutBlanks(String text) {
        return text.replaceAll("\\s+", "");
    }

    @Test
    void withoutItTheSentenceSaysWhatToDeclare() {
        OpCase undeclared = OpCase.of("silu", ReferenceFunctions::silu)
                .types(CodeType.INT8)
                .quantizedTo((in, out) -> QuantizedFunction.ofBlocks(
                        out,
                        QuantizedActivation.compile(Activation.SILU, params(in), params(out))
                                .table()::apply));
        String sentence = assertThrows(AssertionError.class, undeclared::check).getMessage();
        assertTrue(sentence.contains("judged with clipped(low, high)"), sentence);
    }
}
