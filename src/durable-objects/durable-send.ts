/** Sending to a queue from an object. */

/**
 * Sends once everything the object has written by now is durable.
 *
 * The output gate holds replies and calls to other objects, but workerd's `queue.send` begins its request without asking it: a message
 * could tell of a write that a crash takes back, whose version or sequence the next one then has.
 *
 * @throws where the writes or the sending failed; after the former nothing was sent
 */
export async function sendWhenDurable<T>(
  storage: Pick<DurableObjectStorage, "sync">,
  send: () => Promise<T>,
): Promise<T> {
  await storage.sync();
  return await send();
}
