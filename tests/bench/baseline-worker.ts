/** What the store is measured against on its own runtime: nothing, a bare call into one object, a row written by one object, a bare new object with one row. */
import { DurableObject } from "cloudflare:workers";

interface BaselineEnv {
  readonly BARE: DurableObjectNamespace<Bare>;
}

export class Bare extends DurableObject {
  #hasTable = false;

  call(): { answer: number } {
    return { answer: 42 };
  }

  /** One more row in the object's only table, acknowledged. */
  write(value: string): { written: number } {
    if (!this.#hasTable) {
      this.ctx.storage.sql.exec(
        "CREATE TABLE IF NOT EXISTS rows (id INTEGER PRIMARY KEY, value TEXT NOT NULL)",
      );
      this.#hasTable = true;
    }
    this.ctx.storage.sql.exec("INSERT INTO rows (value) VALUES (?)", value);
    return { written: 1 };
  }

  /** One table, one row, acknowledged. */
  firstRow(value: string): { rows: number } {
    this.ctx.storage.sql.exec("CREATE TABLE rows (id INTEGER PRIMARY KEY, value TEXT NOT NULL)");
    this.ctx.storage.sql.exec("INSERT INTO rows (value) VALUES (?)", value);
    return { rows: 1 };
  }
}

export default {
  async fetch(request: Request, env: BaselineEnv): Promise<Response> {
    const { pathname } = new URL(request.url);
    if (pathname === "/hello") return new Response("hello");
    if (pathname === "/bare") return Response.json(await env.BARE.getByName("hot").call());
    if (pathname === "/write") return Response.json(await env.BARE.getByName("written").write(pathname));
    if (pathname.startsWith("/new/"))
      return Response.json(await env.BARE.getByName(pathname).firstRow(pathname));
    return new Response("not found", { status: 404 });
  },
};
