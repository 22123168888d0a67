/**
 * Replies, keys and commands: who answers, told from where it comes, and which incident is meant. Nobody ever guesses.
 */
import { describe, expect, test } from 'vitest';
import { type ConfigInput, type Directory, isTocsinError } from '../../src/index.ts';
import { recordingNotifier } from '../../src/testing/index.ts';
import { answering, paged, whyOf } from './action-worlds.ts';
import {
  config,
  contact,
  events,
  HOUR,
  incident,
  MINUTE,
  opened,
  policy,
  refusal,
  SECOND,
  stands,
  trigger,
  types,
  type World,
} from './world.ts';

const ANA = { notifier: 'sms', address: 'ana@sms' };
const reply = (w: World, more: Partial<Parameters<World['tocsin']['actions']['answer']>[0]> = {}) =>
  w.tocsin.actions.answer({ action: 'acknowledge', from: ANA, ...more });
const people = (
  contacts: Readonly<Record<string, readonly { notifier: string; address: string }[]>>,
): ConfigInput['users'] =>
  ['ana', 'ben', 'boss'].map((id) => ({ id, contacts: [...(contacts[id] ?? [contact('sms', id)])] }));
/** What may be chosen from, as `title code`. */
const choicesOf = async (work: () => Promise<unknown>) => {
  const { details } = await refusal(work, 'ACTION_REFUSED');
  expect(details.why).toBe('ambiguous');
  return (details.choices as { incidentId: string; title: string; code: string }[]).map((one) => ({ ...one }));
};

describe('somebody who replies', () => {
  test('acknowledges the one incident that was sent there and waits', async () => {
    const w = answering();
    const { id } = await paged(w);
    expect(await reply(w)).toMatchObject({
      action: 'acknowledge',
      user: 'ana',
      incident: { id, acknowledgedBy: ['ana'] },
    });
    expect(await whyOf(() => reply(w))).toBe('nothing-open');
  });

  test.each([
    ['escalate', 'triage / escalating'],
    ['snooze', 'triage / snoozed'],
    ['resolve', 'resolved / quiet'],
  ] as const)('may %s it just as well', async (action, then) => {
    const w = answering();
    const { id } = await paged(w);
    await reply(w, { action });
    expect(await stands(w.tocsin, id)).toBe(then);
  });

  test('may hand it back', async () => {
    const w = answering();
    const { id } = await paged(w);
    await reply(w);
    await reply(w, { action: 'unacknowledge' });
    expect(await incident(w.tocsin, id)).toMatchObject({ acknowledgedBy: [], paging: 'escalating' });
  });

  test.each(['accept', 'decline'] as const)('may %s when they were asked to join', async (action) => {
    const w = answering();
    const { id } = await paged(w);
    await w.tocsin.incidents.addResponder(id, { by: 'ana', user: 'boss' });
    await w.tocsin.tick();
    await reply(w, { action, from: { notifier: 'sms', address: 'boss@sms' } });
    expect((await incident(w.tocsin, id)).responders.boss).toBe(action === 'accept' ? 'accepted' : 'declined');
  });

  test('needs no secrets: who it is was verified by the host', async () => {
    const w = answering({ secrets: undefined, baseUrl: undefined } as object);
    await paged(w);
    expect((await reply(w)).user).toBe('ana');
  });

  test('is asked which one when several wait, and names it by its code or its id', async () => {
    const w = answering();
    const [a, b, c] = [await paged(w, 'a'), await paged(w, 'b'), await paged(w, 'c')];
    const choices = await choicesOf(() => reply(w));
    expect(choices).toEqual(
      [a, b, c].map(({ id, message }) => ({ incidentId: id, title: message.title, code: message.replyCode })),
    );
    expect(await reply(w, { about: b.message.replyCode })).toMatchObject({ incident: { id: b.id } });
    expect(await whyOf(() => reply(w, { about: b.message.replyCode }))).toBe('nothing-open');
    expect(await reply(w, { about: a.id })).toMatchObject({ incident: { id: a.id } });
    // Only one is left now, and there was time to read it.
    await w.clock.advance(MINUTE);
    expect(await reply(w)).toMatchObject({ incident: { id: c.id } });
  });

  test('names one by the code of any message that was sent there', async () => {
    const w = answering({
      config: config({
        escalationPolicies: [policy({ steps: [{ targets: [{ user: 'ana' }], escalateAfter: '3m' }], repeat: 2 })],
      }),
    });
    const first = await paged(w, 'a');
    await paged(w, 'b');
    await w.pass(4 * MINUTE);
    const again = w.sms.sent.filter(({ message }) => message.incidentId === first.id).at(-1)!.message;
    expect(again.replyCode).not.toBe(first.message.replyCode);
    expect(await reply(w, { about: first.message.replyCode })).toMatchObject({ incident: { id: first.id } });
  });

  test('is asked by id where two codes are the same', async () => {
    const w = answering();
    const codes = new Map<string, string>();
    let twin: [string, string] | undefined;
    for (let n = 0; n < 400 && twin === undefined; n++) {
      const { id, message } = await paged(w, `k${n}`);
      const other = codes.get(message.replyCode!);
      if (other !== undefined) twin = [other, id];
      codes.set(message.replyCode!, id);
    }
    const [older, newer] = twin!;
    const code = [...codes].find(([, id]) => id === newer)![0];
    const choices = await choicesOf(() => reply(w, { about: code }));
    expect(choices.map(({ incidentId }) => incidentId)).toEqual([older, newer]);
    expect(await reply(w, { about: newer })).toMatchObject({ incident: { id: newer } });
  });

  test('with a code that was never sent there means nothing', async () => {
    const w = answering();
    const { message } = await paged(w);
    const wrong = String(((Number(message.replyCode) - 1_000 + 1) % 9_000) + 1_000);
    expect(await whyOf(() => reply(w, { about: wrong }))).toBe('nothing-open');
  });

  test('is shown twenty choices at most', async () => {
    const w = answering();
    for (let n = 0; n < 25; n++) await paged(w, `k${n}`);
    expect(await choicesOf(() => reply(w))).toHaveLength(20);
  });

  test('does not take what was not sent to their address', async () => {
    const w = answering();
    await paged(w);
    expect(await whyOf(() => reply(w, { from: { notifier: 'sms', address: 'ben@sms' } }))).toBe('nothing-open');
  });

  test('about an incident that has ended, by its id, is told what it is', async () => {
    const w = answering();
    const { id } = await paged(w);
    await w.tocsin.incidents.resolve(id, { by: 'boss' });
    expect((await refusal(() => reply(w, { about: id }))).code).toBe('INVALID_TRANSITION');
    expect((await refusal(() => reply(w, { about: 'no such incident' }))).code).toBe('INCIDENT_NOT_FOUND');
  });

  test('has to be allowed to', async () => {
    const asked: unknown[] = [];
    const w = answering({ authorize: (by, action) => asked.push([by, action]) === 0 });
    const { id } = await paged(w);
    await refusal(() => reply(w), 'NOT_AUTHORIZED');
    expect(asked).toEqual([[{ kind: 'user', id: 'ana' }, 'acknowledge']]);
    expect(await types(w.tocsin, id)).not.toContain('incident.acknowledged');
  });
});

describe('the same answer', () => {
  test('is taken once, whatever has happened since', async () => {
    const w = answering();
    await paged(w, 'a');
    await reply(w, { answerId: 'SM1' });
    const later = await paged(w, 'b');
    expect(await whyOf(() => reply(w, { answerId: 'SM1' }))).toBe('used');
    expect((await incident(w.tocsin, later.id)).acknowledgedBy).toEqual([]);
    await w.clock.advance(MINUTE);
    await reply(w, { answerId: 'SM2' });
  });

  test('that names none is to no message that nobody can have read yet', async () => {
    const w = answering();
    await paged(w, 'a');
    await reply(w);
    const b = await paged(w, 'b');
    expect(await choicesOf(() => reply(w))).toMatchObject([{ incidentId: b.id }]);
    expect((await incident(w.tocsin, b.id)).acknowledgedBy).toEqual([]);
    await w.clock.advance(MINUTE);
    expect((await reply(w)).incident.id).toBe(b.id);
  });

  test('is known again when nothing waits any more', async () => {
    const w = answering();
    await paged(w);
    await reply(w, { answerId: 'SM1' });
    expect(await whyOf(() => reply(w, { answerId: 'SM1' }))).toBe('used');
  });

  test('is another one when another provider calls it so', async () => {
    const w = answering({
      config: config({ users: people({ ana: [contact('sms', 'ana'), contact('voice', 'ana')] }) }),
    });
    await paged(w, 'a');
    await paged(w, 'b');
    await w.pass(2 * MINUTE);
    const [a] = w.sms.sent;
    await reply(w, { answerId: '1', about: a!.message.replyCode });
    await w.clock.advance(MINUTE / 2);
    expect(await reply(w, { answerId: '1', from: { notifier: 'voice', address: 'ana@voice' } })).toMatchObject({
      user: 'ana',
    });
  });

  test('at the same moment in two processes is taken once', async () => {
    const w = answering();
    const { id } = await paged(w);
    const other = answering({ storage: w.storage, clock: w.clock });
    const ends = await Promise.allSettled([w, other, w, other].map((one) => reply(one, { answerId: 'SM1' })));
    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const end of ends)
      if (end.status === 'rejected')
        expect(isTocsinError(end.reason, 'ACTION_REFUSED') && end.reason.details.why).toBe('used');
    expect((await types(w.tocsin, id)).filter((type) => type === 'incident.acknowledged')).toHaveLength(1);
  });

  test('that was refused may be given again', async () => {
    const w = answering();
    await opened(w.tocsin, trigger());
    expect(await whyOf(() => reply(w, { answerId: 'SM1' }))).toBe('nothing-open');
    await w.tocsin.tick();
    expect((await reply(w, { answerId: 'SM1' })).user).toBe('ana');
  });
});

describe('an answer to one message', () => {
  const message = (w: World, at = 0) => w.sms.sent[at]!;

  test('is about its incident, whatever else waits', async () => {
    const w = answering();
    await paged(w, 'a');
    const b = await paged(w, 'b');
    expect(message(w, 1).message.incidentId).toBe(b.id);
    expect(await reply(w, { externalId: 'sms-2' })).toMatchObject({ user: 'ana', incident: { id: b.id } });
  });

  test('comes from whoever answers, not from whom it was sent to', async () => {
    const w = answering();
    const { id } = await paged(w);
    const from = { notifier: 'sms', address: 'boss@sms' };
    expect(await reply(w, { externalId: 'sms-1', from })).toMatchObject({ user: 'boss', incident: { id } });
  });

  test("that nobody here sent means nothing; from a stranger it is nobody's", async () => {
    const w = answering();
    await paged(w);
    expect(await whyOf(() => reply(w, { externalId: 'sms-9' }))).toBe('nothing-open');
    expect(
      await whyOf(() => reply(w, { externalId: 'sms-1', from: { notifier: 'voice', address: 'ana@voice' } })),
    ).toBe('nothing-open');
    expect(await whyOf(() => reply(w, { externalId: 'sms-1', from: { notifier: 'sms', address: 'x@sms' } }))).toBe(
      'unknown-person',
    );
  });

  test('that has ended is told what it is', async () => {
    const w = answering();
    const { id } = await paged(w);
    await w.tocsin.incidents.resolve(id, { by: 'boss' });
    expect((await refusal(() => reply(w, { externalId: 'sms-1' }))).code).toBe('INVALID_TRANSITION');
  });

  describe('that lists several', () => {
    async function bundled() {
      const w = answering({
        config: config({
          severity: { levels: [{ id: 'SEV1' }, { id: 'SEV2', urgency: 'low' }] },
          limits: [{ notifier: 'sms', perContact: [{ messages: 1, within: '1m' }] }],
        }),
      });
      const open = (key: string) => opened(w.tocsin, trigger(key, { severity: 'SEV2' }));
      const ids = [await open('a'), await open('b'), await open('c')];
      await w.pass(90 * SECOND, SECOND);
      const bundle = w.sms.sent[1]!.message;
      expect(bundle.bundle).toHaveLength(1);
      const listed = [bundle.incidentId!, bundle.bundle![0]!.incidentId!];
      return { w, bundle, listed, first: ids.find((id) => !listed.includes(id))! };
    }

    test('is never taken for one of them: each is offered', async () => {
      const { w, listed } = await bundled();
      const choices = await choicesOf(() => reply(w, { externalId: 'sms-2' }));
      expect(choices.map(({ incidentId }) => incidentId).toSorted()).toEqual(listed.toSorted());
      for (const id of listed) expect((await incident(w.tocsin, id)).acknowledgedBy).toEqual([]);
      const [one] = choices;
      expect(await reply(w, { externalId: 'sms-2', about: one!.code })).toMatchObject({
        incident: { id: one!.incidentId },
      });
      // One is left that waits.
      expect((await reply(w, { externalId: 'sms-2' })).incident.id).toBe(listed.find((id) => id !== one!.incidentId));
      expect(await whyOf(() => reply(w, { externalId: 'sms-2' }))).toBe('nothing-open');
    });

    test('is about the one that is named by its id, if it lists it', async () => {
      const { w, listed, first } = await bundled();
      expect(await reply(w, { externalId: 'sms-2', about: listed[1]! })).toMatchObject({ incident: { id: listed[1] } });
      expect(await whyOf(() => reply(w, { externalId: 'sms-2', about: first }))).toBe('nothing-open');
    });
  });
});

describe('an address', () => {
  test("that nobody has is nobody's", async () => {
    const w = answering();
    await paged(w);
    for (const from of [
      { notifier: 'sms', address: '+1555' },
      { notifier: 'voice', address: 'ana@sms' },
      { notifier: 'gone', address: 'ana@sms' },
    ])
      expect(await whyOf(() => reply(w, { from }))).toBe('unknown-person');
  });

  test('that two people share tells who it is only where one of them was asked', async () => {
    const shared = [{ notifier: 'sms', address: 'desk' }];
    const w = answering({ config: config({ users: people({ ana: shared, ben: shared }) }) });
    const from = { notifier: 'sms', address: 'desk' };
    const { id } = await paged(w);
    expect(await whyOf(() => reply(w, { from, about: id }))).toBe('unknown-person');
    expect(await reply(w, { from })).toMatchObject({ user: 'ana' });
    const both = await paged(w, 'both');
    // ben is asked at the same phone.
    await w.pass(6 * MINUTE);
    expect(await whyOf(() => reply(w, { from }))).toBe('unknown-person');
    expect((await incident(w.tocsin, both.id)).acknowledgedBy).toEqual([]);
    // A call to one of them is answered by that one.
    const call = w.sms.sent.findIndex(({ message }) => message.incidentId === both.id && message.to.user === 'ben') + 1;
    expect(await reply(w, { from, externalId: `sms-${call}` })).toMatchObject({ user: 'ben' });
  });

  test('that has passed from one person to another is that of the other one', async () => {
    const w = answering();
    const { id } = await paged(w);
    await w.pass(6 * MINUTE);
    const passed = config({ users: people({ ana: [contact('sms', 'elsewhere')], ben: [contact('sms', 'ben'), ANA] }) });
    const now = answering({ storage: w.storage, clock: w.clock, config: passed });
    expect(await whyOf(() => reply(now))).toBe('nothing-open');
    expect(
      await whyOf(() =>
        reply(now, { externalId: 'sms-1' })
          .then(({ user }) => expect(user).toBe('ben'))
          .then(() => reply(now)),
      ),
    ).toBe('nothing-open');
    expect((await incident(w.tocsin, id)).acknowledgedBy).toEqual(['ben']);
  });

  test('that was added counts when it is verified, until it is removed', async () => {
    const w = answering();
    const { id } = await paged(w);
    const from = { notifier: 'sms', address: 'second@sms' };
    await w.tocsin.contacts.add({ id: 'second', user: 'ana', by: 'ana', ...from });
    await w.tocsin.tick();
    expect(await whyOf(() => reply(w, { from, about: id }))).toBe('unknown-person');
    const code = w.sms.sent.at(-1)!.message.title.replace(/\D/g, '');
    await w.tocsin.contacts.verify({ user: 'ana', contact: 'second', code, by: 'ana' });
    expect(await reply(w, { from, about: id })).toMatchObject({ user: 'ana' });
    await w.tocsin.contacts.remove({ user: 'ana', contact: 'second', by: 'ana' });
    expect(await whyOf(() => reply(w, { from, about: id, action: 'resolve' }))).toBe('unknown-person');
    // Nor does it when the message that went there is named.
    expect(await whyOf(() => reply(w, { from, externalId: 'sms-1' }))).toBe('unknown-person');
  });

  test("of a contact that the configuration does not have any more is nobody's, also under a message that went there", async () => {
    const w = answering();
    await paged(w);
    const moved = config({ users: people({ ana: [{ notifier: 'sms', address: 'new' }] }) });
    const now = answering({ storage: w.storage, clock: w.clock, config: moved });
    expect(await whyOf(() => reply(now))).toBe('unknown-person');
    expect(await whyOf(() => reply(now, { externalId: 'sms-1' }))).toBe('unknown-person');
  });

  test("that somebody added who is gone is nobody's", async () => {
    const w = answering();
    const { id } = await paged(w);
    const from = { notifier: 'sms', address: 'mute@sms' };
    await w.tocsin.contacts.add({ id: 'mine', user: 'mute', by: 'mute', ...from });
    await w.tocsin.tick();
    const code = w.sms.sent.at(-1)!.message.title.replace(/\D/g, '');
    await w.tocsin.contacts.verify({ user: 'mute', contact: 'mine', code, by: 'mute' });
    const now = answering({ storage: w.storage, clock: w.clock, config: config({ users: people({}) }) });
    expect(await whyOf(() => reply(now, { from, about: id }))).toBe('unknown-person');
    expect(await reply(w, { from, about: id })).toMatchObject({ user: 'mute' });
  });

  test('of a group of notifiers counts through each of them', async () => {
    const [twilio, vonage] = [recordingNotifier('twilio'), recordingNotifier('vonage')];
    twilio.failWith(() => Promise.reject(new Error('503')));
    const text = (id: string) => [contact('text', id)];
    const w = answering({
      notifiers: [twilio, vonage],
      config: config({
        users: people({ ana: text('ana'), ben: text('ben'), boss: text('boss') }),
        failover: { text: ['twilio', 'vonage'] },
      }),
    });
    const answered = async (key: string, more: Parameters<typeof reply>[1]) => {
      await opened(w.tocsin, trigger(key));
      await w.tocsin.tick();
      await w.clock.advance(MINUTE / 2);
      return (await reply(w, more)).user;
    };
    const from = (notifier: string) => ({ notifier, address: 'ana@text' });
    expect(await answered('a', { from: from('vonage') })).toBe('ana');
    expect(await answered('b', { from: from('twilio') })).toBe('ana');
    expect(await answered('c', { from: from('vonage'), externalId: 'vonage-3' })).toBe('ana');
    expect(await answered('d', { from: from('text'), externalId: 'vonage-4' })).toBe('ana');
    await opened(w.tocsin, trigger('e'));
    await w.tocsin.tick();
    expect(await whyOf(() => reply(w, { from: from('sms') }))).toBe('unknown-person');
  });
});

describe('people of a directory', () => {
  const person = { id: 'dia', name: 'Dia', contacts: [contact('sms', 'dia')] };
  const from = { notifier: 'sms', address: 'dia@sms' };
  function tables(people: readonly (typeof person)[] = [person]): Directory & { readonly asked: string[] } {
    const asked: string[] = [];
    const users = async (ids: readonly string[]) => {
      asked.push(...ids);
      return people.filter(({ id }) => ids.includes(id));
    };
    return { asked, users, user: async (id) => (await users([id]))[0] };
  }
  const named = config({
    users: [],
    schedules: [],
    escalationPolicies: [policy({ steps: [{ targets: [{ user: 'dia' }] }], fallback: [{ user: 'dia' }] })],
  });

  test('are known by their address', async () => {
    const w = answering({ directory: tables(), config: named });
    await paged(w);
    expect(await reply(w, { from })).toMatchObject({ user: 'dia' });
  });

  test('are known to a process that has never met them', async () => {
    const w = answering({ directory: tables(), config: named });
    await paged(w);
    const next = answering({ storage: w.storage, clock: w.clock, directory: tables(), config: named });
    expect(await reply(next, { from })).toMatchObject({ user: 'dia' });
  });

  test('are known to it while the directory is down, as they were', async () => {
    const w = answering({ directory: tables(), config: named });
    await paged(w);
    const down: Directory = {
      user: () => Promise.reject(new Error('down')),
      users: () => Promise.reject(new Error('down')),
    };
    const next = answering({ storage: w.storage, clock: w.clock, directory: down, config: named });
    expect(await reply(next, { from })).toMatchObject({ user: 'dia' });
  });

  test('who are named nowhere are known when they were paged for what is open', async () => {
    const w = answering({ directory: tables() });
    const { id } = await paged(w);
    await w.tocsin.incidents.reassign(id, { by: 'ana', users: ['dia'] });
    await w.tocsin.tick();
    const directory = tables();
    const next = answering({ storage: w.storage, clock: w.clock, directory });
    expect(await reply(next, { from })).toMatchObject({ user: 'dia', incident: { id } });
    expect(directory.asked).toEqual(['dia']);
  });

  test('are not asked for again and again because of a stranger', async () => {
    const directory = tables();
    const w = answering({ directory, config: named });
    await paged(w);
    const before = directory.asked.length;
    for (let n = 0; n < 5; n++)
      expect(await whyOf(() => reply(w, { from: { notifier: 'sms', address: `stranger ${n}` } }))).toBe(
        'unknown-person',
      );
    expect(directory.asked).toHaveLength(before);
  });

  test('may share an address with somebody of the configuration, and then it tells nothing', async () => {
    const twin = { ...person, contacts: [contact('sms', 'boss')] };
    const steps = [{ targets: [{ user: 'dia' }] }];
    const given = config({ escalationPolicies: [policy({ steps })] });
    const w = answering({ directory: tables([twin]), config: given });
    const id = await opened(w.tocsin);
    const next = answering({ storage: w.storage, clock: w.clock, directory: tables([twin]), config: given });
    expect(await whyOf(() => reply(next, { from: { notifier: 'sms', address: 'boss@sms' }, about: id }))).toBe(
      'unknown-person',
    );
  });
});

describe('what is no answer', () => {
  test.each([
    [{ action: 'dismiss' }, 'action'],
    [{ from: { notifier: 'sms' } }, 'from.address'],
    [{ from: null }, 'from'],
    [{ about: ' ' }, 'about'],
    [{ answerId: '' }, 'answerId'],
    [{ externalID: 'x' }, 'externalID'],
  ])('such as %j is refused', async (more, path) => {
    const w = answering();
    await paged(w);
    const error = await refusal(() => reply(w, more as object), 'INPUT_INVALID');
    expect(error.details.problems).toMatchObject([{ path }]);
  });
});

test('an answer is as good as a command: it stands in the timeline, and the acknowledge timeout begins', async () => {
  const w = answering();
  const { id } = await paged(w);
  await reply(w, { answerId: 'SM1' });
  expect((await events(w.tocsin, id)).find(({ type }) => type === 'incident.acknowledged')?.by).toEqual({
    kind: 'user',
    id: 'ana',
  });
  w.news();
  await w.pass(HOUR / 2);
  expect(w.news()).toEqual(['+30m ana sms step']);
});
