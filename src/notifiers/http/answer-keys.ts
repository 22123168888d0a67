/**
 * Answer keys: what can be pressed or written back, as far as a phone can take it.
 *
 * Pure. It offers no key that a phone does not have, and no label so long that it would push out another key.
 */
import { boundedLine } from '../../core/text/bounded.ts';
import type { Message } from '../../model/message.ts';

/** One key, and what it does. */
export type AnswerKey = { readonly key: string; readonly label: string };

const KEY = /^\d$/;
const CODE = /^\d{4}$/;
const MAX_KEYS = 5;
const MAX_LABEL = 24;

/** The first five actions of `message` that have a digit. */
export function answerKeys({ actions }: Message): readonly AnswerKey[] {
  return actions
    .flatMap(({ key = '', label }) => (KEY.test(key) ? [{ key, label: boundedLine(label, MAX_LABEL) }] : []))
    .slice(0, MAX_KEYS);
}

/** The code that names `message` in an answer, when it has four digits. */
export function answerCode({ replyCode = '' }: Message): string | undefined {
  return CODE.test(replyCode) ? replyCode : undefined;
}
