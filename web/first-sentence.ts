/** The first sentence of a description, where there is room for no more. Pure. */

export function firstSentence(text: string): string {
  const match = /^.*?[.!?](?=\s|$)/s.exec(text);
  return match === null ? text : match[0];
}
