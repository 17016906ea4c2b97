/** The pages that say no: nothing here, one moment please, something went wrong. */
import { PROBLEMS, type ProblemCode } from "../../../contracts/problem.ts";
import { ErrorPage } from "../../../../web/pages/error.tsx";
import { NotFoundPage } from "../../../../web/pages/not-found.tsx";
import { WaitPage } from "../../../../web/pages/wait.tsx";
import { renderPage } from "../../../../web/render.ts";
import type { AppContext } from "../../app-env.ts";
import type { ProblemOptions } from "../../middleware/problem.ts";
import { PERSONAL_PAGE, siteOf } from "./site.ts";

/** When nothing better is known, a waiting page asks again after this long. */
const DEFAULT_RETRY_AFTER_SECONDS = 5;
/** A link's way to the address it is shown at, with what was searched for; nothing of a stranger's address is repeated. */
const SAME_ADDRESS = "";
/** Said where a refusal has no detail of its own. */
const NOTHING_DONE = "Nothing was changed. Please go back and try again.";

/** Where the API's title speaks to programmers. */
const PAGE_TITLES: Partial<Record<ProblemCode, string>> = {
  unsupported_media_type: "This form could not be read",
  bad_request: "This form could not be read",
  payload_too_large: "This is more than we can take",
};

/** The page for a refusal; its status and headers are those of the problem document. */
export function refusalPage(c: AppContext, code: ProblemCode, options: ProblemOptions = {}): Response {
  const { status } = PROBLEMS[code];
  const seconds = options.retryAfterSeconds ?? DEFAULT_RETRY_AFTER_SECONDS;
  const mustWait = status === 429 || status === 503;
  c.header("cache-control", PERSONAL_PAGE);
  if (mustWait) c.header("retry-after", String(seconds));
  if (options.allow !== undefined) c.header("allow", options.allow);
  return c.html(mustWait ? waitPage(c, seconds) : otherPage(c, code, options.detail), status);
}

function waitPage(c: AppContext, seconds: number): string {
  const mayRepeat = c.req.method === "GET" || c.req.method === "HEAD";
  return renderPage(
    <WaitPage
      site={siteOf(c)}
      retryAfterSeconds={seconds}
      {...(mayRepeat ? { retryHref: SAME_ADDRESS } : {})}
    />,
  );
}

function otherPage(c: AppContext, code: ProblemCode, detail: string | undefined): string {
  const site = siteOf(c);
  if (code === "not_found") return renderPage(<NotFoundPage site={site} />);
  const requestId = c.get("requestId");
  if (code === "internal") return renderPage(<ErrorPage site={site} requestId={requestId} />);
  const title = PAGE_TITLES[code] ?? PROBLEMS[code].title;
  return renderPage(
    <ErrorPage site={site} requestId={requestId} title={title} text={detail ?? NOTHING_DONE} />,
  );
}
