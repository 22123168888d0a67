/**
 * What status pages keep of an incident, folded from its events as they come.
 *
 * Pure: the record after some events follows from the record before them, whatever becomes of the timeline later. It never
 * decides what a page shows of it (see picture.ts).
 */
import type { Impact } from '../../model/status.ts';
import type { TimelineEvent } from '../../model/timeline.ts';
import type { IncidentSnapshot } from '../lifecycle/snapshot.ts';
import { cutUnits } from '../text/cut-units.ts';
import { boundedRecord, MOST_TITLE } from './bounded-record.ts';
import type { CompiledStatus } from './compile.ts';
import { correctedRecord } from './corrected-record.ts';
import { begunRecord, fromFirstEvent, fromSnapshot, isOpen } from './new-record.ts';
import type { RecordPhase, StatusRecord } from './stored-record.ts';
import { withUpdate } from './updated-record.ts';

/** Some events of an incident, and the incident after them. */
export type StatusChange = { readonly events: readonly TimelineEvent[]; readonly snapshot: IncidentSnapshot };

const PHASES: { readonly [T in TimelineEvent['type']]?: RecordPhase['status'] } = {
  'investigation.started': 'investigating',
  'cause.identified': 'identified',
  'incident.mitigated': 'monitoring',
  'incident.resolved': 'resolved',
  'incident.reopened': 'investigating',
  'incident.closed': 'resolved',
  'incident.dismissed': 'ended',
  'incident.merged': 'ended',
};
const OUTCOMES: { readonly [T in TimelineEvent['type']]?: StatusRecord['outcome'] } = {
  'incident.resolved': 'resolved',
  'incident.closed': 'closed',
  'incident.dismissed': 'dismissed',
  'incident.merged': 'merged',
};
const ALWAYS = new Set<TimelineEvent['type']>([
  'incident.opened',
  'incident.updated',
  'severity.changed',
  'update.posted',
  'times.corrected',
  ...(Object.keys(PHASES) as TimelineEvent['type'][]),
]);
/** What takes an incident that is being monitored back to the investigation. */
const REGRESSIONS = new Set<TimelineEvent['type']>(['alert.joined', 'incident.absorbed']);

/**
 * Whether any of `events` can change what a status page shows.
 *
 * @example
 * ```ts
 * import { touchesStatus } from 'tocsin/status';
 * const by = { kind: 'user', id: 'ana' } as const;
 * touchesStatus([{ type: 'incident.mitigated', seq: 2, at: 0, by }]); // => true
 * touchesStatus([{ type: 'note.added', seq: 3, at: 0, by, text: 'Restarted it.' }]); // => false
 * ```
 */
export function touchesStatus(events: readonly TimelineEvent[]): boolean {
  return events.some(({ type }) => ALWAYS.has(type) || REGRESSIONS.has(type));
}

/**
 * The record of an incident after some of its events; `undefined` for as long as it has touched no page, and always of tests
 * and drills. The very same record when nothing has changed.
 *
 * An incident touches pages once it has a public update, or would show on a component: because its severity is shown and its
 * service feeds one, or because an update has named one. Internal updates from before that are not in the record. Of a
 * private incident there is a record as of any other; it shows nothing for as long as it is private.
 *
 * What it does to a component follows from the severity, until an update sets it by hand: that stays until another update
 * says otherwise or the incident ends. A public update that says 'resolved' sets all that it does not name to operational.
 * The next that says it is not over takes that back. Monitoring changes nothing by itself. With `publish: 'onUpdate'` nothing counts before the first public update.
 *
 * @example
 * ```ts
 * import { advance } from 'tocsin/lifecycle';
 * import { severityConfigSchema, statusSchema, type TimelineEvent } from 'tocsin/model';
 * import { compileStatus, statusRecordAfter } from 'tocsin/status';
 * const status = compileStatus({
 *   status: statusSchema.parse({ components: [{ id: 'shop', name: 'Shop', services: ['checkout'] }] }),
 *   severity: severityConfigSchema.parse({}),
 * });
 * const opened: TimelineEvent = {
 *   type: 'incident.opened', seq: 1, at: 0, by: { kind: 'user', id: 'ana' },
 *   incidentId: 'i1', title: 'db-7 is full', service: 'checkout', severity: 'SEV2', urgency: 'high', visibility: 'public',
 *   alerts: [], links: [], configVersion: 'v1',
 *   ladder: {
 *     policyId: 'default', rungs: [{ targets: [{ user: 'ana' }], waitMs: 300_000, strategy: 'all' }], loops: 1, fallback: [{ user: 'ana' }],
 *     fallbackEveryMs: 900_000, acknowledgeTimeoutMs: null, repageOn: [],
 *   },
 *   settings: { holdMs: 0, clearForMs: 0, reopenWindowMs: 0, reminderMs: 0, updateEveryMs: null, reviewWithinMs: null },
 * };
 * const { snapshot } = advance(undefined, opened);
 * const record = statusRecordAfter(undefined, { events: [opened], snapshot }, status);
 * record?.spans; // => [{ at: 0, impacts: { shop: 'partial_outage' } }]
 * ```
 */
export function statusRecordAfter(
  record: StatusRecord | undefined,
  { events, snapshot }: StatusChange,
  status: CompiledStatus,
): StatusRecord | undefined {
  let current = record;
  let isKept = record !== undefined;
  for (const event of events) {
    if (!ALWAYS.has(event.type) && !REGRESSIONS.has(event.type)) continue;
    const before =
      current ?? (event.type === 'incident.opened' ? fromFirstEvent(event) : fromSnapshot(snapshot, event));
    if (event.seq <= before.seq) continue;
    if (before.kind === 'test' || before.kind === 'drill') return undefined;
    const after = stepped(before, event, status);
    if (isKept || !isTouching(after, status)) current = isKept ? after : { ...after, updates: [] };
    else {
      current = begunRecord(after, event);
      isKept = true;
    }
  }
  return isKept ? current : undefined;
}

/** What the incident does to components as things stand; never `operational`. */
function impactsNow(record: StatusRecord, status: CompiledStatus): Readonly<Record<string, Impact>> {
  if (!isOpen(record)) return {};
  if (status.config.publish === 'onUpdate' && record.firstPublicAt === undefined) return {};
  return wouldShow(record, status);
}

function wouldShow(record: StatusRecord, status: CompiledStatus): Readonly<Record<string, Impact>> {
  const all = { ...status.impactsOf(record.service, record.severity), ...record.byHand };
  return Object.fromEntries(Object.entries(all).filter(([, impact]) => impact !== 'operational'));
}

function isTouching(record: StatusRecord, status: CompiledStatus): boolean {
  if (record.firstPublicAt !== undefined) return true;
  return isOpen(record) && (Object.keys(record.byHand).length > 0 || Object.keys(wouldShow(record, status)).length > 0);
}

function stepped(record: StatusRecord, event: TimelineEvent, status: CompiledStatus): StatusRecord {
  const told = withFacts(record, event, status);
  if (told === record) return record;
  const impacts = { ...impactsNow(told, status) };
  const last = told.spans.at(-1)?.impacts ?? {};
  const spans = isSame(impacts, last) ? told.spans : [...told.spans, { at: event.at, impacts }];
  const expiresAt = isOpen(told) ? undefined : Math.max(told.expiresAt ?? 0, event.at + status.keepForMs);
  return boundedRecord({ ...told, seq: event.seq, spans, expiresAt });
}

function withFacts(record: StatusRecord, event: TimelineEvent, status: CompiledStatus): StatusRecord {
  switch (event.type) {
    case 'incident.opened':
      return { ...record };
    case 'incident.updated': {
      const { title = record.title, visibility = record.visibility } = event;
      const isNew = title !== record.title || visibility !== record.visibility;
      return isNew ? { ...record, title: cutUnits(title, MOST_TITLE), visibility } : record;
    }
    case 'severity.changed': {
      const changed = { ...record, severity: event.severity };
      return event.direction === 'raised' ? worseAgain(changed, event) : changed;
    }
    case 'update.posted':
      return withUpdate(record, event, { status, shows: wouldShow(record, status) });
    case 'alert.joined':
      return regressed(record, event);
    case 'incident.absorbed':
      return event.alerts.some((alert) => alert.status === 'firing') ? regressed(record, event) : record;
    case 'incident.reopened': {
      const { endedAt: _ended, mergedInto: _merged, ...open } = record;
      return { ...withPhase(open, event), outcome: 'open', byHand: {} };
    }
    case 'times.corrected':
      return correctedRecord(record, event);
    default:
      return withOutcome(withPhase(record, event), event);
  }
}

function withPhase(record: StatusRecord, event: TimelineEvent): StatusRecord {
  const status = PHASES[event.type];
  if (status === undefined || record.phases.at(-1)?.status === status) return { ...record };
  const at = status === 'resolved' ? endOf(record, event) : event.at;
  return { ...record, phases: [...record.phases, { at, status }] };
}

function withOutcome(record: StatusRecord, event: TimelineEvent): StatusRecord {
  const outcome = OUTCOMES[event.type];
  if (outcome === undefined) return record;
  return {
    ...record,
    outcome,
    byHand: {},
    endedAt: endOf(record, event),
    ...(event.type === 'incident.merged' && { mergedInto: event.into }),
  };
}

/** When the incident ended by `event`: what was written down afterwards had ended before, as its first event says. */
function endOf({ endedAt }: StatusRecord, { type, at }: TimelineEvent): number {
  return type === 'incident.resolved' || type === 'incident.closed' ? (endedAt ?? at) : at;
}

/** An alert that joins, or fires again, while the incident is monitored. */
function regressed(record: StatusRecord, event: TimelineEvent): StatusRecord {
  if (record.phases.at(-1)?.status !== 'monitoring') return worseAgain(record, event);
  return worseAgain({ ...record, phases: [...record.phases, { at: event.at, status: 'investigating' }] }, event);
}

/** Of an open incident that was said to be over too early, what was said counts no more once it gets worse. */
function worseAgain(record: StatusRecord, { at }: TimelineEvent): StatusRecord {
  const said = record.updates.findLast(({ audience, isStatusSaid }) => audience === 'public' && isStatusSaid);
  if (!isOpen(record) || said?.status !== 'resolved') return record;
  if (record.phases.some((one) => one.isAgain && one.at >= said.at)) return record;
  const byHand = Object.fromEntries(Object.entries(record.byHand).filter(([, impact]) => impact !== 'operational'));
  const status = record.phases.at(-1)?.status ?? 'investigating';
  return { ...record, byHand, phases: [...record.phases, { at, status, isAgain: true }] };
}

function isSame(one: Readonly<Record<string, Impact>>, other: Readonly<Record<string, Impact>>): boolean {
  const keys = Object.keys(one);
  return keys.length === Object.keys(other).length && keys.every((key) => one[key] === other[key]);
}
