/** Reads HTTP/1.1 answers from the bytes of one keep-alive connection, without the cost of a general client. Pure. */

export interface HttpAnswer {
  readonly status: number;
  readonly body: string;
}

/** What an answer says of itself before its body. */
interface Head {
  readonly status: number;
  /** Bytes of the body; null where it comes in chunks. */
  readonly length: number | null;
  readonly closes: boolean;
}

const HEAD_END = Buffer.from("\r\n\r\n");
const LINE_END = Buffer.from("\r\n");
/** A benchmark's own server sends no more than this: what is longer is not an answer. */
const MAX_HEAD_BYTES = 64 * 1024;
const MAX_BODY_BYTES = 16 * 1024 * 1024;
const NOTHING = Buffer.alloc(0);

/** Takes bytes in pieces of any size and returns each answer once it is complete. */
export class ResponseReader {
  #rest: Buffer = NOTHING;
  #head: Head | null = null;
  #chunks: Buffer[] = [];
  #chunkBytes = 0;
  #closes = false;

  /** Whether the last answer said that the connection closes after it. */
  get closes(): boolean {
    return this.#closes;
  }

  /** Whether bytes of an unfinished answer are held. */
  get midAnswer(): boolean {
    return this.#head !== null || this.#rest.length > 0;
  }

  /**
   * Returns the answer that these bytes complete, or null where more must come.
   *
   * @throws Error where the bytes are no answer, or more than one (requests are not pipelined)
   */
  take(bytes: Buffer): HttpAnswer | null {
    this.#rest = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    const head = (this.#head ??= this.#readHead());
    if (head === null) return null;
    const body = head.length === null ? this.#readChunks() : this.#readBytes(head.length);
    if (body === null) return null;
    if (this.#rest.length > 0) throw new Error("the server sent more than it was asked for");
    this.#head = null;
    this.#closes = head.closes;
    return { status: head.status, body };
  }

  /** The head of the next final answer; interim ones (1xx) are skipped. */
  #readHead(): Head | null {
    for (;;) {
      const end = this.#rest.indexOf(HEAD_END);
      if (end === -1 || end > MAX_HEAD_BYTES) {
        if (this.#rest.length > MAX_HEAD_BYTES) throw new Error("the head of an answer is too long");
        return null;
      }
      const head = parseHead(this.#rest.toString("latin1", 0, end));
      this.#rest = this.#rest.subarray(end + HEAD_END.length);
      if (head.status >= 200) return head;
    }
  }

  #readBytes(length: number): string | null {
    if (length > MAX_BODY_BYTES) throw new Error("the body of an answer is too long");
    if (this.#rest.length < length) return null;
    const body = this.#rest.toString("utf8", 0, length);
    this.#rest = this.#rest.length === length ? NOTHING : this.#rest.subarray(length);
    return body;
  }

  #readChunks(): string | null {
    for (;;) {
      const lineEnd = this.#rest.indexOf(LINE_END);
      if (lineEnd === -1) return null;
      const size = chunkSize(this.#rest.toString("latin1", 0, lineEnd));
      const from = lineEnd + LINE_END.length;
      const next = from + size + LINE_END.length;
      if (this.#rest.length < next) return null;
      if (size > 0) this.#chunks.push(this.#rest.subarray(from, from + size));
      this.#chunkBytes += size;
      if (this.#chunkBytes > MAX_BODY_BYTES) throw new Error("the body of an answer is too long");
      this.#rest = this.#rest.length === next ? NOTHING : this.#rest.subarray(next);
      if (size > 0) continue;
      const body = Buffer.concat(this.#chunks, this.#chunkBytes).toString();
      this.#chunks = [];
      this.#chunkBytes = 0;
      return body;
    }
  }
}

function parseHead(text: string): Head {
  const status = Number(/^HTTP\/1\.1 (\d{3})(?: |\r|$)/.exec(text)?.[1] ?? Number.NaN);
  if (Number.isNaN(status)) throw new Error(`not an HTTP/1.1 answer: ${JSON.stringify(text.slice(0, 60))}`);
  const closes = /\r\nconnection:[ \t]*close/i.test(text);
  if (status < 200 || status === 204 || status === 304) return { status, length: 0, closes };
  const length = /\r\ncontent-length:[ \t]*(\d+)/i.exec(text)?.[1];
  if (length !== undefined) return { status, length: Number(length), closes };
  if (/\r\ntransfer-encoding:[ \t]*chunked/i.test(text)) return { status, length: null, closes };
  throw new Error("an answer says neither how long it is nor that it comes in chunks");
}

function chunkSize(line: string): number {
  const size = /^([0-9a-f]{1,8})(?:[ \t]*;.*)?$/i.exec(line)?.[1];
  if (size === undefined) throw new Error(`not the size of a chunk: ${JSON.stringify(line.slice(0, 60))}`);
  return Number.parseInt(size, 16);
}
