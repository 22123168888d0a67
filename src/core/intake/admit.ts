/**
 * Admitting: to which incident an alert goes that nothing keeps quiet.
 *
 * Pure. In this order: the open incident of its own key, the open incident of its group, that of a service that needs its own, its
 * own resolved incident where the route reopens, a new one. Below the threshold of its group it waits for the others.
 */
import type { AlertChange, StoredAlert } from '../../model/alert.ts';
import type { IncidentSnapshot } from '../lifecycle/snapshot.ts';
import { pagingState } from '../lifecycle/view.ts';
import type { SeverityDecision } from '../rules/severity.ts';
import {
  type Deciding,
  factsOf,
  type IntakeDecision,
  type KeyState,
  keyOf,
  noteWrites,
  survivor,
  type Writes,
} from './decision.ts';
import { endedGroup, GROUP, type Group } from './group.ts';
import type { Note, Suppressed } from './note.ts';
import { openIncident } from './open-incident.ts';
import { raise } from './raise.ts';
import { autoResolveMs, keepQuiet, type Quieted, sourceWrites, stayQuiet } from './suppress.ts';
import { othersBegun, type Pending, rememberBegun, waitingFor } from './threshold.ts';

/** What is admitted. */
export type Admitting = {
  readonly state: KeyState;
  readonly severity: SeverityDecision;
  /** The alert: the stored one when it was kept quiet until now, a new one otherwise. */
  readonly alert: StoredAlert;
  /** What the event does to the stored alert by itself. */
  readonly repeats?: readonly AlertChange[];
  /** What kept it quiet until now. */
  readonly after?: Suppressed | undefined;
  readonly documents: Writes['documents'];
};

/** An incident takes in so many alerts; the next one begins another. */
const MOST_ALERTS = 1_000;

/** What becomes of an alert that nothing keeps quiet. */
export function admit(deciding: Deciding, admitting: Admitting): IntakeDecision {
  const { state, after } = admitting;
  const own = state.incident;
  if (own?.context.outcome === 'open') return joinOwn(deciding, admitting, own);
  const group = groupOf(deciding, after);
  const joined = group === undefined ? undefined : incidentOf(deciding, group);
  if (group !== undefined && joined !== undefined)
    return join(deciding, admitting, joined.incident, {
      reason: joined.isOwn
        ? `it belongs to group ${group.key}`
        : `a service that needs ${deciding.routed.route.service.id} has it open`,
      slots: joined.isOwn ? extended(group, joined.incident, deciding.moment.at) : [],
    });
  const others = group?.threshold === undefined ? [] : othersBegun(deciding, group, group.threshold);
  if (group?.threshold !== undefined && !isReached(others, group.threshold.alerts, after)) {
    return wait(deciding, admitting, group, others);
  }
  if (own !== undefined && canReopen(own, deciding)) return reopen(deciding, admitting, own, group);
  return open(deciding, admitting, { group, others });
}

/** An alert that began before the threshold was reached is counted once: its repeats do not count. */
function isReached(others: readonly Pending[], alerts: number, after: Suppressed | undefined): boolean {
  return after?.kind !== 'threshold' && others.length + 1 >= alerts;
}

function wait(deciding: Deciding, admitting: Admitting, group: Group, others: readonly Pending[]): IntakeDecision {
  const { state, severity, alert, after, repeats, documents } = admitting;
  const quieted: Quieted = waitingFor(group, others.length);
  if (after?.kind === 'threshold') return stayQuiet(alert, { deciding, state, severity, quieted }, repeats ?? []);
  const begun = [...documents, rememberBegun(deciding, group, others)];
  if (after === undefined) return keepQuiet(alert, { deciding, state, severity, quieted, documents: begun });
  const stays = stayQuiet(alert, { deciding, state, severity, quieted }, repeats ?? []);
  return { ...stays, writes: { ...stays.writes, documents: [...stays.writes.documents, ...begun] } };
}

function groupOf({ routed }: Deciding, after: Suppressed | undefined): Group | undefined {
  if (routed.group !== undefined) return routed.group;
  // Whoever answers for it now is asked: since it began its source may have named another service.
  return after === undefined || after.kind === 'threshold' ? undefined : endedGroup(after, routed.route.service.id);
}

/** The open incident that takes the alerts of a group in: its own, or that of a service that needs it. */
function incidentOf(
  deciding: Deciding,
  group: Group,
): { readonly incident: IncidentSnapshot; readonly isOwn: boolean } | undefined {
  // All are asked for, so that what was not read is read at once.
  const found = [group.key, ...group.dependants].map((key) => ({
    incident: openOf(deciding, key, group),
    isOwn: key === group.key,
  }));
  for (const { incident, isOwn } of found) if (incident !== undefined) return { incident, isOwn };
  return undefined;
}

function openOf({ routed, stored, moment }: Deciding, key: string, { isEnding }: Group): IncidentSnapshot | undefined {
  const slot = stored.slot(GROUP, key);
  if (slot === undefined || (slot.until ?? 0) <= moment.at) return undefined;
  const incident = survivor(stored, slot.owner);
  if (incident?.context.outcome !== 'open') return undefined;
  const paging = pagingState(incident);
  // Whoever has acknowledged what came before has not seen this one.
  if (isEnding && (paging === 'acknowledged' || paging === 'snoozed')) return undefined;
  // What its own route would not hold does not wait for the hold of another.
  if (paging === 'holding' && routed.route.holdForMs < incident.context.settings.holdMs) return undefined;
  return Object.keys(incident.context.alerts).length < MOST_ALERTS ? incident : undefined;
}

function extended(group: Group, { context }: IncidentSnapshot, at: number): Writes['slots'] {
  if (!group.rolling) return [];
  const until = Math.min(at + group.windowMs, context.times.openedAt + group.capMs);
  return until <= at ? [] : [{ kind: GROUP, key: group.key, owner: context.id, until }];
}

/** The same alert returns: a key that flaps leaves one alert, however often. */
function joinOwn(deciding: Deciding, admitting: Admitting, incident: IncidentSnapshot): IntakeDecision {
  const { state, after } = admitting;
  const { id } = incident.context;
  const isSameRow = after === undefined && state.alert?.incidentId === id;
  const reason = 'the key fires again while its incident is open';
  if (!isSameRow || state.alert === undefined) return join(deciding, admitting, incident, { reason, slots: [] });
  const { severity } = admitting;
  const alert = state.alert;
  const opened = admitting.alert;
  const returned = { id: alert.id, severity: severity.severity, title: alert.title };
  return {
    outcome: 'joined',
    reason,
    incident: 'known',
    incidentId: id,
    drafts: [{ type: 'alert.joined', alert: returned }, ...raise(deciding, { before: alert, incident, severity })],
    alerts: [
      {
        type: 'return',
        id: alert.id,
        seenAt: deciding.moment.at,
        severity: severity.severity,
        ...(opened.occurredAt !== undefined && { occurredAt: opened.occurredAt }),
      },
    ],
    alertId: alert.id,
    severity,
    writes: writesOf(deciding, { ...admitting, alert }, []),
  };
}

type Joining = { readonly reason: string; readonly slots: Writes['slots'] };

function join(
  deciding: Deciding,
  admitting: Admitting,
  incident: IncidentSnapshot,
  { reason, slots }: Joining,
): IntakeDecision {
  const { severity, alert } = admitting;
  const { id } = incident.context;
  const facts = { ...factsOf(alert), severity: severity.severity };
  return {
    outcome: 'joined',
    reason,
    incident: 'known',
    incidentId: id,
    drafts: [{ type: 'alert.joined', alert: facts }, ...raise(deciding, { before: undefined, incident, severity })],
    alerts: placed(admitting, id),
    alertId: alert.id,
    severity,
    writes: writesOf(deciding, admitting, slots),
  };
}

function reopen(
  deciding: Deciding,
  admitting: Admitting,
  incident: IncidentSnapshot,
  group: Group | undefined,
): IntakeDecision {
  const { severity, alert } = admitting;
  const { id } = incident.context;
  return {
    outcome: 'reopened',
    reason: 'the key fires again soon after its incident was resolved',
    incident: 'known',
    incidentId: id,
    drafts: [
      {
        type: 'incident.reopened',
        reason: 'the alert fires again',
        alert: { ...factsOf(alert), severity: severity.severity },
        ...deciding.config.urgencyOnReturn(incident.context, deciding.moment.at),
      },
      ...raise(deciding, { before: undefined, incident, severity }),
    ],
    alerts: placed(admitting, id),
    alertId: alert.id,
    severity,
    writes: writesOf(deciding, admitting, slotOf(group, id, deciding.moment.at)),
  };
}

function canReopen({ context }: IncidentSnapshot, { routed, moment }: Deciding): boolean {
  const { reopenWithinMs } = routed.route;
  const { outcome, times } = context;
  return (
    reopenWithinMs !== undefined &&
    outcome === 'resolved' &&
    times.resolvedAt !== undefined &&
    moment.at - times.resolvedAt <= reopenWithinMs
  );
}

type Opening = { readonly group: Group | undefined; readonly others: readonly Pending[] };

function open(deciding: Deciding, admitting: Admitting, { group, others }: Opening): IntakeDecision {
  const { moment } = deciding;
  const { severity, alert, state, after } = admitting;
  const id = moment.newIncidentId;
  const isHeld = deciding.routed.route.holdForMs > 0;
  const why = after === undefined ? 'a new problem' : `${after.kind} ${after.id} has ended and it still fires`;
  const writes = writesOf(deciding, admitting, slotOf(group, id, moment.at));
  return {
    outcome: isHeld ? 'held' : 'opened',
    reason: isHeld ? `${why}, held before anyone is paged` : why,
    incident: 'new',
    incidentId: id,
    drafts: [
      openIncident(deciding, {
        severity,
        before: state.incident,
        alert: { ...factsOf(alert), severity: severity.severity },
        others: others.map((other) => ({ ...factsOf(other.alert), service: other.alert.service })),
        group: group?.key,
      }),
    ],
    alerts: [
      ...placed(admitting, id),
      ...others.map((other) => ({ type: 'set', id: other.alert.id, status: 'firing', incidentId: id }) as const),
    ],
    alertId: alert.id,
    severity,
    writes: {
      ...writes,
      notes: [
        ...writes.notes,
        ...others.flatMap(({ key, alert: other, note }) => noteWrites(key, other.id, note, awake(note, moment.at))),
      ],
    },
  };
}

/** The incident takes in the alerts of its group from now on. */
function slotOf(group: Group | undefined, owner: string, at: number): Writes['slots'] {
  if (group === undefined) return [];
  return [{ kind: GROUP, key: group.key, owner, until: at + Math.min(group.windowMs, group.capMs) }];
}

/** The alert in its incident: a stored one is moved, a new one is opened there. */
function placed({ state, alert, repeats = [], severity }: Admitting, incidentId: string): AlertChange[] {
  if (state.alert?.id !== alert.id) return [{ type: 'open', alert: { ...alert, incidentId } }];
  return [...repeats, { type: 'set', id: alert.id, status: 'firing', incidentId, severity: severity.severity }];
}

function writesOf(
  deciding: Deciding,
  { state, alert, severity, documents }: Admitting,
  slots: Writes['slots'],
): Writes {
  const { routed, moment } = deciding;
  const quietMs = autoResolveMs(deciding, severity.severity);
  const { quietMs: _, ...rest } = awake(state.note, moment.at);
  const note: Note = quietMs === undefined ? rest : { ...rest, quietMs, lookAt: moment.at + quietMs };
  return {
    notes: noteWrites(keyOf(routed), alert.id, state.note, note),
    slots,
    documents: [...documents, ...sourceWrites(deciding)],
    counters: [],
  };
}

/** The note of a key that is no longer kept quiet. */
function awake({ suppressed: _, lookAt: __, before: ___, ...note }: Note, at: number): Note {
  return note.quietMs === undefined ? note : { ...note, lookAt: at + note.quietMs };
}
