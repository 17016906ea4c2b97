/**
 * Speaks the Neon serverless protocol in front of the local Postgres servers, so that `@neondatabase/serverless` runs unchanged:
 * `POST /sql` for `neon()` (queries and transactions), a WebSocket at `/v2?address=host:port` for `Pool` and `Client`.
 *
 * The Worker needs two settings: `DATABASE_URL` is the real Postgres URL (it chooses the server and is checked), and
 * `NEON_PROXY_URL` is this server's URL. With them:
 *
 *     neonConfig.fetchEndpoint = `${NEON_PROXY_URL}/sql`;
 *     neonConfig.wsProxy = (host, port) => `${new URL(NEON_PROXY_URL).host}/v2?address=${host}:${port}`;
 *     neonConfig.useSecureWebSocket = NEON_PROXY_URL.startsWith("https:");
 *
 * `POST /_control/faults` makes `/sql` slow or failing, for tests (../faults/part-faults.ts); tunnels are not touched.
 *
 * Only the configured servers can be reached. Values are always answered as raw Postgres text, which is what the driver asks for.
 */
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { FAULTS_PATH, FaultControl } from "../faults/part-faults.ts";
import { AllowedUpstreams } from "./allowed-upstreams.ts";
import type { UpstreamChoice } from "./allowed-upstreams.ts";
import { renderBatch, renderError, renderResult } from "./sql-answer.ts";
import { parseSqlRequest } from "./sql-request.ts";
import { joinTunnel, MAX_TUNNELS, tunnelAcceptor } from "./tunnel.ts";

const MAX_BODY_BYTES = 64 * 1024 * 1024;
/** To receive a request completely. */
const RECEIVE_TIMEOUT_MS = 30_000;
/** Longer than clients keep idle connections, so that it is not us who closes one just as it is used again. */
const KEEP_ALIVE_MS = 10 * 60_000;

export interface NeonServerOptions {
  /** TCP port on 127.0.0.1; a free one is chosen where it is left out. */
  port?: number;
  /** Postgres connection URLs of the servers that may be reached: the primary and its standbys. */
  upstreams: readonly string[];
  /** How many connections to each of them `POST /sql` may use. */
  maxConnections?: number;
}

export interface NeonServer {
  /** `http://127.0.0.1:<port>`: the value for `NEON_PROXY_URL`. */
  readonly url: string;
  readonly port: number;
  stop(): Promise<void>;
}

/** Starts the server; resolves when it listens. Rejects where the port is in use. It needs no Postgres to be up yet. */
export async function startNeonServer(options: NeonServerOptions): Promise<NeonServer> {
  const upstreams = new AllowedUpstreams(options.upstreams, options.maxConnections);
  const tunnels = tunnelAcceptor();
  const faults = new FaultControl();
  const server = createServer({ requestTimeout: RECEIVE_TIMEOUT_MS, keepAliveTimeout: KEEP_ALIVE_MS });
  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    if (request.url === FAULTS_PATH) control(request, response, faults);
    else answer(request, response, upstreams, faults);
  });
  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // The other end may break off at any time; there is nobody to tell then.
    socket.on("error", () => undefined);
    const [path, parameters] = (request.url ?? "").split("?", 2);
    const choice = upstreams.byAddress(new URLSearchParams(parameters).get("address") ?? "");
    if (path !== "/v2" && path !== "/v1") refuseUpgrade(socket, "404 Not Found");
    else if (!choice.ok) refuseUpgrade(socket, "403 Forbidden");
    else if (tunnels.clients.size >= MAX_TUNNELS) refuseUpgrade(socket, "503 Service Unavailable");
    else {
      tunnels.handleUpgrade(request, socket, head, (webSocket) => {
        joinTunnel(webSocket, choice.upstream);
      });
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${String(port)}`,
    port,
    stop: async () => {
      for (const webSocket of tunnels.clients) webSocket.terminate();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      await upstreams.close();
    },
  };
}

function control(request: IncomingMessage, response: ServerResponse, faults: FaultControl): void {
  readBody(request, (body) => {
    const { status, body: said } = faults.answer(request.method ?? "", body ?? "");
    send(response, status, JSON.stringify(said));
  });
}

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  upstreams: AllowedUpstreams,
  faults: FaultControl,
): void {
  if (request.url !== "/sql") {
    const healthy = request.method === "GET" && request.url === "/health";
    send(response, healthy ? 200 : 404, healthy ? '{"ok":true}' : refusal("there is only POST /sql here"));
    return;
  }
  if (request.method !== "POST") {
    send(response, 405, refusal("use POST"));
    return;
  }
  const gone = new AbortController();
  response.on("close", () => {
    if (!response.writableFinished) gone.abort();
  });
  readBody(request, (body) => {
    if (body === undefined) {
      response.setHeader("connection", "close");
      send(response, 413, refusal(`the request is larger than ${String(MAX_BODY_BYTES)} bytes`));
      return;
    }
    void faults.inject().then((fails) => {
      if (fails) send(response, 500, refusal("a fault that was asked for"));
      else void answerSql(request, response, body, upstreams, gone.signal);
    });
  });
}

async function answerSql(
  request: IncomingMessage,
  response: ServerResponse,
  body: string,
  upstreams: AllowedUpstreams,
  signal: AbortSignal,
): Promise<void> {
  const header = request.headers["neon-connection-string"];
  const choice = upstreams.byConnectionString(typeof header === "string" ? header : "");
  if (!choice.ok) {
    const { status, text } = explainChoice(choice);
    send(response, status, text);
    return;
  }
  const parsed = parseSqlRequest(body, request.headers);
  if (!parsed.ok) {
    send(response, 400, refusal(parsed.message));
    return;
  }
  const { statements, batch, begin, arrayMode } = parsed.request;
  try {
    const results = await choice.upstream.run(statements, begin, signal);
    const [first] = results;
    if (batch) send(response, 200, renderBatch(results, arrayMode));
    else if (first !== undefined) send(response, 200, renderResult(first, arrayMode));
    else throw new Error("Postgres answered no result");
  } catch (error) {
    const rendered = renderError(error);
    send(response, rendered.status, rendered.body);
  }
}

function explainChoice(choice: Exclude<UpstreamChoice, { ok: true }>): { status: number; text: string } {
  switch (choice.reason) {
    case "malformed":
      return { status: 400, text: refusal("Neon-Connection-String is missing or is not a Postgres URL") };
    case "unknown":
      return { status: 403, text: refusal("this server does not lead to that database") };
    case "wrong_password": {
      const message = `password authentication failed for user "${choice.user}"`;
      return { status: 400, text: JSON.stringify({ message, code: "28P01", severity: "FATAL" }) };
    }
  }
}

/** Reads the whole body and hands it over; `undefined` where it is too large. A client that goes away is just dropped. */
function readBody(request: IncomingMessage, done: (body: string | undefined) => void): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  let tooLarge = false;
  request.on("data", (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= MAX_BODY_BYTES) chunks.push(chunk);
    else if (!tooLarge) {
      tooLarge = true;
      chunks.length = 0;
      done(undefined);
    }
  });
  request.on("end", () => {
    if (!tooLarge) done(chunks.length === 1 ? String(chunks[0]) : Buffer.concat(chunks).toString("utf8"));
  });
  // The connection broke while sending: nobody is left to answer.
  request.on("error", () => undefined);
}

function refusal(message: string): string {
  return JSON.stringify({ message, code: null });
}

function send(response: ServerResponse, status: number, body: string): void {
  if (response.destroyed) return;
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
  });
  response.end(body);
}

function refuseUpgrade(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
