// SPDX-License-Identifier: Apache-2.0
package dev.octant.spark.internal.files;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.spi.FileSystemProvider;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.fs.ChecksumFileSystem;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.security.AccessControlException;

/** What {@link HadoopFiles} can do: look at a file, list a folder, read. Stateless and thread safe. */
final class HadoopProvider extends FileSystemProvider {
    @Override
    public String getScheme() {
        return "hadoop";
    }

    private static org.apache.hadoop.fs.FileSystem files(Path path) {
        org.apache.hadoop.fs.FileSystem files = ((HadoopFiles) path.getFileSystem()).files();
        // The name of the file with the checksums of one with a colon is none that Hadoop takes.
        return files instanceof ChecksumFileSystem checked
                        && path.toString().lastIndexOf(':') > path.toString().lastIndexOf('/')
                ? checked.getRawFileSystem()
                : files;
    }

    private static org.apache.hadoop.fs.Path hadoop(Path path) {
        return ((HadoopPath) path.toAbsolutePath()).hadoop();
    }

    /** Asks Hadoop; what hinders it is said as the file systems of Java say it. */
    private static <T> T asked(Path path, Question<T> question) throws IOException {
        try {
            return question.ask(files(path), hadoop(path));
        } catch (FileNotFoundException e) {
            NoSuchFileException missing = new NoSuchFileException(path.toString());
            missing.initCause(e);
            throw missing;
        } catch (AccessControlException e) {
            AccessDeniedException denied = new AccessDeniedException(path.toString());
            denied.initCause(e);
            throw denied;
        } catch (IOException e) {
            FileSystemException failed = new FileSystemException(path.toString(), null, e.getMessage());
            failed.initCause(e);
            throw failed;
        }
    }

    /** Asks a file system about a path. */
    @FunctionalInterface
    private interface Question<T> {
        T ask(org.apache.hadoop.fs.FileSystem files, org.apache.hadoop.fs.Path path) throws IOException;
    }

    @Override
    public FileChannel newFileChannel(Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
            throws IOException {
        if (!options.equals(Set.of(StandardOpenOption.READ))) {
            throw new ReadOnlyFileSystemException();
        }
        long size = asked(path, (files, file) -> files.getFileStatus(file).getLen());
        FSDataInputStream in = asked(path, (files, file) -> files.open(file));
        return new HadoopChannel(path.toString(), in, size);
    }

    @Override
    public SeekableByteChannel newByteChannel(
            Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes) throws IOException {
        return newFileChannel(path, options.isEmpty() ? Set.of(StandardOpenOption.READ) : options, attributes);
    }

    @Override
    public DirectoryStream<Path> newDirectoryStream(Path folder, DirectoryStream.Filter<? super Path> filter)
            throws IOException {
        List<Path> entries = new ArrayList<>();
        for (FileStatus status : asked(folder, (files, path) -> files.listStatus(path))) {
            Path entry = new HadoopPath((HadoopFiles) folder.getFileSystem(), status.getPath());
            if (filter.accept(entry)) {
                entries.add(entry);
            }
        }
        return new DirectoryStream<>() {
            @Override
            public Iterator<Path> iterator() {
                return entries.iterator();
            }

            @Override
            public void close() {
                // Hadoop has listed all by now.
            }
        };
    }

    @Override
    public void checkAccess(Path path, AccessMode... modes) throws IOException {
        asked(path, (files, file) -> files.getFileStatus(file));
    }

    @Override
    public <A extends BasicFileAttributes> A readAttributes(Path path, Class<A> type, LinkOption... options)
            throws IOException {
        if (type != BasicFileAttributes.class) {
            throw new UnsupportedOperationException(type.getName());
        }
        return type.cast(new Attributes(asked(path, (files, file) -> files.getFileStatus(file))));
    }

    /** What Hadoop knows of a file. */
    private record Attributes(FileStatus status) implements BasicFileAttributes {
        @Override
        public FileTime lastModifiedTime() {
            return FileTime.fromMillis(status.getModificationTime());
        }

        @Override
        public FileTime lastAccessTime() {
            return FileTime.fromMillis(status.getAccessTime());
        }

        @Override
        public FileTime creationTime() {
            return lastModifiedTime();
        }

        @Override
        public boolean isRegularFile() {
            return status.isFile();
        }

        @Override
        public boolean isDirectory() {
            return status.isDirectory();
        }

        @Override
        public boolean isSymbolicLink() {
            return status.isSymlink();
        }

        @Override
        public boolean isOther() {
            return false;
        }

        @Override
        public long size() {
            return status.getLen();
        }

        /** Hadoop knows none that all its file systems have. */
        @Override
        public Object fileKey() {
            return null;
        }
    }

    @Override
    public boolean isSameFile(Path one, Path other) {
        return one.equals(other);
    }

    @Override
    public boolean isHidden(Path path) {
        return false;
    }

    @Override
    public FileSystem newFileSystem(URI uri, Map<String, ?> environment) {
        throw new UnsupportedOperationException("file system by a URI");
    }

    @Override
    public FileSystem getFileSystem(URI uri) {
        throw new UnsupportedOperationException("file system by a URI");
    }

    @Override
    public Path getPath(URI uri) {
        throw new UnsupportedOperationException("path by a URI");
    }

    @Override
    public FileStore getFileStore(Path path) {
        throw new UnsupportedOperationException("store of a file");
    }

    @Override
    public <V extends FileAttributeView> V getFileAttributeView(Path path, Class<V> type, LinkOption... options) {
        return null;
    }

    @Override
    public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options) {
        throw new UnsupportedOperationException("attributes by name");
    }

    @Override
    public void setAttribute(Path path, String attribute, Object value, LinkOption... options) {
        throw new ReadOnlyFileSystemException();
    }

    @Override
    public void createDirectory(Path folder, FileAttribute<?>... attributes) {
        throw new ReadOnlyFileSystemException();
    }

    @Override
    public void delete(Path path) {
        throw new ReadOnlyFileSystemException();
    }

    @Override
    public void copy(Path source, Path target, CopyOption... options) {
        throw new ReadOnlyFileSystemException();
    }

    @Override
    public void move(Path source, Path target, CopyOption... options) {
        throw new ReadOnlyFileSystemException();
    }
}
