/**
 * A record as it was at a moment, and the stretches of time in which it did something to components.
 *
 * Pure. What lies behind the moment is left out; only titles and who may see it are always those of today.
 */
import type { Impact } from '../../model/status.ts';
import type { Span } from '../on-call/span.ts';
import type { StatusRecord } from './stored-record.ts';

/** A stretch of time in which an incident did something to components. */
export type ImpactStretch = Span & { readonly impacts: Readonly<Record<string, Impact>> };

/** The record without what came after `at`; `undefined` when there was no incident yet. */
export function recordAsOf(record: StatusRecord, at: number): StatusRecord | undefined {
  const { openedAt, impactStartedAt = openedAt, endedAt, firstPublicAt } = record;
  if (!(Math.min(openedAt, impactStartedAt) <= at)) return undefined;
  const isPast = <T extends { readonly at: number }>(item: T) => item.at <= at;
  const isSettled = record.outcome === 'open' || endedAt === undefined || endedAt <= at;
  if (isSettled && record.updates.every(isPast) && record.phases.every(isPast) && record.spans.every(isPast))
    return record;
  const updates = record.updates.filter(isPast);
  const { publicTitle: _, firstPublicAt: _first, endedAt: _end, ...rest } = record;
  const publicTitle = updates.findLast(({ audience, title }) => audience === 'public' && title !== undefined)?.title;
  return {
    ...rest,
    ...(publicTitle !== undefined && { publicTitle }),
    ...(firstPublicAt !== undefined && firstPublicAt <= at && { firstPublicAt }),
    ...(isSettled ? endedAt !== undefined && { endedAt } : { outcome: 'open' as const }),
    updates,
    phases: record.phases.filter(isPast),
    spans: record.spans.filter(isPast),
  };
}

/**
 * When the incident did what to components: from `impactStartedAt`, if that is known, to its end. Without an end the last
 * stretch is endless. Empty stretches are left out.
 */
export function impactStretches({ spans, impactStartedAt, outcome, endedAt }: StatusRecord): readonly ImpactStretch[] {
  const first = spans.findIndex(({ impacts }) => !isEmpty(impacts));
  const overAt = outcome === 'open' ? Number.POSITIVE_INFINITY : (endedAt ?? spans.at(-1)?.at ?? 0);
  const stretches: ImpactStretch[] = [];
  for (let place = Math.max(0, first); place < spans.length; place += 1) {
    const span = spans[place];
    if (span === undefined || isEmpty(span.impacts)) continue;
    const began = place === first && impactStartedAt !== undefined ? impactStartedAt : span.at;
    const startAt = Math.max(began, impactStartedAt ?? began);
    const endAt = Math.min(spans[place + 1]?.at ?? Number.POSITIVE_INFINITY, overAt);
    if (startAt < endAt) stretches.push({ startAt, endAt, impacts: span.impacts });
  }
  return stretches;
}

function isEmpty(impacts: object): boolean {
  for (const _ in impacts) return false;
  return true;
}
