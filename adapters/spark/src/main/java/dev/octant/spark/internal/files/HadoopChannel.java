// SPDX-License-Identifier: Apache-2.0
package dev.octant.spark.internal.files;

import dev.octant.formats.FormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import org.apache.hadoop.fs.FSDataInputStream;

/**
 * A file of Hadoop to read from. Reads that follow each other go on in the same stream, so a part is one request of an
 * object store; another place is sought first. Thread safe: one read at a time.
 */
final class HadoopChannel extends FileChannel {
    private static final int BLOCK = 1 << 18;

    private final String name;
    private final FSDataInputStream in;
    private final long size;
    private byte[] block = {};
    private long position;

    HadoopChannel(String name, FSDataInputStream in, long size) {
        this.name = name;
        this.in = in;
        this.size = size;
    }

    @Override
    public synchronized int read(ByteBuffer target) throws IOException {
        int count = read(target, position);
        position += Math.max(0, count);
        return count;
    }

    @Override
    public synchronized int read(ByteBuffer target, long from) throws IOException {
        int wanted = (int) Math.min(target.remaining(), Math.min(BLOCK, size - from));
        if (wanted <= 0) {
            return target.hasRemaining() ? -1 : 0;
        }
        try {
            if (in.getPos() != from) {
                in.seek(from);
            }
            if (target.hasArray()) {
                int count = in.read(target.array(), target.arrayOffset() + target.position(), wanted);
                target.position(target.position() + Math.max(0, count));
                return count;
            }
            if (block.length < wanted) {
                block = new byte[wanted];
            }
            int count = in.read(block, 0, wanted);
            target.put(block, 0, Math.max(0, count));
            return count;
        } catch (IOException e) {
            throw new FormatException(
                    name + ": input must be readable, was refused by the file system (" + e.getMessage() + ")", e);
        }
    }

    @Override
    public synchronized long position() {
        return position;
    }

    @Override
    public synchronized FileChannel position(long newPosition) {
        position = newPosition;
        return this;
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    protected void implCloseChannel() throws IOException {
        in.close();
    }

    @Override
    public long read(ByteBuffer[] targets, int offset, int length) throws IOException {
        long all = 0;
        for (int i = offset; i < offset + length; i++) {
            while (targets[i].hasRemaining()) {
                int count = read(targets[i]);
                if (count < 0) {
                    return all == 0 ? -1 : all;
                }
                all += count;
            }
        }
        return all;
    }

    @Override
    public int write(ByteBuffer source) {
        throw new NonWritableChannelException();
    }

    @Override
    public int write(ByteBuffer source, long to) {
        throw new NonWritableChannelException();
    }

    @Override
    public long write(ByteBuffer[] sources, int offset, int length) {
        throw new NonWritableChannelException();
    }

    @Override
    public FileChannel truncate(long newSize) {
        throw new NonWritableChannelException();
    }

    @Override
    public void force(boolean metaData) {
        throw new NonWritableChannelException();
    }

    @Override
    public long transferTo(long from, long count, WritableByteChannel target) {
        throw new UnsupportedOperationException("copying");
    }

    @Override
    public long transferFrom(ReadableByteChannel source, long to, long count) {
        throw new NonWritableChannelException();
    }

    @Override
    public MappedByteBuffer map(MapMode mode, long from, long length) {
        throw new UnsupportedOperationException("mapping");
    }

    @Override
    public FileLock lock(long from, long length, boolean shared) {
        throw new UnsupportedOperationException("locking");
    }

    @Override
    public FileLock tryLock(long from, long length, boolean shared) {
        throw new UnsupportedOperationException("locking");
    }
}
