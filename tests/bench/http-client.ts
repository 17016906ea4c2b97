/**
 * A small HTTP/1.1 client for load: keep-alive connections to 127.0.0.1, one request at a time on each, written in one piece.
 * `node:http` spends more on a small request than the Worker does, so it would be the thing that is measured.
 */
import { connect, type Socket } from "node:net";
import { ResponseReader, type HttpAnswer } from "./response-reader.ts";

export interface HttpCall {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

const HOST = "127.0.0.1";
/** A request that has no answer after so long is given up, ms. */
const ANSWER_TIMEOUT_MS = 60_000;
/** In place of a status: no answer came in time. */
export const NO_ANSWER = 0;

interface Waiting {
  readonly resolve: (answer: HttpAnswer) => void;
  readonly reject: (error: Error) => void;
}

/** One connection; connects when it is first needed, and again after the server closed it between two requests. */
export class Connection {
  readonly #port: number;
  readonly #timeoutMs: number;
  #socket: Socket | null = null;
  #reader = new ResponseReader();
  #waiting: Waiting | null = null;

  constructor(port: number, timeoutMs = ANSWER_TIMEOUT_MS) {
    this.#port = port;
    this.#timeoutMs = timeoutMs;
  }

  /**
   * Sends what {@link serialize} made. Status {@link NO_ANSWER} where none came within a minute.
   *
   * @throws Error where the connection fails, or what comes is not an answer
   */
  send(request: string): Promise<HttpAnswer> {
    if (this.#waiting !== null) throw new Error("one request at a time on a connection");
    const socket = (this.#socket ??= this.#connect());
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      socket.write(request);
    });
  }

  close(): void {
    this.#socket?.destroy();
    this.#socket = null;
  }

  #connect(): Socket {
    const socket = connect({ host: HOST, port: this.#port, noDelay: true });
    this.#reader = new ResponseReader();
    socket.setTimeout(this.#timeoutMs, () => this.#giveUp(socket));
    socket.on("data", (bytes: Buffer) => this.#take(socket, bytes));
    socket.on("error", (error) => this.#fail(socket, error.message));
    socket.on("close", () => this.#fail(socket, "the server closed the connection"));
    return socket;
  }

  #take(socket: Socket, bytes: Buffer): void {
    if (socket !== this.#socket) return;
    let answer: HttpAnswer | null;
    try {
      answer = this.#reader.take(bytes);
    } catch (error) {
      this.#fail(socket, error instanceof Error ? error.message : String(error));
      return;
    }
    if (answer === null) return;
    const waiting = this.#waiting;
    this.#waiting = null;
    if (this.#reader.closes || waiting === null) this.close();
    waiting?.resolve(answer);
  }

  #giveUp(socket: Socket): void {
    if (socket !== this.#socket) return;
    this.close();
    const waiting = this.#waiting;
    this.#waiting = null;
    waiting?.resolve({ status: NO_ANSWER, body: "" });
  }

  /** A connection that ends between two requests fails nobody. */
  #fail(socket: Socket, reason: string): void {
    if (socket !== this.#socket) return;
    this.close();
    const waiting = this.#waiting;
    this.#waiting = null;
    waiting?.reject(new Error(`127.0.0.1:${this.#port}: ${reason}`));
  }
}

/** Connections that are reused, the last idle one first; as many as are open at once, `most` at the utmost. */
export class ConnectionPool {
  readonly #port: number;
  readonly #most: number;
  readonly #idle: Connection[] = [];
  readonly #all: Connection[] = [];
  readonly #queue: ((connection: Connection) => void)[] = [];

  constructor(port: number, most: number) {
    this.#port = port;
    this.#most = most;
  }

  /** Waits for a connection where all are busy. */
  async send(call: HttpCall): Promise<HttpAnswer> {
    const connection = await this.#take();
    try {
      return await connection.send(serialize(call, this.#port));
    } finally {
      const next = this.#queue.shift();
      if (next === undefined) this.#idle.push(connection);
      else next(connection);
    }
  }

  close(): void {
    for (const connection of this.#all) connection.close();
  }

  #take(): Promise<Connection> | Connection {
    const idle = this.#idle.pop();
    if (idle !== undefined) return idle;
    if (this.#all.length >= this.#most) return new Promise((resolve) => this.#queue.push(resolve));
    const connection = new Connection(this.#port);
    this.#all.push(connection);
    return connection;
  }
}

/** The request as it goes over the wire. A call that is sent again and again is worth serializing once. */
export function serialize(call: HttpCall, port: number): string {
  const { method, path, headers = {}, body } = call;
  let head = `${method} ${path} HTTP/1.1\r\nhost: ${HOST}:${port}\r\n`;
  for (const name in headers) head += `${name}: ${headers[name] ?? ""}\r\n`;
  if (body === undefined) return method === "POST" ? `${head}content-length: 0\r\n\r\n` : `${head}\r\n`;
  if (headers["content-type"] === undefined) head += "content-type: application/json\r\n";
  return `${head}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}
