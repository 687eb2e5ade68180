// SPDX-License-Identifier: Apache-2.0
package dev.octant.calibration.run;

import dev.octant.formats.AtomicFile;
import dev.octant.formats.FormatException;
import dev.octant.formats.InputFile;
import dev.octant.formats.ReadOutOfMemoryError;
import dev.octant.formats.VisibleText;
import dev.octant.observers.SummaryFormatException;
import dev.octant.observers.ValueCounts;
import java.io.BufferedInputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UTFDataFormatException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import java.util.zip.CheckedOutputStream;
import org.apache.commons.lang3.Validate;

/**
 * Where and for what a run keeps its state.
 *
 * <pre>
 * magic OCTC (4), version 2 (1), 1 if the run has failed (1), settings as text
 * files (4), then for each: name, size (8), modification time (8), checksum of blocks (4)
 * parts (4), then for each: values read, or -1 for all (8)
 * parts left in the middle of a sample (4), then for each: part (4), counts and ends of the sample so far (48)
 * tensors (4), then for each: name, summary
 * CRC-32C of the names by part (4)
 * rounds and ranges
 * CRC-32C of all before (4)
 * </pre>
 *
 * <p>Reading checks the checksum before anything else, in one pass through a small block; then every number is
 * compared with the work at hand before memory is taken for it. So memory is that of the run itself and less than 1
 * MiB, however long the file is and whatever it claims.
 */
final class Checkpoint {
    /** Names the format: OCTC. */
    private static final int MAGIC = 0x4F435443;

    private static final int VERSION = 2;
    private static final int BLOCK = 1 << 14;

    /** Characters of a file's name, and of how it is read, in a sentence. */
    private static final int SHOWN = 200;

    /** More than any data has; a long holds as many again, so that counting on from here cannot pass it. */
    private static final long MOST_VALUES = 1L << 62;

    private final Path file;
    private final String settings;
    private final List<FileIdentity> data;
    private final Work work;

    Checkpoint(Path file, String settings, List<FileIdentity> data, Work work) {
        this.file = file;
        this.settings = settings;
        this.data = data;
        this.work = work;
    }

    Path file() {
        return file;
    }

    boolean exists() {
        return Files.exists(file);
    }

    /**
     * Replaces the file all at once or not at all.
     *
     * @param hasFailed whether the run ends by a refusal: one that differs from it may take its place
     */
    void write(Collected collected, RangeHistory history, boolean hasFailed) throws IOException {
        AtomicFile.write(file, target -> {
            CRC32C checksum = new CRC32C();
            DataOutputStream out = new DataOutputStream(new CheckedOutputStream(target, checksum));
            out.writeInt(MAGIC);
            out.writeByte(VERSION);
            out.writeBoolean(hasFailed);
            out.writeUTF(settings);
            out.writeInt(data.size());
            for (FileIdentity identity : data) {
                out.writeUTF(identity.name());
                out.writeLong(identity.size());
                out.writeLong(identity.modified());
                out.writeInt(identity.checksum());
            }
            collected.show(snapshot -> write(snapshot, out));
            out.writeInt(work.names());
            history.writeTo(out);
            out.writeInt((int) checksum.getValue());
            out.flush();
        });
    }

    private static void write(Snapshot snapshot, DataOutput out) throws IOException {
        out.writeInt(snapshot.parts());
        for (int part = 0; part < snapshot.parts(); part++) {
            out.writeLong(snapshot.visited(part));
        }
        out.writeInt(snapshot.openSamples().size());
        for (Map.Entry<Integer, ValueCounts> open : snapshot.openSamples().entrySet()) {
            out.writeInt(open.getKey());
            ValueCounts counts = open.getValue();
            out.writeLong(counts.count());
            out.writeLong(counts.zeros());
            out.writeLong(counts.nan());
            out.writeLong(counts.positiveInfinities());
            out.writeLong(counts.negativeInfinities());
            out.writeFloat(counts.min());
            out.writeFloat(counts.max());
        }
        out.writeInt(snapshot.tensors().size());
        for (Map.Entry<String, TensorSummary> tensor : snapshot.tensors().entrySet()) {
            out.writeUTF(tensor.getKey());
            tensor.getValue().writeTo(out);
        }
    }

    /**
     * What a checkpoint is good for.
     *
     * @param snapshot where the run was; empty where it was another one, which has failed
     * @param reason why there is none
     */
    record Found(Optional<Snapshot> snapshot, String reason) {}

    /**
     * Reads the file back.
     *
     * @param history empty; it is filled, perhaps in part where nothing is found
     * @throws FormatException if the file is damaged, or belongs to other data or other settings and a run that has not
     *     failed
     */
    Found find(RangeHistory history) throws IOException {
        boolean isWhole = false;
        try {
            requireWhole();
            isWhole = true;
            return new Found(Optional.of(read(history)), "");
        } catch (FormatException e) {
            if (isWhole && hasFailed()) {
                return new Found(Optional.empty(), e.getMessage());
            }
            throw new FormatException(e.getMessage() + "; start anew with --fresh or delete the file", e);
        }
    }

    private boolean hasFailed() throws IOException {
        try (InputStream in = InputFile.stream(file)) {
            byte[] start = in.readNBytes(Integer.BYTES + 2);
            return start.length == Integer.BYTES + 2
                    && start[Integer.BYTES] == VERSION
                    && start[Integer.BYTES + 1] == 1;
        }
    }

    private Snapshot read(RangeHistory history) throws IOException {
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(InputFile.stream(file)))) {
            in.readInt();
            int version = in.readUnsignedByte();
            if (version != VERSION) {
                throw unfit("have version " + VERSION + ", was " + version);
            }
            in.readUnsignedByte();
            String others = in.readUTF();
            if (!others.equals(settings)) {
                throw unfit(
                        "belong to a run with '" + settings + "', was of one with '" + VisibleText.of(others) + "'");
            }
            requireSameData(in);
            Snapshot snapshot = read(in, work);
            if (in.readInt() != work.names()) {
                throw unfit("belong to the same tensors, was of the same data by other names");
            }
            history.readFrom(in, work);
            in.readInt();
            if (in.read() >= 0) {
                throw unfit("end after its checksum, was longer");
            }
            return snapshot;
        } catch (EOFException | UTFDataFormatException | SummaryFormatException e) {
            throw unfit("hold what it says, was damaged");
        } catch (IllegalArgumentException e) {
            throw unfit("be sound: " + VisibleText.of(String.valueOf(e.getMessage()), 300));
        } catch (OutOfMemoryError e) {
            throw new ReadOutOfMemoryError(file.toString(), e);
        }
    }

    private void requireSameData(DataInput in) throws IOException {
        int files = in.readInt();
        if (files != data.size()) {
            throw unfit("belong to the same " + data.size() + " files of data, was of " + files);
        }
        for (FileIdentity identity : data) {
            FileIdentity other = new FileIdentity(in.readUTF(), in.readLong(), in.readLong(), in.readInt());
            if (!other.equals(identity)) {
                String name = VisibleText.of(identity.name(), SHOWN);
                throw unfit("belong to the same data, was of "
                        + (other.name().equals(identity.name())
                                ? name + " before it changed"
                                : identity.isReadOtherwise(other)
                                        ? VisibleText.of(other.name(), SHOWN) + " and not of " + name
                                        : "other files than " + name));
            }
        }
    }

    private static Snapshot read(DataInput in, Work work) throws IOException {
        int parts = in.readInt();
        Validate.isTrue(parts == work.size(), "parts must be %s, was %s", work.size(), parts);
        long[] visited = new long[parts];
        for (int part = 0; part < parts; part++) {
            visited[part] = in.readLong();
            long most = work.part(part).values();
            Validate.isTrue(
                    visited[part] >= Snapshot.DONE && visited[part] <= (most < 0 ? MOST_VALUES : most),
                    "values read must be those of the part, -1 for all of them, was %s",
                    visited[part]);
        }
        int open = in.readInt();
        Validate.isTrue(open >= 0 && open <= parts, "open samples must be at most %s, was %s", parts, open);
        SortedMap<Integer, ValueCounts> openSamples = new TreeMap<>();
        for (int i = 0; i < open; i++) {
            int part = in.readInt();
            Validate.isTrue(part >= 0 && part < parts, "parts must be below %s, was %s", parts, part);
            ValueCounts counts = new ValueCounts(
                    in.readLong(),
                    in.readLong(),
                    in.readLong(),
                    in.readLong(),
                    in.readLong(),
                    in.readFloat(),
                    in.readFloat());
            Validate.isTrue(
                    counts.count() <= visited[part],
                    "open samples must have at most the %s values read of their part, was %s",
                    visited[part],
                    counts.count());
            openSamples.put(part, counts);
        }
        int size = in.readInt();
        Validate.isTrue(
                size == work.tensors().size(),
                "tensors must be %s, was %s",
                work.tensors().size(),
                size);
        SortedMap<String, TensorSummary> tensors = new TreeMap<>();
        long values = 0;
        for (String tensor : work.tensors()) {
            String name = in.readUTF();
            Validate.isTrue(name.equals(tensor), "tensors must be those of the inputs, was %s", VisibleText.of(name));
            TensorSummary summary = TensorSummary.readFrom(in);
            long count = summary.values().counts().count();
            Validate.isTrue(
                    count <= MOST_VALUES - values, "tensors must have at most 2^62 values together, was with more");
            values += count;
            tensors.put(tensor, summary);
        }
        return new Snapshot(visited, openSamples, tensors);
    }

    private void requireWhole() throws IOException {
        // A pipe or device could not be read twice, and has no size.
        long size = InputFile.of(file).size();
        if (!isOurs(file) || size < 2 * Integer.BYTES) {
            throw unfit("begin with OCTC, was another file or cut short");
        }
        CRC32C checksum = new CRC32C();
        try (InputStream in = InputFile.stream(file)) {
            byte[] block = new byte[BLOCK];
            long left = size - Integer.BYTES;
            while (left > 0) {
                int n = in.read(block, 0, (int) Math.min(block.length, left));
                if (n < 0) {
                    throw unfit("be whole, was cut short");
                }
                checksum.update(block, 0, n);
                left -= n;
            }
            int stored = new DataInputStream(in).readInt();
            if (stored != (int) checksum.getValue()) {
                throw unfit("have the checksum of its content, was damaged or cut short");
            }
        }
    }

    /**
     * Whether a file begins as a checkpoint does; so nothing else is ever deleted in place of one.
     */
    static boolean isOurs(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            return false;
        }
        try (InputStream in = InputFile.stream(file)) {
            byte[] start = in.readNBytes(Integer.BYTES);
            return start.length == Integer.BYTES && ByteBuffer.wrap(start).getInt() == MAGIC;
        }
    }

    private FormatException unfit(String rule) {
        return new FormatException(file + ": checkpoint must " + rule);
    }
}
