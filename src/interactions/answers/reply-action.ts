/**
 * Replies: the few words and keys that are an action by themselves, and the code that names what they answer.
 *
 * Pure. It takes whole replies only and never guesses from a sentence: "do not resolve" is no action. Words that people
 * write without thinking, such as "ok", "yes" and "no", are none either: they would end a page that nobody has read.
 */

/** What a reply can ask for. */
export type ReplyAction = 'acknowledge' | 'resolve' | 'escalate' | 'snooze' | 'accept' | 'decline';

/** What a reply says: an action, and the four digits of the message that it answers when it names one. */
export type ReplyAnswer = { readonly action?: ReplyAction; readonly code?: string };

const WORDS: Readonly<Record<ReplyAction, string>> = {
  acknowledge: '1 ack acknowledge acknowledged übernehmen uebernehmen übernommen uebernommen',
  resolve: '2 resolve resolved beheben behoben',
  escalate: '3 escalate eskalieren',
  snooze: '4 snooze zurückstellen zurueckstellen',
  accept: '5 accept join dazukommen',
  decline: '6 decline ablehnen',
};
const ACTIONS: ReadonlyMap<string, ReplyAction> = new Map(
  (['acknowledge', 'resolve', 'escalate', 'snooze', 'accept', 'decline'] as const).flatMap((action) =>
    WORDS[action].split(' ').map((word) => [word, action] as const),
  ),
);
const CODE = /^(?:#?(\d{4})|\(#?(\d{4})\))$/;
const LONGEST = 40;
const NOTHING: ReplyAnswer = {};

/**
 * What `text` asks for when all of it is a key or a word for an action, alone or with a code before or behind it: `1`,
 * `ack`, `1 4711`, `#4711 ack`; else nothing.
 *
 * Case, white space, a leading `/` and a closing `.` or `!` do not matter.
 */
export function replyAnswer(text: string): ReplyAnswer {
  if (text.length > LONGEST) return NOTHING;
  const whole = text.normalize('NFC').trim().toLowerCase().replace(/[.!]$/, '');
  const [first = '', second, ...others] = whole.split(/\s+/);
  if (others.length > 0) return NOTHING;
  if (second === undefined) return answerOf(first);
  const code = codeOf(second) ?? codeOf(first);
  return code === undefined ? NOTHING : answerOf(codeOf(second) === undefined ? second : first, code);
}

function answerOf(word: string, code?: string): ReplyAnswer {
  const action = ACTIONS.get(word.replace(/^\//, ''));
  if (action === undefined) return NOTHING;
  return code === undefined ? { action } : { action, code };
}

function codeOf(word: string): string | undefined {
  const [, bare, bracketed] = CODE.exec(word) ?? [];
  return bare ?? bracketed;
}
