/**
 * A storm of alerts: a hundred thousand events over five hundred keys, into a Postgres that syncs to the disk.
 *
 * The events come as a monitoring tool sends them, in bodies of many, several bodies at once. The clock stops at the last commit; then it is
 * looked whether there is one alert and one page for each key, and whether every event was counted.
 */
import { type AlertEvent, createTocsin } from '../src/index.ts';
import { postgresStorage } from '../src/storage/postgres.ts';
import { type Figure, fine, whole } from './figure.ts';
import type { Ground } from './ground.ts';

const EVENTS = 100_000;
const KEYS = 500;
const BODY = 500;
const AT_ONCE = 16;
const LIMIT_MS = 20_000;

/** How long until the last event is stored, alone and with a grouping. */
export async function alertStorm(ground: Ground): Promise<readonly Figure[]> {
  return [await one(ground, false), await one(ground, true)];
}

async function one(ground: Ground, isGrouped: boolean): Promise<Figure> {
  ground.say(`a storm${isGrouped ? ', grouped by rack' : ''}`);
  const database = await ground.database();
  const pool = database.pool(10);
  const storage = postgresStorage({ pool });
  await storage.migrate();
  const logger = { debug() {}, info() {}, warn() {}, error() {} };
  const tocsin = createTocsin({
    storage,
    logger,
    notifiers: [{ name: 'sms', async send() {} }],
    config: {
      users: [{ id: 'ana', contacts: [{ notifier: 'sms', address: '+15550100' }] }],
      escalationPolicies: [{ id: 'default', steps: [{ targets: [{ user: 'ana' }] }], fallback: [{ user: 'ana' }] }],
      services: [{ id: 'checkout', escalationPolicy: 'default' }],
      ...(isGrouped && { grouping: [{ id: 'rack', by: ['labels.rack'], window: '1h' }] }),
    },
  });
  const bodies = Array.from({ length: EVENTS / BODY }, (_, body) =>
    Array.from({ length: BODY }, (_, place) => event(scattered(body * BODY + place))),
  );
  const begun = performance.now();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let body = bodies.pop(); body !== undefined; body = bodies.pop()) await tocsin.ingest(body);
    }),
  );
  const tookMs = performance.now() - begun;
  const alerts = await tocsin.alerts.list({ limit: 1_000 });
  const { rows } = await pool.query(
    'select (select count(*) from tocsin.incidents) as incidents, (select count(distinct (incident_id, page)) from tocsin.deliveries) as pages',
  );
  const [{ incidents, pages }] = rows as [{ readonly incidents: string; readonly pages: string }];
  const counted = alerts.reduce((sum, { count }) => sum + count, 0);
  await tocsin.stop();
  const wanted = isGrouped ? 50 : KEYS;
  const facts = `${whole(alerts.length)} alerts, ${incidents} incidents, ${pages} pages, ${whole(counted)} counted`;
  return {
    name: `${whole(EVENTS)} events over ${KEYS} keys, Postgres${isGrouped ? ', 10 keys to a group' : ''}`,
    measured: `${fine(tookMs / 1_000)} s to the last commit, ${whole(EVENTS / (tookMs / 1_000))} events/s (${facts})`,
    target: '< 20 s, 500 alerts, pages only for new incidents',
    isMet:
      tookMs < LIMIT_MS &&
      alerts.length === KEYS &&
      counted === EVENTS &&
      Number(incidents) === wanted &&
      Number(pages) === wanted,
  };
}

/** The keys come in an order that repeats after all of them, and not in their own. */
const scattered = (number: number): number => (number * 7_919) % KEYS;

function event(key: number): AlertEvent {
  const labels = { rack: `rack-${Math.floor(key / 10)}`, host: `host-${key}` };
  return { action: 'trigger', dedupKey: `host-${key}`, title: `Host ${key} is down`, severity: 'critical', labels };
}
