/**
 * Notices of shifts: once each, to whoever has the shift then, and never when it is too late to be of use.
 */
import { describe, expect, test } from 'vitest';
import { type ConfigInput, memoryStorage, type Storage, weeklySchedule } from '../../src/index.ts';
import { recordingNotifier, virtualClock } from '../../src/testing/index.ts';
import { config, contact, DAY, HOUR, MINUTE, since, T0, type World, world } from './world.ts';

type Shifts = readonly string[];
type UserInput = NonNullable<ConfigInput['users']>[number];

/** ana is on call until Monday 09:00, six days less an hour from now; then ben for a week. */
function telling(shifts: Record<'ana' | 'ben', Shifts>, more: Partial<UserInput> = {}): ConfigInput {
  const person = (id: 'ana' | 'ben') => ({
    id,
    contacts: [contact('sms', id), contact('voice', id)],
    notices: { shifts: [...shifts[id]] },
    ...more,
  });
  return config({ users: [person('ana'), person('ben'), { id: 'boss', contacts: [contact('sms', 'boss')] }] });
}

const HANDOFF = 6 * DAY - HOUR;
const told = (w: World) =>
  [...w.sms.sent, ...w.voice.sent].map(
    ({ message }) => `${since(message.sentAt)} ${message.to.user}: ${message.title}`,
  );

describe('the beginning and the end of a shift', () => {
  test('are told to whoever asked for it, each once, by one contact', async () => {
    const w = world({ config: telling({ ana: ['end'], ben: ['1h', 'start'] }) });
    await w.pass(HANDOFF - 2 * HOUR, DAY);
    await w.pass(4 * HOUR, 10 * MINUTE);
    expect(told(w)).toEqual([
      '+142h ben: On call in 1 h: primary',
      '+143h ana: You are no longer on call: primary',
      '+143h ben: You are on call: primary',
    ]);
    const [first] = w.sms.sent;
    expect(first?.message).toMatchObject({ purpose: 'notice', topic: 'shift', actions: [], urgency: 'low' });
    expect(first?.message.incidentId).toBeUndefined();
    expect((await w.tocsin.deliveries.list()).map(({ id }) => id)).toContain(`shift:primary:ben:${T0 + HANDOFF}:1h`);
  });

  test("are nobody else's business", async () => {
    const w = world({ config: telling({ ana: [], ben: [] }) });
    await w.pass(7 * DAY, HOUR);
    expect(told(w)).toEqual([]);
  });

  test('are no news to somebody who goes on', async () => {
    const alone = config({
      users: [
        { id: 'ana', contacts: [contact('sms', 'ana')], notices: { shifts: ['start', 'end', '1h'] } },
        ...(config().users ?? []).slice(1),
      ],
      schedules: [weeklySchedule('primary', { timeZone: 'UTC', start: '2026-01-05T09:00:00', participants: ['ana'] })],
    });
    const w = world({ config: alone });
    await w.pass(15 * DAY, 6 * HOUR);
    expect(told(w)).toEqual([]);
  });

  test('wait for the end of quiet hours only while they are of use', async () => {
    const quiet = (until: string) => ({ timeZone: 'UTC', quietHours: [{ from: '07:00', until }] });
    const early = world({ config: telling({ ana: [], ben: ['1h'] }, quiet('08:30')) });
    await early.pass(HANDOFF + HOUR, 10 * MINUTE);
    expect(told(early)).toEqual(['+142h30m ben: On call in 1 h: primary']);
    const late = world({ config: telling({ ana: [], ben: ['1h'] }, quiet('09:30')) });
    await late.pass(HANDOFF + HOUR, 10 * MINUTE);
    expect(told(late)).toEqual([]);
  });
});

describe('a change of the schedule', () => {
  test('changes who is told', async () => {
    const w = world({ config: telling({ ana: ['1h'], ben: ['1h'] }) });
    await w.pass(0);
    await w.tocsin.onCall.swap({
      schedule: 'primary',
      give: 'ben',
      take: 'ana',
      from: T0 + HANDOFF,
      until: T0 + HANDOFF + DAY,
      by: 'ana',
    });
    await w.pass(HANDOFF + DAY, 30 * MINUTE);
    expect(told(w)).toEqual(['+166h ben: On call in 1 h: primary']);
  });

  test('that comes within the lead is told at once, and once', async () => {
    const w = world({ config: telling({ ana: [], ben: ['2h', 'start', 'end'] }) });
    await w.pass(0);
    const until = T0 + 2 * HOUR;
    await w.tocsin.onCall.override({
      schedule: 'primary',
      kind: 'replace',
      user: 'ben',
      from: T0 + HOUR,
      until,
      by: 'ana',
    });
    await w.pass(3 * HOUR, MINUTE);
    expect(told(w)).toEqual([
      '+0 ben: On call in 2 h: primary',
      '+1h ben: You are on call: primary',
      '+2h ben: You are no longer on call: primary',
    ]);
  });
});

describe('a notice that is late', () => {
  test('by no more than its lead is sent, and by more is not', async () => {
    const sleeping = async (ms: number) => {
      const w = world({ config: telling({ ana: ['end'], ben: ['1h', 'start'] }) });
      await w.pass(0);
      await w.sleep(HANDOFF + ms);
      await w.pass(0);
      return told(w).map((line) => line.slice(line.indexOf(' ') + 1));
    };
    expect(await sleeping(-10 * MINUTE)).toEqual(['ben: On call in 1 h: primary']);
    expect(await sleeping(10 * MINUTE)).toEqual([
      'ana: You are no longer on call: primary',
      'ben: You are on call: primary',
    ]);
    expect(await sleeping(20 * MINUTE)).toEqual([]);
  });
});

describe('several processes', () => {
  test('tell once together', async () => {
    const clock = virtualClock({ start: T0 });
    const storage: Storage = memoryStorage({ clock });
    const sms = recordingNotifier('sms');
    const nodes = [0, 1].map(() =>
      world({ config: telling({ ana: ['end'], ben: ['1h', 'start'] }), clock, storage, notifiers: [sms] }),
    );
    const tick = () => Promise.all(nodes.map(({ tocsin }) => tocsin.tick()));
    await tick();
    for (const ms of [HANDOFF - HOUR, HOUR, HOUR]) {
      await clock.advance(ms);
      await tick();
      await tick();
    }
    expect(sms.sent.map(({ message }) => `${message.to.user}: ${message.title}`)).toEqual([
      'ben: On call in 1 h: primary',
      'ana: You are no longer on call: primary',
      'ben: You are on call: primary',
    ]);
  });

  test('do not tell again when the memory of it was lost', async () => {
    const w = world({ config: telling({ ana: ['end'], ben: [] }) });
    await w.pass(0);
    await w.sleep(HANDOFF);
    await w.pass(0);
    const key = { collection: 'shift-notices', id: 'primary' };
    const { documents } = await w.storage.load({ tenant: 'default', documents: [key] });
    await w.storage.commit([
      {
        commitId: 'lost',
        tenant: 'default',
        incidents: [],
        alerts: [],
        timers: [],
        withdrawals: [],
        deliveries: [],
        documents: [{ ...key, expectedVersion: documents[0]?.version ?? 0, data: undefined }],
        slots: [],
        counters: [],
      },
    ]);
    await w.pass(10 * MINUTE);
    expect(told(w)).toEqual(['+143h ana: You are no longer on call: primary']);
  });
});
