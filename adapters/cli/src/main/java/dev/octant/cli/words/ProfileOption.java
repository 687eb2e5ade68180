// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.words;

import dev.octant.core.Profile;
import picocli.CommandLine.Option;

/** Whose arithmetic is followed. */
public final class ProfileOption {
    @Option(
            names = "--profile",
            paramLabel = "P",
            completionCandidates = Candidates.Profiles.class,
            description =
                    "Compute exactly like this engine: onnx, onnxruntime, tflite, xnnpack or pytorch. Default: onnx.")
    private Profile profile;

    /** The profile asked for, or the default. */
    public Profile profile() {
        return profile == null ? Profile.ONNX : profile;
    }

    /** Whether one was asked for. */
    public boolean isGiven() {
        return profile != null;
    }
}
