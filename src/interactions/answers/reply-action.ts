/**
 * Replies: the few words and keys that are an action by themselves.
 *
 * Pure. It takes whole replies only and never guesses from a sentence: "do not resolve" is no action.
 */

/** What a reply of one word can ask for. */
export type ReplyAction = 'acknowledge' | 'resolve' | 'escalate';

const ACTIONS: ReadonlyMap<string, ReplyAction> = new Map([
  ['1', 'acknowledge'],
  ['ack', 'acknowledge'],
  ['acknowledge', 'acknowledge'],
  ['acknowledged', 'acknowledge'],
  ['2', 'resolve'],
  ['resolve', 'resolve'],
  ['resolved', 'resolve'],
  ['3', 'escalate'],
  ['escalate', 'escalate'],
]);
const LONGEST = 40;

/**
 * The action that `text` is a word or key for: 1 or "ack", 2 or "resolve", 3 or "escalate"; else `undefined`.
 *
 * Case, spaces around it, a leading `/` and a closing `.` or `!` do not matter.
 */
export function replyAction(text: string): ReplyAction | undefined {
  if (text.length > LONGEST) return undefined;
  const word = text.trim().toLowerCase();
  return ACTIONS.get(word.replace(/^\//, '').replace(/[.!]$/, ''));
}
