package dev.octant.formats.parquet;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.octant.formats.FormatException;
import dev.octant.formats.tensor.TensorFiles;
import dev.octant.formats.tensor.TensorPart;
import java.io.IOException;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

/** Any bytes as a file: values or a sentence, and no more memory than promised. */
@EnabledForJreRange(min = JRE.JAVA_21)
class ParquetFuzzTest {
    @FuzzTest
    void anyBytes(byte[] content) throws IOException {
        ParquetFormatTest.withFile(content, path -> {
            try {
                for (TensorPart part : TensorFiles.open(path).parts()) {
                    part.read((tensor, block, offset, length) -> true);
                }
            } catch (FormatException e) {
                // A sentence.
            }
        });
    }
}
