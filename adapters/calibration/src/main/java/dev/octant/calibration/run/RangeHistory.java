// SPDX-License-Identifier: Apache-2.0
package dev.octant.calibration.run;

import dev.octant.core.RealRange;
import dev.octant.formats.VisibleText;
import dev.octant.observers.estimators.RangeStability;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.commons.lang3.Validate;

/**
 * The ranges that tensors had as data came in, and what follows from them. A range is taken only when a tensor has new
 * values: standing still for want of data is not stability. Not thread safe.
 */
final class RangeHistory {
    private final RangeStability stability;
    private final Map<String, Track> tracks = new TreeMap<>();
    private int rounds;

    /** The last ranges of one tensor, as many as are looked at. */
    private static final class Track {
        private final List<RealRange> ranges = new ArrayList<>();
        private long count;
        private int settledIn;
        private boolean isSettled;
    }

    RangeHistory(RangeStability stability) {
        this.stability = stability;
    }

    /** Rounds that are over. */
    int rounds() {
        return rounds;
    }

    /** A round is over; its ranges were added. */
    void endRound() {
        rounds++;
    }

    /** How many values a tensor had when its last range was taken. */
    long count(String tensor) {
        Track track = tracks.get(tensor);
        return track == null ? 0 : track.count;
    }

    void add(String tensor, long count, RealRange range) {
        Track track = tracks.computeIfAbsent(tensor, name -> new Track());
        track.count = count;
        track.ranges.add(range);
        if (track.ranges.size() > stability.rounds() + 1) {
            track.ranges.remove(0);
        }
        judge(track);
    }

    private void judge(Track track) {
        boolean stable = stability.judge(track.ranges).stable();
        if (stable && !track.isSettled) {
            track.settledIn = rounds;
        }
        track.isSettled = stable;
    }

    boolean isSettled(String tensor) {
        Track track = tracks.get(tensor);
        return track != null && track.isSettled;
    }

    int settled() {
        return (int) tracks.values().stream().filter(track -> track.isSettled).count();
    }

    /** The stable tensor that became so last, and why it is; the first by name of several. */
    Optional<String> lastToSettle() {
        return tracks.entrySet().stream()
                .filter(e -> e.getValue().isSettled)
                .max(Comparator.comparingInt((Map.Entry<String, Track> e) -> e.getValue().settledIn)
                        .thenComparing(Map.Entry::getKey, Comparator.reverseOrder()))
                .map(e -> VisibleText.name(e.getKey()) + " in round " + (e.getValue().settledIn + 1) + ", "
                        + stability.judge(e.getValue().ranges).reason());
    }

    /**
     * What is said where the data end before all ranges are stable: how many were not, which of them moved most when it
     * was looked at last, and by how many steps; that all were, if so.
     */
    String atEnd(Collection<String> tensors) {
        List<String> moving =
                tensors.stream().filter(tensor -> !isSettled(tensor)).sorted().toList();
        if (moving.isEmpty()) {
            return "no range moved any more at their end";
        }
        String most =
                moving.stream().max(Comparator.comparingDouble(this::lastMove)).orElseThrow();
        return (tensors.size() == 1
                        ? "its range was never stable: "
                        : "the ranges were never all stable, " + moving.size() + " of " + tensors.size()
                                + " moved to the end: ")
                + lastOf(most, moving.size() > 1);
    }

    private double lastMove(String tensor) {
        Track track = tracks.get(tensor);
        double move = track == null ? Double.NaN : stability.judge(track.ranges).move();
        // Of too few ranges nothing is known: less than of any move.
        return Double.isNaN(move) ? -1 : move;
    }

    private String lastOf(String tensor, boolean isOneOfSeveral) {
        Track track = tracks.get(tensor);
        String name = VisibleText.name(tensor);
        if (track == null) {
            return name + " had no range, as without a finite value";
        }
        RangeStability.Verdict last = stability.judge(track.ranges);
        return Double.isNaN(last.move())
                ? String.format(
                        Locale.ROOT,
                        "%s had data for %s of the %s rounds that are compared",
                        name,
                        track.ranges.size(),
                        stability.rounds() + 1)
                : String.format(
                        Locale.ROOT,
                        "%s moved by %.3g steps within the last %s rounds%s, at most %s is allowed",
                        name,
                        last.move(),
                        stability.rounds(),
                        isOneOfSeveral ? ", the most of them" : "",
                        stability.fraction());
    }

    void writeTo(DataOutput out) throws IOException {
        out.writeInt(rounds);
        out.writeInt(tracks.size());
        for (var entry : tracks.entrySet()) {
            Track track = entry.getValue();
            out.writeUTF(entry.getKey());
            out.writeLong(track.count);
            out.writeInt(track.settledIn);
            out.writeInt(track.ranges.size());
            for (RealRange range : track.ranges) {
                out.writeDouble(range.min());
                out.writeDouble(range.max());
            }
        }
    }

    /**
     * Fills an empty history; a tensor has at most {@code rounds + 1} ranges, and there are as many as in {@code
     * work}.
     */
    void readFrom(DataInput in, Work work) throws IOException {
        rounds = in.readInt();
        Validate.isTrue(
                rounds >= 0 && rounds <= work.rounds().size(),
                "rounds must be at most %s, was %s",
                work.rounds().size(),
                rounds);
        int size = in.readInt();
        Validate.isTrue(
                size >= 0 && size <= work.tensors().size(),
                "tensors with ranges must be at most %s, was %s",
                work.tensors().size(),
                size);
        for (int i = 0; i < size; i++) {
            String tensor = in.readUTF();
            Validate.isTrue(
                    work.tensors().contains(tensor) && !tracks.containsKey(tensor),
                    "tensors must be those of the inputs, was %s",
                    VisibleText.of(tensor));
            Track track = new Track();
            tracks.put(tensor, track);
            track.count = in.readLong();
            track.settledIn = in.readInt();
            Validate.isTrue(
                    track.count >= 0 && track.settledIn >= 0 && track.settledIn <= rounds,
                    "tensors must have settled within the %s rounds, was %s after %s values",
                    rounds,
                    track.settledIn,
                    track.count);
            int ranges = in.readInt();
            Validate.isTrue(
                    ranges >= 0 && ranges <= stability.rounds() + 1,
                    "ranges must be at most %s, was %s",
                    stability.rounds() + 1,
                    ranges);
            for (int k = 0; k < ranges; k++) {
                track.ranges.add(RealRange.of(in.readDouble(), in.readDouble()));
            }
            track.isSettled = stability.judge(track.ranges).stable();
        }
    }
}
