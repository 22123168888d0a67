/**
 * The deeper parts of escalation, through commands and timers: who answers for whom, who sleeps, and until when is waited.
 */
import { describe, expect, test } from 'vitest';
import type { ConfigInput } from '../../src/index.ts';
import { config, contact, events, HOUR, MINUTE, opened, policy, stands, trigger, types, world } from './world.ts';

type Steps = ConfigInput['escalationPolicies'][number]['steps'];
const person = (id: string, more: object = {}) => ({
  id,
  contacts: [contact('sms', id), contact('voice', id)],
  ...more,
});
const shop = (steps: Steps, more: Partial<ConfigInput> = {}) =>
  world({
    config: config({
      users: ['ana', 'ben', 'chi', 'boss'].map((id) => person(id)),
      escalationPolicies: [policy({ steps })],
      ...more,
    }),
  });
const pair: Steps[number] = { targets: [{ user: 'ana' }, { user: 'ben' }], escalateAfter: '10m', acknowledge: 'each' };

describe('a step at which each has to answer', () => {
  test('goes on for the others when one has answered, and ends with the last', async () => {
    const { tocsin, pass, news } = shop([pair, { targets: [{ user: 'chi' }] }]);
    const id = await opened(tocsin);
    await pass(MINUTE);
    await tocsin.incidents.acknowledge(id, { by: 'ana' });
    expect(await stands(tocsin, id)).toBe('triage / escalating');
    news();
    // Voice comes two minutes after the message: to whoever has not answered only.
    await pass(2 * MINUTE);
    expect(news()).toEqual(['+2m ben voice step']);
    const incident = await tocsin.incidents.acknowledge(id, { by: 'ben' });
    expect(incident).toMatchObject({ paging: 'acknowledged', acknowledgedBy: ['ana', 'ben'] });
    expect((await types(tocsin, id)).filter((type) => type.endsWith('acknowledged'))).toEqual([
      'page.acknowledged',
      'incident.acknowledged',
    ]);
  });

  test('asks whoever has answered no more, whatever step follows', async () => {
    const { tocsin, pass, news } = shop([pair, { targets: [{ user: 'ana' }, { user: 'chi' }] }]);
    const id = await opened(tocsin);
    await tocsin.incidents.acknowledge(id, { by: 'ana' });
    await pass(9 * MINUTE);
    news();
    await pass(MINUTE);
    expect(news()).toEqual(['+10m chi sms step']);
  });

  test('says nothing twice', async () => {
    const { tocsin } = shop([pair]);
    const id = await opened(tocsin);
    await tocsin.incidents.acknowledge(id, { by: 'ana' });
    const before = await types(tocsin, id);
    await tocsin.incidents.acknowledge(id, { by: 'ana' });
    expect(await types(tocsin, id)).toEqual(before);
  });

  test('is answered as a whole by its source, and by whoever resolves it', async () => {
    const { tocsin } = shop([pair]);
    const id = await opened(tocsin);
    await tocsin.ingest({ action: 'acknowledge', dedupKey: 'disk' });
    expect(await stands(tocsin, id)).toBe('triage / acknowledged');
    const other = await opened(tocsin, trigger('other'));
    await tocsin.incidents.acknowledge(other, { by: 'ana' });
    await tocsin.incidents.resolve(other, { by: 'ben' });
    expect(await stands(tocsin, other)).toBe('resolved / quiet');
  });

  test('may be the rule of a policy, with exceptions', async () => {
    const steps: Steps = [
      { targets: [{ user: 'ana' }, { user: 'ben' }], acknowledge: 'first' },
      { targets: [{ user: 'chi' }, { user: 'boss' }] },
    ];
    const { tocsin, pass } = shop(steps, { escalationPolicies: [policy({ steps, acknowledge: 'each' })] });
    const id = await opened(tocsin);
    await pass(5 * MINUTE);
    await tocsin.incidents.acknowledge(id, { by: 'chi' });
    expect(await stands(tocsin, id)).toBe('triage / escalating');
    const other = await opened(tocsin, trigger('other'));
    await tocsin.incidents.acknowledge(other, { by: 'ana' });
    expect(await stands(tocsin, other)).toBe('triage / acknowledged');
  });
});

test('a step asks whoever comes on call next, and everybody of a schedule', async () => {
  const { tocsin, pass, news } = shop([
    { targets: [{ schedule: 'primary', who: 'next' }], escalateAfter: '1m' },
    { targets: [{ schedule: 'primary', who: 'everyone' }] },
  ]);
  const id = await opened(tocsin);
  await pass(MINUTE);
  expect(news()).toEqual(['+0 ben sms step', '+1m ana sms step', '+1m ben sms step']);
  const { ladder } = await tocsin.explain(trigger('other'));
  expect(ladder.slice(0, 2).map(({ people }) => people.map(({ user, why }) => `${user} ${why}`))).toEqual([
    ['ben comes on call next for primary (rotation weekly)'],
    ['ana takes part in primary', 'ben takes part in primary'],
  ]);
  expect((await events(tocsin, id)).find(({ type }) => type === 'page.requested')).toMatchObject({
    recipients: [{ reason: { target: { schedule: 'primary', who: 'next' }, schedule: 'primary', handoff: 1 } }],
  });
});

describe('a gate that looks at the clock of a person', () => {
  // It is 10:00 in UTC, 05:00 in New York and 19:00 in Tokyo.
  const users = [
    person('ana', { timeZone: 'America/New_York' }),
    person('ben', { timeZone: 'Europe/Berlin' }),
    person('chi', { timeZone: 'Asia/Tokyo' }),
    person('boss'),
  ];
  const when = { op: 'during', value: { timeZone: 'responder', from: '09:00', until: '18:00' } } as const;

  test('lets the page pass over whoever sleeps, and the explanation says so', async () => {
    const { tocsin, pass, news } = shop([{ targets: ['ana', 'ben', 'chi'].map((user) => ({ user })), when }], {
      users,
    });
    await opened(tocsin);
    await pass(0);
    expect(news()).toEqual(['+0 ben sms step']);
    const [first] = (await tocsin.explain(trigger('other'))).ladder;
    expect(first).toMatchObject({
      gated: false,
      people: [{ user: 'ben' }],
      unreached: [
        { user: 'ana', why: 'gated' },
        { user: 'chi', why: 'gated' },
      ],
    });
  });

  test('keeps what can wait until their morning', async () => {
    const { tocsin, pass, news } = shop([{ targets: [{ user: 'ana' }], when }], { users });
    await opened(tocsin, trigger('disk', { severity: 'SEV3' }));
    await pass(3 * HOUR + 59 * MINUTE);
    expect(news()).toEqual([]);
    await pass(MINUTE);
    expect(news()).toEqual(['+4h ana sms step']);
  });
});

test('a step waits until a time, and the explanation knows when that is', async () => {
  const { tocsin, pass, news } = shop([
    { targets: [{ user: 'ana' }], escalateAt: { time: '13:00', timeZone: 'Europe/Berlin' } },
    { targets: [{ user: 'ben' }] },
  ]);
  const { ladder } = await tocsin.explain(trigger('other'));
  expect(ladder.map(({ at }) => at.slice(11, 16))).toEqual(['10:00', '12:00', '12:05']);
  await opened(tocsin);
  await pass(2 * HOUR);
  expect(news()).toEqual(['+0 ana sms step', '+2m ana voice step', '+2h ben sms step']);
});

test('there is a pause between two rounds, and the explanation counts it', async () => {
  const steps: Steps = [{ targets: [{ user: 'ana' }], escalateAfter: '5m' }];
  const pausing = { escalationPolicies: [policy({ steps, repeat: 1, repeatDelay: '20m' })] };
  const { tocsin, pass, news } = shop(steps, pausing);
  const { ladder } = await tocsin.explain(trigger('other'));
  expect(ladder.map(({ at }) => at.slice(11, 16))).toEqual(['10:00', '10:30']);
  await opened(tocsin);
  await pass(30 * MINUTE);
  expect(news().filter((line) => line.includes(' sms '))).toEqual([
    '+0 ana sms step',
    '+25m ana sms step',
    '+30m boss sms fallback',
  ]);
});

test('steps that last no time at all come to an end in the fallback', async () => {
  const steps: Steps = [
    { targets: [{ user: 'ana' }], escalateAfter: '0s' },
    { targets: [{ user: 'ben' }], escalateAfter: '0s' },
  ];
  const { tocsin, pass } = shop(steps, { escalationPolicies: [policy({ steps, repeat: 20 })] });
  const id = await opened(tocsin);
  await pass(MINUTE);
  expect(await stands(tocsin, id)).toBe('triage / exhausted');
  expect((await types(tocsin, id)).filter((type) => type === 'page.requested')).toHaveLength(43);
});

test('a policy whose every target is empty goes to the fallback at once', async () => {
  const { tocsin, pass, news } = shop(
    [
      { targets: [{ schedule: 'nobody' }, { team: 'empty', everyone: true }], strategy: 'round-robin' },
      { targets: [{ schedule: 'nobody', who: 'next' }], acknowledge: 'each' },
    ],
    {
      teams: [{ id: 'empty' }],
      schedules: [
        {
          id: 'nobody',
          timeZone: 'UTC',
          layers: [{ id: 'l', rotation: { start: '2026-01-05T09:00:00', rrule: 'FREQ=WEEKLY', participants: [null] } }],
        },
      ],
    },
  );
  const id = await opened(tocsin);
  await pass(0);
  expect(await stands(tocsin, id)).toBe('triage / exhausted');
  expect(news()).toEqual(['+0 boss sms fallback']);
});
