// SPDX-License-Identifier: Apache-2.0
package dev.octant.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Prints what the work on a long table takes, of 1 GB or as many MB as {@code octant.speed.megabytes} says; see {@link
 * SpeedProgram}. What works on single values reads one of its eight files, or as many as {@code octant.speed.files}
 * says. The table stays in the module's target for another time.
 */
@Tag("big")
class SpeedJarTest {
    private static final int MEGABYTES = Integer.getInteger("octant.speed.megabytes", 1024);
    private static final int FILES = Integer.getInteger("octant.speed.files", 1);

    @TempDir
    private Path folder;

    @Test
    void besideOneProcessAndWhatSparkHas() throws Exception {
        Path all = Path.of(System.getProperty("octant.all"));
        Path found = folder.resolve("found");
        SubmittedSpark spark = new SubmittedSpark(folder, "4g");
        try {
            SubmittedSpark.Ended ended = spark.submit(
                    "--master",
                    "local[2]",
                    "--conf",
                    "spark.ui.enabled=false",
                    "--class",
                    SpeedProgram.class.getName(),
                    "--jars",
                    all + "," + spark.libraries("octant-parquet"),
                    spark.programs().toString(),
                    all.resolveSibling("speed-" + MEGABYTES).toString(),
                    Integer.toString(MEGABYTES),
                    Integer.toString(FILES),
                    found.toString());
            assertEquals(0, ended.code(), ended::said);
        } finally {
            spark.end();
        }
        System.out.println(Files.readString(found));
    }
}
