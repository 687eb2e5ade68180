// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.calibration;

import com.google.flatbuffers.FlatBufferBuilder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * One file of each format, as its tool writes it. The JSON of ONNX Runtime was written by {@code save_tensors_data} of
 * onnxruntime 1.30.0, its FlatBuffer by Google's writer for Python with the calls of {@code write_calibration_table};
 * those of AIMET follow its specification, that of TFLite is in the layout of {@code flatc}.
 */
final class TableText {
    static final String TENSORRT = """
            TRT-8205-EntropyCalibration2
            input: 3c010a14
            block::conv: 1: 3d4ccccd
            """;

    static final String ONNXRUNTIME = "{\"CLS\": \"TensorsData\", \"data\": {"
            + "\"input\": {\"lowest\": {\"data\": -1.0, \"dtype\": \"float32\", \"CLS\": \"numpy.array\"}, "
            + "\"highest\": {\"data\": 3.0, \"dtype\": \"float32\", \"CLS\": \"numpy.array\"}, \"CLS\": "
            + "\"TensorData\"}, "
            + "\"/act/Sigmoid:out\": {\"lowest\": {\"data\": 0.0, \"dtype\": \"float32\", \"CLS\": \"numpy.array\"}, "
            + "\"highest\": {\"data\": 0.99609375, \"dtype\": \"float32\", \"CLS\": \"numpy.array\"}, "
            + "\"CLS\": \"TensorData\"}, "
            + "\"gr\\u00f6\\u00dfe\": {\"lowest\": {\"data\": -0.10000000149011612, \"dtype\": \"float32\", "
            + "\"CLS\": \"numpy.array\"}, \"highest\": {\"data\": 9.999999747378752e-06, \"dtype\": \"float32\", "
            + "\"CLS\": \"numpy.array\"}, \"CLS\": \"TensorData\"}, "
            + "\"wide\": {\"lowest\": {\"data\": -3.000000060122632e+20, \"dtype\": \"float32\", "
            + "\"CLS\": \"numpy.array\"}, \"highest\": {\"data\": 1.100000023841858, \"dtype\": \"float32\", "
            + "\"CLS\": \"numpy.array\"}, \"CLS\": \"TensorData\"}}, "
            + "\"calibration_method\": {\"CLS\": \"CalibrationMethod\", \"value\": \"CalibrationMethod.MinMax\"}, "
            + "\"smooth_quant\": false}";

    /** The first tensor is an example of AIMET's specification, but for its offset, which is whole there too. */
    static final String AIMET = """
            {
                "activation_encodings": {
                    "20": [
                        {
                            "bitwidth": 8,
                            "dtype": "int",
                            "is_symmetric": "False",
                            "max": 2.6086959838867188,
                            "min": -2.109158515930176,
                            "offset": -114,
                            "scale": 0.018501389771699905
                        }
                    ],
                    "conv.weight": [
                        {
                            "bitwidth": 8,
                            "dtype": "int",
                            "is_symmetric": "True",
                            "max": 7.9375,
                            "min": -7.9375,
                            "offset": -127,
                            "scale": 0.0625
                        }
                    ]
                },
                "param_encodings": {},
                "version": "0.6.1"
            }""";

    static final String AIMET_LISTED = """
            {
                "activation_encodings": [
                    {
                        "bw": 8,
                        "dtype": "INT",
                        "enc_type": "PER_TENSOR",
                        "is_sym": false,
                        "name": "20",
                        "offset": [
                            -114
                        ],
                        "scale": [
                            0.018501389771699905
                        ]
                    },
                    {
                        "bw": 8,
                        "dtype": "INT",
                        "enc_type": "PER_TENSOR",
                        "is_sym": true,
                        "name": "relu",
                        "offset": [
                            0
                        ],
                        "scale": [
                            0.5
                        ]
                    }
                ],
                "param_encodings": [],
                "version": "1.0.0"
            }""";

    static final String AIMET_LINEAR = """
            {
                "encodings": [
                    {
                        "name": "20",
                        "output_dtype": "uint8",
                        "y_scale": 0.018501389771699905,
                        "y_zero_point": 114
                    },
                    {
                        "name": "conv.weight",
                        "output_dtype": "int8",
                        "y_scale": 0.0625
                    }
                ],
                "version": "2.0.0"
            }""";

    static final String TFLITE = """
            {
              "subgraphs": [
                {
                  "tensors": [
                    {
                      "type": "INT8",
                      "name": "act",
                      "quantization": {
                        "min": [
                          -1.0
                        ],
                        "max": [
                          3.0
                        ],
                        "scale": [
                          0.015686275
                        ],
                        "zero_point": [
                          -64
                        ],
                        "quantized_dimension": 0
                      }
                    }
                  ]
                }
              ]
            }
            """;

    static final String OCTANT = """
            {
              "schema" : 1,
              "tool" : "octant 0.1.0",
              "tensors" : [ {
                "name" : "act",
                "method" : "minmax",
                "type" : "int8",
                "min" : {
                  "value" : 0.0,
                  "bits" : "0000000000000000"
                },
                "max" : {
                  "value" : 1.0,
                  "bits" : "3ff0000000000000"
                },
                "scale" : {
                  "value" : 0.003921569,
                  "bits" : "3b808081"
                },
                "zeroPoint" : -128,
                "observed" : {
                  "values" : 6,
                  "zeros" : 1,
                  "nan" : 2,
                  "posInf" : 0,
                  "negInf" : 0,
                  "min" : {
                    "value" : 0.0,
                    "bits" : "00000000"
                  },
                  "max" : {
                    "value" : 1.0,
                    "bits" : "3f800000"
                  },
                  "digest" : "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
                }
              } ]
            }
            """;

    static final String ONNXRUNTIME_CACHE = """
            a b 0.10000000149011612
            conv::1 9.999999747378752e-06
            input 3.0
            """;

    /** The same three tensors. */
    private static final String ONNXRUNTIME_FLATBUFFERS =
            "0c00000000000600080004000600000004000000030000000c0000002800000060000000acffffff08000000"
                    + "0c00000003000000332e300005000000696e707574000000ccffffff080000002000000015000000392e3939"
                    + "39393939373437333738373532652d303600000007000000636f6e763a3a310008000c000800040008000000"
                    + "080000001c00000013000000302e3130303030303030313439303131363132000300000061206200";

    private TableText() {}

    /** The bytes of a file. */
    static byte[] of(CalibrationFormat format) {
        return format == CalibrationFormat.ONNXRUNTIME_FLATBUFFERS
                ? HexFormat.of().parseHex(ONNXRUNTIME_FLATBUFFERS)
                : text(format).getBytes(StandardCharsets.UTF_8);
    }

    /** The same of a format that is text. */
    static String text(CalibrationFormat format) {
        return switch (format) {
            case OCTANT -> OCTANT;
            case TENSORRT -> TENSORRT;
            case ONNXRUNTIME -> ONNXRUNTIME;
            case ONNXRUNTIME_CACHE -> ONNXRUNTIME_CACHE;
            case ONNXRUNTIME_FLATBUFFERS -> throw new IllegalArgumentException("must be text, was a FlatBuffer");
            case AIMET -> AIMET;
            case TFLITE -> TFLITE;
        };
    }

    /** A FlatBuffer of other tensors: names and values in turn. */
    static byte[] flatBuffer(String... namesAndValues) {
        FlatBufferBuilder builder = new FlatBufferBuilder();
        int[] pairs = new int[namesAndValues.length / 2];
        for (int i = 0; i < pairs.length; i++) {
            int key = builder.createString(namesAndValues[2 * i]);
            int value = builder.createString(namesAndValues[2 * i + 1]);
            builder.startTable(2);
            builder.addOffset(0, key, 0);
            builder.addOffset(1, value, 0);
            pairs[i] = builder.endTable();
        }
        builder.startVector(4, pairs.length, 4);
        for (int i = pairs.length - 1; i >= 0; i--) {
            builder.addOffset(pairs[i]);
        }
        int dict = builder.endVector();
        builder.startTable(1);
        builder.addOffset(0, dict, 0);
        builder.finish(builder.endTable());
        return builder.sizedByteArray();
    }
}
