/** The script by which a newer figure replaces an older one, and never the other way round. */

/**
 * KEYS[i] gets ARGV[2i] when its sequence ARGV[2i-1] is above the one stored. A stored value is JSON with a `sequence`
 * of its own; read by pattern, which is cheaper than decoding and the same in every Lua. A value without one is replaced.
 * Answers a text per key: empty where nothing was written, else `+` and what was there before.
 */
export const SET_IF_NEWER_SCRIPT = `
local replaced = {}
for index, key in ipairs(KEYS) do
  local stored = redis.call('GET', key)
  local known = stored and tonumber(string.match(stored, '^{"sequence":(%d+)'))
  if not known or tonumber(ARGV[index * 2 - 1]) > known then
    redis.call('SET', key, ARGV[index * 2])
    replaced[index] = '+' .. (stored or '')
  else
    replaced[index] = ''
  end
end
return replaced
`;

/** How many entries one run of the script takes. A script holds up every other client of the database while it runs. */
export const MAX_ENTRIES_PER_SCRIPT = 100;

export interface SequencedEntry {
  readonly key: string;
  /** Stored as JSON; `sequence` is a non-negative safe integer that rises with every change. */
  readonly value: { readonly sequence: number } & object;
}

/** The stored form: JSON whose first member is the sequence, where the script looks for it. */
export function encodeSequenced(value: SequencedEntry["value"]): string {
  const { sequence, ...rest } = value;
  if (!Number.isSafeInteger(sequence) || sequence < 0) throw new RangeError(`not a sequence: ${sequence}`);
  return JSON.stringify({ sequence, ...rest });
}

/** Of several entries for one key only the newest. */
export function newestPerKey(entries: readonly SequencedEntry[]): SequencedEntry[] {
  const newest = new Map<string, SequencedEntry>();
  for (const entry of entries) {
    const known = newest.get(entry.key);
    if (known === undefined || entry.value.sequence > known.value.sequence) newest.set(entry.key, entry);
  }
  return [...newest.values()];
}
