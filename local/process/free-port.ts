/** Finds a TCP port on the loopback address that nobody listens on. */
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";

/**
 * Chooses a free TCP port on 127.0.0.1. Takes the port one would like to have; answers that port where it is free, else
 * one the system picks. The port is free at the moment of the answer: whoever binds it must still handle "in use".
 */
export async function choosePort(preferred?: number): Promise<number> {
  if (preferred !== undefined && (await isPortFree(preferred))) return preferred;
  const chosen = await tryListen(0);
  if (chosen === undefined) throw new Error("the system has no free TCP port on 127.0.0.1");
  return chosen;
}

/** Answers whether a TCP port on 127.0.0.1 can be bound right now. */
export async function isPortFree(port: number): Promise<boolean> {
  return (await tryListen(port)) !== undefined;
}

function tryListen(port: number): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE" || error.code === "EACCES") resolve(undefined);
      else reject(error);
    });
    server.listen({ port, host: "127.0.0.1", exclusive: true }, () => {
      const bound = (server.address() as AddressInfo).port;
      server.close(() => {
        resolve(bound);
      });
    });
  });
}
