/** The doors of accounts as endpoints of the API document. */
import type { ProblemCode } from "../../contracts/problem.ts";
import { ACCOUNTS_PATH, DOORS, type Door } from "../accounts/doors.ts";
import type { Endpoint } from "./endpoint.ts";
import { ENDPOINTS } from "./endpoints.ts";

const OF_BODIES: readonly ProblemCode[] = [
  "malformed_json",
  "unsupported_media_type",
  "payload_too_large",
  "validation_failed",
  "invalid_credentials",
  "email_not_verified",
];
const OF_SESSIONS: readonly ProblemCode[] = ["unauthorised", "sign_in_again"];

/** Every endpoint of the API by its operation's name. */
export const ALL_ENDPOINTS: Readonly<Record<string, Endpoint>> = {
  ...ENDPOINTS,
  ...Object.fromEntries(DOORS.map((door) => [door.name, endpointOf(door)])),
};

function endpointOf({ method, path, summary, body, signedIn, challenge }: Door): Endpoint {
  return {
    method: method === "GET" ? "get" : "post",
    path: ACCOUNTS_PATH + path,
    tag: "Accounts",
    summary,
    security: signedIn === true ? "session" : "none",
    ...(body === undefined ? {} : { body }),
    responses: { 200: { description: "Done." } },
    problems: [
      ...(body === undefined ? [] : OF_BODIES),
      ...(signedIn === true ? OF_SESSIONS : []),
      ...(challenge === undefined ? [] : (["challenge_required"] as const)),
      "link_expired",
      "bad_request",
      "forbidden",
    ],
  };
}
