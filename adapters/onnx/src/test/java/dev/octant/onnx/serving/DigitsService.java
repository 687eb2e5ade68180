// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx.serving;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;

/** Answers requests of one image each; those that wait are computed together. Thread safe. */
final class DigitsService implements AutoCloseable {
    private static final int PIXELS = 64;
    private static final int CLASSES = 10;
    private static final int MOST_ROWS = 32;
    private static final int MOST_WAITING = 1024;

    /** An image and who waits for its classes; without either it ends the thread that takes it. */
    private record Request(FloatBuffer image, CompletableFuture<float[]> answer) {}

    private final OrtEnvironment environment;
    private final OrtSession session;
    private final BlockingQueue<Request> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
    private final List<Thread> workers = new ArrayList<>();

    DigitsService(Path model, int threads) throws OrtException {
        environment = OrtEnvironment.getEnvironment(); // the same for all models of the JVM; never closed
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1); // requests are what runs side by side
            options.setInterOpNumThreads(1);
            options.addConfigEntry("session.intra_op.allow_spinning", "0");
            options.setCPUArenaAllocator(false); // gives memory back after a large batch
            session = environment.createSession(model.toString(), options);
        }
        for (int i = 0; i < threads; i++) {
            Thread worker = new Thread(this::work, "digits-" + i);
            worker.start();
            workers.add(worker);
        }
    }

    /** The classes of an image, once they are there; waits while too many others do. */
    CompletableFuture<float[]> classify(float[] image) throws InterruptedException {
        if (image.length != PIXELS) {
            throw new IllegalArgumentException("image must have " + PIXELS + " pixels, was " + image.length);
        }
        Request request = new Request(FloatBuffer.wrap(image.clone()), new CompletableFuture<>());
        waiting.put(request);
        return request.answer();
    }

    /** Buffers outside the heap that are used again and again: ONNX Runtime reads and writes them in place. */
    private void work() {
        FloatBuffer images = direct(MOST_ROWS * PIXELS);
        FloatBuffer classes = direct(MOST_ROWS * CLASSES);
        List<Request> batch = new ArrayList<>();
        try {
            while (true) {
                batch.clear();
                batch.add(waiting.take());
                waiting.drainTo(batch, MOST_ROWS - 1);
                boolean isLast = batch.removeIf(request -> request.image() == null);
                if (!batch.isEmpty()) {
                    answer(batch, images, classes);
                }
                if (isLast) {
                    waiting.put(new Request(null, null)); // for the next thread
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void answer(List<Request> batch, FloatBuffer images, FloatBuffer classes) {
        images.clear();
        batch.forEach(request -> images.put(request.image()));
        images.flip();
        classes.clear().limit(batch.size() * CLASSES);
        try (OnnxTensor input = OnnxTensor.createTensor(environment, images, new long[] {batch.size(), 1, 8, 8});
                OnnxTensor output = OnnxTensor.createTensor(environment, classes, new long[] {batch.size(), CLASSES})) {
            session.run(Map.of("image", input), Set.of(), Map.of("logits", output))
                    .close();
            for (int row = 0; row < batch.size(); row++) {
                float[] answer = new float[CLASSES];
                classes.get(row * CLASSES, answer);
                batch.get(row).answer().complete(answer);
            }
        } catch (OrtException | RuntimeException e) {
            batch.forEach(request -> request.answer().completeExceptionally(e));
        }
    }

    private static FloatBuffer direct(int floats) {
        return ByteBuffer.allocateDirect(floats * Float.BYTES)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
    }

    /** Answers what waits, then ends the threads and frees the model. */
    @Override
    public void close() throws OrtException {
        try {
            waiting.put(new Request(null, null));
            for (Thread worker : workers) {
                worker.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return; // threads may still use the session
        }
        session.close();
    }
}
