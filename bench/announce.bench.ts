/**
 * Announce: one public update for ten thousand subscribers, and what becomes of pages meanwhile.
 *
 * The messages go by HTTP to a receiver in a process of its own on this machine; pages go to a notifier in this one, so that the
 * time of a page is from the answer of `ingest`, which is its commit, to the call of its notifier.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { type ConfigInput, createTocsin, defineNotifier, memoryStorage, type Tocsin } from '../src/index.ts';
import { webhookNotifier } from '../src/notifiers/webhook.ts';
import type { Storage } from '../src/ports/storage.ts';
import { postgresStorage } from '../src/storage/postgres.ts';
import { sqliteStorage } from '../src/storage/sqlite.ts';
import { type Figure, fine, percentile, whole } from './figure.ts';
import type { Ground } from './ground.ts';
import { alertOf, CONFIG, SILENT } from './incidents.ts';
import { receivedBy, startReceiver } from './receiving.ts';

const SUBSCRIBERS = 10_000;
const IDLE_PAGES = 200;
const TOGETHER = 500;
const ENQUEUED_MS = 1_000;
const DELIVERED_MS = 15_000;
const NONE = { incidents: [], alerts: [], timers: [], withdrawals: [], deliveries: [], slots: [], counters: [] };

/** How long the commit takes, how long until everybody was told, and how late pages are meanwhile. */
export async function announce(ground: Ground): Promise<readonly Figure[]> {
  const receiver = await startReceiver();
  try {
    const database = await ground.database();
    const storages = [
      { name: 'memory', open: () => memoryStorage() },
      { name: 'SQLite', open: () => sqliteStorage({ path: ground.file('announce.db') }) },
      { name: 'Postgres', open: () => postgresStorage({ pool: database.pool(10) }) },
    ];
    const figures: Figure[] = [];
    for (const { name, open } of storages)
      figures.push(...(await measure(ground, { name, storage: open(), url: receiver.url })));
    return figures;
  } finally {
    receiver.stop();
  }
}

type Measured = { readonly name: string; readonly storage: Storage; readonly url: string };

async function measure(ground: Ground, { name, storage, url }: Measured): Promise<readonly Figure[]> {
  await storage.migrate();
  ground.say(`${name}: storing ${whole(SUBSCRIBERS)} subscribers`);
  await subscribe(storage, url);
  let commit: { readonly rows: number; readonly ms: number } | undefined;
  const watched: Storage = {
    ...storage,
    async commit(changes) {
      const rows = Math.max(...changes.map(({ deliveries }) => deliveries.length));
      const startedAt = performance.now();
      const results = await storage.commit(changes);
      if (rows > 100) commit = { rows, ms: performance.now() - startedAt };
      return results;
    },
  };
  const calls = new Map<string, PromiseWithResolvers<number>>();
  const first = defineNotifier({
    name: 'first',
    async send({ title }) {
      calls.get(title)?.resolve(performance.now());
    },
  });
  const second = defineNotifier({ name: 'second', async send() {} });
  const hook = webhookNotifier({ name: 'hook', allowPrivateNetwork: true });
  const config: ConfigInput = { ...CONFIG };
  const tocsin = createTocsin({ config, storage: watched, notifiers: [first, second, hook], logger: SILENT });
  await tocsin.start();
  const page = async (title: string): Promise<number> => {
    const called = Promise.withResolvers<number>();
    const event = alertOf(title);
    calls.set(event.title ?? '', called);
    await tocsin.ingest(event);
    const storedAt = performance.now();
    return (await called.promise) - storedAt;
  };
  ground.say(`${name}: ${IDLE_PAGES} pages, one at a time`);
  const idle: number[] = [];
  for (let index = 0; index < IDLE_PAGES; index++) {
    idle.push(await page(`idle ${index}`));
    await pause(5 + Math.random() * 10);
  }
  ground.say(`${name}: one update for ${whole(SUBSCRIBERS)} subscribers, and pages meanwhile`);
  const told = await tell(tocsin, { url, page });
  await tocsin.stop();
  await storage.close();
  return figuresOf(name, { ...told, idle, commit });
}

async function subscribe(storage: Storage, url: string): Promise<void> {
  const createdAt = Date.now();
  for (let from = 0; from < SUBSCRIBERS; from += TOGETHER) {
    const documents = Array.from({ length: TOGETHER }, (_, n) => {
      const id = `subscriber-${from + n}`;
      const data = {
        id,
        audience: 'public',
        notifier: 'hook',
        address: `${url}${id}`,
        createdAt,
        confirmedAt: createdAt,
      };
      return { collection: 'subscribers', id, expectedVersion: 0, data };
    });
    await storage.commit([{ ...NONE, commitId: `subscribers-${from}`, tenant: 'default', documents }]);
  }
}

type Paging = { readonly url: string; readonly page: (title: string) => Promise<number> };

async function tell(tocsin: Tocsin, { url, page }: Paging) {
  const { id } = await tocsin.incidents.open({ by: 'ana', title: 'Checkout is down', service: 'checkout' });
  const before = await receivedBy(url);
  const startedAt = performance.now();
  await tocsin.incidents.postUpdate(id, { by: 'ana', text: 'We know, and are working on it.', audience: 'public' });
  let deliveredMs: number | undefined;
  const meanwhile: number[] = [];
  const counting = (async () => {
    while (performance.now() - startedAt < 4 * DELIVERED_MS) {
      if ((await receivedBy(url)) - before >= SUBSCRIBERS) break;
      await pause(100);
    }
    deliveredMs = performance.now() - startedAt;
  })();
  for (let index = 0; deliveredMs === undefined; index++) {
    meanwhile.push(await page(`meanwhile ${index}`));
    await pause(5 + Math.random() * 10);
  }
  await counting;
  // What came twice would come about now.
  await pause(1_000);
  return { deliveredMs, meanwhile, received: (await receivedBy(url)) - before };
}

type Told = {
  readonly deliveredMs: number;
  readonly received: number;
  readonly meanwhile: readonly number[];
  readonly idle: readonly number[];
  readonly commit: { readonly rows: number; readonly ms: number } | undefined;
};

function figuresOf(name: string, { deliveredMs, received, meanwhile, idle, commit }: Told): readonly Figure[] {
  const [quiet, busy] = [percentile(idle, 99), percentile(meanwhile, 99)];
  const medians = `p50 ${fine(percentile(idle, 50))} and ${fine(percentile(meanwhile, 50))} ms`;
  return [
    {
      name: `${whole(SUBSCRIBERS)} announcements in one commit, ${name}`,
      measured: commit === undefined ? 'not in one' : `${whole(commit.ms)} ms (${whole(commit.rows)} rows)`,
      target: `< ${whole(ENQUEUED_MS)} ms`,
      isMet: commit?.rows === SUBSCRIBERS && commit.ms < ENQUEUED_MS,
    },
    {
      name: `${whole(SUBSCRIBERS)} subscribers told, ${name}`,
      measured: `${fine(deliveredMs / 1_000)} s (${whole(received)} received)`,
      target: `< ${DELIVERED_MS / 1_000} s, each once`,
      isMet: deliveredMs < DELIVERED_MS && received === SUBSCRIBERS,
    },
    {
      name: `page committed -> notifier called, idle and meanwhile, ${name}`,
      measured: `p99 ${fine(quiet)} and ${fine(busy)} ms (${medians}; ${idle.length} and ${meanwhile.length} pages)`,
    },
  ];
}
