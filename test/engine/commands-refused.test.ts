/**
 * Commands that are refused: what is said, which code it has, and that nothing was changed.
 */
import { expect, test } from 'vitest';
import type { Tocsin } from '../../src/index.ts';
import { events, incident, opened, refusal, trigger, world } from './world.ts';

const by = 'ana';

test('a forbidden command names itself, what was found and what is allowed', async () => {
  const { tocsin } = world();
  const id = await opened(tocsin);
  await tocsin.incidents.resolve(id, { by });
  const before = await events(tocsin, id);
  const error = await refusal(() => tocsin.incidents.acknowledge(id, { by }), 'INVALID_TRANSITION');
  const allowed = [
    'update',
    'setSeverity',
    'assignRole',
    'addTask',
    'updateTask',
    'completeTask',
    'reopenTask',
    'addNote',
    'pin',
    'unpin',
    'link',
    'setFields',
    'setSubStatus',
    'correctTimes',
    'postUpdate',
    'draftUpdate',
    'reopen',
    'close',
  ];
  expect(error.message).toBe(`Cannot acknowledge incident ${id}: it is resolved. Allowed now: ${allowed.join(', ')}.`);
  expect(error.details).toMatchObject({ incident: id, command: 'acknowledge', allowed, state: { phase: 'resolved' } });
  expect(error.retryable).toBe(false);
  expect(await tocsin.incidents.allowed(id)).toEqual(allowed);
  expect(await events(tocsin, id)).toEqual(before);
});

test('a merged incident allows nothing, and says so', async () => {
  const { tocsin } = world();
  const [source, target] = [await opened(tocsin, trigger('a')), await opened(tocsin, trigger('b'))];
  await tocsin.incidents.merge(source, { by, into: target });
  expect(await tocsin.incidents.allowed(source)).toEqual([]);
  const error = await refusal(() => tocsin.incidents.addNote(source, { by, text: 'x' }), 'INVALID_TRANSITION');
  expect(error.message).toBe(`Cannot addNote incident ${source}: it is merged. Allowed now: nothing.`);
});

const wrongInput: readonly (readonly [string, (tocsin: Tocsin, id: string) => unknown, string])[] = [
  ['an update without a person', (t, id) => t.incidents.update(id, { title: 'x' } as never), 'by'],
  ['an empty note', (t, id) => t.incidents.addNote(id, { by, text: '   ' }), 'text'],
  ['a field that nobody knows', (t, id) => t.incidents.resolve(id, { by, becuase: 'x' } as never), 'becuase'],
  ['a snooze of nothing', (t, id) => t.incidents.snooze(id, { by, for: '0s' }), 'for'],
  ['a snooze of more than a day', (t, id) => t.incidents.snooze(id, { by, for: '24h1ms' }), 'for'],
  ['a snooze of no duration', (t, id) => t.incidents.snooze(id, { by, for: 'a while' }), 'for'],
  ['a snooze of a thousand years', (t, id) => t.incidents.snooze(id, { by, for: '999999999d' }), 'for'],
  ['a step that the ladder has not', (t, id) => t.incidents.escalate(id, { by, step: 3 }), 'step'],
  ['step zero', (t, id) => t.incidents.escalate(id, { by, step: 0 }), 'step'],
  ['half a step', (t, id) => t.incidents.escalate(id, { by, step: 1.5 }), 'step'],
  ['a reassignment to nobody', (t, id) => t.incidents.reassign(id, { by }), 'policy'],
  ['a reassignment to both', (t, id) => t.incidents.reassign(id, { by, policy: 'default', users: ['ben'] }), 'policy'],
  ['a link to nowhere', (t, id) => t.incidents.link(id, { by, text: 'x' }), 'href'],
  ['a link that runs a script', (t, id) => t.incidents.link(id, { by, href: 'javascript:alert(1)' }), 'href'],
  ['a source that accepts for no person', (t, id) => t.incidents.accept(id, { by: { kind: 'source', id: 'x' } }), 'by'],
  ['a role that is a prototype', (t, id) => t.incidents.assignRole(id, { by, role: '__proto__', user: by }), 'role'],
  ['no input at all', (t, id) => t.incidents.close(id, undefined as never), ''],
];

test.each(wrongInput)('%s is refused with the path of the field', async (_, call, path) => {
  const { tocsin } = world();
  const id = await opened(tocsin);
  const before = await incident(tocsin, id);
  const error = await refusal(() => call(tocsin, id), 'INPUT_INVALID');
  expect(error.details.problems).toMatchObject([{ path }]);
  expect(error.message).toMatch(/^Cannot [a-zA-Z]+: .+\.$/);
  expect(await incident(tocsin, id)).toEqual(before);
});

const unknown: readonly (readonly [string, (tocsin: Tocsin, id: string) => unknown, object])[] = [
  [
    'user',
    (t, id) => t.incidents.addResponder(id, { by, user: 'zoe' }),
    { user: 'zoe', known: ['ana', 'ben', 'boss', 'mute'] },
  ],
  ['user of a reassignment', (t, id) => t.incidents.reassign(id, { by, users: ['ben', 'zoe'] }), { user: 'zoe' }],
  ['user without a contact', (t, id) => t.incidents.addResponder(id, { by, user: 'mute' }), { user: 'mute' }],
  [
    'policy',
    (t, id) => t.incidents.reassign(id, { by, policy: 'x' }),
    { 'escalation policy': 'x', known: ['default'] },
  ],
  [
    'severity',
    (t, id) => t.incidents.setSeverity(id, { by, severity: 'SEV9' }),
    { severity: 'SEV9', known: ['SEV1', 'SEV2', 'SEV3'] },
  ],
  [
    'role',
    (t, id) => t.incidents.assignRole(id, { by, role: 'king', user: 'ana' }),
    { role: 'king', known: ['commander', 'communications', 'scribe'] },
  ],
  ['responder', (t, id) => t.incidents.removeResponder(id, { by, user: 'zoe' }), { responder: 'zoe', known: [] }],
  ['responder who accepts', (t, id) => t.incidents.accept(id, { by: 'zoe' }), { responder: 'zoe' }],
  ['responder who declines', (t, id) => t.incidents.decline(id, { by, user: 'toString' }), { responder: 'toString' }],
  ['task', (t, id) => t.incidents.completeTask(id, { by, task: 'none' }), { task: 'none', known: [] }],
  ['service', (t) => t.incidents.open({ by, title: 'x', service: 'none' }), { service: 'none' }],
  [
    'severity of a new incident',
    (t) => t.incidents.open({ by, title: 'x', service: 'search', severity: 'SEV9' }),
    { severity: 'SEV9' },
  ],
];

test.each(unknown)('an unknown %s is refused with what is known', async (_, call, details) => {
  const { tocsin } = world();
  const id = await opened(tocsin);
  const before = await incident(tocsin, id);
  const error = await refusal(() => call(tocsin, id), 'REFERENCE_UNKNOWN');
  expect(error.details).toMatchObject(details);
  expect(error.message).toMatch(/^Cannot .+\.$/);
  expect(await incident(tocsin, id)).toEqual(before);
  expect((await tocsin.incidents.list()).items).toHaveLength(1);
});

test('the refusal of an unknown severity lists the known ones', async () => {
  const { tocsin } = world();
  const id = await opened(tocsin);
  const error = await refusal(() => tocsin.incidents.setSeverity(id, { by, severity: 'SEV9' }));
  expect(error.message).toBe('Cannot use severity SEV9: there is none of that name. Known: SEV1, SEV2, SEV3.');
});

test('a merge into itself is refused', async () => {
  const { tocsin } = world();
  const id = await opened(tocsin);
  const error = await refusal(() => tocsin.incidents.merge(id, { by, into: id }), 'INVALID_TRANSITION');
  expect(error.message).toBe(`Cannot merge incident ${id}: it cannot be merged into itself.`);
});

test.each(['resolved', 'dismissed', 'merged'] as const)(
  'a merge into an incident that is %s is refused',
  async (end) => {
    const { tocsin } = world();
    const [source, target, third] = [
      await opened(tocsin, trigger('a')),
      await opened(tocsin, trigger('b')),
      await opened(tocsin, trigger('c')),
    ];
    if (end === 'resolved') await tocsin.incidents.resolve(target, { by });
    if (end === 'dismissed') await tocsin.incidents.dismiss(target, { by });
    if (end === 'merged') await tocsin.incidents.merge(target, { by, into: third });
    const before = await incident(tocsin, source);
    const error = await refusal(() => tocsin.incidents.merge(source, { by, into: target }), 'INVALID_TRANSITION');
    expect(error.message).toBe(
      `Cannot merge incident ${source} into ${target}: that one is ${end}. Reopen it first, or merge the other way round.`,
    );
    expect(error.details).toEqual({ incident: source, into: target, phase: end });
    expect(await incident(tocsin, source)).toEqual(before);
  },
);

test('a merge in a circle is refused: of two that merge into each other at once, one wins', async () => {
  const { tocsin } = world();
  const [a, b] = [await opened(tocsin, trigger('a')), await opened(tocsin, trigger('b'))];
  const results = await Promise.allSettled([
    tocsin.incidents.merge(a, { by, into: b }),
    tocsin.incidents.merge(b, { by, into: a }),
  ]);
  expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect([(await incident(tocsin, a)).phase, (await incident(tocsin, b)).phase].sort()).toEqual(['merged', 'triage']);
});

test('only a closed incident is followed by a new one: a merged one is not', async () => {
  const { tocsin } = world();
  const [source, target] = [await opened(tocsin, trigger('a')), await opened(tocsin, trigger('b'))];
  await tocsin.incidents.merge(source, { by, into: target });
  await refusal(() => tocsin.incidents.reopen(source, { by }), 'INVALID_TRANSITION');
  expect((await tocsin.incidents.list()).items).toHaveLength(2);
});
