/** The WebSocket side of the Neon protocol: a plain byte tunnel to one of the configured Postgres servers. */
import { connect } from "node:net";
import type { Socket } from "node:net";
import { WebSocketServer } from "ws";
import type { WebSocket } from "ws";

const CONNECT_TIMEOUT_MS = 3_000;
const MAX_MESSAGE_BYTES = 64 * 1024 * 1024;
/** From this much unsent data on, the faster side waits for the slower one. */
const HIGH_WATER_BYTES = 1024 * 1024;
export const MAX_TUNNELS = 100;

/** Makes the WebSocket server that tunnels are accepted with; it listens on no port of its own. */
export function tunnelAcceptor(): WebSocketServer {
  return new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: MAX_MESSAGE_BYTES });
}

/**
 * Joins an accepted WebSocket with a new TCP connection to `upstream`; either end closing closes the other. Where
 * Postgres cannot be reached, the client is told in Postgres' own words (SQLSTATE 08006), which its driver understands.
 */
export function joinTunnel(webSocket: WebSocket, upstream: { host: string; port: number }): void {
  const socket = connect({ host: upstream.host, port: upstream.port, noDelay: true });
  let connected = false;
  const connectTimer = setTimeout(() => {
    socket.destroy(new Error("it did not answer in time"));
  }, CONNECT_TIMEOUT_MS);
  socket.once("connect", () => {
    connected = true;
    clearTimeout(connectTimer);
  });
  socket.once("error", (error) => {
    if (!connected) webSocket.send(errorResponse(`could not reach Postgres: ${error.message}`));
  });
  socket.once("close", () => {
    clearTimeout(connectTimer);
    webSocket.close(connected ? 1000 : 1011);
  });
  webSocket.once("close", () => {
    socket.destroy();
  });
  // A protocol violation by the client: `ws` closes the WebSocket, and that ends the other side.
  webSocket.on("error", () => undefined);
  pipeToSocket(webSocket, socket);
  pipeToWebSocket(socket, webSocket);
}

function pipeToSocket(webSocket: WebSocket, socket: Socket): void {
  webSocket.on("message", (data: Buffer) => {
    if (!socket.writable || socket.write(data)) return;
    webSocket.pause();
    socket.once("drain", () => {
      webSocket.resume();
    });
  });
}

function pipeToWebSocket(socket: Socket, webSocket: WebSocket): void {
  socket.on("data", (chunk) => {
    if (webSocket.readyState !== webSocket.OPEN) return;
    webSocket.send(chunk, () => {
      if (socket.isPaused() && webSocket.bufferedAmount < HIGH_WATER_BYTES) socket.resume();
    });
    if (webSocket.bufferedAmount >= HIGH_WATER_BYTES) socket.pause();
  });
}

/** A Postgres ErrorResponse message: type, length, then fields of one letter and a zero-terminated text. */
function errorResponse(message: string): Buffer {
  const fields = Buffer.from(`SFATAL\0VFATAL\0C08006\0M${message}\0\0`, "utf8");
  const head = Buffer.alloc(5);
  head.write("E", 0, "latin1");
  head.writeInt32BE(fields.length + 4, 1);
  return Buffer.concat([head, fields]);
}
