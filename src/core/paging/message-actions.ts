/**
 * Actions: what can be answered to a message, under its name in the reader's language.
 *
 * Pure. It offers only what the engine would take; it never makes a link (the host does).
 */
import type { Message, MessageAction, MessagePurpose } from '../../model/message.ts';
import type { LocalTexts } from './message-texts.ts';

const PAGE = ['acknowledge', 'escalate', 'snooze'] as const;
const RESPONDER = ['accept', 'decline'] as const;
const NOTHING = [] as const;

/** The digit of each answer; `2` resolves, which no message offers. */
export const KEYS: { readonly [action in MessageAction['id']]: string } = {
  acknowledge: '1',
  escalate: '3',
  snooze: '4',
  accept: '5',
  decline: '6',
};

const ANSWERS: Readonly<Record<MessagePurpose, readonly MessageAction['id'][]>> = {
  step: PAGE,
  fallback: PAGE,
  reminder: PAGE,
  handoff: PAGE,
  responder: RESPONDER,
  notice: NOTHING,
  summary: NOTHING,
  verification: NOTHING,
  canary: NOTHING,
  emergency: NOTHING,
  update: PAGE,
  mirror: NOTHING,
  announcement: NOTHING,
};

/** What can be answered to a message about one incident. */
export function actionsFor(purpose: MessagePurpose, { texts }: LocalTexts): Message['actions'] {
  return ANSWERS[purpose].map((id) => ({ id, label: texts[id], key: KEYS[id] }));
}
