/**
 * Refused answers: what somebody tried, why it was not taken, and who is told.
 *
 * A refusal is logged and told to listeners, so that none goes unseen; it repeats neither a token nor a secret.
 */
import { TocsinError } from '../errors.ts';
import type { AnswerRefusal } from '../model/action.ts';
import type { RefusedNews } from './bus.ts';
import type { Engine } from './engine.ts';

/** What was tried. */
export type Tried = Omit<RefusedNews, 'type' | 'why'> & { readonly choices?: readonly unknown[] };

const REASONS: { readonly [why in AnswerRefusal]: string } = {
  malformed: 'this is no token that Tocsin has made',
  forged: 'the token was changed, or signed with a secret that is not known here',
  expired: 'its time is over; use the latest message',
  used: 'it was used before',
  foreign: 'it is not for this tenant, or for another incident',
  'unknown-person': 'nobody here can be told from where it comes; give the person a contact with that address',
  'nothing-open': 'nothing that was sent there waits for it',
  ambiguous: 'several incidents wait for it; name one by the code of its message',
};

/** The error to throw; it was logged and told by then. */
export function refusedAnswer(engine: Engine, why: AnswerRefusal, tried: Tried): TocsinError {
  const { choices, ...facts } = tried;
  const news = { type: 'action.refused', why, ...facts } as const;
  engine.logger.warn({ ...facts, why }, 'An answer was refused.');
  engine.bus.tell('action.refused', news);
  const details = { why, ...facts, ...(choices !== undefined && { choices }) };
  return new TocsinError('ACTION_REFUSED', `Cannot ${tried.action ?? 'answer'}: ${REASONS[why]}.`, { details });
}
