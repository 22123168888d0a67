/**
 * A status record with the moments as people know them by now: the trouble counts from then, and until then.
 *
 * Pure. It never puts what was written into another order.
 */
import type { EventOf } from '../../model/timeline.ts';
import type { StatusRecord } from './stored-record.ts';

/** The record after a correction; the end is that of an incident that has one. */
export function correctedRecord(record: StatusRecord, { times }: EventOf<'times.corrected'>): StatusRecord {
  const { outcome, endedAt } = record;
  const impactStartedAt = times.impactStartedAt?.to ?? record.impactStartedAt;
  const began = { ...record, ...(impactStartedAt !== undefined && { impactStartedAt }) };
  const to = times.resolvedAt?.to;
  if (to === undefined || endedAt === undefined || (outcome !== 'resolved' && outcome !== 'closed')) return began;
  const phases = record.phases.map((phase, place, all) =>
    place === all.length - 1 && phase.status === 'resolved' ? { ...phase, at: to } : phase,
  );
  return { ...began, endedAt: to, phases, spans: endedSpans(record.spans, endedAt, to) };
}

/** `spans` whose end was `from` and is `to`, but never before what was written before it. */
function endedSpans(spans: StatusRecord['spans'], from: number, to: number): StatusRecord['spans'] {
  const last = spans.at(-1);
  const least = spans.at(-2)?.at ?? Number.NEGATIVE_INFINITY;
  if (last === undefined || Object.keys(last.impacts).length > 0 || last.at !== Math.max(least, from)) return spans;
  return [...spans.slice(0, -1), { ...last, at: Math.max(least, to) }];
}
