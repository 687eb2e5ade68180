// SPDX-License-Identifier: Apache-2.0
/**
 * ONNX models: read, run, calibrated and quantized without leaving the JVM.
 *
 * <p>Enter by {@link dev.octant.onnx.OnnxModel}, which reads a file and writes it. {@link
 * dev.octant.onnx.ModelQuantizer} turns a float model and {@linkplain dev.octant.onnx.ModelData data} into an int8 one;
 * {@link dev.octant.onnx.ModelRunner} runs either; {@link dev.octant.onnx.ModelComparison} says how far their outputs
 * are apart. Only what runs a model loads ONNX Runtime, a native library.
 *
 * <p>What cannot be read, run or written is refused by {@link dev.octant.formats.FormatException}, in one sentence.
 */
package dev.octant.onnx;
