package dev.octant.formats.parquet;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

/** Any bytes as a file: values or a sentence, and no more memory than promised. */
@EnabledForJreRange(min = JRE.JAVA_21)
class ParquetFuzzTest {
    @FuzzTest
    void anyBytes(byte[] content) throws IOException {
        Reading.check(content);
    }
}
