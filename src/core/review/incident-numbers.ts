/**
 * The numbers of one incident, from its timeline alone.
 *
 * Pure. What follows from it (reports, reviews) is made of these numbers; it never asks for anything that is not in the timeline.
 */
import type { IncidentNumbers } from '../../model/measurement.ts';
import type { EventOf, TimelineEvent, Visibility } from '../../model/timeline.ts';
import type { IncidentContext } from '../lifecycle/context.ts';
import { involvedIn } from '../lifecycle/involved.ts';
import { replay } from '../lifecycle/replay.ts';
import { cut } from '../text/cut.ts';
import { measurementsOf } from './measurements.ts';
import { type Milestones, milestonesOf, openingOf } from './milestones.ts';
import { peopleNumbers } from './people-numbers.ts';

/** When the numbers are taken (epoch ms), and the context of the incident then: of a private one without it, it is replayed. */
export type NumbersAt = { readonly now: number; readonly context?: IncidentContext };

/** The longest name of what fires, in characters as people see them. */
const OFFENDER_LENGTH = 120;

/**
 * The numbers of the incident of this timeline, which must be whole.
 *
 * An alert counts in the incident that it opened or joined, not in the one into which that was merged. Of an incident that was
 * written down later it is not known what it asked of people: `people` is empty.
 *
 * @throws TocsinError TIMELINE_INVALID when the timeline does not begin with incident.opened.
 */
export function incidentNumbers(timeline: readonly TimelineEvent[], { now, context }: NumbersAt): IncidentNumbers {
  const opened = openingOf(timeline);
  const milestones = milestonesOf(timeline);
  const { kind, outcome, endedAt } = milestones;
  const current = facts(timeline, opened);
  const name = offenderOf(opened);
  return {
    id: opened.incidentId,
    title: current.title,
    service: opened.service,
    severity: current.severity,
    kind,
    visibility: current.visibility,
    outcome,
    openedAt: opened.at,
    ...(endedAt !== undefined && { endedAt }),
    measurements: measurementsOf(milestones, { now }),
    ...(name !== undefined && { offender: name }),
    alerts: current.alerts.size,
    pages: current.pages,
    escalations: current.escalations,
    reopenings: current.reopenings,
    isAutoResolved: isAutoResolved(timeline, milestones),
    people: kind === 'backfilled' ? [] : peopleNumbers(timeline, { now }),
    ...(current.visibility === 'private' && { involved: [...involvedIn(context ?? replay(timeline).context)] }),
  };
}

/** What of the incident is a matter of the latest word, or of counting. */
type Facts = {
  title: string;
  severity: string;
  visibility: Visibility;
  readonly alerts: Set<string>;
  pages: number;
  escalations: number;
  reopenings: number;
};

function facts(timeline: readonly TimelineEvent[], opened: EventOf<'incident.opened'>): Facts {
  const { title, severity, visibility } = opened;
  const alerts = new Set(opened.alerts.map(({ id }) => id));
  const found: Facts = { title, severity, visibility, alerts, pages: 0, escalations: 0, reopenings: 0 };
  for (const event of timeline) {
    if (event.type === 'incident.updated') {
      found.title = event.title ?? found.title;
      found.visibility = event.visibility ?? found.visibility;
    } else if (event.type === 'severity.changed') found.severity = event.severity;
    else if (event.type === 'alert.joined') alerts.add(event.alert.id);
    else if (event.type === 'page.requested' || event.type === 'emergency.paged') found.pages += 1;
    else if (event.type === 'timer.fired' && event.kind === 'step') found.escalations += 1;
    else if (event.type === 'incident.reopened') {
      found.reopenings += 1;
      if (event.alert !== undefined) alerts.add(event.alert.id);
    }
  }
  return found;
}

/** The name of the alert that opened it, without the numbers that tell one time from the next; of a report by people none. */
function offenderOf({ alerts, by, labels, title }: EventOf<'incident.opened'>): string | undefined {
  if (alerts.length === 0 && by.kind === 'user') return undefined;
  return cut(labels?.alertname || title.replace(/\d+/g, '#'), OFFENDER_LENGTH);
}

/** It resolved by itself, and no person had opened it, done anything about it, or acknowledged it elsewhere. */
function isAutoResolved(timeline: readonly TimelineEvent[], milestones: Milestones): boolean {
  const { outcome, kind, engaged, acknowledged } = milestones;
  if (kind === 'backfilled' || (outcome !== 'resolved' && outcome !== 'closed')) return false;
  return engaged === undefined && acknowledged === undefined && timeline[0]?.by.kind !== 'user';
}
