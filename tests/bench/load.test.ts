/** The load client against a server of `node:http`. */
import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createRawServer } from "node:net";
import type { AddressInfo } from "node:net";
import { afterEach, expect, it } from "vitest";
import { Connection, NO_ANSWER, serialize } from "./http-client.ts";
import { closedLoop, openLoop } from "./load.ts";

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

async function listen(handle: RequestListener): Promise<number> {
  const server = createServer(handle);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

const hello = { method: "GET", path: "/hello" } as const;

it("sends each body whole, and counts only the expected answers in the rate", async () => {
  const bodies: string[] = [];
  const port = await listen((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (chunk: string) => (body += chunk));
    request.on("end", () => {
      bodies.push(`${String(request.headers["idempotency-key"])} ${body}`);
      response.writeHead(bodies.length % 2 === 0 ? 201 : 409).end("{}");
    });
  });
  let index = 0;
  const nextCall = () => ({
    method: "POST" as const,
    path: "/orders",
    headers: { "idempotency-key": String(index++) },
    body: "café",
  });
  const result = await closedLoop({ port, connections: 3, seconds: 10, count: 30, nextCall, expected: 201 });
  expect(bodies.toSorted()).toEqual(Array.from({ length: 30 }, (_, each) => `${each} café`).toSorted());
  expect(result).toMatchObject({ requests: 30, statuses: { 201: 15, 409: 15 } });
  expect(result.rate * result.seconds).toBeCloseTo(15);
});

it("opens no more connections than asked for, and keeps them", async () => {
  const sockets = new Set<unknown>();
  const port = await listen((request, response) => {
    sockets.add(request.socket);
    response.end("hello");
  });
  await closedLoop({ port, connections: 4, seconds: 10, count: 100, nextCall: () => hello, expected: 200 });
  expect(sockets.size).toBe(4);
});

it("connects again where the server closes a connection after an answer", async () => {
  const port = await listen((_request, response) => response.setHeader("connection", "close").end("hello"));
  const loop = { port, connections: 2, seconds: 10, count: 20, nextCall: () => hello, expected: 200 };
  expect(await closedLoop(loop)).toMatchObject({ requests: 20, statuses: { 200: 20 } });
});

it("fails when a connection ends in the middle of an answer", async () => {
  const server = createRawServer((socket) => {
    socket.on("data", () => socket.end("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhel"));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const loop = { port, connections: 1, seconds: 10, count: 1, nextCall: () => hello, expected: 200 };
  await expect(closedLoop(loop)).rejects.toThrow("closed the connection");
  const open = { port, maxConnections: 1, arrivals: [0], nextCall: () => hello, expected: 200 };
  await expect(openLoop(open)).rejects.toThrow("closed the connection");
  server.close();
});

it("gives a request up that has no answer in time, and goes on with a new connection", async () => {
  let answered = 0;
  const port = await listen((_request, response) => {
    answered += 1;
    if (answered > 1) response.end("late no more");
  });
  const connection = new Connection(port, 20);
  const request = serialize(hello, port);
  expect(await connection.send(request)).toEqual({ status: NO_ANSWER, body: "" });
  expect(await connection.send(request)).toEqual({ status: 200, body: "late no more" });
  connection.close();
});

it("measures an open loop from when each request was due, though the one before it was slow", async () => {
  let answered = 0;
  const port = await listen((_request, response) => {
    answered += 1;
    if (answered > 1) response.end();
    else setTimeout(() => response.end(), 200);
  });
  const arrivals = [0, 1, 2, 3, 4];
  const result = await openLoop({ port, maxConnections: 1, arrivals, nextCall: () => hello, expected: 200 });
  // All of them waited for the first: the fastest for 200 ms less the 4 ms that it came later.
  expect(result.requests).toBe(5);
  expect(result.mostAtOnce).toBe(5);
  expect(result.p50Ms).toBeGreaterThan(190);
});
