package dev.octant.cli;

import dev.octant.cli.evaluate.Evaluation;
import dev.octant.cli.evaluate.MethodResult;
import dev.octant.cli.evaluate.TensorResult;
import dev.octant.core.QuantParams;
import dev.octant.ops.QuantizedActivation;
import java.util.Locale;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The figures of an evaluation: one flat object per tensor and method. */
final class EvaluationJson {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private EvaluationJson() {}

    static byte[] bytes(Evaluation evaluation) {
        ArrayNode all = MAPPER.createArrayNode();
        for (TensorResult tensor : evaluation.tensors()) {
            MethodResult best = tensor.best();
            for (MethodResult result : tensor.methods()) {
                ObjectNode node = all.addObject();
                QuantizedActivation op = result.quantized();
                node.put("name", tensor.name());
                node.put("op", tensor.activation().toString());
                node.put("method", result.method().toString());
                node.put("type", evaluation.type().label());
                node.put("scheme", evaluation.scheme().name().toLowerCase(Locale.ROOT));
                node.put("profile", evaluation.profile().label());
                node.put("min", result.range().min());
                node.put("max", result.range().max());
                params(node, "scale", "zeroPoint", op.input());
                params(node, "outputScale", "outputZeroPoint", op.output());
                node.put("values", tensor.input().counts().count());
                node.put("clippedFraction", result.error().clippedFraction());
                figure(node, "inputSqnrDb", result.error().inputSqnrDb());
                figure(node, "outputSqnrDb", result.error().outputSqnrDb());
                node.put("maxErrorSteps", result.error().maxErrorSteps());
                node.put("codesOutsideRange", result.codesOutsideRange());
                node.put("best", result.equals(best));
            }
        }
        return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(all);
    }

    private static void params(ObjectNode node, String scale, String zeroPoint, QuantParams params) {
        node.put(scale, params.scale());
        node.put(scale + "Bits", String.format(Locale.ROOT, "%08x", Float.floatToRawIntBits(params.scale())));
        node.put(zeroPoint, params.zeroPoint());
    }

    /** JSON has no infinity: null where there is no noise, or no signal. */
    private static void figure(ObjectNode node, String name, double value) {
        if (Double.isFinite(value)) {
            node.put(name, value);
        } else {
            node.putNull(name);
        }
    }
}
