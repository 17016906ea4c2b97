/**
 * The scripts that count within limits. A counter is a hash with its count and the id of its window, which begins with the first
 * count and ends by itself: what is taken back leaves the window it was counted in, and no later one.
 */

/** One counter and how far it may count in its window. */
export interface Counter {
  readonly key: string;
  readonly limit: number;
}

/** Where something was counted, so that it can be taken back. */
export interface Counted {
  readonly key: string;
  readonly window: string;
}

export type CountVerdict =
  /** Counted everywhere; in the order of the counters. */
  | { readonly ok: true; readonly counted: readonly Counted[] }
  /** Counted nowhere, since one of them is full for so long. */
  | { readonly ok: false; readonly retryAfterSeconds: number };

/**
 * KEYS are counters; ARGV[1] is a window's length in seconds, ARGV[2] the id of windows that begin now, then each counter's limit.
 * Answers the ids of the windows, or the milliseconds until the last full counter ends.
 */
export const COUNT_WITHIN_SCRIPT = `
local wait = 0
for index, key in ipairs(KEYS) do
  local count = tonumber(redis.call('HGET', key, 'count') or '0')
  if count >= tonumber(ARGV[index + 2]) then wait = math.max(wait, redis.call('PTTL', key), 1) end
end
if wait > 0 then return wait end
local windows = {}
for index, key in ipairs(KEYS) do
  if redis.call('HSETNX', key, 'window', ARGV[2]) == 1 then redis.call('EXPIRE', key, ARGV[1]) end
  redis.call('HINCRBY', key, 'count', 1)
  windows[index] = redis.call('HGET', key, 'window')
end
return windows
`;

/** KEYS[1] is a counter, ARGV[1] the window in which it was counted. */
export const TAKE_BACK_SCRIPT = `
if redis.call('HGET', KEYS[1], 'window') ~= ARGV[1] then return 0 end
if tonumber(redis.call('HGET', KEYS[1], 'count') or '0') < 1 then return 0 end
redis.call('HINCRBY', KEYS[1], 'count', -1)
return 1
`;
