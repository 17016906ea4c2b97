import { describe, expect, it } from "vitest";
import { ResponseReader, type HttpAnswer } from "./response-reader.ts";

const PLAIN = "HTTP/1.1 201 Created\r\nContent-Length: 7\r\nContent-Type: text/plain\r\n\r\nplaced!";
const CHUNKED =
  "HTTP/1.1 409 Conflict\r\ntransfer-encoding: chunked\r\n\r\n5\r\nsold \r\n6;x=y\r\nout€\r\n0\r\n\r\n";

/** Feeds the bytes in pieces of one size; returns every answer that came out. */
function readInPieces(text: string, size: number, reader = new ResponseReader()): HttpAnswer[] {
  const bytes = Buffer.from(text);
  const answers: HttpAnswer[] = [];
  for (let from = 0; from < bytes.length; from += size) {
    const answer = reader.take(bytes.subarray(from, from + size));
    if (answer !== null) answers.push(answer);
  }
  return answers;
}

describe("an answer", () => {
  it.each([1, 2, 3, 7, 1000])("is read by its length from pieces of %i bytes", (size) => {
    expect(readInPieces(PLAIN, size)).toEqual([{ status: 201, body: "placed!" }]);
  });

  it.each([1, 2, 5, 1000])("is read from chunks that come in pieces of %i bytes", (size) => {
    expect(readInPieces(CHUNKED, size)).toEqual([{ status: 409, body: "sold out€" }]);
  });

  it("follows another on the same connection", () => {
    const reader = new ResponseReader();
    expect(readInPieces(PLAIN, 9, reader)).toHaveLength(1);
    expect(reader.midAnswer).toBe(false);
    expect(readInPieces(PLAIN, 1000, reader)).toEqual([{ status: 201, body: "placed!" }]);
  });

  it.each([204, 304])("with status %i has no body", (status) => {
    expect(readInPieces(`HTTP/1.1 ${status} x\r\nETag: "a"\r\n\r\n`, 4)).toEqual([{ status, body: "" }]);
  });

  it("comes after interim ones, which are skipped", () => {
    const interim = "HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n";
    expect(readInPieces(interim + PLAIN, 5)).toEqual([{ status: 201, body: "placed!" }]);
  });

  it("tells when the server closes the connection after it", () => {
    const reader = new ResponseReader();
    readInPieces(PLAIN, 1000, reader);
    expect(reader.closes).toBe(false);
    readInPieces(PLAIN.replace("Content-Type: text/plain", "Connection: close"), 1000, reader);
    expect(reader.closes).toBe(true);
  });

  it("is unfinished until its last byte", () => {
    const reader = new ResponseReader();
    expect(reader.take(Buffer.from(PLAIN.slice(0, -1)))).toBeNull();
    expect(reader.midAnswer).toBe(true);
  });
});

describe("bytes that are no answer", () => {
  it.each([
    ["another protocol", "SSH-2.0-OpenSSH\r\n\r\n", "not an HTTP/1.1 answer"],
    ["a body of unknown length", "HTTP/1.1 200 OK\r\n\r\nhello", "neither how long"],
    [
      "a broken chunk size",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
      "not the size of a chunk",
    ],
    ["more than one answer", PLAIN + PLAIN, "more than it was asked for"],
    ["a head without end", "HTTP/1.1 200 OK\r\nx: ".padEnd(70_000, "y"), "too long"],
    ["a body without bound", "HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n", "too long"],
  ])("are refused: %s", (_what, text, message) => {
    expect(() => new ResponseReader().take(Buffer.from(text))).toThrow(message);
  });
});
