// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.codes;

import dev.octant.cli.words.Outputs;
import dev.octant.cli.words.ProfileOption;
import dev.octant.cli.words.TextConverters;
import dev.octant.core.ChannelLayout;
import dev.octant.core.ChannelQuantizer;
import dev.octant.core.Profile;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantType;
import dev.octant.formats.FormatException;
import dev.octant.formats.Named;
import dev.octant.formats.calibration.CalibrationTable;
import dev.octant.formats.tensor.ArrayHeader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.lang3.ArrayUtils;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Scale and zero point of a whole array, or lists of them for the channels along an axis. */
final class ParamLists {
    @Option(
            names = "--scale",
            paramLabel = "S",
            split = ",",
            description = "Scale: 0.1, 0x1p-4 or bits:3d800000; with --axis a list with commas.")
    private List<Float> scales;

    @Option(
            names = "--zero-point",
            converter = TextConverters.ZeroPoint.class,
            paramLabel = "Z",
            split = ",",
            description = "Zero point; with --axis a list with commas.")
    private List<Integer> zeroPoints;

    @Option(
            names = "--axis",
            paramLabel = "N",
            description = "The axis of the channels; negative counts from the last. Without it, one scale for all.")
    private Integer axis;

    @Mixin
    private TableEntry table;

    @Option(
            names = "--op-output",
            description = "With --from: what the op that reads the tensor writes, in place of the tensor.")
    private boolean opOutput;

    @Mixin
    private ProfileOption profile;

    /** The parameters of the table, or null where they are given by themselves. */
    private QuantParams known;

    /** The engine to compute like. */
    Profile profile() {
        return profile.profile();
    }

    /** Refuses parameters that are missing, or given twice; reads the table where one is given. */
    void resolve(QuantType type) throws IOException {
        if (!table.isGiven()) {
            requireOwn();
            return;
        }
        if (scales != null || zeroPoints != null || axis != null || type != null) {
            throw new IllegalArgumentException("--from must stand without --scale, --zero-point, --axis and --type,"
                    + " which the table says, had both");
        }
        Map.Entry<String, CalibrationTable.Entry> entry = table.entry();
        known = opOutput ? table.consumer(entry).params() : entry.getValue().params();
    }

    private void requireOwn() {
        String missing = Stream.of(scales == null ? "--scale" : "", zeroPoints == null ? "--zero-point" : "")
                .filter(name -> !name.isEmpty())
                .collect(Collectors.joining(" and "));
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException(
                    missing + " must be given, was missing; --from a calibration table gives both");
        }
        if (opOutput) {
            throw new IllegalArgumentException("--op-output must be given with --from, was without");
        }
    }

    /** The file of the table and the array, as inputs. */
    Outputs outputs(Path input) throws FormatException {
        return table.isGiven() ? Outputs.of(input, table.file()) : Outputs.of(input);
    }

    /** The type that was asked for or the table says, or else the usual one. */
    QuantType type(QuantType asked, QuantType usual) {
        return known != null ? known.type() : asked != null ? asked : usual;
    }

    /** A quantizer for an array: channels along the axis, or one channel that is the whole array. */
    ChannelQuantizer quantizer(ArrayHeader header, QuantType type) {
        List<QuantParams> params = known == null ? params(type) : List.of(known);
        return ChannelQuantizer.of(layout(header), params, profile());
    }

    private ChannelLayout layout(ArrayHeader header) {
        if (axis == null) {
            // Not (1, 1): a run of elements is one kernel call, and that would end at each.
            return new ChannelLayout(1, Integer.MAX_VALUE);
        }
        int[] shape = header.shape().stream().mapToInt(ParamLists::dimension).toArray();
        ChannelLayout layout = ChannelLayout.of(axis, shape);
        if (!header.fortranOrder()) {
            return layout;
        }
        // Stored with the first dimension fastest: the same bytes as the reversed shape in row-major order.
        ArrayUtils.reverse(shape);
        return ChannelLayout.of(-1 - axis, shape);
    }

    private List<QuantParams> params(QuantType type) {
        if (axis == null && (scales.size() != 1 || zeroPoints.size() != 1)) {
            throw new IllegalArgumentException("--scale and --zero-point must be one number each without --axis, were "
                    + scales.size() + " and " + zeroPoints.size());
        }
        if (scales.size() != zeroPoints.size()) {
            throw new IllegalArgumentException("--scale and --zero-point must be lists of one length, were "
                    + scales.size() + " and " + zeroPoints.size());
        }
        List<QuantParams> params = new ArrayList<>();
        for (int c = 0; c < scales.size(); c++) {
            String of = axis == null ? "" : "channel " + c + ": ";
            float scale = scales.get(c);
            int zeroPoint = zeroPoints.get(c);
            params.add(Named.at(of, () -> QuantParams.of(type, scale, zeroPoint)));
        }
        return params;
    }

    private static int dimension(long size) {
        if (size > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("dimension must fit an int for --axis, was " + size);
        }
        return (int) size;
    }
}
