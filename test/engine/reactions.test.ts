/**
 * Work of the host that follows from an event and must not be lost.
 */
import { describe, expect, test } from 'vitest';
import { memoryStorage, type Reactions } from '../../src/index.ts';
import { virtualClock } from '../../src/testing/index.ts';
import { failing, faulty } from './faults.ts';
import { config, MINUTE, opened, refusal, SECOND, T0, types, withoutUnhandled, world } from './world.ts';

const by = 'ana';

describe('a reaction', () => {
  test('is run once after the commit of its event, with the event and the incident', async () => {
    const seen: unknown[] = [];
    const reactions: Reactions = {
      'incident.opened': ({ id, type, tenant, event, incident }) =>
        void seen.push({ id, type, tenant, title: event.title, phase: incident.phase }),
    };
    const { tocsin } = world({ reactions });
    const id = await opened(tocsin);
    expect(seen).toEqual([]);
    await tocsin.tick();
    await tocsin.tick();
    expect(seen).toEqual([
      { id: `reaction:${id}:1`, type: 'incident.opened', tenant: 'default', title: 'Problem disk', phase: 'triage' },
    ]);
  });

  test('that fails is run again under the same id, and in the end is a dead letter that can be put back', async () => {
    const ids: string[] = [];
    const dead: string[] = [];
    let isWell = false;
    const reactions: Reactions = {
      'incident.opened': async ({ id }) => {
        ids.push(id);
        if (!isWell) throw new Error('the ticket system is down');
      },
    };
    const w = world({ reactions, onDeadLetter: ({ id }) => void dead.push(id) });
    const id = await opened(w.tocsin);
    await w.pass(3 * 60 * MINUTE, 10 * SECOND);
    expect(ids).toEqual(Array.from({ length: 20 }, () => `reaction:${id}:1`));
    expect(dead).toContain(`reaction:${id}:1`);
    isWell = true;
    await w.tocsin.deadLetters.retry(`reaction:${id}:1`);
    await w.tocsin.tick();
    expect(ids).toHaveLength(21);
    expect((await w.tocsin.deliveries.list({})).find((each) => each.id === `reaction:${id}:1`)?.state).toBe('sent');
  });

  test('is never taken back by what ends paging, and never counts as reaching somebody', async () => {
    const seen: string[] = [];
    const w = world({
      reactions: {
        'incident.opened': () => void seen.push('opened'),
        'incident.resolved': () => void seen.push('resolved'),
      },
    });
    const id = await opened(w.tocsin);
    await w.tocsin.incidents.resolve(id, { by });
    await w.tocsin.tick();
    expect(seen.toSorted()).toEqual(['opened', 'resolved']);
    expect(w.sms.sent).toEqual([]);
    expect(await types(w.tocsin, id)).not.toContain('page.failed');
  });

  test('holds up no page, however long it takes', async () => {
    const w = world({ reactions: { 'incident.opened': () => new Promise<void>(() => {}) } });
    for (let n = 0; n < 40; n++)
      await opened(w.tocsin, { action: 'trigger', dedupKey: `k${n}`, title: 't', severity: 'critical' });
    void w.tocsin.tick();
    await expect.poll(() => w.sms.sent.length).toBe(40);
    expect(w.clock.now()).toBe(T0);
  });

  test('survives a process that ends before it was run', async () => {
    const clock = virtualClock({ start: T0 });
    const storage = memoryStorage({ clock });
    const seen: string[] = [];
    const reactions: Reactions = { 'incident.opened': ({ id }) => void seen.push(id) };
    const before = world({ clock, storage, reactions });
    const id = await opened(before.tocsin);
    await before.tocsin.stop();
    await world({ clock, storage, reactions }).tocsin.tick();
    expect(seen).toEqual([`reaction:${id}:1`]);
  });

  test('is written with its event or not at all', async () => {
    const clock = virtualClock({ start: T0 });
    const storage = memoryStorage({ clock });
    const w = world({
      clock,
      storage: faulty(storage, ['commit'], failing(2)),
      reactions: { 'incident.opened': () => {} },
    });
    await refusal(() => opened(w.tocsin), 'STORAGE_UNAVAILABLE');
    expect(await storage.listDeliveries('default', {})).toEqual([]);
  });

  test('that rejects with nonsense or throws at once never reaches the host as an unhandled rejection', async () => {
    await withoutUnhandled(async () => {
      const w = world({
        reactions: {
          'incident.opened': () => Promise.reject(undefined),
          'page.requested': () => {
            throw null;
          },
        },
      });
      await opened(w.tocsin);
      await w.pass(10 * SECOND, SECOND);
      expect(w.sms.sent).toHaveLength(1);
    });
  });

  test.each([
    [{ 'incident.opend': () => {} }, "reactions['incident.opend']"],
    [{ 'incident.opened': 7 }, "reactions['incident.opened']"],
    [7, 'reactions'],
  ])('that could never run is refused when it is handed over: %j', async (reactions, path) => {
    const error = await refusal(() => world({ reactions: reactions as never, config: config() }), 'INPUT_INVALID');
    expect(error.details.problems).toMatchObject([{ path }]);
  });
});
