package dev.octant.formats.parquet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.octant.formats.FormatException;
import dev.octant.formats.tensor.TensorFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;

/** hardwood is compiled for JDK 21; the libraries run on 17. */
@EnabledForJreRange(max = JRE.JAVA_20)
class OldJdkTest {
    @Test
    void aFileIsRefusedInOneSentence(@TempDir Path folder) throws IOException {
        byte[] content = new ParquetBytes()
                .file(List.of(new ParquetBytes.Column(
                        "a", ParquetBytes.Type.FLOAT, ParquetBytes.Kind.REQUIRED, List.of(List.of(1.0)))));
        Path file = Files.write(folder.resolve("a.parquet"), content);
        FormatException refused = assertThrows(FormatException.class, () -> TensorFiles.open(file));
        assertEquals(
                file + ": Parquet must be read on JDK 21 or later with Octant's module parquet, was JDK "
                        + Runtime.version().feature(),
                refused.getMessage());
    }
}
