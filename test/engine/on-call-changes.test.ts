/**
 * Overrides and swaps that people make: who is on call then, what is refused, and how they are taken back.
 */
import { describe, expect, test } from 'vitest';
import type { OnCallInput, Tocsin } from '../../src/index.ts';
import { config, DAY, HOUR, MINUTE, opened, policy, refusal, T0, world } from './world.ts';

const by = 'boss';

/** ben for ana from now on, for two hours. */
const override = (more: Partial<OnCallInput<'override'>> = {}): OnCallInput<'override'> => ({
  schedule: 'primary',
  from: T0,
  until: T0 + 2 * HOUR,
  kind: 'replace',
  user: 'ben',
  by,
  ...more,
});
const swap = (more: Partial<OnCallInput<'swap'>> = {}): OnCallInput<'swap'> => ({
  schedule: 'primary',
  from: T0,
  until: T0 + 2 * HOUR,
  give: 'ana',
  take: 'ben',
  by,
  ...more,
});
const onCall = async (tocsin: Tocsin, at?: number) =>
  (await tocsin.onCall.at('primary', at)).map(({ user, source, id }) => `${user} by ${source} ${id}`);

/** What the refusal of `work` says is wrong, as `path: message`. */
const problems = async (work: () => unknown, code: Parameters<typeof refusal>[1] = 'INPUT_INVALID') =>
  ((await refusal(work, code)).details.problems as { path: string; message: string }[]).map(
    ({ path, message }) => `${path}: ${message}`,
  );

describe('an override', () => {
  test('counts from the moment it is stored, and is answered with dates, its id and its author', async () => {
    const { tocsin } = world();
    const stored = await tocsin.onCall.override(override({ id: 'dentist' }));
    expect(stored).toEqual({
      id: 'dentist',
      schedule: 'primary',
      from: new Date(T0),
      until: new Date(T0 + 2 * HOUR),
      kind: 'replace',
      user: 'ben',
      createdAt: new Date(T0),
      createdBy: { kind: 'user', id: 'boss' },
      isApplied: true,
    });
    expect(await onCall(tocsin)).toEqual(['ben by override dentist']);
    expect(await onCall(tocsin, T0 + 2 * HOUR)).toEqual(['ana by rotation weekly']);
    expect(await tocsin.onCall.overrides('primary')).toEqual([stored]);
  });

  test('is what the next page goes to', async () => {
    const w = world();
    await w.tocsin.onCall.override(override());
    await opened(w.tocsin);
    await w.pass(0);
    expect(w.news()).toEqual(['+0 ben sms step']);
  });

  test('is what explain says', async () => {
    const { tocsin } = world();
    await tocsin.onCall.override(override({ id: 'dentist' }));
    const { ladder } = await tocsin.explain({ action: 'trigger', title: 'x', severity: 'critical' });
    expect(ladder[0]?.people).toMatchObject([{ user: 'ben', why: 'on call for primary (override dentist)' }]);
  });

  test('is recorded in the page that it led to, so that a replay asks no schedule', async () => {
    const { tocsin } = world();
    await tocsin.onCall.override(override({ id: 'dentist' }));
    const id = await opened(tocsin);
    const [, page] = (await tocsin.incidents.timeline(id)).flatMap((one) => (one.kind === 'event' ? [one.event] : []));
    expect(page).toMatchObject({ recipients: [{ user: 'ben', reason: { source: 'override', sourceId: 'dentist' } }] });
  });

  test('that was made later wins, over those of the configuration too', async () => {
    const [primary] = config().schedules ?? [];
    const own = {
      id: 'own',
      from: '2026-01-06T00:00:00',
      until: '2026-01-07T00:00:00',
      kind: 'replace',
      user: 'boss',
    } as const;
    const { tocsin } = world({ config: config({ schedules: [{ ...primary!, overrides: [own] }] }) });
    expect(await onCall(tocsin)).toEqual(['boss by override own']);
    await tocsin.onCall.override(override({ id: 'a', user: 'ben' }));
    expect(await onCall(tocsin)).toEqual(['ben by override a']);
    await tocsin.onCall.override(override({ id: 'b', user: 'ana' }));
    expect(await onCall(tocsin)).toEqual(['ana by override b']);
  });

  test('adds, removes, or replaces one person of one layer', async () => {
    const { tocsin } = world();
    await tocsin.onCall.override(override({ id: 'more', kind: 'add', user: 'boss' }));
    expect(await onCall(tocsin)).toEqual(['ana by rotation weekly', 'boss by override more']);
    await tocsin.onCall.override(override({ id: 'for-ana', replaces: 'ana', layer: 'weekly' }));
    expect(await onCall(tocsin)).toEqual(['ben by override for-ana', 'boss by override more']);
    await tocsin.onCall.override(override({ id: 'less', kind: 'remove', user: 'boss' }));
    expect(await onCall(tocsin)).toEqual(['ben by override for-ana']);
  });

  test('takes local times, which are those of the zone of the schedule', async () => {
    const [primary] = config().schedules ?? [];
    const { tocsin } = world({ config: config({ schedules: [{ ...primary!, timeZone: 'America/New_York' }] }) });
    const { from, until } = await tocsin.onCall.override(
      override({ from: '2026-01-06T12:00:00', until: '2026-01-06T14:30' }),
    );
    expect([from, until]).toEqual([new Date('2026-01-06T17:00:00Z'), new Date('2026-01-06T19:30:00Z')]);
  });

  test('that would begin in the past begins now: what has passed stays as it was', async () => {
    const { tocsin } = world();
    const { from } = await tocsin.onCall.override(override({ from: T0 - DAY }));
    expect(from).toEqual(new Date(T0));
    expect(await onCall(tocsin, T0 - 1)).toEqual(['ana by rotation weekly']);
  });
});

describe('a swap', () => {
  test('lets one person do the shifts of another, and an override beats it', async () => {
    const { tocsin } = world();
    const stored = await tocsin.onCall.swap(swap({ id: 'favour' }));
    expect(stored).toMatchObject({ id: 'favour', schedule: 'primary', give: 'ana', take: 'ben', isApplied: true });
    expect(await onCall(tocsin)).toEqual(['ben by swap favour']);
    expect(await tocsin.onCall.swaps('primary')).toEqual([stored]);
    await tocsin.onCall.override(override({ id: 'o', user: 'boss' }));
    expect(await onCall(tocsin)).toEqual(['boss by override o']);
  });

  test('to oneself is refused', async () => {
    const { tocsin } = world();
    expect(await problems(() => tocsin.onCall.swap(swap({ take: 'ana' })))).toEqual([
      'take: ana cannot give to themselves',
    ]);
  });
});

describe('what cannot be used', () => {
  test.each<[string, Partial<Record<string, unknown>>, readonly string[]]>([
    [
      'an unknown field',
      { reason: 'ill' },
      [expect.stringMatching(/^reason: this field is not known; known: schedule, from/)],
    ],
    ['a kind that there is not', { kind: 'swap' }, ["kind: `kind` must be one of 'replace', 'add', 'remove'"]],
    ['nobody who does it', { by: undefined }, ['by: `by` is required: a user id or an actor']],
    ['no moment', { from: Number.NaN }, [expect.stringMatching(/^from: `from` must be a Date, epoch milliseconds/)]],
    ['an invalid date', { until: new Date('never') }, [expect.stringMatching(/^until: `until` must be a Date/)]],
    ['a moment far beyond any calendar', { until: 1e300 }, ['until: this is no moment']],
    [
      'a year that schedules do not know',
      { until: new Date('+012000-01-01T00:00:00Z') },
      [expect.stringMatching(/^until: /)],
    ],
    ['a text that is no time', { from: 'tomorrow' }, [expect.stringMatching(/^from: /)]],
    [
      'an end before the beginning',
      { until: T0 - 1 },
      [expect.stringMatching(/^until: .* is not after .*: it must end after it begins$/)],
    ],
    ['an end at the beginning', { until: T0 }, [expect.stringMatching(/^until: /)]],
    [
      'what has passed',
      { from: T0 - HOUR, until: T0 - 1 },
      [expect.stringMatching(/^until: .* has passed, and what has passed stays as it was$/)],
    ],
    [
      'lasts longer than ten years',
      { until: '2037-01-01T00:00:00Z' },
      [expect.stringMatching(/^until: .* is more than ten years later; change the rotation instead$/)],
    ],
    [
      'what it replaces when it replaces nobody',
      { kind: 'add', replaces: 'ana' },
      [expect.stringMatching(/^replaces: an override of kind add replaces nobody/)],
    ],
    ['an id that is none', { id: 'a b' }, [expect.stringMatching(/^id: /)]],
  ])('%s is refused by the field', async (_, more, expected) => {
    const { tocsin } = world();
    expect(await problems(() => tocsin.onCall.override({ ...override(), ...more } as never))).toEqual(expected);
    expect(await tocsin.onCall.overrides('primary')).toEqual([]);
  });

  test.each([
    ['skips', '2026-03-29T02:30:00', /^from: .* does not exist in Europe\/Berlin/],
    ['repeats', '2026-10-25T02:30:00', /^from: .* comes twice in Europe\/Berlin/],
  ])('a local time that the zone %s is refused', async (_, from, expected) => {
    const [primary] = config().schedules ?? [];
    const { tocsin } = world({ config: config({ schedules: [{ ...primary!, timeZone: 'Europe/Berlin' }] }) });
    expect(await problems(() => tocsin.onCall.override(override({ from, until: '2027-01-01T00:00:00' })))).toEqual([
      expect.stringMatching(expected),
    ]);
  });

  test.each([
    ['a user', override({ user: 'zoe' }), 'user: there is no user zoe. Known: ana, ben, boss, mute'],
    ['whom it replaces', override({ replaces: 'zoe' }), 'replaces: there is no user zoe. Known: ana, ben, boss, mute'],
    ['a layer', override({ layer: 'nights' }), 'layer: there is no layer nights. Known: weekly'],
    [
      'who could not be paged',
      override({ user: 'mute' }),
      'user: user mute has no contact and could not be paged; give them one in the configuration',
    ],
  ])('%s that there is not is REFERENCE_UNKNOWN with its path', async (_, input, expected) => {
    const { tocsin } = world();
    expect(await problems(() => tocsin.onCall.override(input), 'REFERENCE_UNKNOWN')).toEqual([expected]);
  });

  test('the givers and takers of a swap have to exist', async () => {
    const { tocsin } = world();
    for (const more of [{ give: 'zoe' }, { take: 'zoe' }, { take: 'mute' }])
      await refusal(() => tocsin.onCall.swap(swap(more)), 'REFERENCE_UNKNOWN');
  });

  test('a schedule that there is not is SCHEDULE_NOT_FOUND, for every call', async () => {
    const { tocsin } = world();
    for (const call of [
      () => tocsin.onCall.override(override({ schedule: 'nope' })),
      () => tocsin.onCall.swap(swap({ schedule: 'nope' })),
      () => tocsin.onCall.schedule('nope'),
      () => tocsin.onCall.overrides('nope'),
      () => tocsin.onCall.swaps('nope'),
    ])
      await refusal(call, 'SCHEDULE_NOT_FOUND');
  });

  test('an id that is taken is refused, whether it stands in the configuration, here, or on another schedule', async () => {
    const [primary] = config().schedules ?? [];
    const own = {
      id: 'own',
      from: '2026-01-06T00:00:00Z',
      until: '2026-01-07T00:00:00Z',
      kind: 'add',
      user: 'boss',
    } as const;
    const schedules = [
      { ...primary!, overrides: [own] },
      { ...primary!, id: 'secondary' },
    ];
    const { tocsin } = world({ config: config({ schedules }) });
    await tocsin.onCall.override(override({ id: 'x', schedule: 'secondary' }));
    for (const id of ['own', 'x'])
      expect(await problems(() => tocsin.onCall.override(override({ id })))).toEqual([
        `id: there is already one of the id ${id}; leave the id out, or give another one`,
      ]);
    await tocsin.onCall.swap(swap({ id: 'x' }));
  });

  test('a schedule takes ten thousand, and forgets those that ended more than 400 days ago', async () => {
    const [primary] = config().schedules ?? [];
    const own = Array.from({ length: 9_999 }, (_, n) => ({
      id: `own-${n}`,
      from: new Date(T0 + (n + 1) * DAY).toISOString(),
      until: new Date(T0 + (n + 1) * DAY + MINUTE).toISOString(),
      kind: 'add' as const,
      user: 'boss',
    }));
    const w = world({ config: config({ schedules: [{ ...primary!, overrides: own }] }) });
    await w.tocsin.onCall.override(override({ id: 'last' }));
    expect(await problems(() => w.tocsin.onCall.override(override()))).toEqual([
      'schedule: it has 10000 overrides, which is the most; cancel what is not wanted',
    ]);
    await w.sleep(400 * DAY + 2 * HOUR);
    const at = T0 + 400 * DAY + 2 * HOUR;
    await w.tocsin.onCall.override(override({ id: 'next', from: at, until: at + HOUR }));
    expect((await w.tocsin.onCall.overrides('primary')).map(({ id }) => id)).toEqual(['next']);
  });
});

describe('authorize', () => {
  test('is asked with the action and the schedule; nothing is stored when it refuses', async () => {
    const asked: unknown[] = [];
    let answer = true;
    const { tocsin } = world({
      authorize: (actor, action, resource) => {
        asked.push([actor, action, resource]);
        return answer;
      },
    });
    await tocsin.onCall.override(override({ id: 'o' }));
    await tocsin.onCall.swap(swap({ id: 's', by: { kind: 'system' } }));
    answer = false;
    await refusal(() => tocsin.onCall.override(override()), 'NOT_AUTHORIZED');
    await refusal(() => tocsin.onCall.cancelOverride('o', { by }), 'NOT_AUTHORIZED');
    await refusal(() => tocsin.onCall.cancelSwap('s', { by }), 'NOT_AUTHORIZED');
    const resource = { tenant: 'default', schedule: 'primary' };
    const boss = { kind: 'user', id: 'boss' };
    expect(asked).toEqual([
      [boss, 'override', resource],
      [{ kind: 'system' }, 'swap', resource],
      [boss, 'override', resource],
      [boss, 'cancelOverride', resource],
      [boss, 'cancelSwap', resource],
    ]);
    expect(await tocsin.onCall.overrides('primary')).toHaveLength(1);
  });
});

describe('cancelling', () => {
  test('what has begun ends now, and stands in the list with who ended it', async () => {
    const w = world();
    await w.tocsin.onCall.override(override({ id: 'o' }));
    await w.tocsin.onCall.swap(swap({ id: 's', until: T0 + DAY }));
    await w.sleep(HOUR);
    const ended = await w.tocsin.onCall.cancelOverride('o', { by: 'ana' });
    const now = new Date(T0 + HOUR);
    expect(ended).toMatchObject({ until: now, cancelledAt: now, cancelledBy: { kind: 'user', id: 'ana' } });
    expect(await w.tocsin.onCall.overrides('primary')).toEqual([ended]);
    expect(await onCall(w.tocsin, T0 + HOUR - 1)).toEqual(['ben by override o']);
    expect(await onCall(w.tocsin)).toEqual(['ben by swap s']);
    await w.tocsin.onCall.cancelSwap('s', { by: 'ana' });
    expect(await onCall(w.tocsin)).toEqual(['ana by rotation weekly']);
  });

  test('what has not begun goes, also when it would begin at this very moment', async () => {
    const { tocsin } = world();
    await tocsin.onCall.override(override({ id: 'later', from: T0 + HOUR }));
    await tocsin.onCall.swap(swap({ id: 'now' }));
    expect(await tocsin.onCall.cancelOverride('later', { by })).toMatchObject({ from: new Date(T0 + HOUR) });
    await tocsin.onCall.cancelSwap('now', { by });
    expect(await tocsin.onCall.overrides('primary')).toEqual([]);
    expect(await tocsin.onCall.swaps('primary')).toEqual([]);
    expect(await onCall(tocsin)).toEqual(['ana by rotation weekly']);
  });

  test('what has ended stays, by itself or because it was cancelled before', async () => {
    const w = world();
    await w.tocsin.onCall.override(override({ id: 'o', until: T0 + MINUTE }));
    await w.tocsin.onCall.override(override({ id: 'p' }));
    await w.sleep(MINUTE);
    const error = await refusal(() => w.tocsin.onCall.cancelOverride('o', { by }), 'INVALID_TRANSITION');
    expect(error.message).toBe('Cannot cancel override o: it ended at 2026-01-06T10:01:00.000Z.');
    await w.tocsin.onCall.cancelOverride('p', { by });
    await refusal(() => w.tocsin.onCall.cancelOverride('p', { by }), 'INVALID_TRANSITION');
  });

  test('what there is not is OVERRIDE_NOT_FOUND or SWAP_NOT_FOUND; what stands in the configuration is taken out there', async () => {
    const [primary] = config().schedules ?? [];
    const own = {
      id: 'own',
      from: '2026-01-06T00:00:00Z',
      until: '2026-01-07T00:00:00Z',
      kind: 'add',
      user: 'boss',
    } as const;
    const { tocsin } = world({ config: config({ schedules: [{ ...primary!, overrides: [own] }] }) });
    await tocsin.onCall.override(override({ id: 'o' }));
    await refusal(() => tocsin.onCall.cancelOverride('nope', { by }), 'OVERRIDE_NOT_FOUND');
    await refusal(() => tocsin.onCall.cancelSwap('o', { by }), 'SWAP_NOT_FOUND');
    const error = await refusal(() => tocsin.onCall.cancelOverride('own', { by }), 'OVERRIDE_NOT_FOUND');
    expect(error.message).toBe('Cannot cancel override own: it stands in the configuration; take it out there.');
    await refusal(() => tocsin.onCall.cancelOverride('o', {} as never), 'INPUT_INVALID');
    await refusal(() => tocsin.onCall.cancelOverride(7 as never, { by }), 'INPUT_INVALID');
  });
});

test('the calculator answers every other question with what is stored, and what comes later does not reach it', async () => {
  const { tocsin } = world();
  const before = await tocsin.onCall.schedule('primary');
  await tocsin.onCall.override(override({ id: 'o', from: T0 + HOUR }));
  const after = await tocsin.onCall.schedule('primary');
  expect(before.onCallAt(T0 + HOUR)[0]?.user).toBe('ana');
  expect(after.onCallAt(T0 + HOUR)[0]?.user).toBe('ben');
  expect(after.nextHandoff(T0)).toEqual(new Date(T0 + HOUR));
  expect(after.definition.overrides.map(({ id }) => id)).toEqual(['o']);
  const window = { from: T0, until: T0 + 3 * HOUR };
  expect((await tocsin.onCall.shifts('primary', window)).map(({ user }) => user)).toEqual(['ana', 'ben', 'ana']);
  expect(await tocsin.onCall.gaps('primary', window)).toEqual([]);
});

test('a hundred overrides at once are all stored', async () => {
  const { tocsin } = world();
  await Promise.all(Array.from({ length: 100 }, (_, n) => tocsin.onCall.override(override({ id: `o${n}` }))));
  expect(await tocsin.onCall.overrides('primary')).toHaveLength(100);
});

test('a team means its schedule with what is stored', async () => {
  const w = world({
    config: config({
      teams: [{ id: 'shop', schedule: 'primary' }],
      escalationPolicies: [policy({ steps: [{ targets: [{ team: 'shop' }] }] })],
    }),
  });
  await w.tocsin.onCall.override(override());
  await opened(w.tocsin);
  await w.pass(0);
  expect(w.news()).toEqual(['+0 ben sms step']);
});
