/** One operation on the emulator: the state it works on, when it happens, and which request asked for it. */
import type { EmulatorState } from "./state.ts";

export type Operation = {
  readonly state: EmulatorState;
  /** Unix time in seconds, as everywhere in Stripe's resources. */
  readonly now: number;
  /** `null` where no API request caused it, e.g. a buyer who passes a challenge. */
  readonly requestId: string | null;
  readonly idempotencyKey: string | null;
  /** Where browsers reach the emulator, e.g. `http://127.0.0.1:12111`. */
  readonly origin: string;
};

/** What an operation answers: the HTTP status and the JSON body. */
export type Answer = { readonly status: number; readonly body: object };

export function ok(body: object): Answer {
  return { status: 200, body };
}
