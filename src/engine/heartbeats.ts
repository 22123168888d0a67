/**
 * Heartbeats: pings that come, and timers that fire when they do not.
 *
 * One document and one timer row for each, always written together. What a ping or its absence says goes through the intake like any
 * event, in the same commit.
 */
import * as z from 'zod';
import type { CleanEvent } from '../core/intake/clean-event.ts';
import { HEARTBEATS, heartbeatKey, missingAt, missingEvent, returnedEvent } from '../core/intake/heartbeat.ts';
import { NOTES, noteId } from '../core/intake/note.ts';
import { routeAgain, routeEvent } from '../core/intake/routed.ts';
import { TocsinError } from '../errors.ts';
import { durationMs } from '../model/duration.ts';
import type { HeartbeatConfig } from '../model/intake.ts';
import type { LoadQuery, StoredDocument, StoredTimer } from '../ports/storage.ts';
import { type ChangeParts, joinChanges, NO_CHANGE } from './change.ts';
import type { Decidable } from './current-config.ts';
import type { Engine } from './engine.ts';
import { decideEvents } from './ingest-key.ts';
import { configOf } from './tenant-config.ts';
import { turnsOf } from './together.ts';
import { type Decided, reaching, transact, type Undecided } from './transact.ts';

/** The owner of the timer of a heartbeat, and its kind. */
export const HEARTBEAT = 'heartbeat';
export const MISSING = 'missing';

/** Where a heartbeat stands. */
export type Heartbeat = {
  readonly id: string;
  readonly service: string;
  /** `waiting`: none has come yet. `missing`: one is overdue, and there is an alert of it. */
  readonly state: 'waiting' | 'alive' | 'missing';
  readonly lastPingAt?: Date;
  /** When the next one is missing; absent while one is, or before any process has looked after it. */
  readonly missingAt?: Date;
};

/** The heartbeats of one tenant. */
export type HeartbeatsApi = {
  /**
   * Says that the job is alive; answers where its heartbeat stands.
   *
   * @throws TocsinError HEARTBEAT_NOT_FOUND when the configuration has none of that id.
   */
  ping(id: string): Promise<Heartbeat>;
  /** In the order of the configuration. */
  list(): Promise<readonly Heartbeat[]>;
};

const at = z.number();
const pulseSchema = z.object({
  /** The last ping, or else when it was first looked after. */
  from: at,
  pinged: z.boolean(),
  /** When one is missing, or when it is said again that one is. */
  dueAt: at,
  missing: z.boolean(),
});
type Pulse = z.infer<typeof pulseSchema>;

const documentKey = (id: string) => ({ collection: HEARTBEATS, id });
/** How long a heartbeat that this process does not know is left to one that may. */
const OTHERS_MS = 45_000;
const MINUTE_MS = 60_000;

/** The heartbeats of one tenant. */
export function heartbeatsApi(engine: Engine, tenant: string): HeartbeatsApi {
  return {
    async ping(id) {
      await engine.ready();
      const heartbeat = configured(engine, tenant, id);
      if (heartbeat === undefined) throw notFound(engine, tenant, id);
      return transact(
        engine,
        queryOf(tenant, id),
        (loaded, asked) => ping(engine, tenant, heartbeat, { loaded, asked }),
        turnsOfEvent(engine, tenant, returnedEvent(heartbeat)),
      );
    },
    list: () => {
      const { heartbeats } = configOf(engine, tenant).config;
      const documents = heartbeats.map(({ id }) => documentKey(id));
      return transact(engine, { tenant, documents }, (loaded) => {
        const found = heartbeats.map((heartbeat) => viewOf(heartbeat, pulseOf(loaded, heartbeat.id).pulse));
        return { answer: () => found };
      });
    },
  };
}

type Read = { readonly loaded: Decidable; readonly asked: LoadQuery };

function ping(
  engine: Engine,
  tenant: string,
  heartbeat: HeartbeatConfig,
  { loaded, asked }: Read,
): Decided<Heartbeat> | Undecided {
  const { document, pulse } = pulseOf(loaded, heartbeat.id);
  const dueAt = missingAt(heartbeat, loaded.now);
  const next: Pulse = { from: loaded.now, pinged: true, dueAt, missing: false };
  const change = pulseChange(heartbeat.id, document, next);
  const answer = () => viewOf(heartbeat, next);
  if (!pulse?.missing) return { change, answer };
  return said(engine, tenant, returnedEvent(heartbeat), { loaded, asked, change, answer });
}

type Saying<T> = Read & { readonly change: ChangeParts; readonly answer: () => T };

/** What `event` leads to, in one commit with `change`. */
function said<T>(
  engine: Engine,
  tenant: string,
  event: CleanEvent,
  { loaded, asked, change, answer }: Saying<T>,
): Decided<T> | Undecided {
  // Not enriched: a ping has to find the alert that its absence has opened.
  const routed = routeAgain(event, { routeKey: HEARTBEATS, dedupKey: event.dedupKey ?? '' }, loaded.config, loaded.now);
  const decided = decideEvents(engine, tenant, [{ index: 0, routed, receipt: undefined }], { loaded, asked });
  if ('more' in decided) return decided;
  return { change: joinChanges(decided.change ?? NO_CHANGE, change), answer };
}

/** Fires the timer of a heartbeat: a ping is missing. */
export async function fireHeartbeat(engine: Engine, timer: StoredTimer): Promise<boolean> {
  const { tenant, ownerId: id } = timer;
  const heartbeat = configured(engine, tenant, id);
  const turns = heartbeat === undefined ? [] : turnsOfEvent(engine, tenant, missingEvent(heartbeat, 0, true));
  const outcome = await transact<'fired' | 'stale' | 'not yet'>(
    engine,
    queryOf(tenant, id),
    (loaded, asked) => {
      const { document, pulse } = pulseOf(loaded, id);
      if (document?.version !== timer.armedSeq || pulse?.dueAt !== timer.dueAt) return { answer: () => 'stale' };
      if (timer.dueAt > loaded.now) return { answer: () => 'not yet' };
      if (heartbeat === undefined) {
        // Another process may have been given a newer configuration, or an older one.
        if (loaded.now - timer.dueAt < OTHERS_MS) return { answer: () => 'not yet' };
        return { change: pulseChange(id, document, undefined), answer: () => 'fired' };
      }
      // The interval may have grown since.
      const dueAt = missingAt(heartbeat, pulse.from);
      if (dueAt > loaded.now) return { change: pulseChange(id, document, { ...pulse, dueAt }), answer: () => 'fired' };
      // Said again for as long as it is so: whoever has ended the incident meanwhile has not brought the job back.
      const again = { ...pulse, missing: true, dueAt: loaded.now + Math.max(MINUTE_MS, durationMs(heartbeat.every)) };
      const change = pulseChange(id, document, again);
      const event = missingEvent(heartbeat, pulse.from, pulse.pinged);
      return said(engine, tenant, event, { loaded, asked, change, answer: () => 'fired' as const });
    },
    turns,
  );
  if (outcome === 'stale') await reaching(() => engine.storage.dropTimer(timer));
  return outcome === 'fired';
}

/** What is to be written about a heartbeat so that its timer is there and no later than it should be; nothing when all is well. */
export function lookAfter(heartbeat: HeartbeatConfig, loaded: Decidable): ChangeParts | undefined {
  const { document, pulse } = pulseOf(loaded, heartbeat.id);
  // Nobody knows since when nobody has looked after it: one that never comes is missing an interval from now on.
  const { from, pinged, missing } = pulse ?? { from: loaded.now, pinged: false, missing: false };
  const dueAt = missingAt(heartbeat, from);
  if (pulse !== undefined && (missing || pulse.dueAt <= dueAt)) return undefined;
  return pulseChange(heartbeat.id, document, { from, pinged, dueAt, missing });
}

/** Names what {@link lookAfter} looks at. */
export const heartbeatDocument = documentKey;

function queryOf(tenant: string, id: string): LoadQuery {
  const key = heartbeatKey(id);
  return { tenant, alertKeys: [key], documents: [documentKey(id), { collection: NOTES, id: noteId(key) }] };
}

function turnsOfEvent(engine: Engine, tenant: string, event: CleanEvent): readonly string[] {
  const config = configOf(engine, tenant);
  const now = engine.clock.now();
  return turnsOf(routeEvent(event, config, now), config, now);
}

function configured(engine: Engine, tenant: string, id: string): HeartbeatConfig | undefined {
  return configOf(engine, tenant).config.heartbeats.find((heartbeat) => heartbeat.id === id);
}

function notFound(engine: Engine, tenant: string, id: unknown): TocsinError {
  const known = configOf(engine, tenant).config.heartbeats.map((heartbeat) => heartbeat.id);
  const some = known.slice(0, 8).join(', ') || 'none';
  return new TocsinError(
    'HEARTBEAT_NOT_FOUND',
    `Cannot ping heartbeat ${String(id).slice(0, 200)}: there is none of that id. Known: ${some}.`,
    { details: { heartbeat: id } },
  );
}

function pulseOf(
  { documents }: Decidable,
  id: string,
): { readonly document: StoredDocument | undefined; readonly pulse: Pulse | undefined } {
  const document = documents.find((one) => one.collection === HEARTBEATS && one.id === id);
  return { document, pulse: pulseSchema.safeParse(document?.data).data };
}

function pulseChange(id: string, document: StoredDocument | undefined, pulse: Pulse | undefined): ChangeParts {
  const expectedVersion = document?.version ?? 0;
  const owner = { ownerKind: HEARTBEAT, ownerId: id, kind: MISSING } as const;
  return {
    ...NO_CHANGE,
    documents: [{ ...documentKey(id), expectedVersion, data: pulse }],
    timers: [
      pulse === undefined
        ? { type: 'cancel', ...owner }
        : { type: 'arm', ...owner, armedSeq: expectedVersion + 1, dueAt: pulse.dueAt },
    ],
  };
}

function viewOf({ id, service }: HeartbeatConfig, pulse: Pulse | undefined): Heartbeat {
  const state = pulse?.missing ? 'missing' : pulse?.pinged ? 'alive' : 'waiting';
  return {
    id,
    service,
    state,
    ...(pulse?.pinged && { lastPingAt: new Date(pulse.from) }),
    ...(pulse !== undefined && !pulse.missing && { missingAt: new Date(pulse.dueAt) }),
  };
}
