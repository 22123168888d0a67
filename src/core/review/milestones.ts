/**
 * Milestones: when an incident began to hurt, was noticed, taken, eased and ended, each with the entry that says so.
 *
 * A fold over the timeline that keeps and forgets moments as the incident itself does (see lifecycle/apply.ts). It never
 * fills in what nobody wrote: when it began to hurt is known from people alone, and of an incident that was written down
 * later only what they wrote counts, because its entries say when it was written down.
 */
import { TocsinError } from '../../errors.ts';
import type { IncidentNumbers, Milestone } from '../../model/measurement.ts';
import type { CorrectableTime } from '../../model/response-events.ts';
import type { EventOf, IncidentKind, TimelineEvent } from '../../model/timeline.ts';

/** The milestones of an incident that it has reached and not taken back. */
export type Milestones = {
  readonly kind: IncidentKind;
  readonly outcome: IncidentNumbers['outcome'];
  /** When it was resolved (as corrected), dismissed or merged; absent while it is open. */
  readonly endedAt?: number;
  readonly impactStarted?: Milestone;
  /** What people say, or else its opening. */
  readonly detected?: Milestone;
  /** The first acknowledgement ever, by whomever. */
  readonly acknowledged?: Milestone;
  /** The first thing that a person did about it while it was open; opening it is none. */
  readonly engaged?: Milestone;
  readonly mitigated?: Milestone;
  /** The last resolution, unless it was reopened since. */
  readonly resolved?: Milestone;
  readonly closed?: Milestone;
};

/**
 * The milestones of the incident of this timeline.
 *
 * @throws TocsinError TIMELINE_INVALID when the timeline does not begin with incident.opened.
 */
export function milestonesOf(timeline: readonly TimelineEvent[]): Milestones {
  const opened = openingOf(timeline);
  const known = begin(opened);
  for (const event of timeline) follow(known, event, opened);

  const { recorded, said, kind, outcome } = known;
  const counted = (name: CorrectableTime) => said.get(name) ?? (kind === 'backfilled' ? undefined : recorded.get(name));
  const end = outcome === 'open' ? undefined : (known.end ?? said.get('resolvedAt') ?? recorded.get('resolvedAt'));
  return {
    kind,
    outcome,
    ...(end !== undefined && { endedAt: end.at }),
    ...named('impactStarted', counted('impactStartedAt')),
    ...named('detected', counted('detectedAt')),
    ...named('acknowledged', counted('acknowledgedAt')),
    ...named('mitigated', counted('mitigatedAt')),
    ...named('resolved', counted('resolvedAt')),
    ...(kind !== 'backfilled' && { ...named('engaged', known.engaged), ...named('closed', known.closed) }),
  };
}

/**
 * The event that a timeline begins with.
 *
 * @throws TocsinError TIMELINE_INVALID when it is another one, or there is none.
 */
export function openingOf(timeline: readonly TimelineEvent[]): EventOf<'incident.opened'> {
  const first = timeline[0];
  if (first?.type === 'incident.opened') return first;
  throw new TocsinError(
    'TIMELINE_INVALID',
    `Cannot measure an incident whose timeline begins with ${first?.type ?? 'nothing'}: the first event is incident.opened. Hand over the whole timeline.`,
    { details: { found: first?.type } },
  );
}

/** What is known so far. */
type Known = {
  readonly kind: IncidentKind;
  readonly recorded: Map<CorrectableTime, Milestone>;
  /** What people say, in the place of what was recorded. */
  readonly said: Map<CorrectableTime, Milestone>;
  outcome: IncidentNumbers['outcome'];
  engaged?: Milestone;
  closed?: Milestone;
  /** When it was dismissed or merged. */
  end?: Milestone | undefined;
};

function begin(opened: EventOf<'incident.opened'>): Known {
  const written = Object.entries(opened.times ?? {}).map(
    ([name, at]) => [name as CorrectableTime, { seq: opened.seq, at, isCorrected: true }] as const,
  );
  return {
    kind: opened.kind ?? 'real',
    recorded: new Map([['detectedAt', recordedAt(opened)]]),
    said: new Map(written),
    outcome: 'open',
  };
}

function follow(known: Known, event: TimelineEvent, opened: EventOf<'incident.opened'>): void {
  if (known.engaged === undefined && isEngaging(known, event, opened)) known.engaged = recordedAt(event);
  const { recorded, said } = known;
  switch (event.type) {
    case 'incident.acknowledged':
      if (!recorded.has('acknowledgedAt')) recorded.set('acknowledgedAt', recordedAt(event));
      return;
    case 'incident.mitigated':
      // What people said of when it was eased before is no word about this time.
      if (recorded.has('mitigatedAt')) said.delete('mitigatedAt');
      recorded.set('mitigatedAt', recordedAt(event));
      return;
    case 'incident.resolved':
      recorded.set('resolvedAt', recordedAt(event));
      known.outcome = 'resolved';
      return;
    case 'incident.dismissed':
    case 'incident.merged':
      known.end = recordedAt(event);
      known.outcome = event.type === 'incident.merged' ? 'merged' : 'dismissed';
      return;
    case 'incident.closed':
      known.closed = recordedAt(event);
      known.outcome = 'closed';
      return;
    case 'incident.reopened':
      for (const times of [recorded, said]) for (const name of FORGOTTEN) times.delete(name);
      known.end = undefined;
      known.outcome = 'open';
      return;
    case 'times.corrected':
      for (const [name, time] of Object.entries(event.times))
        said.set(name as CorrectableTime, { seq: event.seq, at: time.to, isCorrected: true });
      return;
    default:
      return;
  }
}

/** What an incident that is open again has not reached. */
const FORGOTTEN: readonly CorrectableTime[] = ['mitigatedAt', 'resolvedAt'];

/** Whoever writes about it after it has ended does nothing about it any more; reopening it does. */
function isEngaging({ outcome }: Known, event: TimelineEvent, opened: EventOf<'incident.opened'>): boolean {
  if (event.by.kind !== 'user' || event === opened) return false;
  if (outcome !== 'open') return event.type === 'incident.reopened';
  return !isOfOpening(event, opened);
}

/** The fields that are filled in while it is opened are a part of opening it. */
function isOfOpening({ type, at, by }: TimelineEvent, opened: EventOf<'incident.opened'>): boolean {
  const opener = opened.by.kind === 'user' ? opened.by.id : undefined;
  return type === 'fields.set' && at === opened.at && by.kind === 'user' && by.id === opener;
}

function recordedAt({ seq, at }: TimelineEvent): Milestone {
  return { seq, at, isCorrected: false };
}

function named<N extends keyof Milestones>(name: N, found: Milestone | undefined): { readonly [P in N]?: Milestone } {
  return found === undefined ? {} : ({ [name]: found } as { readonly [P in N]?: Milestone });
}
