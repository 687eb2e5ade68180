// SPDX-License-Identifier: Apache-2.0
package dev.octant.spark.internal.files;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
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
    private final HadoopProvider provider = new HadoopProvider();
    private final org.apache.hadoop.fs.FileSystem files;

    private HadoopFiles(org.apache.hadoop.fs.FileSystem files) {
        this.files = files;
    }

    /**
     * The path of a URI; without a scheme, in the file system that the configuration names.
     *
     * @throws IOException if there is no such file system, or it cannot be reached
     */
    public static Path path(String uri, Configuration configuration) throws IOException {
        org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path(uri);
        HadoopFiles system = new HadoopFiles(path.getFileSystem(configuration));
        return new HadoopPath(system, system.files.makeQualified(path));
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
