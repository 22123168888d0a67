/**
 * Input texts: a call that is wrong is told so in the words of the call, not of the library that checks it.
 */
import { describe, expect, test } from 'vitest';
import { createBus } from '../../src/engine/bus.ts';
import type { AlertEvent, Tocsin } from '../../src/index.ts';
import { events, opened, recordingLogger, refusal, trigger, world } from './world.ts';

const by = 'ana';
type Call = (incidents: Tocsin['incidents'], id: string) => unknown;

describe('the input of a command', () => {
  const calls: readonly (readonly [string, Call, string, string])[] = [
    ['nothing', (i, id) => i.acknowledge(id, undefined as never), '', 'give an object with `by`'],
    ['a text', (i, id) => i.resolve(id, 'ana' as never), '', 'give an object with `by`'],
    ['nothing to open', (i) => i.open(undefined as never), '', 'give an object with `by`, `title` and `service`'],
    ['no person', (i, id) => i.close(id, {} as never), 'by', '`by` is required: a user id or an actor'],
    ['a number as person', (i, id) => i.close(id, { by: 7 } as never), 'by', '`by` must be a user id or an actor'],
    ['nobody', (i, id) => i.close(id, { by: '' }), 'by', '`by` is empty'],
    ['two words', (i, id) => i.close(id, { by: 'a b' }), 'by', 'expected letters, digits or ._:@/+- only'],
    ['a stranger', (i, id) => i.close(id, { by: { kind: 'x' } } as never), 'by', '`by` must be a user id or an actor'],
    [
      'a misspelt field',
      (i, id) => i.resolve(id, { by, raeson: 'x' } as never),
      'raeson',
      'this field is not known; known: by, reason',
    ],
    [
      'no severity',
      (i, id) => i.setSeverity(id, { by } as never),
      'severity',
      '`severity` is required: the id of a severity',
    ],
    ['a list as reason', (i, id) => i.resolve(id, { by, reason: [] as never }), 'reason', '`reason` must be a text'],
    ['an empty note', (i, id) => i.addNote(id, { by, text: ' ' }), 'text', '`text` is empty'],
    [
      'a long title',
      (i, id) => i.update(id, { by, title: 'x'.repeat(2_000) }),
      'title',
      '`title` is longer than 1024 characters',
    ],
    ['nobody to ask', (i, id) => i.reassign(id, { by, users: [] }), 'users', '`users` needs at least 1 of them'],
    ['step zero', (i, id) => i.escalate(id, { by, step: 0 }), 'step', '`step` must be at least 1'],
    [
      'half a step',
      (i, id) => i.escalate(id, { by, step: 1.5 }),
      'step',
      '`step` must be a whole number, counted from 1',
    ],
    ['a step too far', (i, id) => i.escalate(id, { by, step: 51 }), 'step', '`step` must be at most 50'],
    [
      'a script',
      (i, id) => i.link(id, { by, href: 'javascript:x' }),
      'href',
      '`href` must be an http or https address',
    ],
    [
      'another audience',
      (i, id) => i.postUpdate(id, { by, text: 'x', audience: 'all' as never }),
      'audience',
      "`audience` must be one of 'internal', 'public'",
    ],
    ['minutes', (i, id) => i.snooze(id, { by, for: 30 as never }), 'for', "`for` must be a duration such as '30m'"],
    [
      'an incident as target',
      (i, id) => i.merge(id, { by, into: { id } as never }),
      'into',
      '`into` must be the id of an incident: pass its `id`; is an `await` missing?',
    ],
  ];
  test.each(calls)('%s', async (_name, call, path, message) => {
    const { tocsin } = world();
    const id = await opened(tocsin);
    const error = await refusal(() => call(tocsin.incidents, id), 'INPUT_INVALID');
    expect(error.details.problems).toEqual([{ path, message }]);
    expect(error.message).toContain(message);
    expect(error.message).toMatch(/^Cannot [a-zA-Z]+: .+\.$/);
  });

  test('says every problem at once', async () => {
    const { tocsin } = world();
    const error = await refusal(() => tocsin.incidents.open({ by, titel: 'x' } as never), 'INPUT_INVALID');
    expect((error.details.problems as { path: string }[]).map(({ path }) => path)).toEqual([
      'title',
      'service',
      'titel',
    ]);
    expect(error.message).toMatch(
      /^Cannot open: `title` is required: a line of text; .+; titel: this field is not known/,
    );
  });
});

describe('an id', () => {
  const commands: readonly (readonly [string, Call])[] = [
    ['a command', (i, id) => i.acknowledge(id, { by })],
    ['a reopening', (i, id) => i.reopen(id, { by })],
    ['a merge', (i, id) => i.merge(id, { by, into: 'x' })],
    ['a timeline', (i, id) => i.timeline(id)],
    ['what is allowed', (i, id) => i.allowed(id)],
  ];
  test.each(commands)('that is an incident or a promise is refused by %s', async (_name, call) => {
    let asked = 0;
    const { tocsin } = world({
      authorize: () => {
        asked += 1;
        return true;
      },
    });
    for (const id of [{ id: 'x' }, Promise.resolve('x'), undefined, null, 7]) {
      const error = await refusal(() => call(tocsin.incidents, id as never), 'INPUT_INVALID');
      expect(error.message).toMatch(/^Cannot .+: pass its `id`; is an `await` missing\?$/);
      expect(error.details).toEqual({ problems: [{ path: 'id', message: 'pass its `id`; is an `await` missing?' }] });
    }
    expect(asked).toBe(0);
  });
});

describe('a listener', () => {
  test.each([
    ['incident.open', /incident\.opened/],
    [
      'delivery.failed',
      /page\.failed, delivery\.sent, delivery\.retried, delivery\.held, delivery\.dead, .*canary\.failed$/,
    ],
    ['nonsense', /incident\.opened.+error$/],
    [undefined, /incident\.opened/],
  ])('of %s is refused with the types there are', async (type, message) => {
    const { tocsin } = world();
    const error = await refusal(() => tocsin.on(type as never, () => {}), 'INPUT_INVALID');
    expect(error.details.problems).toEqual([{ path: 'type', message: expect.stringMatching(message) }]);
  });

  test('that is no function is refused', async () => {
    const bus = createBus(recordingLogger().logger);
    const error = await refusal(() => bus.on('error', 'x' as never), 'INPUT_INVALID');
    expect(error.message).toBe('Cannot listen to error: the listener is no function.');
  });

  test('is told only what it wants', () => {
    const bus = createBus(recordingLogger().logger);
    const heard: string[] = [];
    bus.on(
      'error',
      ({ doing }) => heard.push(doing),
      ({ doing }) => doing !== 'x',
    );
    for (const doing of ['x', 'y']) bus.tell('error', { type: 'error', error: undefined, doing });
    expect(heard).toEqual(['y']);
  });

  test('of every type that there is, is taken', async () => {
    const { tocsin } = world();
    const heard: string[] = [];
    for (const type of [
      'incident.opened',
      'page.requested',
      'delivery.sent',
      'delivery.retried',
      'delivery.dead',
      'error',
    ] as const)
      tocsin.on(type, (news) => heard.push(news.type));
    const id = await opened(tocsin);
    expect(heard).toEqual((await events(tocsin, id)).map(({ type }) => type));
  });
});

describe('the body of a webhook in the place of its events', () => {
  const hint = 'This looks like the body of a webhook: parse it with a source first.';
  test.each([
    ['an object', { version: '4', status: 'firing', alerts: [] }],
    ['a text', '{"alerts":[]}'],
  ])('%s is rejected with the way out', async (_name, body) => {
    const { tocsin } = world();
    const [result] = await tocsin.ingest(body as unknown as AlertEvent);
    expect(result).toMatchObject({ outcome: 'rejected', error: { code: 'INPUT_INVALID' } });
    expect(result?.reason).toContain(hint);
    expect(result?.error?.details.problems).not.toEqual([]);
    expect((await refusal(() => tocsin.explain(body as never), 'INPUT_INVALID')).message).toContain(hint);
  });

  test('a misspelt event is not taken for one', async () => {
    const { tocsin } = world();
    for (const event of [trigger('x', { version: '4' } as never), 'alert!', null]) {
      expect((await tocsin.ingest(event as AlertEvent))[0]?.reason).not.toContain(hint);
    }
  });
});
