// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.parquet;

import io.airlift.compress.Decompressor;
import io.airlift.compress.lz4.Lz4Decompressor;
import io.airlift.compress.snappy.SnappyDecompressor;
import io.airlift.compress.zstd.ZstdDecompressor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import org.brotli.dec.BrotliInputStream;

/**
 * How pages are compressed, by their numbers in {@code parquet.thrift}. All are decompressed in Java, from array to
 * array, and a page that does not unfold to just the bytes that its header states is refused.
 *
 * <p>Each page gets a decompressor of its own, so that none sees what another page left behind.
 */
enum Codec {
    UNCOMPRESSED {
        @Override
        int unpack(Bytes packed, byte[] target, int length) {
            System.arraycopy(packed.array(), packed.from(), target, 0, packed.length());
            return packed.length();
        }
    },
    SNAPPY {
        @Override
        int unpack(Bytes packed, byte[] target, int length) {
            return block(new SnappyDecompressor(), packed, target, 0, length);
        }
    },
    GZIP {
        @Override
        int unpack(Bytes packed, byte[] target, int length) throws IOException {
            try (InputStream in = new GZIPInputStream(packed.stream())) {
                return drain(in, target, length);
            }
        }
    },
    LZO {
        @Override
        boolean isReadable() {
            return false;
        }

        @Override
        int unpack(Bytes packed, byte[] target, int length) throws IOException {
            throw new IOException("LZO must not be asked for");
        }
    },
    BROTLI {
        @Override
        int unpack(Bytes packed, byte[] target, int length) throws IOException {
            try (InputStream in = new BrotliInputStream(packed.stream())) {
                return drain(in, target, length);
            }
        }
    },
    LZ4 {
        @Override
        int unpack(Bytes packed, byte[] target, int length) {
            int unpacked = hadoopBlocks(packed, target, length);
            return unpacked >= 0 ? unpacked : block(new Lz4Decompressor(), packed, target, 0, length);
        }
    },
    ZSTD {
        @Override
        int unpack(Bytes packed, byte[] target, int length) {
            return block(new ZstdDecompressor(), packed, target, 0, length);
        }
    },
    LZ4_RAW {
        @Override
        int unpack(Bytes packed, byte[] target, int length) {
            return block(new Lz4Decompressor(), packed, target, 0, length);
        }
    };

    boolean isReadable() {
        return true;
    }

    /**
     * Decompresses to the first bytes of an array.
     *
     * @param length what should come of it, and at most does
     * @return what came of it; more than {@code length} where there is more
     * @throws IOException or some RuntimeException if the data are damaged
     */
    abstract int unpack(Bytes packed, byte[] target, int length) throws IOException;

    /** Decompresses to just {@code length} bytes, or refuses. */
    void unpack(Bytes packed, byte[] target, int length, Place place) throws IOException {
        int unpacked;
        try {
            unpacked = unpack(packed, target, length);
        } catch (UnsupportedOperationException | LinkageError e) {
            throw place.refused(
                    "be decompressed, for which " + this
                            + " takes the flag --sun-misc-unsafe-memory-access=allow on JDK "
                            + Runtime.version().feature(),
                    "without it",
                    e);
        } catch (IOException | RuntimeException e) {
            throw place.refused("have " + this + " data that are whole", "damaged", e);
        }
        if (unpacked != length) {
            throw place.refused(
                    "have " + this + " data of the " + length + " bytes of their page",
                    unpacked > length ? "more" : String.valueOf(unpacked));
        }
    }

    private static int block(Decompressor decompressor, Bytes packed, byte[] target, int from, int length) {
        return decompressor.decompress(packed.array(), packed.from(), packed.length(), target, from, length);
    }

    private static int drain(InputStream in, byte[] target, int length) throws IOException {
        int unpacked = in.readNBytes(target, 0, length);
        return in.read() < 0 ? unpacked : length + 1;
    }

    /**
     * Blocks as Hadoop writes them, each after its lengths unpacked and packed, big-endian; other writers' LZ4 is one
     * block without.
     *
     * @return what came of them, or -1 if these are none
     */
    private static int hadoopBlocks(Bytes packed, byte[] target, int length) {
        ByteBuffer in = ByteBuffer.wrap(packed.array(), packed.from(), packed.length());
        int at = 0;
        while (in.remaining() >= 2 * Integer.BYTES) {
            int blockUnpacked = in.getInt();
            int blockPacked = in.getInt();
            if (blockUnpacked < 0 || blockUnpacked > length - at || blockPacked < 0 || blockPacked > in.remaining()) {
                return -1;
            }
            Bytes block = new Bytes(packed.array(), in.position(), blockPacked);
            try {
                if (block(new Lz4Decompressor(), block, target, at, blockUnpacked) != blockUnpacked) {
                    return -1;
                }
            } catch (RuntimeException e) {
                return -1;
            }
            at += blockUnpacked;
            in.position(in.position() + blockPacked);
        }
        return in.hasRemaining() ? -1 : at;
    }

    /** The codec of a number, or null. */
    static Codec of(int number) {
        return number >= 0 && number < values().length ? values()[number] : null;
    }

    /** The names of those that can be read. */
    static String readable() {
        return String.join(
                ", ",
                Arrays.stream(values())
                        .filter(Codec::isReadable)
                        .map(Codec::name)
                        .toList());
    }
}
