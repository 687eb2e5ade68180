// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.codes;

import dev.octant.cli.words.ProfileOption;
import dev.octant.core.ChannelLayout;
import dev.octant.core.ChannelQuantizer;
import dev.octant.core.Profile;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantType;
import dev.octant.formats.Named;
import dev.octant.formats.tensor.ArrayHeader;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.lang3.ArrayUtils;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Scale and zero point of a whole array, or lists of them for the channels along an axis. */
final class ParamLists {
    @Option(
            names = "--scale",
            paramLabel = "S",
            required = true,
            split = ",",
            description = "Scale: 0.1, 0x1p-4 or bits:3d800000; with --axis a list with commas.")
    private List<Float> scales;

    @Option(
            names = "--zero-point",
            paramLabel = "Z",
            required = true,
            split = ",",
            description = "Zero point; with --axis a list with commas.")
    private List<Integer> zeroPoints;

    @Option(
            names = "--axis",
            paramLabel = "N",
            description = "The axis of the channels; negative counts from the last. Without it, one scale for all.")
    private Integer axis;

    @Mixin
    private ProfileOption profile;

    /** The engine to compute like. */
    Profile profile() {
        return profile.profile();
    }

    /** A quantizer for an array: channels along the axis, or one channel that is the whole array. */
    ChannelQuantizer quantizer(ArrayHeader header, QuantType type) {
        List<QuantParams> params = params(type);
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
