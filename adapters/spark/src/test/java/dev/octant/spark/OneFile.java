// SPDX-License-Identifier: Apache-2.0
package dev.octant.spark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** A table as one file of Parquet, with the name that is asked for. */
final class OneFile {
    private OneFile() {}

    static Path of(Dataset<Row> rows, Path target) throws IOException {
        Path written = Files.createTempDirectory("written");
        rows.coalesce(1).write().mode("overwrite").parquet(written.toUri().toString());
        try (Stream<Path> files = Files.list(written)) {
            Path file = files.filter(path -> path.getFileName().toString().startsWith("part-"))
                    .findFirst()
                    .orElseThrow();
            Files.createDirectories(target.getParent());
            return Files.move(file, target);
        }
    }
}
