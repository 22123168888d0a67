/**
 * Delivery: how many messages a second leave through the engine, and what one provider that hangs does to the others.
 *
 * The messages go by HTTP to a receiver in a process of its own on this machine. What is counted was received there and settled
 * here.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { type ConfigInput, createTocsin, defineNotifier, memoryStorage } from '../src/index.ts';
import { webhookNotifier } from '../src/notifiers/webhook.ts';
import type { Storage } from '../src/ports/storage.ts';
import { postgresStorage } from '../src/storage/postgres.ts';
import { sqliteStorage } from '../src/storage/sqlite.ts';
import { atLeast, type Figure, fine, percentile, whole } from './figure.ts';
import type { Ground } from './ground.ts';
import { alertOf, CONFIG, openings, SILENT, takeSamples } from './incidents.ts';
import { receivedBy, startReceiver } from './receiving.ts';

const MESSAGES = 20_000;
const ROUNDS = 3;

/** Messages a second for each storage, and the delay that a hanging provider causes. */
export async function delivery(ground: Ground): Promise<readonly Figure[]> {
  const receiver = await startReceiver();
  try {
    const database = await ground.database();
    const storages = [
      { name: 'memory', least: 5_000, open: () => memoryStorage() },
      { name: 'SQLite', least: 2_000, open: () => sqliteStorage({ path: ground.file('delivery.db') }) },
      { name: 'Postgres', least: 1_000, open: () => postgresStorage({ pool: database.pool(10) }) },
    ];
    const figures: Figure[] = [];
    for (const { name, least, open } of storages) {
      figures.push(await throughput(ground, { name, least, storage: open(), url: receiver.url }));
    }
    return [...figures, await besideHanging(ground)];
  } finally {
    receiver.stop();
  }
}

type Measured = { readonly name: string; readonly least: number; readonly storage: Storage; readonly url: string };

/** The fastest round counts: what else the machine does can only slow it down. */
async function throughput(ground: Ground, { name, least, storage, url }: Measured): Promise<Figure> {
  const samples = await takeSamples();
  const config: ConfigInput = {
    ...CONFIG,
    users: (CONFIG.users ?? []).map((user) => ({ ...user, contacts: [{ notifier: 'first', address: url }] })),
  };
  await storage.migrate();
  const rates: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    ground.say(`${name}: ${whole(MESSAGES)} messages to a receiver, round ${round + 1} of ${ROUNDS}`);
    const tocsin = createTocsin({
      config,
      storage,
      notifiers: [webhookNotifier({ name: 'first', allowPrivateNetwork: true })],
      logger: SILENT,
    });
    const changes = openings(samples, MESSAGES).map((change) => ({
      ...change,
      deliveries: change.deliveries.map((each) => ({ ...each, address: url })),
    }));
    for (let from = 0; from < changes.length; from += 200) await storage.commit(changes.slice(from, from + 200));
    let sent = 0;
    tocsin.on('delivery.sent', () => {
      sent += 1;
    });
    const before = await receivedBy(url);
    const startedAt = performance.now();
    await tocsin.tick();
    const seconds = (performance.now() - startedAt) / 1_000;
    const received = (await receivedBy(url)) - before;
    if (received !== MESSAGES || sent !== MESSAGES)
      throw new Error(`${received} received and ${sent} settled of ${MESSAGES}.`);
    rates.push(MESSAGES / seconds);
    await tocsin.stop();
  }
  await storage.close();
  const beside = `rounds: ${rates.map(whole).join(', ')}`;
  return atLeast(`deliveries a second, ${name}`, Math.max(...rates), { least, unit: '/s', beside });
}

const PAGES = 300;
const EVERY_MS = 20;

/** How late pages of one provider are, with another one that hangs for its whole deadline, and without. */
async function besideHanging(ground: Ground): Promise<Figure> {
  const alone = await lateness(ground, false);
  const beside = await lateness(ground, true);
  const more = percentile(beside, 99) - percentile(alone, 99);
  return {
    name: 'a provider hangs: p99 delay of the pages of another one, more than without',
    measured: `${fine(more)} ms (p99 ${fine(percentile(alone, 99))} ms alone, ${fine(percentile(beside, 99))} ms beside)`,
    target: '< 100 ms',
    isMet: more < 100,
  };
}

async function lateness(ground: Ground, isHanging: boolean): Promise<readonly number[]> {
  ground.say(`${PAGES} pages ${isHanging ? 'beside a provider that hangs' : 'alone'}`);
  const calls = new Map<string, number>();
  const late: number[] = [];
  const all = Promise.withResolvers<void>();
  const well = defineNotifier({
    name: 'first',
    async send({ title }) {
      late.push(performance.now() - (calls.get(title) ?? Number.NaN));
      if (late.length === PAGES) all.resolve();
    },
  });
  const hanging = defineNotifier({ name: 'second', send: () => new Promise<void>(() => {}) });
  const config: ConfigInput = {
    ...CONFIG,
    services: [
      { id: 'checkout', escalationPolicy: 'default' },
      { id: 'stuck', escalationPolicy: 'stuck' },
    ],
    escalationPolicies: [
      ...CONFIG.escalationPolicies,
      { id: 'stuck', steps: [{ targets: [{ user: 'ben' }], escalateAfter: '2h' }], fallback: [{ user: 'ben' }] },
    ],
  };
  const storage = sqliteStorage({ path: ground.file('hanging.db') });
  const tocsin = createTocsin({ config, storage, notifiers: [well, hanging], logger: SILENT });
  await tocsin.start();
  for (let index = 0; index < PAGES; index++) {
    // Three pages of the one that hangs for each of the others.
    if (isHanging) void tocsin.ingest([1, 2, 3].map((n) => alertOf(`stuck ${index} ${n}`, 'stuck')));
    const event = alertOf(`page ${index}`);
    calls.set(event.title ?? '', performance.now());
    void tocsin.ingest(event);
    await pause(EVERY_MS);
  }
  await all.promise;
  await tocsin.stop();
  await storage.close();
  return late;
}
