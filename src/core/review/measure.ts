/**
 * Measurements: the numbers of an incident, from its timeline alone.
 *
 * Pure. A number that cannot be given yet is absent, never zero.
 */
import type { TimelineEvent, TimelineEventType } from '../../model/timeline.ts';

/** The numbers of an incident. Durations are in ms from the moment it was opened. */
export type Measurements = {
  readonly timeToFirstPageMs?: number;
  readonly timeToAcknowledgeMs?: number;
  readonly timeToMitigateMs?: number;
  readonly timeToResolveMs?: number;
  /** How many people were asked, each once. */
  readonly peopleAsked: number;
  readonly pages: number;
  /** How often the page went on because nobody answered in time. */
  readonly escalations: number;
  readonly reopenings: number;
};

/** An entry of a timeline; only events are measured. */
export type MeasuredEntry = { readonly kind: 'event'; readonly event: TimelineEvent } | { readonly kind: 'delivery' };

/** The numbers of the incident whose timeline, as `incidents.timeline(id)` answers it, this is. */
export function measure(entries: readonly MeasuredEntry[]): Measurements {
  const timeline = entries.flatMap((entry) => (entry.kind === 'event' ? [entry.event] : []));
  const pages = timeline.filter((event) => event.type === 'page.requested');
  const people = new Set(
    pages.flatMap(({ recipients }) => recipients.flatMap(({ user }) => (user === undefined ? [] : [user]))),
  );
  return {
    ...elapsed('timeToFirstPageMs', timeline, ['page.requested']),
    ...elapsed('timeToAcknowledgeMs', timeline, ['incident.acknowledged']),
    ...elapsed('timeToMitigateMs', timeline, ['incident.mitigated', 'incident.resolved']),
    ...elapsed('timeToResolveMs', timeline, ['incident.resolved'], 'last'),
    peopleAsked: people.size,
    pages: pages.length,
    escalations: timeline.filter((event) => event.type === 'timer.fired' && event.kind === 'step').length,
    reopenings: timeline.filter((event) => event.type === 'incident.reopened').length,
  };
}

function elapsed<K extends string>(
  name: K,
  timeline: readonly TimelineEvent[],
  types: readonly TimelineEventType[],
  which: 'first' | 'last' = 'first',
): { [P in K]?: number } {
  const openedAt = timeline[0]?.at;
  const matching = timeline.filter((event) => types.includes(event.type));
  const event = which === 'first' ? matching[0] : matching.at(-1);
  if (openedAt === undefined || event === undefined) return {};
  return { [name]: event.at - openedAt } as { [P in K]?: number };
}
