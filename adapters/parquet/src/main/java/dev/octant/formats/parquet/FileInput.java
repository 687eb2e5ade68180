package dev.octant.formats.parquet;

import dev.hardwood.InputFile;
import dev.octant.formats.FormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * What hardwood reads from: positional reads of small pieces, and mappings of the large ones it asks for, up to 128 MB at
 * once. Nothing outside the file is allocated or mapped.
 */
final class FileInput implements InputFile {
    private static final int MAPPED_FROM = 1 << 20;

    private final dev.octant.formats.InputFile file;
    private final FileChannel channel;

    FileInput(dev.octant.formats.InputFile file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    @Override
    public void open() {}

    @Override
    public ByteBuffer readRange(long offset, int length) throws IOException {
        if (offset < 0 || length < 0 || offset > file.size() - length) {
            throw new FormatException(file.path() + ": ranges must lie within the " + file.size()
                    + " bytes of the file, was " + length + " bytes from " + offset);
        }
        if (length >= MAPPED_FROM) {
            return channel.map(FileChannel.MapMode.READ_ONLY, offset, length);
        }
        ByteBuffer bytes = ByteBuffer.allocate(length);
        file.readFully(channel, bytes, offset);
        return bytes.flip();
    }

    @Override
    public long length() {
        return file.size();
    }

    @Override
    public String name() {
        return file.path().toString();
    }

    /** Whoever opened the channel closes it: hardwood's threads may still read while a reader closes. */
    @Override
    public void close() {}
}
