/** A browser as far as cookies go: one person's requests from one address. */
import { waitFor } from "../../local/process/wait-for.ts";
import { EVENTUALLY_MS, type Answer, type Store } from "./store.ts";

let browsers = 0;

export class BrowserJar {
  readonly #store: Store;
  readonly #cookies = new Map<string, string>();
  readonly address: string;

  /** @param address another IPv4 address for every browser, where none is given */
  constructor(store: Store, address?: string) {
    this.#store = store;
    browsers += 1;
    this.address = address ?? `172.16.${String((browsers >> 8) & 255)}.${String(browsers & 255)}`;
  }

  get cookies(): ReadonlyMap<string, string> {
    return this.#cookies;
  }

  forget(name: string): void {
    this.#cookies.delete(name);
  }

  async request(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const answer = await this.#store.request(method, path, {
      headers: {
        ...headers,
        "cf-connecting-ip": this.address,
        ...(cookie === "" ? {} : { cookie }),
        ...(body === undefined || body instanceof URLSearchParams
          ? {}
          : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: body instanceof URLSearchParams ? body : JSON.stringify(body) }),
    });
    for (const line of answer.headers.getSetCookie()) this.#keep(line);
    return answer;
  }

  post(path: string, body: unknown = {}): Promise<Answer> {
    return this.request("POST", path, body);
  }

  /** Sends a form, as a page without JavaScript does. */
  submit(path: string, fields: Readonly<Record<string, string>>): Promise<Answer> {
    return this.request("POST", path, new URLSearchParams(fields), { "sec-fetch-site": "same-origin" });
  }

  /** Sends the checkout's form as it is now, filled with this. */
  async checkOut(typed: Readonly<Record<string, string>>): Promise<Answer> {
    // As the page's script does: the totals are those of the address.
    const query = new URLSearchParams({ country: typed["country"] ?? "", region: typed["region"] ?? "" });
    const page = await this.get(`/checkout?${query.toString()}`);
    return await this.submit("/checkout", { ...typed, ...agreedIn(page.body) });
  }

  get(path: string): Promise<Answer> {
    return this.request("GET", path);
  }

  #keep(line: string): void {
    const [pair = "", ...attributes] = line.split(";");
    const name = pair.slice(0, pair.indexOf("=")).trim();
    const value = pair.slice(pair.indexOf("=") + 1);
    const isGone = attributes.some((attribute) => /^\s*max-age=0$/i.test(attribute)) || value === "";
    if (isGone) this.#cookies.delete(name);
    else this.#cookies.set(name, value);
  }
}

/** Confirms the address of a new account by the e-mail's link and the page's form, with the password of the sign-up; it signs in. */
export async function confirmEmail(
  store: Store,
  browser: BrowserJar,
  { email, password }: { readonly email: string; readonly password: string },
): Promise<void> {
  const token = tokenOf(await linkInMail(store, email, "Confirm your e-mail address"));
  const answer = await browser.submit("/account/verify", { token, password });
  if (answer.headers.get("location") !== "/account?said=verified")
    throw new Error(
      `${email} was not confirmed: ${String(answer.status)} ${String(answer.body).slice(0, 300)}`,
    );
}

/** The token in an email's link. */
export function tokenOf(link: string): string {
  return new URL(link, "http://store.invalid").searchParams.get("token") ?? "";
}

/** What a page of the checkout has the shopper agree to: its form's hidden field. */
export function agreedIn(page: unknown): { agreed: string; totals: string } {
  const field = (name: string) => new RegExp(`name="${name}" value="([^"]*)"`).exec(String(page))?.[1] ?? "";
  return { agreed: field("agreed"), totals: field("totals") };
}

/** The first link of the newest e-mail to an address with this subject, as a path with its query. Waits for it. */
export async function linkInMail(store: Store, to: string, subject: string): Promise<string> {
  const { mail } = store.endpoints;
  return await waitFor(
    async () => {
      const listed = await fetch(`${mail}/api/messages?to=${encodeURIComponent(to)}`);
      const { messages } = (await listed.json()) as { messages: { id: string; subject: string }[] };
      const found = messages.find((message) => message.subject === subject);
      if (found === undefined) return false;
      const { text } = (await (await fetch(`${mail}/api/messages/${found.id}`)).json()) as { text: string };
      const link = /https?:\/\/\S+/.exec(text)?.[0];
      if (link === undefined) throw new Error(`no link in: ${text}`);
      const { pathname, search } = new URL(link);
      return pathname + search;
    },
    { what: `an e-mail "${subject}" to ${to}`, timeoutMs: EVENTUALLY_MS },
  );
}
