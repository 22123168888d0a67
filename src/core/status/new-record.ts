/**
 * The beginning of a status record: from the first event of an incident, or from an incident that touches pages later.
 *
 * Both must tell the same, so that it never matters whether events were folded as they came or all at once.
 */
import type { EventOf, TimelineEvent } from '../../model/timeline.ts';
import type { IncidentSnapshot } from '../lifecycle/snapshot.ts';
import { cutUnits } from '../text/cut-units.ts';
import { MOST_TITLE } from './bounded-record.ts';
import type { RecordPhase, StatusRecord } from './stored-record.ts';

/** The record before the first event is folded in. */
export function fromFirstEvent(event: EventOf<'incident.opened'>): StatusRecord {
  const { at, incidentId, kind = 'real', visibility, service, severity, title, times = {} } = event;
  const { impactStartedAt, resolvedAt: endedAt } = times;
  return {
    ...{ incidentId, seq: event.seq - 1, kind, visibility, service, severity, openedAt: at },
    title: cutUnits(title, MOST_TITLE),
    ...(impactStartedAt !== undefined && { impactStartedAt }),
    phases: [{ at, status: 'investigating' }],
    spans: [],
    updates: [],
    byHand: {},
    outcome: 'open',
    // Of what is written down afterwards; that it has ended is said by the event that follows.
    ...(endedAt !== undefined && { endedAt }),
  };
}

/** The record of an incident that has touched no page, before `event`; `snapshot` is the incident after it. */
export function fromSnapshot({ value, context }: IncidentSnapshot, event: TimelineEvent): StatusRecord {
  const { id, kind, visibility, service, severity, title, times, corrections, outcome, mergedInto } = context;
  const { openedAt, mitigatedAt = openedAt, dismissedAt } = times;
  const resolvedAt = times.resolvedAt === undefined ? undefined : (corrections.resolvedAt ?? times.resolvedAt);
  const { impactStartedAt } = corrections;
  const endedAt = outcome === 'open' ? undefined : (resolvedAt ?? dismissedAt ?? context.at);
  const phase = phaseOf(value.phase);
  const since = phase === 'monitoring' ? mitigatedAt : (endedAt ?? openedAt);
  return {
    ...{ incidentId: id, seq: event.seq - 1, kind, visibility, service, severity, openedAt },
    title: cutUnits(title, MOST_TITLE),
    ...(impactStartedAt !== undefined && { impactStartedAt }),
    phases: [
      { at: openedAt, status: 'investigating' },
      ...(phase === 'investigating' ? [] : [{ at: since, status: phase }]),
    ],
    spans: [],
    updates: [],
    byHand: {},
    outcome,
    ...(endedAt !== undefined && { endedAt }),
    ...(mergedInto !== null && { mergedInto }),
  };
}

/** The record as it begins with the event by which it touches a page: of what was before only the last phase is known. */
export function begunRecord(record: StatusRecord, { at }: TimelineEvent): StatusRecord {
  const { openedAt, phases } = record;
  const last = phases.at(-1);
  const isFirst = last === undefined || last.status === 'investigating';
  const later = isFirst ? [] : [{ at: last.status === 'identified' ? at : last.at, status: last.status }];
  return { ...record, phases: [{ at: openedAt, status: 'investigating' }, ...later] };
}

/** Whether the incident has not ended. */
export function isOpen({ outcome }: StatusRecord): boolean {
  return outcome === 'open';
}

function phaseOf(phase: string): RecordPhase['status'] {
  switch (phase) {
    case 'identified':
    case 'monitoring':
    case 'resolved':
      return phase;
    case 'closed':
      return 'resolved';
    case 'dismissed':
    case 'merged':
      return 'ended';
    default:
      return 'investigating';
  }
}
