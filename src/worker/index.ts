import { DurableObject } from "cloudflare:workers";
export class SkuInventory extends DurableObject<Env> {}
export class Order extends DurableObject<Env> {}
export class Cart extends DurableObject<Env> {}
export default { fetch: () => new Response("hello") };
