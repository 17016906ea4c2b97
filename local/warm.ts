/**
 * Warms the cache in front of a store before a drop: fetches every address of its sitemap twice, and says how the second
 * round was answered. The cache is one per place: run it where shoppers are.
 *
 *     npm run warm -- --origin https://store.example
 *
 * Exit 1 where an address does not answer 200.
 */
import { parseArgs } from "node:util";
import { isolateEnvironment } from "./process/environment.ts";

const REQUEST_TIMEOUT_MS = 30_000;
/** Requests at once: a warm-up must not be a load test. */
const AT_ONCE = 8;
const MAX_ADDRESSES = 20_000;
const SHOWN_FAILURES = 20;

interface Fetched {
  readonly url: string;
  /** 0: no answer. */
  readonly status: number;
  readonly cacheStatus: string;
}

isolateEnvironment();
try {
  const { values } = parseArgs({ options: { origin: { type: "string" } } });
  if (values.origin === undefined || !URL.canParse(values.origin)) {
    throw new Error("usage: npm run warm -- --origin https://store.example");
  }
  const { origin } = new URL(values.origin);
  const urls = await addressesOf(origin);
  console.log(`warming ${urls.length} addresses of ${origin}`);
  const failed: Fetched[] = [];
  for (const round of ["first round", "second round"]) {
    const answers = await fetchAll(urls);
    failed.push(...answers.filter(({ status }) => status !== 200));
    console.log(`${round}: ${summary(answers)}`);
  }
  for (const { url, status } of failed.slice(0, SHOWN_FAILURES)) console.error(`${status} ${url}`);
  if (failed.length > 0) process.exitCode = 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}

/** The sitemap's addresses at this origin, whatever origin it names, and the list that scripts read. */
async function addressesOf(origin: string): Promise<string[]> {
  const response = await fetch(`${origin}/sitemap.xml`, { signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) });
  if (response.status !== 200) throw new Error(`${origin}/sitemap.xml answers ${response.status}`);
  const found = [...(await response.text()).matchAll(/<loc>([^<]+)<\/loc>/g)].flatMap(([, address = ""]) => {
    const url = address.replaceAll("&amp;", "&");
    return URL.canParse(url) ? [origin + new URL(url).pathname + new URL(url).search] : [];
  });
  return [...new Set([...found, `${origin}/api/products`])].slice(0, MAX_ADDRESSES);
}

async function fetchAll(urls: readonly string[]): Promise<Fetched[]> {
  const waiting = [...urls];
  const answers: Fetched[] = [];
  const work = async (): Promise<void> => {
    for (let url = waiting.shift(); url !== undefined; url = waiting.shift())
      answers.push(await fetchOne(url));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return answers;
}

async function fetchOne(url: string): Promise<Fetched> {
  try {
    const response = await fetch(url, {
      redirect: "manual",
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    });
    await response.arrayBuffer();
    return { url, status: response.status, cacheStatus: response.headers.get("cf-cache-status") ?? "none" };
  } catch {
    return { url, status: 0, cacheStatus: "no answer" };
  }
}

/** `HIT 40, MISS 2`. */
function summary(answers: readonly Fetched[]): string {
  const counts = new Map<string, number>();
  for (const { cacheStatus } of answers) counts.set(cacheStatus, (counts.get(cacheStatus) ?? 0) + 1);
  return [...counts].map(([cacheStatus, count]) => `${cacheStatus} ${count}`).join(", ");
}
