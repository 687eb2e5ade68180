// SPDX-License-Identifier: Apache-2.0
package dev.octant.spark.internal.files;

import dev.octant.calibration.run.SummaryFile;
import dev.octant.calibration.run.TensorSummary;
import dev.octant.formats.AtomicFile;
import dev.octant.formats.Destination;
import dev.octant.formats.FormatException;
import java.io.BufferedOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.util.Iterator;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.UnsupportedFileSystemException;
import org.apache.spark.sql.Row;

/** Writes summary files in the file systems of Hadoop, all at once or not at all. Stateless and thread safe. */
public final class SummaryOutput {
    private static final int BUFFER = 1 << 16;

    private SummaryOutput() {}

    /**
     * Writes rows of name and summary, in the order of {@link SummaryFile}, one at a time.
     *
     * <p>A local file is written as {@link AtomicFile} does; checksums that Hadoop has kept of an old one are deleted.
     * Elsewhere the content goes to a temporary name beside the
     * target, which is then renamed: at once where the file system can, as HDFS does; where it cannot replace a file,
     * the old one is deleted before. What fails deletes the temporary file.
     *
     * @return how many tensors there were
     * @throws IllegalStateException if there is no row
     */
    public static int write(Iterator<Row> rows, String uri, Configuration configuration) throws IOException {
        Path target = HadoopFiles.qualified(uri, configuration);
        int[] tensors = {0};
        AtomicFile.Content content = out -> tensors[0] = write(rows, out);
        if (HadoopFiles.isLocal(target)) {
            java.nio.file.Path file = local(target);
            AtomicFile.write(file, out -> {
                content.writeTo(out);
                deleteChecksum(file);
            });
        } else {
            replace(target.getFileSystem(configuration), target, configuration, content);
        }
        return tensors[0];
    }

    /**
     * Refuses a target that is known to fail: a folder, or a local file whose folder is missing or may not be written.
     *
     * @throws FormatException with one sentence
     */
    public static void requireWritable(String uri, Configuration configuration) throws IOException {
        Path target = HadoopFiles.qualified(uri, configuration);
        if (HadoopFiles.isLocal(target)) {
            Destination.of(local(target)).requireWritable();
            return;
        }
        try {
            if (target.getFileSystem(configuration).getFileStatus(target).isDirectory()) {
                throw new FormatException(target + ": output must be a file, was a folder");
            }
        } catch (FormatException e) {
            throw e;
        } catch (FileNotFoundException e) {
            // It will be new.
        } catch (IOException e) {
            throw new FormatException(
                    target + ": output must be writable, was refused by the file system (" + e.getMessage() + ")", e);
        }
    }

    private static java.nio.file.Path local(Path target) {
        return java.nio.file.Path.of(target.toUri().getPath());
    }

    /** Hadoop would read the new content by the checksums that it has kept of the old. */
    private static void deleteChecksum(java.nio.file.Path file) throws IOException {
        if (Destination.of(file).isFile()) {
            Files.deleteIfExists(file.resolveSibling("." + file.getFileName() + ".crc"));
        }
    }

    private static int write(Iterator<Row> rows, OutputStream out) throws IOException {
        SummaryFile.Writer writer = new SummaryFile.Writer(out);
        int tensors = 0;
        while (rows.hasNext()) {
            Row row = rows.next();
            if (row.isNullAt(0)) {
                throw new IllegalArgumentException("tensor name must be given, was NULL");
            }
            writer.put(row.getString(0), TensorSummary.of(row.<byte[]>getAs(1)));
            tensors++;
        }
        if (tensors == 0) {
            throw new IllegalStateException("data must have at least one value, had none");
        }
        writer.end();
        return tensors;
    }

    private static void replace(FileSystem files, Path target, Configuration configuration, AtomicFile.Content content)
            throws IOException {
        Path temporary = new Path(target.getParent(), ".octant-" + UUID.randomUUID() + ".tmp");
        try {
            try (OutputStream out = new BufferedOutputStream(files.create(temporary, false), BUFFER)) {
                content.writeTo(out);
            }
            rename(files, temporary, target, configuration);
        } finally {
            // Gone where it was renamed.
            files.delete(temporary, false);
        }
    }

    private static void rename(FileSystem files, Path from, Path to, Configuration configuration) throws IOException {
        try {
            FileContext.getFileContext(to.toUri(), configuration).rename(from, to, Options.Rename.OVERWRITE);
        } catch (UnsupportedFileSystemException e) {
            files.delete(to, false);
            if (!files.rename(from, to)) {
                throw new FormatException(to + ": output must be writable, was refused by the file system", e);
            }
        }
    }
}
