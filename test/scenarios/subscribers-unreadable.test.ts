/**
 * Subscribers while an incident cannot be read: what is about it waits, and everything else is told.
 */
import { describe, expect, test } from 'vitest';
import { memoryStorage, notifyError } from '../../src/index.ts';
import type { IncidentRow } from '../../src/ports/storage.ts';
import { recordingNotifier, virtualClock } from '../../src/testing/index.ts';
import { config, DAY, MINUTE, opened, T0, trigger, world } from '../engine/world.ts';

const by = 'ana';
const status = { components: [{ id: 'shop', name: 'The shop', services: ['checkout'] }] };

describe('an incident that cannot be read', () => {
  /** A world in which the incidents of `bad` were written by a later version. */
  async function ward() {
    const bad = new Set<string>();
    const hurt = (row: IncidentRow) =>
      bad.has(row.id) ? { ...row, snapshot: { ...(row.snapshot as object), machineVersion: 99 } } : row;
    const clock = virtualClock({ start: T0 });
    const storage = memoryStorage({ clock });
    const email = recordingNotifier('email');
    const w = world({
      clock,
      storage: {
        ...storage,
        load: async (query) => {
          const loaded = await storage.load(query);
          return { ...loaded, incidents: loaded.incidents.map(hurt) };
        },
      },
      notifiers: [email],
      config: config({ status }),
    });
    await w.tocsin.subscribers.add({ by, notifier: 'email', address: 'kim@x.example' });
    const titles = () =>
      email.sent.flatMap(({ message }) => (message.purpose === 'announcement' ? [message.body ?? ''] : []));
    const post = (id: string, text: string) =>
      w.tocsin.incidents.postUpdate(id, { by, text, audience: 'public', title: `T ${text}` });
    return { ...w, email, bad, post, titles };
  }

  test('keeps nothing of the others back, waits itself, and is told when it can be read again', async () => {
    const w = await ward();
    const [a, b, c] = [
      await opened(w.tocsin, trigger('a')),
      await opened(w.tocsin, trigger('b')),
      await opened(w.tocsin, trigger('c')),
    ];
    await w.post(c, 'first');
    await w.tocsin.tick();
    expect(w.titles()).toEqual(['first']);
    await w.post(a, 'of a');
    await w.post(b, 'of b');
    await w.tocsin.tick();
    w.bad.add(a);
    await w.pass(6 * MINUTE);
    expect(w.titles()).toEqual(['first', 'of b']);
    expect(w.log.filter((line) => line.startsWith('error: An update waits'))).toHaveLength(1);
    w.bad.clear();
    await w.pass(6 * MINUTE);
    expect(w.titles()).toEqual(['first', 'of b', 'of a']);
  });

  test('has become private meanwhile: nothing of it, nor of others that did, is told while it cannot be read', async () => {
    const w = await ward();
    const [a, b, c] = [
      await opened(w.tocsin, trigger('a')),
      await opened(w.tocsin, trigger('b')),
      await opened(w.tocsin, trigger('c')),
    ];
    await w.post(c, 'first');
    await w.tocsin.tick();
    await w.post(a, 'of a');
    await w.post(b, 'of b');
    await w.tocsin.tick();
    await w.tocsin.incidents.update(b, { by, visibility: 'private' });
    w.bad.add(a);
    await w.pass(6 * MINUTE);
    expect(w.titles()).toEqual(['first']);
    await w.pass(DAY + 10 * MINUTE, 5 * MINUTE);
    w.bad.clear();
    await w.pass(10 * MINUTE);
    expect(w.titles()).toEqual(['first']);
    expect(w.log.filter((line) => line.startsWith('error: An update was told to nobody'))).toHaveLength(1);
  });

  test('while the only message about it is on its way: it is tried again, and arrives', async () => {
    const w = await ward();
    const a = await opened(w.tocsin, trigger('a'));
    w.email.failWith(() => {
      throw notifyError('busy');
    });
    await w.post(a, 'of a');
    await w.tocsin.tick();
    w.bad.add(a);
    w.email.failWith(undefined);
    await w.pass(2 * MINUTE);
    expect(w.titles()).toEqual([]);
    w.bad.clear();
    await w.pass(30 * MINUTE);
    expect(w.titles()).toEqual(['of a']);
  });

  test('while its message is on its way: the other of the same message is told all the same', async () => {
    const w = await ward();
    const [a, b, c] = [
      await opened(w.tocsin, trigger('a')),
      await opened(w.tocsin, trigger('b')),
      await opened(w.tocsin, trigger('c')),
    ];
    await w.post(c, 'first');
    await w.tocsin.tick();
    await w.post(a, 'of a');
    await w.post(b, 'of b');
    await w.tocsin.tick();
    // The fan-out reads it, and whoever tells it does not.
    let reads = 0;
    const has = w.bad.has.bind(w.bad);
    w.bad.has = (id) => (id === a ? ++reads > 1 : has(id));
    await w.pass(6 * MINUTE);
    expect(w.titles()).toEqual(['first', 'of b']);
  });
});
