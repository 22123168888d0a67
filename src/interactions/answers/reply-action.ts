/**
 * Replies: the few words and keys that are an action by themselves, and the code or id that names what they answer.
 *
 * Pure. It takes whole replies only and never guesses from a sentence: "do not resolve" is no action. Words that people
 * write without thinking, such as "ok", "yes" and "no", are none either: they would end a page that nobody has read.
 */

import { idSchema } from '../../model/identity.ts';

/** What a reply can ask for. */
export type ReplyAction = 'acknowledge' | 'resolve' | 'escalate' | 'snooze' | 'accept' | 'decline';

/** What a reply says: an action, and what it is about when it names that, as `tocsin.actions.answer` takes both. */
export type ReplyAnswer = {
  /** There when the whole text is a key or a word for one, alone or with what it is about. */
  readonly action?: ReplyAction;
  /** The four digits of the message that is answered; of a command also the id of the incident. */
  readonly about?: string;
};

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
const COMMAND = /^\/([^@]*)(?:@\w{1,32})?$/;
const CODE = /^(?:#?(\d{4})|\(#?(\d{4})\))$/;
/** Room for the longest command with the name of a bot, which has 32 characters at most, and a code. */
const LONGEST = 64;
/** An id has 200 characters at most. */
const LONGEST_WITH_ID = 240;
const NOTHING: ReplyAnswer = {};

/**
 * What `text` asks for when all of it is a key or a word for an action, alone or with a code before or behind it: `1`,
 * `ack`, `1 4711`, `#4711 ack`; else nothing. With `takesIds`, for what is an order in any case, the id of an incident may
 * stand behind the action instead: `resolve inc-7`.
 *
 * Case (but of an id), white space, a leading `/`, the `@name` of a bot behind such a command, and a closing `.` or `!` do not matter.
 */
export function replyAnswer(text: string, { takesIds = false } = {}): ReplyAnswer {
  if (text.length > (takesIds ? LONGEST_WITH_ID : LONGEST)) return NOTHING;
  const whole = text.normalize('NFC').trim().replace(/[.!]$/, '');
  const [first = '', second, ...others] = whole.split(/\s+/);
  if (others.length > 0) return NOTHING;
  if (second === undefined) return answerOf(first);
  const code = codeOf(second);
  if (code !== undefined) return answerOf(first, code);
  const before = codeOf(first);
  if (before !== undefined) return answerOf(second, before);
  return takesIds && actionOf(second) === undefined && idSchema.safeParse(second).success
    ? answerOf(first, second)
    : NOTHING;
}

function answerOf(word: string, about?: string): ReplyAnswer {
  const action = actionOf(word);
  if (action === undefined) return NOTHING;
  return about === undefined ? { action } : { action, about };
}

function actionOf(word: string): ReplyAction | undefined {
  return ACTIONS.get(word.toLowerCase().replace(COMMAND, '$1'));
}

function codeOf(word: string): string | undefined {
  const [, bare, bracketed] = CODE.exec(word) ?? [];
  return bare ?? bracketed;
}
