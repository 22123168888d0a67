/**
 * Records of numbers: written in the commit that ends an incident, and in each that changes what is measured of it.
 */
import { describe, expect, test } from 'vitest';
import { numbersRecord } from '../../src/engine/number-record.ts';
import { memoryStorage, type Storage, type Tocsin } from '../../src/index.ts';
import { virtualClock } from '../../src/testing/index.ts';
import { HOUR, incident, MINUTE, opened, T0, trigger, world } from './world.ts';

const by = 'ana';

/** What is stored, by the id of the incident. */
async function records(storage: Storage, tenant = 'default'): Promise<Readonly<Record<string, unknown>>> {
  const documents = await storage.listDocuments(tenant, { collection: 'numbers' });
  return Object.fromEntries(documents.map(({ id, data }) => [id.replace(/^\d{15}:/, ''), data]));
}

/** What its timeline says. */
const told = async (storage: Storage, id: string) => numbersRecord(await storage.timeline('default', id));

async function reportedBy(tocsin: Tocsin, more: Partial<Parameters<Tocsin['incidents']['open']>[0]> = {}) {
  return (await tocsin.incidents.open({ by, title: 'Refunds fail', service: 'checkout', ...more })).id;
}

/** A storage that counts what is asked of it, and fails to read timelines while it is told to. */
function watchedStorage() {
  const clock = virtualClock({ start: T0 });
  const memory = memoryStorage({ clock });
  const calls: string[] = [];
  const state = { isBroken: false };
  const storage: Storage = {
    ...memory,
    load: (query) => {
      calls.push('load');
      return memory.load(query);
    },
    timeline: async (tenant, id) => {
      calls.push('timeline');
      if (state.isBroken) throw new Error('statement timeout');
      return memory.timeline(tenant, id);
    },
  };
  return { ...world({ clock, storage }), calls, state };
}

describe('an incident that ends', () => {
  test('has its record in the same commit; before that it has none', async () => {
    const { tocsin, storage, pass } = world();
    const id = await opened(tocsin);
    await pass(2 * MINUTE);
    await tocsin.incidents.acknowledge(id, { by });
    expect(await records(storage)).toEqual({});
    await tocsin.incidents.resolve(id, { by });
    const stored = await records(storage);
    expect(Object.keys(stored)).toEqual([id]);
    expect(stored[id]).toEqual(await told(storage, id));
  });

  test('has a name that begins with the moment at which it was opened', async () => {
    const { tocsin, storage } = world();
    const id = await opened(tocsin);
    await tocsin.incidents.resolve(id, { by });
    const [document] = await storage.listDocuments('default', { collection: 'numbers' });
    expect(document?.id).toBe(`00${T0}:${id}`);
  });

  test('keeps it right when times are corrected, the severity is changed, the title is changed, or it closes', async () => {
    const { tocsin, storage } = world();
    const id = await opened(tocsin);
    await tocsin.incidents.resolve(id, { by });
    const seen = [JSON.stringify(await records(storage))];
    const changes = [
      () => tocsin.incidents.correctTimes(id, { by, times: { detectedAt: T0 - HOUR } }),
      () => tocsin.incidents.setSeverity(id, { by, severity: 'SEV3' }),
      () => tocsin.incidents.update(id, { by, title: 'The disk of db-7 is full' }),
      () => tocsin.incidents.close(id, { by }),
    ];
    for (const change of changes) {
      await change();
      expect((await records(storage))[id]).toEqual(await told(storage, id));
      seen.push(JSON.stringify(await records(storage)));
    }
    expect(new Set(seen).size).toBe(1 + changes.length);
  });

  test('has one that leaves it to the timeline when it is reopened, and another one when it ends again', async () => {
    const { tocsin, storage, pass } = world();
    const id = await opened(tocsin);
    await tocsin.incidents.resolve(id, { by });
    await tocsin.incidents.reopen(id, { by });
    expect(await records(storage)).toEqual({ [id]: { unknown: true } });
    await pass(MINUTE);
    await tocsin.incidents.dismiss(id, { by });
    expect((await records(storage))[id]).toEqual(await told(storage, id));
  });

  test('has one also when it ends in a merge; the one that goes on has none', async () => {
    const { tocsin, storage } = world();
    const [source, target] = [await opened(tocsin), await opened(tocsin, trigger('network'))];
    await tocsin.incidents.merge(source, { by, into: target });
    const stored = await records(storage);
    expect(Object.keys(stored)).toEqual([source]);
    expect(stored[source]).toEqual(await told(storage, source));
  });

  test('has one when it begins and ends in one commit, because it is written down later', async () => {
    const { tocsin, storage } = world();
    const times = { impactStartedAt: T0 - 5 * HOUR, detectedAt: T0 - 4 * HOUR, resolvedAt: T0 - HOUR };
    const id = await reportedBy(tocsin, { kind: 'backfilled', times });
    expect((await incident(tocsin, id)).phase).toBe('resolved');
    expect((await records(storage))[id]).toEqual(await told(storage, id));
  });

  test('has one when it ends by itself', async () => {
    const { tocsin, storage, pass } = world();
    const id = await opened(tocsin);
    await tocsin.ingest({ action: 'resolve', dedupKey: 'disk' });
    await pass(6 * MINUTE);
    expect((await incident(tocsin, id)).phase).toBe('resolved');
    expect((await records(storage))[id]).toEqual(await told(storage, id));
  });

  test('has one within a transaction of the host, and none when that is rolled back', async () => {
    const clock = virtualClock({ start: T0 });
    const storage = memoryStorage({ clock });
    const { tocsin } = world({ clock, storage });
    const id = await opened(tocsin);
    const lost = storage.begin();
    await tocsin.inTransaction(lost).incidents.resolve(id, { by });
    lost.rollback();
    expect(await records(storage)).toEqual({});
    const kept = storage.begin();
    const within = tocsin.inTransaction(kept);
    await within.incidents.acknowledge(id, { by });
    await within.incidents.resolve(id, { by });
    kept.commit();
    expect((await records(storage))[id]).toEqual(await told(storage, id));
  });

  test('has one when its snapshot was damaged and it was read from its timeline', async () => {
    const clock = virtualClock({ start: T0 });
    const memory = memoryStorage({ clock });
    const damaged: Storage = {
      ...memory,
      load: async (query) => {
        const loaded = await memory.load(query);
        return { ...loaded, incidents: loaded.incidents.map((row) => ({ ...row, snapshot: undefined })) };
      },
    };
    const { tocsin } = world({ clock, storage: damaged });
    const id = await opened(tocsin);
    await tocsin.incidents.resolve(id, { by });
    expect((await records(memory))[id]).toEqual(await told(memory, id));
  });

  test('is of its tenant alone', async () => {
    const { tocsin, storage } = world();
    const other = tocsin.forTenant('other', { config: tocsin.config.current().config });
    const id = await opened(other);
    await other.incidents.resolve(id, { by });
    expect(await records(storage)).toEqual({});
    expect(Object.keys(await records(storage, 'other'))).toEqual([id]);
  });
});

describe('a private incident', () => {
  test('has no words in its record, which outlives it', async () => {
    const { tocsin, storage } = world();
    const id = await opened(tocsin, trigger('disk', { labels: { alertname: 'StolenKeys' } }));
    await tocsin.incidents.update(id, { by, title: 'Keys were stolen' });
    await tocsin.incidents.resolve(id, { by });
    expect(JSON.stringify(await records(storage))).toMatch(/Keys were stolen.*StolenKeys/);
    await tocsin.incidents.update(id, { by, visibility: 'private' });
    expect(JSON.stringify(await records(storage))).not.toMatch(/stolen/i);
    await tocsin.incidents.update(id, { by, visibility: 'public' });
    expect(JSON.stringify(await records(storage))).toMatch(/Keys were stolen/);
  });
});

describe('what it costs', () => {
  test('opening, acknowledging and a note read neither timelines nor records', async () => {
    const { tocsin, calls } = watchedStorage();
    const id = await opened(tocsin);
    await tocsin.incidents.acknowledge(id, { by });
    calls.length = 0;
    await tocsin.incidents.addNote(id, { by, text: 'The lease was lost.' });
    expect(calls).toEqual(['load']);
    calls.length = 0;
    await tocsin.incidents.resolve(id, { by });
    expect(calls).toEqual(['load', 'load', 'timeline']);
    calls.length = 0;
    await tocsin.incidents.link(id, { by, href: 'https://wiki.example/db-7' });
    expect(calls).toEqual(['load']);
  });
});

describe('when the numbers cannot be worked out', () => {
  test('the incident ends all the same, and whoever reads works them out', async () => {
    const { tocsin, storage, state, log, pass } = watchedStorage();
    const id = await opened(tocsin);
    await pass(MINUTE);
    state.isBroken = true;
    expect((await tocsin.incidents.resolve(id, { by })).phase).toBe('resolved');
    expect((await records(storage))[id]).toEqual({ unknown: true });
    expect(log.filter((line) => line.startsWith('warn: The numbers of an incident'))).toHaveLength(1);
    state.isBroken = false;
    const found: unknown[] = [];
    for await (const numbers of tocsin.measurements.incidents({ from: T0, until: T0 + HOUR })) found.push(numbers);
    expect(found).toMatchObject([{ id, outcome: 'resolved', endedAt: T0 + MINUTE }]);
    await tocsin.incidents.close(id, { by });
    expect((await records(storage))[id]).toEqual(await told(storage, id));
  });
});
