/** The endpoints by which staff see to messages that could not be handled. */
import { BODY_PROBLEMS, OPS_PROBLEMS, PAGE, path, type Endpoint } from "./endpoint.ts";

const LETTER = path("id", "The dead letter's id.");

export const DEAD_LETTER_ENDPOINTS = {
  listDeadLetters: {
    method: "get",
    path: "/api/ops/dead-letters",
    tag: "Ops",
    summary:
      "Open dead letters, newest first: messages that were given up, and neither replayed nor discarded.",
    security: "ops",
    parameters: PAGE,
    responses: { 200: { description: "A page of dead letters.", schema: "DeadLetterList" } },
    problems: [...OPS_PROBLEMS, "validation_failed"],
  },
  replayDeadLetters: {
    method: "post",
    path: "/api/ops/dead-letters/replay",
    tag: "Ops",
    summary:
      "Sends up to a hundred open dead letters to their queues again, the oldest first; repeated until none is left.",
    security: "ops",
    body: "ReplayBody",
    responses: { 200: { description: "How many were sent, and how many are left.", schema: "Replayed" } },
    problems: [...OPS_PROBLEMS, ...BODY_PROBLEMS],
  },
  replayDeadLetter: {
    method: "post",
    path: "/api/ops/dead-letters/{id}/replay",
    tag: "Ops",
    summary: "Sends a dead letter to its queue again, also one that was discarded.",
    security: "ops",
    parameters: [LETTER],
    responses: { 200: { description: "The dead letter, replayed.", schema: "DeadLetter" } },
    problems: [...OPS_PROBLEMS, "not_found"],
  },
  discardDeadLetter: {
    method: "post",
    path: "/api/ops/dead-letters/{id}/discard",
    tag: "Ops",
    summary: "Closes an open dead letter without sending it again; a closed one is answered as it stands.",
    security: "ops",
    parameters: [LETTER],
    body: "DiscardBody",
    responses: { 200: { description: "The dead letter.", schema: "DeadLetter" } },
    problems: [...OPS_PROBLEMS, ...BODY_PROBLEMS, "not_found"],
  },
} as const satisfies Record<string, Endpoint>;
