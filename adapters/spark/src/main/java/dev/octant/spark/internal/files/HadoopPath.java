// SPDX-License-Identifier: Apache-2.0
package dev.octant.spark.internal.files;

import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A path of Hadoop, with its scheme where it is absolute: what a refusal shows. Immutable and thread safe. */
final class HadoopPath implements Path {
    private static final String HERE = org.apache.hadoop.fs.Path.CUR_DIR + org.apache.hadoop.fs.Path.SEPARATOR;

    private final HadoopFiles system;
    private final org.apache.hadoop.fs.Path path;

    HadoopPath(HadoopFiles system, org.apache.hadoop.fs.Path path) {
        this.system = system;
        this.path = path;
    }

    org.apache.hadoop.fs.Path hadoop() {
        return path;
    }

    private HadoopPath of(org.apache.hadoop.fs.Path other) {
        return new HadoopPath(system, other);
    }

    private static HadoopPath ours(Path other) {
        if (other instanceof HadoopPath same) {
            return same;
        }
        throw new ProviderMismatchException();
    }

    private List<String> names() {
        List<String> names =
                new ArrayList<>(Arrays.asList(path.toUri().getPath().split(org.apache.hadoop.fs.Path.SEPARATOR, -1)));
        // A name with a colon stands behind a dot, or it would be taken for a scheme.
        names.removeIf(name -> name.isEmpty() || name.equals(org.apache.hadoop.fs.Path.CUR_DIR));
        return names;
    }

    @Override
    public FileSystem getFileSystem() {
        return system;
    }

    @Override
    public boolean isAbsolute() {
        return path.isAbsolute();
    }

    @Override
    public Path getRoot() {
        return isAbsolute() ? system.getRootDirectories().iterator().next() : null;
    }

    @Override
    public Path getFileName() {
        return path.getName().isEmpty() ? null : of(new org.apache.hadoop.fs.Path(null, null, path.getName()));
    }

    @Override
    public Path getParent() {
        org.apache.hadoop.fs.Path parent = path.getParent();
        return parent == null || parent.toString().isEmpty() ? null : of(parent);
    }

    @Override
    public int getNameCount() {
        return names().size();
    }

    @Override
    public Path getName(int index) {
        return subpath(index, index + 1);
    }

    @Override
    public Path subpath(int from, int to) {
        List<String> some = names().subList(from, to);
        return of(new org.apache.hadoop.fs.Path(null, null, String.join(org.apache.hadoop.fs.Path.SEPARATOR, some)));
    }

    @Override
    public boolean startsWith(Path other) {
        List<String> start = ours(other).names();
        return isAbsolute() == other.isAbsolute()
                && start.size() <= getNameCount()
                && names().subList(0, start.size()).equals(start);
    }

    @Override
    public boolean endsWith(Path other) {
        List<String> end = ours(other).names();
        int from = getNameCount() - end.size();
        return from >= 0 && names().subList(from, getNameCount()).equals(end);
    }

    /** Hadoop's paths are normal when they are made. */
    @Override
    public Path normalize() {
        return this;
    }

    @Override
    public Path resolve(Path other) {
        HadoopPath next = ours(other);
        return next.isAbsolute() ? next : of(new org.apache.hadoop.fs.Path(path, next.path));
    }

    @Override
    public Path relativize(Path other) {
        throw new UnsupportedOperationException("way from one path to another");
    }

    @Override
    public URI toUri() {
        return path.toUri();
    }

    @Override
    public Path toAbsolutePath() {
        return of(system.files().makeQualified(path));
    }

    @Override
    public Path toRealPath(LinkOption... options) {
        return toAbsolutePath();
    }

    @Override
    public WatchKey register(WatchService watcher, WatchEvent.Kind<?>[] events, WatchEvent.Modifier... modifiers) {
        throw new UnsupportedOperationException("watching a path");
    }

    @Override
    public int compareTo(Path other) {
        return path.compareTo(ours(other).path);
    }

    @Override
    public boolean equals(Object object) {
        return object instanceof HadoopPath other && path.equals(other.path);
    }

    @Override
    public int hashCode() {
        return path.hashCode();
    }

    @Override
    public String toString() {
        String text = path.toString();
        return text.startsWith(HERE) ? text.substring(HERE.length()) : text;
    }
}
