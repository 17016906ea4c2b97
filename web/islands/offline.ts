/** The page for those who are offline: tries again by itself, less often as time goes by, and at once when the network is back. */
import { poll } from "./poll.ts";
import { setText } from "./show.ts";

const FIRST_TRY_MS = 3_000;
const LONGEST_WAIT_MS = 60_000;
const TIMEOUT_MS = 8_000;
/** A small file that is never cached, and that no Worker has to run for. */
const PROBE = "/sw.js";

export function tryAgainByItself(): void {
  let waitMs = FIRST_TRY_MS;
  const look = async (): Promise<number | null> => {
    if (await isReachable()) {
      setText(document.querySelector("[data-offline-state]"), "You are back online.");
      openPage();
      return null;
    }
    return (waitMs = Math.min(waitMs * 1.5, LONGEST_WAIT_MS));
  };
  poll(look, FIRST_TRY_MS);
  addEventListener("online", () => {
    waitMs = FIRST_TRY_MS;
    void look();
  });
}

/** Any answer is one: what it says is for the page that comes to show. */
async function isReachable(): Promise<boolean> {
  try {
    await fetch(PROBE, { method: "HEAD", cache: "no-store", signal: AbortSignal.timeout(TIMEOUT_MS) });
    return true;
  } catch {
    return false;
  }
}

/** The page stands at the address that could not be reached; at its own, there is nothing to go back to. */
function openPage(): void {
  if (location.pathname === "/offline") location.replace("/");
  else location.reload();
}
