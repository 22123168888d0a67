/**
 * Suppression: what keeps an alert quiet at this moment, and how that is stored.
 *
 * Pure. Suppression acts on what is not in an open incident yet; what it keeps is stored, counted and looked at again, never
 * thrown away.
 */
import type { AlertChange, StoredAlert } from '../../model/alert.ts';
import type { SeverityDecision } from '../rules/severity.ts';
import {
  type Deciding,
  type IntakeDecision,
  incidentBefore,
  type KeyState,
  keyOf,
  NO_WRITES,
  noteOf,
  noteWrites,
  type Writes,
} from './decision.ts';
import { INHIBITORS, readInhibitors, withInhibitor } from './inhibit.ts';
import type { Note } from './note.ts';
import type { Quieting } from './quiet.ts';
import { countedRate, RATES, rateId } from './rate-limit.ts';

/** What keeps an alert quiet, with one sentence for people. */
export type Quieted = Quieting & { readonly why: string };

/** What is kept quiet by what may end at any moment is looked at so often, in ms. */
const LOOK_MS: Readonly<Record<Quieting['kind'], number>> = {
  silence: 300_000,
  maintenance: 300_000,
  inhibition: 60_000,
  rateLimit: 300_000,
  threshold: 300_000,
};

/** So long a source is remembered; one that fires for longer is remembered again by its next event. */
const SOURCE_MS = 30 * 86_400_000;

/** The counters of what was kept quiet, by `kind:id`. */
export const SUPPRESSED = 'suppressed';

/** The silence, the window or the firing alert that keeps an alert quiet now. */
export function quietedBy({ routed, stored, config, moment }: Deciding): Quieted | undefined {
  const quieting = config.intake.quiet.of(routed.fact, moment.at);
  if (quieting === undefined) return inhibitedBy({ routed, stored, config, moment });
  const until = quieting.until === undefined ? '' : ` until ${new Date(quieting.until).toISOString()}`;
  return { ...quieting, why: `${quieting.kind} ${quieting.id} keeps it quiet${until}` };
}

function inhibitedBy({ routed, stored, config, moment }: Deciding): Quieted | undefined {
  const own = keyOf(routed);
  let found: Quieted | undefined;
  // Every source is asked for, so that what was not read is read at once.
  for (const part of config.intake.inhibitions.asTarget(routed.fact, moment.at)) {
    for (const source of readInhibitors(stored.document(INHIBITORS, part.id))) {
      if (source.routeKey === own.routeKey && source.dedupKey === own.dedupKey) continue;
      // Two alerts that match both sides would mute each other.
      if (part.isBoth && source.isBoth) continue;
      const alert = stored.alert(source);
      if (alert === undefined || alert.status === 'cleared') continue;
      // One that pages nobody because it waits for others, or because it is muted itself, explains nothing to anybody: two rules could
      // mute each other for good.
      const mutedBy = alert.status === 'suppressed' ? noteOf(stored, source).suppressed?.kind : undefined;
      if (mutedBy === 'threshold' || mutedBy === 'inhibition') continue;
      const why = `alert ${alert.id} (${alert.title}) fires, and inhibition ${part.rule} mutes what it explains`;
      found ??= { kind: 'inhibition', id: part.rule, atEnd: 'reroute', instance: part.id, why };
    }
  }
  return found;
}

/** The alert as a source of inhibitions, where it is not remembered as one yet. */
export function sourceWrites({ routed, stored, config, moment }: Deciding): Writes['documents'] {
  return config.intake.inhibitions.asSource(routed.fact, moment.at).flatMap(({ id, isBoth }) => {
    const known = readInhibitors(stored.document(INHIBITORS, id));
    const data = withInhibitor(known, { ...keyOf(routed), isBoth });
    return data === undefined ? [] : [{ collection: INHIBITORS, id, data, expiresAt: moment.at + SOURCE_MS }];
  });
}

/** What is counted of a new alert, and what puts it off when there were too many. */
export function rateOf({ routed, stored, config, moment }: Deciding): {
  readonly writes: Writes['documents'];
  readonly quieted?: Quieted;
} {
  const limit = config.intake.rateLimits(routed.fact, moment.at);
  if (limit === undefined) return { writes: [] };
  const id = rateId(limit, routed.event.routeKey);
  const rate = countedRate(stored.document(RATES, id), limit, moment.at);
  const until = rate.from + limit.withinMs;
  const writes = [{ collection: RATES, id, data: rate, expiresAt: until }];
  if (rate.count <= limit.alerts) return { writes };
  const why = `route key ${routed.event.routeKey} brought more than ${limit.alerts} new alerts; rate limit ${limit.id} puts it off until ${new Date(until).toISOString()}`;
  return { writes, quieted: { kind: 'rateLimit', id: limit.id, until, atEnd: 'reroute', why } };
}

type Keeping = {
  readonly deciding: Deciding;
  readonly state: KeyState;
  readonly severity: SeverityDecision;
  readonly quieted: Quieted;
  readonly documents?: Writes['documents'];
};

/** A new alert that is kept quiet. */
export function keepQuiet(
  alert: StoredAlert,
  { deciding, state, severity, quieted, documents = [] }: Keeping,
): IntakeDecision {
  const { routed, moment } = deciding;
  const before = incidentBefore(state.alert, state.note);
  const note = quietNote(deciding, state.note, quieted, { since: moment.at, before, severity: severity.severity });
  const kept: StoredAlert = { ...alert, status: 'suppressed', incidentId: undefined };
  return {
    outcome: 'suppressed',
    reason: quieted.why,
    incident: 'none',
    drafts: [],
    alerts: [{ type: 'open', alert: kept }],
    alertId: alert.id,
    severity,
    quieting: quieted,
    writes: {
      ...NO_WRITES,
      notes: noteWrites(keyOf(routed), alert.id, state.note, note),
      documents: [...documents, ...sourceWrites(deciding)],
      counters: [{ collection: SUPPRESSED, id: `${quieted.kind}:${quieted.id}`, add: 1 }],
    },
  };
}

/** A repeat of an alert that is kept quiet, and stays so. */
export function stayQuiet(
  alert: StoredAlert,
  { deciding, state, severity, quieted }: Keeping,
  repeats: readonly AlertChange[],
): IntakeDecision {
  const { note } = state;
  const { since = deciding.moment.at, before } = note.suppressed ?? {};
  const isSame = note.suppressed !== undefined && isSameQuiet(deciding, note.suppressed, quieted);
  const next = isSame ? note : quietNote(deciding, note, quieted, { since, before, severity: severity.severity });
  const isWorse = deciding.config.severity.isMoreSevere(severity.severity, alert.severity);
  return {
    outcome: 'suppressed',
    reason: quieted.why,
    incident: 'none',
    drafts: [],
    alerts: [...repeats, ...(isWorse ? [{ type: 'set', id: alert.id, severity: severity.severity } as const] : [])],
    alertId: alert.id,
    severity,
    quieting: quieted,
    writes: {
      ...NO_WRITES,
      notes: noteWrites(keyOf(deciding.routed), alert.id, note, next),
      documents: sourceWrites(deciding),
    },
  };
}

/** Whether nothing that is decided from later has changed: then a repeat writes no note. */
function isSameQuiet({ routed }: Deciding, before: NonNullable<Note['suppressed']>, now: Quieted): boolean {
  // By everything but when it was said: what was said last is decided anew.
  const gist = ({ raw: _, occurredAtMs: __, deliveryId: ___, ...said }: typeof routed.event) =>
    JSON.stringify({ ...said, labels: Object.entries(said.labels).sort() });
  return (
    before.kind === now.kind &&
    before.id === now.id &&
    before.until === now.until &&
    gist(before.event) === gist(routed.event)
  );
}

/** The note of a key that is kept quiet. */
export function quietNote(
  { routed, config, moment: { at } }: Deciding,
  note: Note,
  { kind, id, until, atEnd, instance = String(until) }: Quieted,
  {
    since,
    before,
    severity,
  }: { readonly since: number; readonly before: string | undefined; readonly severity: string },
): Note {
  const quietMs = autoResolveMs({ routed, config }, severity);
  const lookAt = nextLook({ kind, until, atEnd }, at);
  const { raw: _, ...event } = routed.event;
  return {
    ...(note.resolvedAt !== undefined && { resolvedAt: note.resolvedAt }),
    ...(quietMs !== undefined && { quietMs }),
    ...((lookAt ?? quietMs) !== undefined && {
      lookAt: Math.min(lookAt ?? Number.POSITIVE_INFINITY, at + (quietMs ?? Number.POSITIVE_INFINITY)),
    }),
    suppressed: {
      kind,
      id,
      since,
      ...(until !== undefined && { until }),
      atEnd,
      instance,
      event: { ...event, labels: { ...event.labels } },
      ...(before !== undefined && { before }),
    },
  };
}

/** When to look again whether it is still kept quiet; `undefined` when it stays so until it clears. */
export function nextLook(
  { kind, until, atEnd }: Pick<Quieting, 'kind' | 'until' | 'atEnd'>,
  at: number,
): number | undefined {
  if (atEnd === 'let-be') return undefined;
  // Whatever keeps it quiet may be taken back, by people or by another configuration.
  const soon = at + LOOK_MS[kind];
  return until === undefined || until <= at ? soon : Math.min(until, soon);
}

/** After how long without an event an alert counts as over. */
export function autoResolveMs(
  { routed, config }: Pick<Deciding, 'routed' | 'config'>,
  severity: string,
): number | undefined {
  return routed.route.autoResolveAfterMs ?? config.autoResolveMs(severity);
}
