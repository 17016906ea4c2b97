/** How large a measured figure may be and still say something of the store: shared by the browser's code and the Worker. */

/** A page that took longer was left in a background tab or on a sleeping machine. */
export const MAX_VITAL_MS = 120_000;
/** A layout that shifted by more than its whole height this many times is a broken measurement. */
export const MAX_LAYOUT_SHIFT_SCORE = 100;
