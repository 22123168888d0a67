/**
 * Announced maintenance: subscribers hear of planned work when it is set, near, under way and over.
 */
import { describe, expect, test } from 'vitest';
import { announcedMaintenance } from '../../src/engine/announced-maintenance.ts';
import { readQuiet } from '../../src/engine/quiet-document.ts';
import { recordingNotifier } from '../../src/testing/index.ts';
import { config, HOUR, MINUTE, refusal, since, T0, world } from '../engine/world.ts';

const by = 'ana';
const status = {
  components: [
    { id: 'shop', name: 'The shop' },
    { id: 'api', name: 'The API' },
  ],
};
const announcement = {
  title: 'New database',
  text: 'It is slow meanwhile.',
  components: ['shop'],
  remind: ['24h', '1h'],
};
const at = (hours: number) => T0 + hours * HOUR;

async function hall(updates = {}) {
  const email = recordingNotifier('email');
  const w = world({ notifiers: [email], config: config({ status, updates: { digestWithin: '0s', ...updates } }) });
  await w.tocsin.subscribers.add({ by, notifier: 'email', address: 'kim@x.example' });
  await w.tocsin.subscribers.add({ by, notifier: 'email', address: 'api@x.example', components: ['api'] });
  let seen = 0;
  return {
    ...w,
    email,
    set: (more: object = {}) =>
      w.tocsin.maintenance.set({
        by,
        id: 'db',
        services: ['checkout'],
        from: at(48),
        until: at(50),
        announcement,
        ...more,
      }),
    told() {
      const fresh = email.sent.slice(seen).map(({ message }) => message);
      seen = email.sent.length;
      return fresh.map(({ to, title, sentAt }) => `${since(sentAt)} ${to.address.split('@')[0]}: ${title}`);
    },
    async shown(moment: number) {
      const { documents } = await w.storage.load({
        tenant: 'default',
        documents: [{ collection: 'quiet', id: 'stored' }],
      });
      return announcedMaintenance(readQuiet(documents[0]?.data)!, moment);
    },
  };
}

describe('announced maintenance', () => {
  test('is told when it is set, before it begins, when it begins and when it is over', async () => {
    const w = await hall();
    await w.set();
    await w.pass(51 * HOUR, 30 * MINUTE);
    expect(w.told()).toEqual([
      '+0 kim: Scheduled: New database',
      '+24h kim: Scheduled: New database',
      '+47h kim: Scheduled: New database',
      '+48h kim: In progress: New database',
      '+50h kim: Completed: New database',
    ]);
    const [first, , , begun] = w.email.sent.map(({ message }) => message);
    expect(first).toMatchObject({
      topic: 'maintenance',
      body: 'It is slow meanwhile.',
      lines: ['2026-01-08 10:00 UTC – 2026-01-08 12:00 UTC', 'The shop'],
    });
    expect(begun).not.toHaveProperty('body');
  });

  test('reminds subscribers and tells listeners only what they asked for', async () => {
    const w = await hall();
    const heard: string[] = [];
    for (const type of ['maintenance.starts', 'maintenance.started', 'maintenance.ends', 'maintenance.ended'] as const)
      w.tocsin.on(type, ({ announcedFor }) => void heard.push(`${since(announcedFor.getTime())} ${type}`));
    await w.set({ notices: ['1h'] });
    await w.pass(51 * HOUR, 30 * MINUTE);
    expect(heard).toEqual([
      '+47h maintenance.starts',
      '+48h maintenance.started',
      '+49h maintenance.ends',
      '+50h maintenance.ended',
    ]);
  });

  test('takes updates, with the status that it has by the clock unless one is said', async () => {
    const w = await hall();
    await w.set();
    await w.pass(49 * HOUR, 30 * MINUTE);
    w.told();
    await w.tocsin.maintenance.postUpdate('db', { by, text: 'Half done.' });
    const { updates } = await w.tocsin.maintenance.postUpdate('db', { by, text: 'We look.', status: 'verifying' });
    await w.tocsin.tick();
    expect(updates).toMatchObject([{ status: 'in_progress' }, { status: 'verifying', at: new Date(at(49)) }]);
    expect(w.told()).toEqual(['+49h kim: 2 updates: New database']);
    expect(w.email.sent.at(-1)?.message.body).toContain('Verifying: New database (2026-01-08 11:00 UTC)\nWe look.');
  });

  test('that ends sooner is told to be over then, and one that is taken back to be cancelled', async () => {
    const w = await hall();
    await w.set();
    await w.set({ id: 'other', announcement: { ...announcement, title: 'Other' } });
    await w.pass(HOUR, 30 * MINUTE);
    w.told();
    await w.tocsin.maintenance.end('other', { by });
    await w.pass(48 * HOUR, 30 * MINUTE);
    await w.tocsin.maintenance.end('db', { by });
    await w.pass(HOUR, 30 * MINUTE);
    expect(w.told()).toEqual([
      '+1h kim: Cancelled: Other',
      '+24h kim: Scheduled: New database',
      '+47h kim: Scheduled: New database',
      '+48h kim: In progress: New database',
      '+49h kim: Completed: New database',
    ]);
    expect(await w.shown(at(50))).toMatchObject([
      { id: 'db', until: at(49), updatedAt: at(49) },
      { id: 'other', cancelledAt: at(1), until: at(50) },
    ]);
  });

  test('is shown as it stood at any moment', async () => {
    const w = await hall();
    await w.pass(HOUR, 30 * MINUTE);
    await w.set();
    await w.pass(HOUR, 30 * MINUTE);
    await w.tocsin.maintenance.postUpdate('db', { by, text: 'Still planned.' });
    expect(await w.shown(at(0))).toEqual([]);
    const before = {
      id: 'db',
      title: 'New database',
      audience: 'public',
      components: ['shop'],
      from: at(48),
      until: at(50),
      createdAt: at(1),
      updates: [
        { id: 'db:announcement', at: at(1), status: 'scheduled', text: 'It is slow meanwhile.', audience: 'public' },
      ],
    };
    expect(await w.shown(at(1))).toEqual([before]);
    expect(await w.shown(at(2))).toMatchObject([
      { updatedAt: at(2), updates: [{}, { status: 'scheduled', text: 'Still planned.' }] },
    ]);
  });

  test('that somebody has said to be over is not told to be over again', async () => {
    const w = await hall();
    await w.set();
    await w.pass(49 * HOUR, HOUR);
    w.told();
    await w.tocsin.maintenance.postUpdate('db', { by, text: 'Done early.', status: 'completed' });
    await w.pass(3 * HOUR, HOUR);
    expect(w.told()).toEqual(['+49h kim: Completed: New database']);
  });

  test('for people inside is told nobody outside', async () => {
    const w = await hall();
    await w.tocsin.subscribers.add({ by, notifier: 'email', address: 'lee@x.example', audience: 'internal' });
    await w.set({ announcement: { ...announcement, audience: 'internal' } });
    await w.tocsin.tick();
    expect(w.told()).toEqual(['+0 lee: Scheduled: New database']);
  });

  test('reminds nobody of what has begun while no process ran', async () => {
    const w = await hall();
    await w.set();
    await w.tocsin.tick();
    w.told();
    await w.sleep(49 * HOUR);
    await w.tocsin.tick();
    expect(w.told()).toEqual(['+49h kim: In progress: New database']);
  });

  test('is refused when it recurs, names what there is not, or ends before it begins; two windows may overlap', async () => {
    const w = await hall();
    const recurring = { timeZone: 'UTC', start: '2026-01-05T03:00:00', rrule: 'FREQ=DAILY', duration: '1h' };
    const error = await refusal(() => w.set({ from: undefined, until: undefined, recurring }), 'INPUT_INVALID');
    expect(error.message).toContain('announcement');
    await refusal(() => w.set({ announcement: { ...announcement, components: ['none'] } }), 'REFERENCE_UNKNOWN');
    await refusal(() => w.set({ from: at(50), until: at(48) }), 'INPUT_INVALID');
    await w.set();
    await w.set({ id: 'second' });
    await w.tocsin.maintenance.set({ by, id: 'silent', services: ['checkout'], for: '1h' });
    await refusal(() => w.tocsin.maintenance.postUpdate('silent', { by, text: 'x' }), 'INPUT_INVALID');
    await refusal(() => w.tocsin.maintenance.postUpdate('none', { by, text: 'x' }), 'MAINTENANCE_NOT_FOUND');
  });
});
