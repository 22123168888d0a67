/**
 * Listeners: told after the commit; what they do wrong stays with them.
 */
import { describe, expect, test } from 'vitest';
import { incident, opened, trigger, withoutUnhandled, world } from './world.ts';

const by = 'ana';

const fail = () => {
  throw new Error('listener');
};

describe('listeners', () => {
  test.each([
    ['throws', fail],
    ['rejects', () => Promise.reject(new Error('listener'))],
    ['answers a thenable that throws', () => Object.defineProperty({}, 'then', { get: fail })],
  ])('one that %s is logged, and neither the command nor the other listeners notice', async (_, listener) => {
    await withoutUnhandled(async () => {
      const { tocsin, log } = world();
      const heard: string[] = [];
      tocsin.on('incident.opened', listener);
      tocsin.on('incident.opened', ({ incident: { title } }) => heard.push(title));
      await opened(tocsin);
      await new Promise((resolved) => setImmediate(resolved));
      expect(heard).toEqual(['Problem disk']);
      expect(log).toEqual(['error: A listener of incident.opened failed.']);
    });
  });

  test('are told after the commit, with the event and the incident as it is then', async () => {
    const { tocsin } = world();
    const heard: unknown[] = [];
    tocsin.on('incident.acknowledged', async ({ type, tenant, event, incident: told }) => {
      heard.push([type, tenant, event.seq, told.paging, (await incident(tocsin, told.id)).version === told.version]);
    });
    const id = await opened(tocsin);
    await tocsin.incidents.acknowledge(id, { by });
    await new Promise((resolved) => setImmediate(resolved));
    expect(heard).toEqual([['incident.acknowledged', 'default', 3, 'acknowledged', true]]);
  });

  test('can stop listening', async () => {
    const { tocsin } = world();
    let count = 0;
    const stop = tocsin.on('incident.opened', () => (count += 1));
    await opened(tocsin, trigger('one'));
    stop();
    await opened(tocsin, trigger('two'));
    expect(count).toBe(1);
  });

  test('a listener that changes what it is told changes nothing that is stored', async () => {
    const { tocsin } = world();
    tocsin.on('incident.opened', ({ incident: told, event }) => {
      (told as { title: string }).title = 'changed';
      (told.alerts as Record<string, string>).forged = 'firing';
      (event as { title: string }).title = 'changed';
    });
    const id = await opened(tocsin);
    expect((await incident(tocsin, id)).title).toBe('Problem disk');
    expect(Object.keys((await incident(tocsin, id)).alerts)).toHaveLength(1);
  });
});
