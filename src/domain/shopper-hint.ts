/**
 * A cookie (`__Host-shopper`) that browser code can read and that says one thing only: there may be something of one's own
 * to ask for. Without it a page asks nothing, so that whoever only looks costs nothing.
 */
export const SHOPPER_HINT_COOKIE = "shopper";
