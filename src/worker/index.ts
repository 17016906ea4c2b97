/** The Worker's entry point. */
export { Cart } from "../durable-objects/cart/cart.ts";
export { Order } from "../durable-objects/order/order.ts";
export { SkuInventory } from "../durable-objects/sku-inventory/sku-inventory.ts";
export default { fetch: () => new Response("hello") };
