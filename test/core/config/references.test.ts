import { describe, expect, test } from 'vitest';
import type { ConfigInput } from '../../../src/model/config.ts';
import { weeklySchedule } from '../../../src/model/schedule.ts';
import { policy, problemsOf, smallest } from './smallest.ts';

const PEOPLE = 'Known: ana, ben.';
const sms = (address: string) => [{ notifier: 'sms', address }];
const rota = (
  participants: NonNullable<ConfigInput['schedules']>[number]['layers'][number]['rotation']['participants'],
) => weeklySchedule('primary', { timeZone: 'UTC', start: '2026-01-05T09:00:00', participants });
const during = { from: '2026-01-05T09:00:00Z', until: '2026-01-06T09:00:00Z' };

describe('a name that nobody has is refused', () => {
  const users = smallest().users!;

  test.each<[path: string, message: string, hint: string, parts: Partial<ConfigInput>]>([
    ['teams[0].members[1]', 'there is no user zoe', PEOPLE, { teams: [{ id: 'shop', members: ['ana', 'zoe'] }] }],
    [
      'teams[0].schedule',
      'there is no schedule gone',
      'Known: primary.',
      { teams: [{ id: 'shop', schedule: 'gone' }] },
    ],
    [
      'schedules[0].layers[0].rotation.participants[1]',
      'there is no user zoe',
      PEOPLE,
      { schedules: [rota(['ana', 'zoe', null])] },
    ],
    [
      'schedules[0].layers[0].rotation.participants[0]',
      'there is no user zoe',
      PEOPLE,
      { schedules: [rota([['ana', 'zoe']])] },
    ],
    [
      'schedules[0].overrides[0].user',
      'there is no user zoe',
      PEOPLE,
      { schedules: [{ ...rota(['ana']), overrides: [{ id: 'o', ...during, kind: 'add', user: 'zoe' }] }] },
    ],
    [
      'schedules[0].overrides[0].replaces',
      'there is no user zoe',
      PEOPLE,
      {
        schedules: [
          { ...rota(['ana']), overrides: [{ id: 'o', ...during, kind: 'replace', user: 'ben', replaces: 'zoe' }] },
        ],
      },
    ],
    [
      'schedules[0].swaps[0].give',
      'there is no user zoe',
      PEOPLE,
      { schedules: [{ ...rota(['ana']), swaps: [{ id: 's', ...during, give: 'zoe', take: 'ben' }] }] },
    ],
    [
      'schedules[0].swaps[0].take',
      'there is no user zoe',
      PEOPLE,
      { schedules: [{ ...rota(['ana']), swaps: [{ id: 's', ...during, give: 'ana', take: 'zoe' }] }] },
    ],
    [
      'escalationPolicies[0].steps[0].targets[0].user',
      'there is no user zoe',
      PEOPLE,
      { escalationPolicies: [policy({ steps: [{ targets: [{ user: 'zoe' }] }] })] },
    ],
    [
      'escalationPolicies[0].steps[1].targets[1].schedule',
      'there is no schedule gone',
      'Known: primary.',
      {
        escalationPolicies: [
          policy({ steps: [{ targets: [{ user: 'ana' }] }, { targets: [{ user: 'ana' }, { schedule: 'gone' }] }] }),
        ],
      },
    ],
    [
      'escalationPolicies[0].steps[0].targets[0].team',
      'there is no team gone',
      'Configure one first.',
      { escalationPolicies: [policy({ steps: [{ targets: [{ team: 'gone' }] }] })] },
    ],
    [
      'escalationPolicies[0].steps[0].targets[0].channel',
      'there is no channel gone',
      'Known: room.',
      {
        channels: [{ id: 'room', notifier: 'chat', address: '#room' }],
        escalationPolicies: [policy({ steps: [{ targets: [{ channel: 'gone' }] }] })],
      },
    ],
    [
      'escalationPolicies[0].fallback[1].user',
      'there is no user zoe',
      PEOPLE,
      { escalationPolicies: [policy({ fallback: [{ user: 'ben' }, { user: 'zoe' }] })] },
    ],
    [
      'escalationPolicies[0].fallback[1].schedule',
      'there is no schedule gone',
      'Known: primary.',
      { escalationPolicies: [policy({ fallback: [{ user: 'ben' }, { schedule: 'gone' }] })] },
    ],
    [
      'escalationPolicies[0].onExhausted.policy',
      'there is no escalation policy gone',
      'Known: default.',
      { escalationPolicies: [policy({ onExhausted: { policy: 'gone' } })] },
    ],
    [
      'services[0].escalationPolicy',
      'there is no escalation policy gone',
      'Known: default.',
      { services: [{ id: 'checkout', escalationPolicy: 'gone' }] },
    ],
    [
      'services[0].team',
      'there is no team gone',
      'Configure one first.',
      { services: [{ id: 'checkout', escalationPolicy: 'default', team: 'gone' }] },
    ],
    [
      'services[0].dependsOn[1]',
      'there is no service gone',
      'Known: checkout.',
      { services: [{ id: 'checkout', escalationPolicy: 'default', dependsOn: ['checkout', 'gone'] }] },
    ],
    [
      'routes[1].service',
      'there is no service gone',
      'Known: checkout.',
      { routes: [{ service: 'checkout' }, { service: 'gone' }] },
    ],
    [
      'routes[0].escalationPolicy',
      'there is no escalation policy gone',
      'Known: default.',
      { routes: [{ service: 'checkout', escalationPolicy: 'gone' }] },
    ],
    [
      'users[0].rules.high[1].contact',
      'there is no contact of this user gone',
      'Known: sms.',
      {
        users: [
          { id: 'ana', contacts: sms('1'), rules: { high: [{ contact: 'sms' }, { contact: 'gone' }] } },
          users[1]!,
        ],
      },
    ],
    [
      'users[0].rules.low[0].contact',
      'there is no contact of this user sms',
      'Configure one first.',
      { users: [{ id: 'ana', rules: { low: [{ contact: 'sms' }] } }, users[1]!] },
    ],
  ])('%s', (path, message, hint, parts) => {
    expect(problemsOf(parts)).toEqual([{ path, message, hint }]);
  });

  test('with five of the names that would do', () => {
    const hint = (count: number) =>
      problemsOf({
        services: [...Array.from({ length: count }, (_, n) => ({ id: `s${n}`, escalationPolicy: 'default' }))],
        routes: [{ service: 'gone' }],
      })[0]?.hint;
    expect(hint(5)).toBe('Known: s0, s1, s2, s3, s4.');
    expect(hint(7)).toBe('Known: s0, s1, s2, s3, s4, and 2 more.');
  });
});

describe('an id that is used twice is refused', () => {
  const { users, schedules, escalationPolicies, services } = smallest();
  const channel = { id: 'room', notifier: 'chat', address: '#room' };

  test.each<[path: string, id: string, parts: Partial<ConfigInput>]>([
    ['users[2].id', 'ana', { users: [...users!, users![0]!] }],
    ['teams[1].id', 'shop', { teams: [{ id: 'shop' }, { id: 'shop' }] }],
    ['channels[1].id', 'room', { channels: [channel, channel] }],
    ['schedules[1].id', 'primary', { schedules: [...schedules!, ...schedules!] }],
    ['services[1].id', 'checkout', { services: [...services, ...services] }],
    ['escalationPolicies[1].id', 'default', { escalationPolicies: [...escalationPolicies, ...escalationPolicies] }],
    [
      'users[0].contacts[1].id',
      'phone',
      {
        users: [
          {
            id: 'ana',
            contacts: [
              { id: 'phone', notifier: 'sms', address: '1' },
              { id: 'phone', notifier: 'voice', address: '1' },
            ],
          },
          users![1]!,
        ],
      },
    ],
    [
      'users[0].contacts[2].id',
      'sms-2',
      {
        users: [
          { id: 'ana', contacts: [{ id: 'sms-2', notifier: 'voice', address: '1' }, ...sms('1'), ...sms('2')] },
          users![1]!,
        ],
      },
    ],
    ['severity.levels[1].id', 'P1', { severity: { levels: [{ id: 'P1' }, { id: 'P1' }] } }],
    [
      'severity.rules[1].id',
      'r',
      {
        severity: {
          rules: [
            { id: 'r', when: 'a=b', severity: 'SEV1' },
            { id: 'r', when: 'c=d', severity: 'SEV1' },
          ],
        },
      },
    ],
    [
      'routes[2].id',
      'r',
      {
        routes: [
          { id: 'r', service: 'checkout' },
          { service: 'checkout' },
          { id: 'r', service: 'checkout' },
          { service: 'checkout' },
        ],
      },
    ],
  ])('%s (%s)', (path, id, parts) => {
    expect(problemsOf(parts)).toEqual([{ path, message: `the id ${id} is used twice`, hint: 'Give each its own id.' }]);
  });

  test('each time it is used again', () => {
    expect(problemsOf({ services: [...services, ...services, ...services] }).map(({ path }) => path)).toEqual([
      'services[1].id',
      'services[2].id',
    ]);
  });

  test('and not when the same id names things of different kinds', () => {
    expect(problemsOf({ teams: [{ id: 'ana', schedule: 'primary' }], channels: [{ ...channel, id: 'ana' }] })).toEqual(
      [],
    );
  });
});

describe('somebody is always reached', () => {
  const UNREACHABLE = {
    path: 'escalationPolicies[0].fallback',
    message: 'no user of this fallback has a contact',
    hint: 'Name at least one user with a contact: somebody must be reached when nobody answers.',
  };
  const [ana, ben] = smallest().users!;
  const mute = { id: 'mute' };

  test.each([
    ['only a schedule', [{ schedule: 'primary' }]],
    ['only a user without a contact', [{ user: 'mute' }]],
  ])('a fallback with %s is refused', (_, fallback) => {
    expect(problemsOf({ users: [ana!, ben!, mute], escalationPolicies: [policy({ fallback })] })).toEqual([
      UNREACHABLE,
    ]);
  });

  test('a fallback that names one reachable user among others is accepted', () => {
    const fallback = [{ schedule: 'primary' }, { user: 'mute' }, { user: 'ben' }];
    expect(problemsOf({ users: [ana!, ben!, mute], escalationPolicies: [policy({ fallback })] })).toEqual([]);
  });

  test('a fallback to an unknown user is wrong twice', () => {
    expect(problemsOf({ escalationPolicies: [policy({ fallback: [{ user: 'zoe' }] })] })).toEqual([
      { path: 'escalationPolicies[0].fallback[0].user', message: 'there is no user zoe', hint: PEOPLE },
      UNREACHABLE,
    ]);
  });
});

describe('a team as a target', () => {
  const toTeam = (everyone: boolean, schedule?: string) => ({
    teams: [
      { id: 'first', schedule: 'primary' },
      { id: 'shop', members: ['ana'], ...(schedule !== undefined && { schedule }) },
    ],
    escalationPolicies: [
      policy({ steps: [{ targets: [{ team: 'shop', ...(everyone && { everyone: true as const }) }] }] }),
    ],
  });

  test('means its schedule, so it needs one', () => {
    expect(problemsOf(toTeam(false))).toEqual([
      {
        path: 'escalationPolicies[0].steps[0].targets[0].team',
        message: 'team shop has no schedule, and a team means its schedule',
        hint: 'Give the team a schedule, or write `everyone: true`.',
      },
    ]);
    expect(problemsOf(toTeam(false, 'primary'))).toEqual([]);
  });

  test('means everyone when that is written', () => {
    expect(problemsOf(toTeam(true))).toEqual([]);
  });
});

describe('policies that follow each other', () => {
  const chain = (...links: readonly (readonly [id: string, next?: string])[]) =>
    problemsOf({
      services: [{ id: 'checkout', escalationPolicy: links[0]![0] }],
      escalationPolicies: links.map(([id, next]) =>
        policy({ id, ...(next !== undefined && { onExhausted: { policy: next } }) }),
      ),
    });
  const circle = (index: number, id: string) => ({
    path: `escalationPolicies[${index}].onExhausted.policy`,
    message: `the policies run in a circle at ${id}`,
    hint: 'Let the last one have no `onExhausted`; its fallback is paged until somebody answers.',
  });

  test('may come to an end', () => {
    expect(chain(['a', 'b'], ['b', 'c'], ['c'])).toEqual([]);
  });

  test('may meet in one that ends', () => {
    expect(chain(['a', 'c'], ['b', 'c'], ['c'])).toEqual([]);
  });

  test('may not follow themselves', () => {
    expect(chain(['a', 'a'])).toEqual([circle(0, 'a')]);
  });

  test('may not run in a circle, nor lead into one', () => {
    expect(chain(['a', 'b'], ['b', 'c'], ['c', 'b'], ['d'])).toEqual([circle(0, 'b'), circle(1, 'b'), circle(2, 'c')]);
  });

  test('are told once when one of them is missing', () => {
    expect(chain(['a', 'b'], ['b', 'gone']).map(({ path }) => path)).toEqual([
      'escalationPolicies[1].onExhausted.policy',
    ]);
  });
});

describe('schedules and people', () => {
  test('a schedule is checked as a whole, with paths from the root', () => {
    const schedule = { ...rota(['ana']), timeZone: 'Mars/Olympus' };
    expect(problemsOf({ schedules: [...smallest().schedules!, { ...schedule, id: 'secondary' }] })).toEqual([
      {
        path: 'schedules[1].timeZone',
        message: '"Mars/Olympus" is no IANA time zone: write one such as America/New_York',
      },
    ]);
  });

  test('a person lives in a time zone that exists', () => {
    const users = (timeZone: string) => [{ ...smallest().users![0]!, timeZone }, smallest().users![1]!];
    expect(problemsOf({ users: users('Europe/Berlin') })).toEqual([]);
    expect(problemsOf({ users: users('Berlin') })).toEqual([
      {
        path: 'users[0].timeZone',
        message: '"Berlin" is no IANA time zone',
        hint: 'Write one such as America/New_York.',
      },
    ]);
  });

  test('every rule of a person may use every contact, named or numbered', () => {
    const [, ben] = smallest().users!;
    const contacts = [...sms('1'), ...sms('2'), { id: 'mail', notifier: 'email', address: 'ana@example.com' }];
    const rules = { high: [{ contact: 'sms' }, { contact: 'sms-2' }], low: [{ contact: 'mail' }] };
    expect(problemsOf({ users: [{ id: 'ana', contacts, rules }, ben!] })).toEqual([]);
  });
});
