/**
 * Changes of a few alerts of two keys, in any order: what a storage may be asked to do in one call.
 *
 * The same in every run, so that a difference between two storages can be looked at again.
 */
import fc from 'fast-check';
import { expect } from 'vitest';
import type { AlertChange } from '../../src/model/alert.ts';
import type { Change, CommitResult, Storage } from '../../src/ports/storage.ts';
import { memoryStorage } from '../../src/storage/memory.ts';
import { alert, change, T0 } from '../../src/testing/storage/rows.ts';

const KEYS = ['disk', 'memory'] as const;
const id = fc.constantFrom('a1', 'a2', 'a3', 'a4');
const moment = fc.integer({ min: -3, max: 3 }).map((n) => T0 + n);
const incidentId = fc.constantFrom('i1', 'i2');
const content = fc.record({
  title: fc.string(),
  labels: fc.dictionary(fc.string(), fc.string()),
  links: fc.constant([]),
});

const openings = fc.record({
  id,
  dedupKey: fc.constantFrom('disk', ...KEYS),
  status: fc.constantFrom('firing', 'suppressed'),
  incidentId: fc.option(incidentId, { nil: undefined }),
  occurredAt: fc.option(moment, { nil: undefined }),
});
const settings = fc.record(
  {
    status: fc.constantFrom('firing', 'acknowledged', 'suppressed', 'cleared', 'cleared'),
    clearedAt: moment,
    incidentId,
    severity: fc.constantFrom('SEV1', 'SEV2'),
    content: fc.oneof(
      content,
      content.map((one) => ({ ...one, body: one.title })),
    ),
  },
  { requiredKeys: [] },
);
const seen = { seenAt: moment };
const alertChange: fc.Arbitrary<AlertChange> = fc.oneof(
  openings.map(({ id: name, ...more }) => ({ type: 'open', alert: alert(name, more) }) as const),
  fc.tuple(id, settings).map(([name, set]) => ({ type: 'set', id: name, ...set }) as const),
  fc
    .record({ id, ...seen, occurredAt: moment, times: fc.nat(5) }, { requiredKeys: ['id', 'seenAt'] })
    .map((one) => ({ type: 'repeat', ...one }) as const),
  fc
    .record({ id, ...seen, severity: fc.string(), occurredAt: moment }, { requiredKeys: ['id', 'seenAt', 'severity'] })
    .map((one) => ({ type: 'return', ...one }) as const),
);
/** One alert leaves a key to another, which goes well in this order alone. */
const handover = fc.tuple(id, id).map(([from, to]): AlertChange[] => [
  { type: 'set', id: from, status: 'cleared' },
  { type: 'set', id: to, status: 'firing' },
]);
const calls = fc.array(fc.oneof(fc.array(alertChange, { minLength: 1, maxLength: 4 }), handover), {
  minLength: 4,
  maxLength: 24,
});

/** So many calls, each with several changes, of a tenant of its own. In most of them no change meets a conflict. */
async function callsOfAlertChanges(count: number): Promise<readonly (readonly Change[])[]> {
  const memory = memoryStorage();
  const made: (readonly Change[])[] = [];
  for (const [n, lists] of fc.sample(calls, { seed: 11, numRuns: count }).entries()) {
    const tenant = `t${n}`;
    const opened = new Set<string>();
    const changes: Change[] = [];
    for (const alerts of lists) {
      // An id is opened once: what a storage does with one that is taken is no promise.
      const isNew = (one: AlertChange) => one.type !== 'open' || !opened.has(one.alert.id);
      const wanted = change({ tenant, alerts: alerts.filter(isNew).filter(isFirstOpening) });
      const [answer] = await memory.commit([wanted]);
      if (answer === 'conflict' && n % 4 !== 0) continue;
      changes.push(wanted);
      for (const one of wanted.alerts) if (one.type === 'open') opened.add(one.alert.id);
    }
    made.push(changes);
  }
  return made;
}

function isFirstOpening(one: AlertChange, index: number, all: readonly AlertChange[]): boolean {
  if (one.type !== 'open') return true;
  return all.findIndex((other) => other.type === 'open' && other.alert.id === one.alert.id) === index;
}

/** Whether `storage` does with each of so many calls what memory does with its changes, one after the other. */
export async function expectTheSameAsOneByOne(storage: Storage, count: number): Promise<void> {
  const memory = memoryStorage();
  let together = 0;
  for (const changes of await callsOfAlertChanges(count)) {
    const answers: CommitResult[] = [];
    for (const one of changes) answers.push(...(await memory.commit([one])));
    if (changes.length > 2 && !answers.includes('conflict')) together += 1;
    const told = JSON.stringify(changes, undefined, 1);
    expect(await storage.commit(changes), told).toEqual(answers);
    const tenant = changes[0]?.tenant ?? 'nobody';
    expect(await readFrom(storage, tenant), told).toEqual(await readFrom(memory, tenant));
  }
  expect(together).toBeGreaterThan(count / 2);
}

async function readFrom(storage: Storage, tenant: string): Promise<unknown> {
  const alerts = await storage.listAlerts(tenant, {});
  const alertKeys = KEYS.map((dedupKey) => ({ routeKey: 'r', dedupKey }));
  const latest = (await storage.load({ tenant, alertKeys })).alerts;
  return [alerts, latest].map((list) => list.toSorted((a, b) => (a.id < b.id ? -1 : 1)));
}
