/**
 * The verdict on a world: what was accepted against what is stored and what was received.
 *
 * Each promise has a list of what broke it, so that a failing test says what and where.
 */
import { isDeepStrictEqual } from 'node:util';
import { replay } from '../../src/core/lifecycle/replay.ts';
import type { IncidentRow, StoredDelivery } from '../../src/index.ts';
import { missingPages } from './missing-pages.ts';
import type { Arrival } from './receiver.ts';
import type { World } from './world.ts';

/** Figures, and what broke each promise. */
export type Verdict = {
  readonly figures: KillFigures;
  /** Messages that came again although nothing had happened to their sender. */
  readonly unexplained: readonly string[];
  readonly broken: Readonly<Record<string, readonly string[]>>;
};

export type KillFigures = {
  readonly kills: number;
  /** Incidents that were accepted. */
  readonly accepted: number;
  /** Different messages that were received. */
  readonly pages: number;
  readonly lost: number;
  /** The most keys that one page has had. */
  readonly keysPerPage: number;
  readonly duplicates: number;
  /** Messages that had been received from a worker and were not stored as sent when it was dead. */
  readonly inFlight: number;
};

/** To be asked when nothing is left to do. */
export async function verdictOf({ database, receiver, record }: World): Promise<Verdict> {
  const { storage } = database;
  const missing = await missingPages(record, receiver, storage);
  const rows = await allIncidents(storage);
  const deliveries = await storage.listDeliveries('default', { limit: 10_000_000 });
  const arrivals = Map.groupBy(receiver.arrivals, ({ key }) => key);
  const { inFlight, unexplained } = explain(record.interruptions, arrivals);
  const timelines = await judgeTimelines(rows, (id) => storage.timeline('default', id), record);
  const keysPerPage = [...Map.groupBy(receiver.arrivals, pageOf).values()].map(
    (same) => new Set(same.map(({ key }) => key)).size,
  );
  const accepted = [...record.incidents.values()];
  const known = new Set(accepted.flatMap((ids) => [...ids]));
  return {
    figures: {
      kills: record.interruptions.filter(({ isKill }) => isKill).length,
      accepted: accepted.length,
      pages: arrivals.size,
      lost: missing.length,
      keysPerPage: Math.max(0, ...keysPerPage),
      duplicates: receiver.arrivals.length - arrivals.size,
      inFlight,
    },
    unexplained,
    broken: {
      'every page that was accepted is delivered or dead': missing,
      'a page has one key': keysPerPage.some((count) => count !== 1) ? ['a page had several keys'] : [],
      'a key has one incident': [
        ...[...record.incidents].filter(([, ids]) => ids.size !== 1).map(([key, ids]) => `${key}: ${[...ids]}`),
        ...rows.filter(({ id }) => !known.has(id)).map(({ id }) => `nobody was told of ${id}`),
        ...[...known].filter((id) => !rows.some((row) => row.id === id)).map((id) => `${id} is not stored`),
      ],
      'sent means received, and only what was stored is sent': judgeDeliveries(deliveries, arrivals),
      'a timeline has no gap and replays to what is stored': timelines.replays,
      'nobody is asked after an acknowledgement': timelines.asked,
      'a note is there once': timelines.notes,
      'no worker ends by itself': record.fell,
      'the database is whole': [await database.integrity()].filter((answer) => answer !== 'ok'),
    },
  };
}

/**
 * A kill leaves in flight what the receiver has got from that worker and the database does not have as sent. Only such a
 * message may come again, and once for each such kill; so it is with the other interruptions.
 */
function explain(
  interruptions: World['record']['interruptions'],
  arrivals: ReadonlyMap<string, readonly Arrival[]>,
): { readonly inFlight: number; readonly unexplained: readonly string[] } {
  const byWorker = Map.groupBy(interruptions, ({ worker }) => worker);
  const killed = new Set(interruptions.filter(({ isKill }) => isKill).map(({ worker }) => worker));
  let inFlight = 0;
  const unexplained: string[] = [];
  for (const [key, times] of arrivals) {
    const torn = times.filter(({ from }) => byWorker.get(from)?.some(({ leased }) => leased.has(key)));
    inFlight += torn.length;
    const fromKilled = times.map(({ from }) => from).filter((from) => killed.has(from));
    const isTwiceInOneLife = new Set(fromKilled).size !== fromKilled.length;
    if (times.length - 1 > torn.length || isTwiceInOneLife)
      unexplained.push(`${key} came from ${times.map(({ from }) => from).join(', ')}`);
  }
  return { inFlight, unexplained };
}

function judgeDeliveries(
  deliveries: readonly StoredDelivery[],
  arrivals: ReadonlyMap<string, readonly Arrival[]>,
): string[] {
  const stored = new Map(deliveries.map((delivery) => [delivery.id, delivery]));
  const unheard = deliveries.filter(({ id, state }) => state === 'sent' && !arrivals.has(id));
  const unfinished = deliveries.filter(({ state }) => state === 'pending' || state === 'leased');
  const strange = [...arrivals.values()].flat().filter(({ key, deliveryId }) => key !== deliveryId || !stored.has(key));
  return [
    ...unheard.map(({ id }) => `${id} is stored as sent and was not received`),
    ...unfinished.map(({ id, state }) => `${id} is still ${state}`),
    ...strange.map(({ key }) => `${key} was received and is not stored`),
  ];
}

async function judgeTimelines(
  rows: readonly IncidentRow[],
  timelineOf: (id: string) => ReturnType<World['database']['storage']['timeline']>,
  { notes, acknowledged }: World['record'],
) {
  const replays: string[] = [];
  const asked: string[] = [];
  const texts: string[] = [];
  for (const { id, snapshot } of rows) {
    const events = await timelineOf(id);
    if (events.some(({ seq }, index) => seq !== index + 1)) replays.push(`${id} has a gap`);
    if (!isDeepStrictEqual(plain(replay(events)), plain(snapshot))) replays.push(`${id} replays to something else`);
    const answered = events.findIndex(({ type }) => type === 'incident.acknowledged');
    if (acknowledged.has(id) && answered === -1) asked.push(`the acknowledgement of ${id} is lost`);
    if (answered !== -1 && events.slice(answered).some(({ type }) => type === 'page.requested'))
      asked.push(`${id} asked somebody after its acknowledgement`);
    texts.push(...events.flatMap((event) => (event.type === 'note.added' ? [event.text] : [])));
  }
  const doubled = texts.filter((text, index) => texts.indexOf(text) !== index);
  return {
    replays,
    asked,
    notes: [
      ...doubled.map((text) => `${text} is there twice`),
      ...[...notes.accepted].filter((text) => !texts.includes(text)).map((text) => `${text} is lost`),
    ],
  };
}

async function allIncidents(storage: World['database']['storage']): Promise<IncidentRow[]> {
  const rows: IncidentRow[] = [];
  for (let cursor: string | undefined; ; ) {
    const { items, next } = await storage.listIncidents('default', { limit: 500, ...(cursor && { cursor }) });
    rows.push(...items);
    if (next === undefined) return rows;
    cursor = next;
  }
}

const pageOf = ({ incidentId, purpose, step, user }: Arrival) => [incidentId, purpose, step, user].join('/');
const plain = (value: unknown) => JSON.parse(JSON.stringify(value));
