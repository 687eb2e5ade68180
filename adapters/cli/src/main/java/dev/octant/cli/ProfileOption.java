// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli;

import dev.octant.core.Profile;
import picocli.CommandLine.Option;

/** Whose arithmetic is followed. */
final class ProfileOption {
    @Option(
            names = "--profile",
            paramLabel = "P",
            description =
                    "Compute exactly like this engine: onnx, onnxruntime, tflite, xnnpack or pytorch. Default: onnx.")
    private Profile profile;

    /** The profile asked for, or the default. */
    Profile profile() {
        return profile == null ? Profile.ONNX : profile;
    }

    /** Whether one was asked for. */
    boolean isGiven() {
        return profile != null;
    }
}
