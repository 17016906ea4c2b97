/** Refusals as the contract names them. */
import { expect } from "vitest";
import { Problem, PROBLEMS, type ProblemCode } from "../../src/contracts/problem.ts";
import type { Answer } from "./store.ts";

/** Expects a problem document with this code, and answers it. */
export function expectProblem(answer: Answer, code: ProblemCode): Problem {
  expect({ status: answer.status, body: answer.body }).toMatchObject({
    status: PROBLEMS[code].status,
    body: { code },
  });
  expect(answer.headers.get("content-type")).toContain("application/problem+json");
  expect(answer.headers.get("x-request-id")).not.toBeNull();
  return Problem.parse(answer.body);
}
