/** Posts one webhook over HTTP: kept-alive connections, a time limit, no redirects. */
import { Agent as HttpAgent, request as httpRequest } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";

const TIMEOUT_MS = 20_000;

export type WebhookPoster = {
  /** Answers the status of the receiver; throws where none came in time. */
  post: (url: string, payload: string, signature: string) => Promise<number>;
  /** Ends every connection, also those that wait for an answer. */
  close: () => void;
};

export function createWebhookPoster(): WebhookPoster {
  const httpAgent = new HttpAgent({ keepAlive: true });
  const httpsAgent = new HttpsAgent({ keepAlive: true });
  const post = (url: string, payload: string, signature: string): Promise<number> =>
    new Promise((resolve, reject) => {
      const secure = url.startsWith("https:");
      const body = Buffer.from(payload);
      const headers = {
        Accept: "*/*; q=0.5, application/xml",
        "Cache-Control": "no-cache",
        "Content-Length": body.length,
        "Content-Type": "application/json; charset=utf-8",
        "Stripe-Signature": signature,
        "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
      };
      const options = { method: "POST", headers, timeout: TIMEOUT_MS };
      const sent = secure
        ? httpsRequest(url, { ...options, agent: httpsAgent })
        : httpRequest(url, { ...options, agent: httpAgent });
      sent.on("response", (response) => {
        response.resume();
        response.on("end", () => {
          resolve(response.statusCode ?? 0);
        });
        response.on("error", reject);
      });
      sent.on("timeout", () => sent.destroy(new Error(`no answer within ${TIMEOUT_MS} ms`)));
      sent.on("error", reject);
      sent.end(body);
    });
  const close = (): void => {
    httpAgent.destroy();
    httpsAgent.destroy();
  };
  return { post, close };
}
