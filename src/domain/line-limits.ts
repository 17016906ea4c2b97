/** Bounds of a cart and of an order: at most this many distinct SKUs, and this many units of each. */
export const MAX_LINES = 10;
export const MAX_LINE_QUANTITY = 10;
