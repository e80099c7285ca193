package dev.tasko;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.tasko.task.CoroutineEngine;
import dev.tasko.task.TaskCancelledException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Asynchronous libraries inside a task.
@ParameterizedClass
@EnumSource(CoroutineEngine.class)
@Timeout(60)
class AwaitTest {
  private final CoroutineEngine engine;
  private final TracedLoop t;
  private final Loop loop;
  private final CompletableFuture<String> stage = new CompletableFuture<>();

  AwaitTest(CoroutineEngine engine) {
    this.engine = engine;
    t = new TracedLoop(engine, new LoopConfig().strict(true));
    loop = t.loop;
  }

  @AfterEach
  void close() {
    t.close();
  }

  private void awaitStage() throws Exception {
    try {
      t.log("has " + loop.await(stage));
    } catch (Exception e) {
      t.log("failed with " + e);
    }
  }

  @Test
  void await_completedOnTheLoop() {
    loop.addTask(this::awaitStage);
    loop.callAt(10, () -> stage.complete("v"));
    loop.run();
    t.assertTrace("10 has v");
  }

  /// The other task runs later in the same step, so it would come first if the first had waited.
  @Test
  void await_completeAlready() {
    stage.complete("v");
    loop.addTask(this::awaitStage);
    loop.addTask(() -> t.log("another task"));
    loop.run();
    t.assertTrace("0 has v", "0 another task");
  }

  @Test
  void await_null() {
    loop.addTask(() -> assertNull(loop.await(CompletableFuture.completedStage(null))));
    loop.run();
  }

  @Test
  void await_failureStaysWhatItIs() {
    IOException failure = new IOException("no route");
    loop.addTask(() -> {
      CompletableFuture<String> mapped = stage.thenApply(String::trim);
      assertSame(failure, assertThrows(IOException.class, () -> loop.await(mapped)));
      assertSame(failure, assertThrows(IOException.class, () -> loop.await(stage)));
    });
    loop.callAt(10, () -> stage.completeExceptionally(new CompletionException(failure)));
    loop.run();
    assertEquals(10, t.time.nanoTime());
  }

  @Test
  void await_cancelledByOthers() {
    loop.addTask(this::awaitStage);
    loop.callAt(10, () -> stage.cancel(false));
    loop.run();
    t.assertTrace("10 failed with " + new CancellationException());
  }

  @Test
  void await_resultTask() {
    ResultTask<String> result =
        loop.call(() -> {
          loop.sleepNs(10);
          return "v";
        });
    loop.addTask(() -> t.log("has " + loop.await(result.future())));
    loop.run();
    t.assertTrace("10 has v");
  }

  @Test
  void await_lateCompletionIsOfNoConsequence() {
    CompletableFuture<String> source = new CompletableFuture<>();
    Task task = loop.addTask(() -> loop.await(source.minimalCompletionStage()));
    loop.callAt(10, task::cancel);
    loop.callAt(20, () -> source.complete("late"));
    loop.run();
    assertTrue(task.isDone());
    assertEquals(20, t.time.nanoTime());
  }

  @Test
  void run_waitsForAnotherThread() throws InterruptedException {
    try (Loop parking = new Loop(new LoopConfig().engine(engine))) {
      CountDownLatch waits = new CountDownLatch(1);
      String[] got = new String[1];
      Thread thread =
          Thread.ofPlatform()
              .start(() -> {
                awaitLatch(waits);
                stage.complete("v");
              });
      parking.addTask(() -> {
        waits.countDown();
        got[0] = parking.await(stage);
      });
      parking.run();
      thread.join();
      assertEquals("v", got[0]);
    }
  }

  private static void awaitLatch(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /// The JDK's client against the JDK's server: two requests at a time, in straight lines.
  @Test
  void http_requestsInTasks() throws Exception {
    HttpServer server = server(new CountDownLatch(0), new CountDownLatch(1));
    try (ExecutorService threads = Executors.newCachedThreadPool();
        HttpClient client = HttpClient.newBuilder().executor(threads).build();
        Loop real = new Loop(new LoopConfig().engine(engine))) {
      ResultTask<String> first = real.call(() -> get(real, client, server, "/echo/first"));
      ResultTask<String> second = real.call(() -> get(real, client, server, "/echo/second"));
      real.run();
      assertEquals("/echo/first", first.future().join());
      assertEquals("/echo/second", second.future().join());
    } finally {
      server.stop(0);
    }
  }

  /// The server does not answer before the test is over, nor does the client close with a request
  /// under way. How the client words an abort is its own affair.
  @Test
  void http_cancelledTaskAbortsItsRequest() throws Exception {
    CountDownLatch answers = new CountDownLatch(1);
    CountDownLatch asked = new CountDownLatch(1);
    HttpServer server = server(answers, asked);
    List<CompletableFuture<HttpResponse<String>>> sent = new ArrayList<>();
    try (ExecutorService threads = Executors.newCachedThreadPool();
        HttpClient client = HttpClient.newBuilder().executor(threads).build();
        Loop real = new Loop(new LoopConfig().engine(engine))) {
      HttpRequest request = HttpRequest.newBuilder(uri(server, "/slow")).build();
      Task task =
          real.addTask(() -> {
            sent.add(client.sendAsync(request, HttpResponse.BodyHandlers.ofString()));
            real.await(sent.getFirst());
          });
      Thread canceller =
          Thread.ofPlatform()
              .start(() -> {
                awaitLatch(asked);
                real.post(task::cancel);
              });
      real.run();
      canceller.join();
      assertInstanceOf(TaskCancelledException.class, task.failure());
      assertThrows(Exception.class, () -> sent.getFirst().get(20, TimeUnit.SECONDS));
      assertTrue(sent.getFirst().isCompletedExceptionally());
    } finally {
      answers.countDown();
      server.stop(0);
    }
  }

  private static String get(Loop loop, HttpClient client, HttpServer server, String path)
      throws Exception {
    HttpRequest request = HttpRequest.newBuilder(uri(server, path)).build();
    return loop.await(client.sendAsync(request, HttpResponse.BodyHandlers.ofString())).body();
  }

  private static URI uri(HttpServer server, String path) {
    InetSocketAddress address = server.getAddress();
    return URI.create("http://127.0.0.1:" + address.getPort() + path);
  }

  private static HttpServer server(CountDownLatch answers, CountDownLatch asked)
      throws IOException {
    InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    HttpServer server = HttpServer.create(new InetSocketAddress(loopback, 0), 0);
    server.createContext(
        "/",
        exchange -> {
          asked.countDown();
          awaitLatch(answers);
          byte[] body = exchange.getRequestURI().getPath().getBytes(UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    return server;
  }
}
