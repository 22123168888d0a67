/**
 * Acknowledgements: whether the answer of a person is theirs alone, or that of everybody who was asked.
 *
 * Pure. It only chooses the event; what follows from that event is the statechart's.
 */
import type { Actor } from '../../model/identity.ts';
import type { Paging } from '../../model/incident.ts';
import type { EventDraft } from '../../model/timeline.ts';
import { rungAt } from '../escalation/ladder.ts';
import type { IncidentContext } from './context.ts';

/** Where people are asked rung by rung. */
const ASKING: ReadonlySet<Paging> = new Set<Paging>(['escalating', 'notified']);

/**
 * What an acknowledgement by `actor` leaves in the timeline; `undefined` when that person has answered already and others
 * still have to.
 *
 * Where each person who was asked has to answer, it is theirs alone for as long as somebody else who was asked at this
 * rung has not answered; whatever a source says counts for all.
 */
export function acknowledgement(actor: Actor, context: IncidentContext, paging: Paging): EventDraft | undefined {
  const { ladder, position, asked, answered } = context;
  const isEach = ASKING.has(paging) && rungAt(ladder, position)?.acknowledge === 'each';
  if (!isEach || actor.kind !== 'user') return { type: 'incident.acknowledged' };
  const done = new Set([...answered, actor.id]);
  if (asked.every((user) => done.has(user))) return { type: 'incident.acknowledged' };
  return answered.includes(actor.id) ? undefined : { type: 'page.acknowledged' };
}
