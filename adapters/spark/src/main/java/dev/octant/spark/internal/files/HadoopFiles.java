// SPDX-License-Identifier: Apache-2.0
package dev.octant.spark.internal.files;

import dev.octant.core.internal.text.Given;
import dev.octant.formats.FormatException;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.WatchService;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.spi.FileSystemProvider;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;

/**
 * A file system of Hadoop, as S3A, HDFS or local files, as one of Java, to read from: so the readers of tensor files
 * need know nothing of it. Written is elsewhere. Two of one place are equal. Thread safe.
 */
public final class HadoopFiles extends FileSystem {
    private static final String FILE = "file";

    private final HadoopProvider provider = new HadoopProvider();
    private final org.apache.hadoop.fs.FileSystem files;

    private HadoopFiles(org.apache.hadoop.fs.FileSystem files) {
        this.files = files;
    }

    /**
     * The path of a URI; without a scheme, in the file system that the configuration names.
     *
     * @throws FormatException if it is no path, there is no such file system, or it cannot be reached
     */
    public static Path path(String uri, Configuration configuration) throws IOException {
        org.apache.hadoop.fs.Path path = qualified(uri, configuration);
        return new HadoopPath(new HadoopFiles(system(path, uri, configuration)), path);
    }

    /**
     * The same as Hadoop has it, with its scheme. A local file whose name looks like a URI is that file.
     *
     * @throws FormatException as {@link #path} does
     */
    public static org.apache.hadoop.fs.Path qualified(String uri, Configuration configuration) throws IOException {
        Given.require("uri", uri);
        if (uri.isEmpty()) {
            throw new FormatException("path must be given, was ''");
        }
        org.apache.hadoop.fs.Path path;
        try {
            path = new org.apache.hadoop.fs.Path(uri);
        } catch (IllegalArgumentException e) {
            Path local = Path.of(uri).toAbsolutePath();
            if (!isLocal(configuration) || !Files.isDirectory(local.getParent())) {
                throw new FormatException(
                        uri + ": path must be one of Hadoop, was refused (" + e.getMessage() + ")", e);
            }
            return new org.apache.hadoop.fs.Path(FILE, null, local.toString());
        }
        return system(path, uri, configuration).makeQualified(path);
    }

    private static boolean isLocal(Configuration configuration) {
        return FILE.equals(
                org.apache.hadoop.fs.FileSystem.getDefaultUri(configuration).getScheme());
    }

    /** Whether a path is a file of this machine. */
    static boolean isLocal(org.apache.hadoop.fs.Path qualified) {
        return FILE.equals(qualified.toUri().getScheme());
    }

    private static org.apache.hadoop.fs.FileSystem system(
            org.apache.hadoop.fs.Path path, String uri, Configuration configuration) throws IOException {
        try {
            return path.getFileSystem(configuration);
        } catch (IOException | RuntimeException e) {
            throw new FormatException(
                    uri + ": file system must be one that Hadoop reaches, was refused (" + e.getMessage() + ")", e);
        }
    }

    org.apache.hadoop.fs.FileSystem files() {
        return files;
    }

    @Override
    public FileSystemProvider provider() {
        return provider;
    }

    @Override
    public void close() {
        // Hadoop shares them among all who read.
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public boolean isReadOnly() {
        return true;
    }

    @Override
    public String getSeparator() {
        return org.apache.hadoop.fs.Path.SEPARATOR;
    }

    @Override
    public Iterable<Path> getRootDirectories() {
        return List.of(new HadoopPath(this, new org.apache.hadoop.fs.Path(files.getUri() + "/")));
    }

    @Override
    public Iterable<FileStore> getFileStores() {
        return List.of();
    }

    @Override
    public Set<String> supportedFileAttributeViews() {
        return Set.of("basic");
    }

    @Override
    public Path getPath(String first, String... more) {
        StringBuilder whole = new StringBuilder(first);
        for (String next : more) {
            whole.append(getSeparator()).append(next);
        }
        return new HadoopPath(this, new org.apache.hadoop.fs.Path(null, null, whole.toString()));
    }

    @Override
    public PathMatcher getPathMatcher(String syntaxAndPattern) {
        throw new UnsupportedOperationException("pattern of paths");
    }

    @Override
    public UserPrincipalLookupService getUserPrincipalLookupService() {
        throw new UnsupportedOperationException("users of a file system");
    }

    @Override
    public WatchService newWatchService() {
        throw new UnsupportedOperationException("watching a file system");
    }

    @Override
    public boolean equals(Object object) {
        return object instanceof HadoopFiles other && files.getUri().equals(other.files.getUri());
    }

    @Override
    public int hashCode() {
        return Objects.hash(files.getUri());
    }
}
