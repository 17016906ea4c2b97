/** Every place where a running store leaves something behind, to be searched for what must not be there. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import type { Store } from "./store.ts";

const VARIABLES_FILE = "worker.vars";
/** Keys of Redis that are looked into at once. */
const KEYS_AT_ONCE = 50;

/**
 * Where a text is found: `log`, `postgres <table>`, `redis <kind of key>`, `object <class>`, `stripe`, `mail to <address>`. Both as it is
 * and as addresses write it.
 */
export async function placesOf(store: Store, text: string): Promise<string[]> {
  const forms = [...new Set([text, encodeURIComponent(text)])];
  const isIn = (haystack: string) => forms.some((form) => haystack.includes(form));
  const [tables, keys, mails, stripe] = await Promise.all([
    tablesWith(store, forms),
    redisEntries(store),
    mailsOf(store),
    stripeState(store),
  ]);
  return [
    ...(store.logLines().some(isIn) ? ["log"] : []),
    ...tables.map((table) => `postgres ${table}`),
    ...new Set(
      keys
        .filter(([key, value]) => isIn(key) || isIn(value))
        .map(([key]) => `redis ${key.split(":")[0] ?? ""}`),
    ),
    ...objectsWith(store, forms).map((name) => `object ${name}`),
    ...(isIn(stripe) ? ["stripe"] : []),
    ...new Set(mails.filter((mail) => isIn(mail.content)).map(({ to }) => `mail to ${to}`)),
  ].sort();
}

/** The values of the store's own secrets, as its Worker got them. */
export function secretsOf(store: Store, names: readonly string[]): string[] {
  const variables = parseEnv(readFileSync(join(store.place.stateDirectory, VARIABLES_FILE), "utf8"));
  return names.map((name) => variables[name] ?? "").filter((value) => value !== "");
}

async function tablesWith(store: Store, forms: readonly string[]): Promise<string[]> {
  const tables = await store.rows<{ name: string }>(
    "select tablename as name from pg_tables where schemaname = 'public'",
  );
  const each = tables.map(
    ({ name }) =>
      `select '${name}' as name where exists (select 1 from "${name}" t where exists (select 1 from unnest($1::text[]) f where position(f in t::text) > 0))`,
  );
  return (await store.rows<{ name: string }>(each.join(" union all "), [forms])).map(({ name }) => name);
}

async function redisEntries(store: Store): Promise<[key: string, value: string][]> {
  const variables = parseEnv(readFileSync(join(store.place.stateDirectory, VARIABLES_FILE), "utf8"));
  const ask = async (path: string, commands: unknown): Promise<unknown> => {
    const response = await fetch(new URL(path, store.endpoints.redis), {
      method: "POST",
      headers: { authorization: `Bearer ${variables["UPSTASH_REDIS_REST_TOKEN"] ?? ""}` },
      body: JSON.stringify(commands),
    });
    return await response.json();
  };
  const { result: keys } = (await ask("/", ["KEYS", "*"])) as { result: string[] };
  const entries: [string, string][] = [];
  for (let from = 0; from < keys.length; from += KEYS_AT_ONCE) {
    const some = keys.slice(from, from + KEYS_AT_ONCE);
    const [texts, hashes] = (await Promise.all(
      ["GET", "HGETALL"].map((command) =>
        ask(
          "/pipeline",
          some.map((key) => [command, key]),
        ),
      ),
    )) as [unknown[], unknown[]];
    for (const [index, key] of some.entries()) {
      entries.push([key, JSON.stringify([texts[index], hashes[index]])]);
    }
  }
  return entries;
}

/** Classes of objects whose rows, as their files have them, bear one of the texts. */
function objectsWith(store: Store, forms: readonly string[]): string[] {
  const root = join(store.place.persistDirectory, "do");
  return readdirSync(root).filter((name) =>
    readdirSync(join(root, name)).some((file) => {
      const content = readFileSync(join(root, name, file));
      return forms.some((form) => content.includes(form));
    }),
  );
}

async function stripeState(store: Store): Promise<string> {
  const { stripe, stripeSecretKey } = store.endpoints;
  const kinds = ["payment_intents", "charges", "customers", "events"];
  const texts = kinds.map(async (kind) => {
    const response = await fetch(new URL(`/v1/${kind}?limit=100`, stripe), {
      headers: { authorization: `Bearer ${stripeSecretKey}` },
    });
    return await response.text();
  });
  return (await Promise.all(texts)).join("\n");
}

async function mailsOf(store: Store): Promise<{ to: string; content: string }[]> {
  const { mail } = store.endpoints;
  const listed = (await (await fetch(`${mail}/api/messages`)).json()) as {
    messages: { id: string; to: string | string[] }[];
  };
  return await Promise.all(
    listed.messages.map(async ({ id, to }) => {
      const message = await (await fetch(`${mail}/api/messages/${id}`)).text();
      return { to: [to].flat().join(","), content: message };
    }),
  );
}
