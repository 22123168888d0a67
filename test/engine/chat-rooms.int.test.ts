/**
 * An incident has a channel of Slack for its whole life: made once, filled in order, archived at the end, and never in the way of
 * a page.
 */
import { describe, expect, onTestFinished, test } from 'vitest';
import { slackRooms } from '../../src/chat-rooms/slack.ts';
import { type ConfigInput, memoryStorage } from '../../src/index.ts';
import { virtualClock } from '../../src/testing/index.ts';
import { type SlackChannel, slackWorkspace } from '../support/platforms/slack.ts';
import {
  config,
  DAY,
  HOUR,
  incident,
  MINUTE,
  opened,
  SECOND,
  stands,
  T0,
  trigger,
  types,
  type WorldOptions,
  world,
} from './world.ts';

const token = 'xoxb-1234-s3cret-of-this-test';
type RoomInput = NonNullable<ConfigInput['chatRooms']>[number];

/** A world whose incidents have channels; `ana`, `ben` and `boss` are in Slack, `mute` is not. */
async function roomWorld(room: Partial<RoomInput> = {}, more: Partial<ConfigInput> = {}, options: WorldOptions = {}) {
  const slack = await slackWorkspace({ token, people: { UANA00001: '', UBEN00001: '', UBOSS0001: '' } });
  onTestFinished(() => slack.close());
  const people = { ana: 'UANA00001', ben: 'UBEN00001', boss: 'UBOSS0001' };
  const given = config({ chatRooms: [{ id: 'war-room', chatRoom: 'slack', ...room }], ...more });
  const make = (others: WorldOptions = {}) =>
    world({ config: given, chatRooms: [slackRooms({ token, people, baseUrl: slack.baseUrl })], ...options, ...others });
  return { slack, make, ...make() };
}

/** What stands in the channel, line by line, without the clock. */
const lines = (channel: SlackChannel | undefined) =>
  (channel?.messages ?? []).flatMap(({ text }) => text.split('\n').map((line) => line.replace(/^<![^>]*> /, '')));
const members = (channel: SlackChannel | undefined) => [...(channel?.members ?? [])].slice(1);
const said = (slack: { readonly channels: readonly SlackChannel[] }) => slack.channels.map(lines);

describe('an incident with a room', () => {
  test('has it made when somebody is asked, says there what happens, and archives it when it is closed', async () => {
    const { slack, tocsin, pass } = await roomWorld();
    const id = await opened(tocsin, trigger('disk', { title: 'Disk <full>' }));
    await pass(MINUTE);
    const [channel] = slack.channels;
    expect(channel?.name).toMatch(/^inc-2026-01-06-checkout-[a-z0-9]{6}$/);
    expect(channel).toMatchObject({ topic: 'SEV1 · triage · Disk &lt;full&gt;', isPrivate: false });
    expect(members(channel)).toEqual([]);
    expect((await incident(tocsin, id)).externalRefs).toEqual([
      {
        platform: 'slack',
        id: channel?.id,
        mirror: 'war-room',
        url: `https://slack.com/app_redirect?channel=${channel?.id}&team=T0123456789`,
      },
    ]);
    await tocsin.incidents.acknowledge(id, { by: 'ana' });
    await tocsin.incidents.assignRole(id, { by: 'ana', role: 'commander', user: 'boss' });
    await tocsin.incidents.addNote(id, { by: 'ana', text: 'Failing *over*' });
    await tocsin.incidents.setSeverity(id, { by: 'ana', severity: 'SEV2' });
    await pass(MINUTE, SECOND);
    await tocsin.incidents.update(id, { by: 'ana', title: 'Two disks full' });
    await tocsin.incidents.postUpdate(id, { by: 'ana', text: 'Orders are late', audience: 'internal' });
    await tocsin.incidents.resolve(id, { by: 'ana', reason: 'Failed over' });
    await pass(MINUTE, SECOND);
    expect(members(channel)).toEqual(['UANA00001', 'UBOSS0001']);
    expect(channel?.topic).toBe('SEV2 · resolved · Two disks full');
    expect(lines(channel)).toEqual([
      'Disk &lt;full&gt;',
      'Opened by default: SEV1, service checkout.',
      'Acknowledged by Ana.',
      'Ana made boss commander.',
      'Ana: Failing ∗over∗',
      'Ana lowered the severity to SEV2.',
      'Ana changed its title: Two disks full',
      'Ana posted an internal update: Orders are late',
      'Resolved by Ana: Failed over',
    ]);
    expect(channel?.isArchived).toBe(false);
    await tocsin.incidents.close(id, { by: 'ana' });
    await pass(MINUTE, SECOND);
    expect(lines(channel).at(-1)).toBe('Closed by Ana.');
    expect(channel?.isArchived).toBe(true);
    expect(slack.channels).toHaveLength(1);
    expect(await tocsin.deadLetters.list()).toEqual([]);
    // Once for the beginning, the severity, the title with the end, and the close.
    expect(channel?.topics).toBe(4);
    const calls = slack.calls.length;
    await tocsin.incidents.addNote(id, { by: 'ana', text: 'Looked at it again' });
    await pass(MINUTE, SECOND);
    expect(slack.calls).toHaveLength(calls);
    // Nothing of it stands in the timeline twice.
    expect(
      (await tocsin.incidents.timeline(id)).filter(
        (entry) => entry.kind === 'delivery' && entry.delivery.purpose === 'room',
      ),
    ).toEqual([]);
  });

  test('has one, whichever of two processes makes it, and each line once', async () => {
    const clock = virtualClock({ start: T0 });
    const storage = memoryStorage({ clock });
    const { slack, make, ...one } = await roomWorld({}, {}, { clock, storage });
    const two = make({ clock, storage });
    const id = await opened(one.tocsin);
    await Promise.all([one.tocsin.tick(), two.tocsin.tick()]);
    await Promise.all([
      one.tocsin.incidents.addNote(id, { by: 'ana', text: 'a' }),
      two.tocsin.incidents.addNote(id, { by: 'ana', text: 'b' }),
      one.tocsin.incidents.setSeverity(id, { by: 'ana', severity: 'SEV2' }),
    ]);
    for (let second = 0; second < 20; second += 1) {
      await Promise.all([one.tocsin.tick(), two.tocsin.tick()]);
      await clock.advance(SECOND);
    }
    expect(slack.channels).toHaveLength(1);
    expect(lines(slack.channels[0]).toSorted()).toEqual(
      [
        'Problem disk',
        'Opened by default: SEV1, service checkout.',
        'Ana: a',
        'Ana: b',
        'Ana lowered the severity to SEV2.',
      ].toSorted(),
    );
  });

  test('tells in its first post what had happened before it was one that has a room', async () => {
    const { slack, tocsin, pass } = await roomWorld({ when: 'severity="SEV1"' });
    const id = await opened(tocsin, trigger('disk', { severity: 'error' }));
    await tocsin.incidents.acknowledge(id, { by: 'ana' });
    await tocsin.incidents.addNote(id, { by: 'ana', text: 'Looks bad' });
    await pass(MINUTE);
    expect(slack.channels).toEqual([]);
    await tocsin.incidents.setSeverity(id, { by: 'ana', severity: 'SEV1' });
    await pass(MINUTE, SECOND);
    expect(slack.channels[0]?.messages).toHaveLength(1);
    expect(lines(slack.channels[0])).toEqual([
      'Problem disk',
      expect.stringContaining('Opened by default'),
      'Acknowledged by Ana.',
      'Ana: Looks bad',
      'Ana raised the severity to SEV1.',
    ]);
    expect(members(slack.channels[0])).toEqual(['UANA00001']);
  });

  test('tells who could not be invited in the log', async () => {
    const { slack, tocsin, pass, log } = await roomWorld();
    const id = await opened(tocsin);
    await tocsin.tick();
    await tocsin.incidents.assignRole(id, { by: 'ana', role: 'scribe', user: 'mute' });
    await pass(MINUTE, SECOND);
    expect(members(slack.channels[0])).toEqual([]);
    expect(log).toContain('warn: Somebody could not be invited to the room of an incident.');
    expect(await tocsin.deadLetters.list()).toEqual([]);
  });

  test('is none that fails the condition', async () => {
    const { slack, tocsin, pass } = await roomWorld({ when: 'service="search"' });
    await opened(tocsin);
    await pass(HOUR);
    expect(slack.calls).toEqual([]);
  });

  test('is none that is held, or over before anybody is asked', async () => {
    const { slack, tocsin, pass } = await roomWorld({}, { routes: [{ service: 'checkout', holdFor: '5m' }] });
    const id = await opened(tocsin);
    await tocsin.incidents.setSeverity(id, { by: 'ana', severity: 'SEV2' });
    await pass(4 * MINUTE);
    expect(slack.calls).toEqual([]);
    await tocsin.incidents.dismiss(id, { by: 'ana' });
    const later = await opened(tocsin, trigger('other'));
    await pass(HOUR);
    expect(slack.channels).toHaveLength(1);
    expect((await incident(tocsin, later)).externalRefs).toHaveLength(1);
  });

  test('whose room somebody has archived is left in peace', async () => {
    const { slack, tocsin, pass } = await roomWorld();
    const id = await opened(tocsin);
    await tocsin.tick();
    const [channel] = slack.channels;
    if (channel !== undefined) channel.isArchived = true;
    await tocsin.incidents.acknowledge(id, { by: 'ana' });
    await pass(MINUTE, SECOND);
    expect(lines(channel)).toHaveLength(2);
    expect(await tocsin.deadLetters.list()).toEqual([]);
  });
});

describe('the end of a room', () => {
  test('comes so long after that of the incident, and not while it is open again', async () => {
    const { slack, tocsin, pass, clock } = await roomWorld({ archiveAfter: '1d' });
    const id = await opened(tocsin);
    await tocsin.tick();
    await tocsin.incidents.resolve(id, { by: 'ana' });
    await pass(MINUTE, SECOND);
    await clock.advance(HOUR);
    await tocsin.incidents.reopen(id, { by: 'ana' });
    await pass(MINUTE, SECOND);
    await clock.advance(DAY);
    await pass(MINUTE, SECOND);
    const [channel] = slack.channels;
    expect(channel?.isArchived).toBe(false);
    await tocsin.incidents.resolve(id, { by: 'ana' });
    await pass(MINUTE, SECOND);
    await clock.advance(DAY - HOUR);
    await pass(MINUTE, SECOND);
    expect(channel?.isArchived).toBe(false);
    await clock.advance(HOUR);
    await pass(MINUTE, SECOND);
    expect(channel?.isArchived).toBe(true);
    expect(slack.channels).toHaveLength(1);
  });

  test('waits for the last end of several', async () => {
    const { slack, tocsin, pass } = await roomWorld({ archiveAfter: '2h' });
    const id = await opened(tocsin);
    await tocsin.tick();
    await tocsin.incidents.resolve(id, { by: 'ana' });
    await pass(HOUR);
    await tocsin.incidents.reopen(id, { by: 'ana' });
    await tocsin.incidents.resolve(id, { by: 'ana' });
    await pass(HOUR + 30 * MINUTE);
    expect(slack.channels[0]?.isArchived).toBe(false);
    await pass(HOUR);
    expect(slack.channels[0]?.isArchived).toBe(true);
  });

  test('is followed by another room when the incident is reopened after it', async () => {
    const { slack, tocsin, pass } = await roomWorld({ archiveAfter: '1h' });
    const id = await opened(tocsin);
    await tocsin.tick();
    await tocsin.incidents.resolve(id, { by: 'ana' });
    await pass(2 * HOUR);
    expect(slack.channels[0]?.isArchived).toBe(true);
    await tocsin.incidents.reopen(id, { by: 'ana' });
    await pass(MINUTE, SECOND);
    expect(slack.channels.map(({ isArchived }) => isArchived)).toEqual([true, false]);
    expect(lines(slack.channels[1])).toContain('Reopened by Ana.');
    expect((await incident(tocsin, id)).externalRefs).toMatchObject([{ id: slack.channels[1]?.id }]);
    await tocsin.incidents.addNote(id, { by: 'ana', text: 'Again' });
    await pass(MINUTE, SECOND);
    expect(lines(slack.channels[1]).at(-1)).toBe('Ana: Again');
    expect(await tocsin.deadLetters.list()).toEqual([]);
  });
});

describe('when Slack is down', () => {
  test('for ten minutes pages go out as ever, and the room catches up, in order and once', async () => {
    const { slack, tocsin, pass, news } = await roomWorld();
    const quiet = world();
    slack.mood = 'fails';
    const id = await opened(tocsin);
    await opened(quiet.tocsin);
    await pass(10 * MINUTE, 10 * SECOND);
    await quiet.pass(10 * MINUTE, 10 * SECOND);
    expect(news()).toEqual(quiet.news());
    expect(await stands(tocsin, id)).toBe('triage / escalating');
    expect((await tocsin.health()).isHealthy).toBe(true);
    slack.mood = 'takes';
    await pass(6 * MINUTE, 10 * SECOND);
    expect(lines(slack.channels[0]).slice(0, 2)).toEqual(['Problem disk', expect.stringContaining('Opened by')]);
    slack.mood = 'fails';
    for (const text of ['a', 'b', 'c', 'd']) {
      await tocsin.incidents.addNote(id, { by: 'ana', text });
      await pass(2 * MINUTE, 10 * SECOND);
    }
    slack.mood = 'takes';
    await pass(12 * MINUTE, 10 * SECOND);
    expect(lines(slack.channels[0]).filter((line) => line.startsWith('Ana: '))).toEqual([
      'Ana: a',
      'Ana: b',
      'Ana: c',
      'Ana: d',
    ]);
    expect(await tocsin.deadLetters.list()).toEqual([]);
  });

  test('while it does what it is asked and never says so, nothing is there twice', async () => {
    const { slack, tocsin, pass } = await roomWorld();
    slack.mood = 'loses';
    const id = await opened(tocsin);
    await tocsin.tick();
    slack.mood = 'takes';
    await pass(MINUTE, SECOND);
    slack.mood = 'loses';
    await tocsin.incidents.addNote(id, { by: 'ana', text: 'a' });
    await tocsin.tick();
    slack.mood = 'takes';
    await pass(MINUTE, SECOND);
    expect(said(slack)).toEqual([['Problem disk', expect.stringContaining('Opened by'), 'Ana: a']]);
  });

  test('and hangs, nobody waits for it to be paged', async () => {
    const { slack, tocsin, clock, sms } = await roomWorld();
    slack.mood = 'hangs';
    for (const key of ['a', 'b', 'c']) await opened(tocsin, trigger(key));
    let isDone = false;
    const ticking = tocsin.tick().finally(() => {
      isDone = true;
    });
    await expect
      .poll(() => sms.sent.map(({ message }) => message.title))
      .toEqual(['Problem a', 'Problem b', 'Problem c']);
    while (!isDone) {
      await clock.advance(SECOND);
      await new Promise((resolved) => setImmediate(resolved));
    }
    await ticking;
  });
});

describe('a room that Slack refuses for good', () => {
  test('is one dead letter and no more, and can be put back', async () => {
    const dead: string[] = [];
    const { slack, tocsin, pass, log } = await roomWorld({}, {}, { onDeadLetter: ({ id }) => void dead.push(id) });
    slack.refuse = ({ method }) => (method === 'conversations.create' ? 'restricted_action' : undefined);
    const id = await opened(tocsin);
    await tocsin.tick();
    await tocsin.incidents.acknowledge(id, { by: 'ana' });
    await tocsin.incidents.addNote(id, { by: 'ana', text: 'a' });
    await pass(MINUTE, SECOND);
    const letters = await tocsin.deadLetters.list();
    expect(letters).toMatchObject([{ purpose: 'room', contact: 'war-room', notifier: 'room:slack' }]);
    expect(letters[0]?.error).toContain('restricted_action');
    expect(letters[0]?.error).not.toContain(token);
    expect(dead).toEqual([letters[0]?.id]);
    expect(log).toContain('error: A delivery ended as a dead letter.');
    slack.refuse = undefined;
    await tocsin.deadLetters.retry(String(letters[0]?.id));
    await pass(MINUTE, SECOND);
    expect(lines(slack.channels[0]).slice(2)).toEqual(['Acknowledged by Ana.', 'Ana: a']);
    expect(members(slack.channels[0])).toEqual(['UANA00001']);
  });

  test('of which a line is refused goes on with the next', async () => {
    const { slack, tocsin, pass } = await roomWorld();
    const id = await opened(tocsin);
    await tocsin.tick();
    slack.refuse = ({ fields }) => (fields.text?.includes('bad') ? 'msg_blocked' : undefined);
    for (const text of ['bad', 'good']) await tocsin.incidents.addNote(id, { by: 'ana', text });
    await pass(MINUTE, SECOND);
    expect(lines(slack.channels[0]).slice(2)).toEqual(['Ana: good']);
    expect(await tocsin.deadLetters.list()).toHaveLength(1);
  });
});

describe('a private incident', () => {
  const both = {
    chatRooms: [
      { id: 'open', chatRoom: 'slack' },
      { id: 'closed', chatRoom: 'slack', private: true },
    ],
  };

  test('has private rooms only', async () => {
    const { slack, tocsin, pass } = await roomWorld({}, both);
    const hidden = { title: 'Break-in', service: 'checkout', by: 'ana', visibility: 'private' } as const;
    const { id: incidentId } = await tocsin.incidents.open(hidden);
    await pass(MINUTE, SECOND);
    const rows = await tocsin.deliveries.list({ incidentId });
    expect(new Set(rows.filter(({ purpose }) => purpose === 'room').map(({ contact }) => contact))).toEqual(
      new Set(['closed']),
    );
    expect(slack.channels.map(({ isPrivate }) => isPrivate)).toEqual([true]);
    expect(lines(slack.channels[0])[0]).toBe('Break-in');
  });

  test('that was a public one leaves its public room, which says nothing more and is archived', async () => {
    const { slack, tocsin, pass } = await roomWorld({}, { chatRooms: [both.chatRooms[0] as RoomInput] });
    const id = await opened(tocsin);
    await pass(MINUTE, SECOND);
    const [channel] = slack.channels;
    const before = lines(channel);
    // What was still to be said there when it became private is not said any more.
    slack.mood = 'fails';
    await tocsin.incidents.addNote(id, { by: 'ana', text: 'ana did it' });
    await pass(SECOND, SECOND);
    await tocsin.incidents.update(id, { by: 'ana', visibility: 'private', title: 'Break-in' });
    slack.mood = 'takes';
    await pass(5 * MINUTE, SECOND);
    await tocsin.incidents.addNote(id, { by: 'ana', text: 'it was ben' });
    await pass(MINUTE, SECOND);
    expect(lines(channel)).toEqual(before);
    expect(channel).toMatchObject({ topic: 'Private incident', isArchived: true });
    expect(await tocsin.deadLetters.list()).toEqual([]);
  });
});

describe('a configuration', () => {
  test.each<[string, Partial<ConfigInput>, string]>([
    [
      'names a chat that nobody has handed over',
      { chatRooms: [{ id: 'a', chatRoom: 'teams' }] },
      'chatRooms[0].chatRoom',
    ],
    [
      'has two rooms of one id',
      {
        chatRooms: [
          { id: 'a', chatRoom: 'slack' },
          { id: 'a', chatRoom: 'slack' },
        ],
      },
      'chatRooms[1].id',
    ],
    [
      'calls a room as a mirror',
      { chatRooms: [{ id: 'a', chatRoom: 'slack' }], mirrors: [{ id: 'a', notifier: 'sms', address: 'x' }] },
      'chatRooms[0].id',
    ],
    [
      'names what is no field',
      { chatRooms: [{ id: 'a', chatRoom: 'slack', name: '{{nobody}}' }] },
      'chatRooms[0].name',
    ],
    [
      'has a condition that is none',
      { chatRooms: [{ id: 'a', chatRoom: 'slack', when: 'severity=~"("' }] },
      'chatRooms[0].when',
    ],
  ])('that %s is refused', (_, more, path) => {
    const rooms = [slackRooms({ token })];
    expect(() => world({ config: config(more), chatRooms: rooms })).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', details: { problems: [expect.objectContaining({ path })] } }),
    );
  });

  test.each<[string, unknown]>([
    ['no list', slackRooms({ token })],
    ['a factory', [slackRooms]],
    ['something without steps', [{ name: 'slack' }]],
    ['two of one name', [slackRooms({ token }), slackRooms({ token })]],
  ])('chat rooms that are %s are refused', (_, chatRooms) => {
    expect(() => world({ chatRooms: chatRooms as never })).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
  });
});

test('a room adds nothing to the timeline but where it is', async () => {
  const { tocsin, pass } = await roomWorld();
  const quiet = world();
  const [id, other] = [await opened(tocsin), await opened(quiet.tocsin)];
  await pass(3 * MINUTE);
  await quiet.pass(3 * MINUTE);
  expect((await types(tocsin, id)).filter((type) => type !== 'link.added')).toEqual(await types(quiet.tocsin, other));
});
