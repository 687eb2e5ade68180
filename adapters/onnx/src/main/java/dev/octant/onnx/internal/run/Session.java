// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx.internal.run;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import ai.onnxruntime.TensorInfo;
import dev.octant.formats.FormatException;
import dev.octant.formats.TemporaryFile;
import dev.octant.formats.VisibleText;
import dev.octant.formats.tensor.NumberType;
import dev.octant.onnx.internal.file.ExternalData;
import dev.octant.onnx.internal.file.StatedSizes;
import dev.octant.onnx.values.OnnxType;
import dev.octant.onnx.values.Provider;
import dev.octant.onnx.values.TensorValue;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A model in ONNX Runtime. Runs may overlap; closing must not overlap with them. */
public final class Session implements AutoCloseable {
    /** The most of a message of ONNX Runtime that a sentence shows. */
    private static final int SHOWN = 400;

    private static final int FIRST_DEVICE = 0;

    private static final String EXTERNAL_FOLDER = "session.model_external_initializers_file_folder_path";

    private final ExternalData external;
    private final String place;
    private final OrtEnvironment environment;
    private final OrtSession session;

    private Session(ExternalData external, OrtEnvironment environment, OrtSession session) {
        this.external = external;
        this.place = external.place();
        this.environment = environment;
        this.session = session;
    }

    /** How ONNX Runtime treats the graph. */
    public enum Optimization {
        /** As it is. */
        NONE(OptLevel.NO_OPT),

        /** As users run it. */
        ALL(OptLevel.ALL_OPT);

        private final OptLevel level;

        Optimization(OptLevel level) {
            this.level = level;
        }
    }

    /** Threads of one op. */
    public enum Threads {
        /** One, to compare speed. */
        ONE,

        /** As ONNX Runtime chooses. */
        USUAL
    }

    /**
     * Loads a model for the CPU.
     *
     * @throws FormatException if ONNX Runtime refuses it, with what it says
     */
    public static Session open(ModelProto model, ExternalData external, Optimization optimization, Threads threads)
            throws IOException {
        return open(model, external, optimization, threads, Provider.CPU);
    }

    /**
     * Loads a model.
     *
     * <p>ONNX Runtime maps the files of external data, and reads them as it runs. One that is changed is noticed before
     * and after that; one that is cut while native code reads it ends the process.
     *
     * @throws FormatException if ONNX Runtime lacks the provider here or refuses the model, with what it says; if
     *     external data were changed; if constants ask for more elements than {@link StatedSizes} allows
     */
    public static Session open(
            ModelProto model, ExternalData external, Optimization optimization, Threads threads, Provider provider)
            throws IOException {
        StatedSizes.require(model, external);
        external.requireUnchanged();
        OrtEnvironment environment = Environment.get();
        try (SessionOptions options = new SessionOptions()) {
            add(provider, options);
            options.setOptimizationLevel(optimization.level);
            // What it logs goes to the process's standard error, with names of the model as they are. Errors are
            // thrown.
            options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
            if (threads == Threads.ONE) {
                options.setIntraOpNumThreads(1);
            }
            if (external.folder().isPresent()) {
                options.addConfigEntry(EXTERNAL_FOLDER, external.folder().get().toString());
            }
            Session session =
                    new Session(external, environment, environment.createSession(model.toByteArray(), options));
            session.requireUnchanged();
            return session;
        } catch (OrtException e) {
            throw notLoaded(external, e);
        }
    }

    /** A session whose data are others than those of its model is closed again. */
    private void requireUnchanged() throws IOException {
        try {
            external.requireUnchanged();
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    private static FormatException notLoaded(ExternalData external, OrtException e) {
        return new FormatException(
                external.place()
                        + (isMemory(e)
                                ? ": model must load into the memory that there is, ONNX Runtime was refused it: "
                                : ": model must be one that ONNX Runtime loads, was refused: ")
                        + text(e),
                e);
    }

    /** It says so in words only, of its own allocator and of that of C++. */
    private static boolean isMemory(OrtException e) {
        String message = String.valueOf(e.getMessage());
        return message.contains("Failed to allocate memory")
                || message.contains("bad_alloc")
                || message.contains("Calculation for Tensor storage size overflowed");
    }

    private static void add(Provider provider, SessionOptions options) throws FormatException {
        try {
            if (provider == Provider.TENSORRT) {
                options.addTensorrt(FIRST_DEVICE);
            }
            if (provider != Provider.CPU) {
                options.addCUDA(FIRST_DEVICE);
            }
        } catch (OrtException | UnsatisfiedLinkError e) {
            throw new FormatException(
                    "provider " + provider.label() + " must be there: the library onnxruntime_gpu in place of"
                            + " onnxruntime, those of NVIDIA and a device; was refused: "
                            + VisibleText.of(String.valueOf(e.getMessage()), SHOWN),
                    e);
        }
    }

    /**
     * The graph that ONNX Runtime makes of a model before it runs it, with the fusions of the CPU but without other
     * layouts: its nodes only, for its constants are in it too.
     *
     * @throws FormatException if ONNX Runtime refuses the model; if external data were changed
     */
    public static GraphProto optimized(ModelProto model, ExternalData external) throws IOException {
        StatedSizes.require(model, external);
        external.requireUnchanged();
        OrtEnvironment environment = Environment.get();
        try (TemporaryFile file = TemporaryFile.create("octant-optimized");
                SessionOptions options = new SessionOptions()) {
            options.setOptimizationLevel(OptLevel.EXTENDED_OPT);
            options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
            options.setOptimizedModelFilePath(file.path().toString());
            if (external.folder().isPresent()) {
                options.addConfigEntry(EXTERNAL_FOLDER, external.folder().get().toString());
            }
            environment.createSession(model.toByteArray(), options).close();
            external.requireUnchanged();
            try (InputStream in = Files.newInputStream(file.path())) {
                return ModelProto.parseFrom(in).getGraph();
            }
        } catch (OrtException e) {
            throw notLoaded(external, e);
        }
    }

    private static String text(OrtException e) {
        return VisibleText.of(String.valueOf(e.getMessage()), SHOWN);
    }

    /** What begins messages on the model. */
    public String place() {
        return place;
    }

    /** The types of the outputs; those that are no tensors, or of a type that is not known, are left out. */
    public Map<String, OnnxType> outputTypes() throws IOException {
        try {
            Map<String, OnnxType> types = new LinkedHashMap<>();
            for (NodeInfo output : session.getOutputInfo().values()) {
                if (output.getInfo() instanceof TensorInfo info) {
                    type(info).ifPresent(type -> types.put(output.getName(), type));
                }
            }
            return types;
        } catch (OrtException e) {
            throw new FormatException(place + ": outputs of the model must have types, was refused: " + text(e), e);
        }
    }

    /** The outputs that are known to have a dimension: of one number ONNX Runtime tells none, and of unknown shapes. */
    public Set<String> arrays() throws IOException {
        try {
            Set<String> arrays = new HashSet<>();
            for (NodeInfo output : session.getOutputInfo().values()) {
                if (output.getInfo() instanceof TensorInfo info && info.getShape().length > 0) {
                    arrays.add(output.getName());
                }
            }
            return arrays;
        } catch (OrtException e) {
            throw new FormatException(place + ": outputs of the model must have shapes, was refused: " + text(e), e);
        }
    }

    /** ONNX Runtime numbers its types in another way than ONNX; empty for those without a number in either. */
    private static Optional<OnnxType> type(TensorInfo info) {
        return switch (info.onnxType) {
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT -> Optional.of(OnnxType.FLOAT32);
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT16 -> Optional.of(OnnxType.FLOAT16);
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_BFLOAT16 -> Optional.of(OnnxType.BFLOAT16);
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_DOUBLE -> Optional.of(OnnxType.FLOAT64);
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT8 -> Optional.of(OnnxType.INT8);
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT8 -> Optional.of(OnnxType.UINT8);
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT16 -> Optional.of(OnnxType.INT16);
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT16 -> Optional.of(OnnxType.UINT16);
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT32 -> Optional.of(OnnxType.INT32);
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT32 -> Optional.of(OnnxType.UINT32);
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT64 -> Optional.of(OnnxType.INT64);
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT64 -> Optional.of(OnnxType.UINT64);
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_BOOL -> Optional.of(OnnxType.BOOL);
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_STRING -> Optional.of(OnnxType.STRING);
            default -> Optional.empty();
        };
    }

    /** Receives what a run computed, one output at a time. */
    @FunctionalInterface
    public interface Visitor {
        /** {@code value} is valid during the call only. */
        void visit(String output, Output value) throws IOException;
    }

    /** An output of a run. */
    public static final class Output {
        private final String place;
        private final String name;
        private final OnnxTensor tensor;

        private Output(String place, String name, OnnxTensor tensor) {
            this.place = place;
            this.name = name;
            this.tensor = tensor;
        }

        /** The type, where files of arrays know it. */
        public Optional<NumberType> type() {
            return Session.type(tensor.getInfo()).flatMap(OnnxType::number);
        }

        /** Its dimensions. */
        public long[] shape() {
            return tensor.getInfo().getShape();
        }

        /** A copy of the values of an output of float32. */
        public float[] floats() {
            return tensor.getFloatBuffer().array();
        }

        /** A copy of it. */
        public TensorValue value() throws FormatException {
            NumberType type = type().orElseThrow(() -> new FormatException(place + ": output " + VisibleText.of(name)
                    + " must be of numbers that files of arrays hold, was " + tensor.getInfo()));
            ByteBuffer bytes = tensor.getByteBuffer().order(ByteOrder.nativeOrder());
            return new TensorValue(
                    type, Arrays.stream(tensor.getInfo().getShape()).boxed().toList(), bytes);
        }
    }

    /**
     * Runs the model once.
     *
     * @param outputs those that are wanted
     * @throws FormatException if ONNX Runtime refuses the inputs or fails, with what it says
     */
    public void run(Map<String, TensorValue> inputs, Set<String> outputs, Visitor visitor) throws IOException {
        Map<String, OnnxTensor> tensors = new LinkedHashMap<>();
        try {
            for (Map.Entry<String, TensorValue> input : inputs.entrySet()) {
                tensors.put(input.getKey(), tensor(input.getKey(), input.getValue()));
            }
            external.requireUnchanged();
            try (OrtSession.Result result = session.run(tensors, outputs)) {
                for (Map.Entry<String, OnnxValue> output : result) {
                    if (!(output.getValue() instanceof OnnxTensor tensor)) {
                        throw new FormatException(place + ": output " + VisibleText.of(output.getKey())
                                + " must be a tensor, was of another kind");
                    }
                    visitor.visit(output.getKey(), new Output(place, output.getKey(), tensor));
                }
            }
            external.requireUnchanged();
        } catch (OrtException e) {
            throw new FormatException(
                    place
                            + (isMemory(e)
                                    ? ": model must run in the memory that there is, ONNX Runtime was refused it: "
                                    : ": model must run on these inputs, was refused: ")
                            + text(e),
                    e);
        } catch (InternalError e) {
            // What the JVM says where it reads an output that lies in a file that was cut.
            external.requireUnchanged();
            throw e;
        } finally {
            tensors.values().forEach(OnnxTensor::close);
        }
    }

    private OnnxTensor tensor(String name, TensorValue value) throws OrtException, FormatException {
        OnnxJavaType type = switch (value.type()) {
            case BOOL -> OnnxJavaType.BOOL;
            case INT8 -> OnnxJavaType.INT8;
            case UINT8 -> OnnxJavaType.UINT8;
            case INT16 -> OnnxJavaType.INT16;
            case INT32 -> OnnxJavaType.INT32;
            case INT64 -> OnnxJavaType.INT64;
            case FLOAT16 -> OnnxJavaType.FLOAT16;
            case FLOAT32 -> OnnxJavaType.FLOAT;
            case FLOAT64 -> OnnxJavaType.DOUBLE;
            case UINT16, UINT32, UINT64 ->
                throw new FormatException(place + ": input " + VisibleText.of(name)
                        + " must be of a type that ONNX Runtime takes from Java, was " + value.type());
        };
        long[] shape = value.shape().stream().mapToLong(Long::longValue).toArray();
        return OnnxTensor.createTensor(environment, value.bytes(), shape, type);
    }

    @Override
    public void close() throws IOException {
        try {
            session.close();
        } catch (OrtException e) {
            throw new FormatException(place + ": session must close, was refused: " + text(e), e);
        }
    }
}
