/**
 * Bad input about people, policies and notifiers: refused with a path or a code, or recorded and carried on; nobody is wrongly paged.
 */
import { describe, expect, test } from 'vitest';
import { type ConfigInput, notifyError } from '../../src/index.ts';
import {
  config,
  contact,
  DAY,
  deliveries,
  events,
  incident,
  MINUTE,
  opened,
  type PolicyInput,
  policy,
  refusal,
  SECOND,
  stands,
  trigger,
  types,
  withoutUnhandled,
  world,
} from './world.ts';

const by = 'ana';

/** Every problem of a configuration that is refused, by its path. */
async function problemsOf(more: Partial<ConfigInput>): Promise<readonly string[]> {
  const error = await refusal(() => world({ config: config(more) }), 'CONFIG_INVALID');
  const problems = error.details.problems as readonly { readonly path: string; readonly message: string }[];
  for (const { message } of problems) expect(message).not.toBe('');
  return problems.map(({ path }) => path);
}
const withPolicy = (more: Partial<PolicyInput>) => ({ escalationPolicies: [policy(more)] });

describe('people who cannot be reached', () => {
  test('a user without contacts is accepted, never asked, and the next step is asked at once', async () => {
    const w = world({
      config: config(withPolicy({ steps: [{ targets: [{ user: 'mute' }] }, { targets: [{ user: 'ben' }] }] })),
    });
    const id = await opened(w.tocsin);
    await w.pass(0);
    expect(w.news()).toEqual(['+0 ben sms step']);
    const [, missed] = await events(w.tocsin, id);
    expect(missed).toMatchObject({ type: 'page.nobody', reason: 'nobody', trace: { unreached: [{ user: 'mute' }] } });
  });

  test('a user without contacts beside one who has some is passed over and recorded, and the other is asked', async () => {
    const targets = [{ user: 'mute' }, { user: 'ben' }];
    const w = world({ config: config(withPolicy({ steps: [{ targets }] })) });
    const id = await opened(w.tocsin);
    await w.pass(0);
    expect(w.news()).toEqual(['+0 ben sms step']);
    expect((await events(w.tocsin, id))[1]).toMatchObject({ trace: { unreached: [{ user: 'mute' }] } });
  });

  test('a fallback of nobody who can be reached is refused at its place', async () => {
    expect(await problemsOf(withPolicy({ fallback: [{ user: 'mute' }] }))).toEqual(['escalationPolicies[0].fallback']);
    expect(await problemsOf(withPolicy({ fallback: [] }))).toEqual(['escalationPolicies[0].fallback']);
  });

  test('a contact of a notifier that nobody handed over is refused, and names the user', async () => {
    const users = [{ id: 'ana', contacts: [contact('pigeon', 'ana')] }, ...(config().users ?? []).slice(1)];
    const error = await refusal(() => world({ config: config({ users }) }), 'CONFIG_INVALID');
    expect(error.details.problems).toMatchObject([{ path: 'users[0].contacts[0].notifier' }]);
    expect(error.message).toContain('pigeon');
  });

  test('two users of one id, an id of nothing, and a contact without an address are refused, each at its place', async () => {
    const users = config().users ?? [];
    expect(await problemsOf({ users: [...users, { id: 'ana' }] })).toEqual(['users[4].id']);
    expect(new Set(await problemsOf({ users: [...users, { id: '' }] }))).toEqual(new Set(['users[4].id']));
    const empty = { id: 'eve', contacts: [{ notifier: 'sms', address: '' }] };
    expect(await problemsOf({ users: [...users, empty] })).toEqual(['users[4].contacts[0].address']);
  });

  test.each(['zoe', 'mute'])('asking %s by hand is refused, and the page goes on as it was', async (user) => {
    const w = world();
    const id = await opened(w.tocsin);
    await refusal(() => w.tocsin.incidents.addResponder(id, { by, user }), 'REFERENCE_UNKNOWN');
    await refusal(() => w.tocsin.incidents.reassign(id, { by, users: [user] }), 'REFERENCE_UNKNOWN');
    await w.pass(5 * MINUTE);
    expect(w.news()).toEqual(['+0 ana sms step', '+2m ana voice step', '+5m ben sms step']);
  });
});

describe('policies that cannot work', () => {
  test('one without steps, a step without targets, and targets that mean nothing are refused at their place', async () => {
    expect(await problemsOf(withPolicy({ steps: [] }))).toEqual(['escalationPolicies[0].steps']);
    expect(await problemsOf(withPolicy({ steps: [{ targets: [] }] }))).toEqual([
      'escalationPolicies[0].steps[0].targets',
    ]);
    const unknown = [{ user: 'zoe' }, { schedule: 'none' }, { team: 'none' }, { channel: 'none' }];
    expect(await problemsOf(withPolicy({ steps: [{ targets: unknown }] }))).toEqual([
      'escalationPolicies[0].steps[0].targets[0].user',
      'escalationPolicies[0].steps[0].targets[1].schedule',
      'escalationPolicies[0].steps[0].targets[2].team',
      'escalationPolicies[0].steps[0].targets[3].channel',
    ]);
  });

  test('one whose every target is empty asks its fallback at once, however often it is repeated', async () => {
    const teams = [{ id: 'ghosts', members: [] }];
    const steps: PolicyInput['steps'] = Array.from({ length: 50 }, () => ({
      targets: [{ user: 'mute' }, { team: 'ghosts', everyone: true }],
    }));
    const w = world({ config: config({ teams, ...withPolicy({ steps, repeat: 20 }) }) });
    const id = await opened(w.tocsin);
    await w.pass(0);
    expect(w.news()).toEqual(['+0 boss sms fallback']);
    expect(await stands(w.tocsin, id)).toBe('triage / exhausted');
    expect((await types(w.tocsin, id)).length).toBeLessThan(2_000);
  });

  test('policies that follow each other in a circle, or one that follows itself, are refused', async () => {
    const circle = ['a', 'b', 'c'].map((id, n, all) => policy({ id, onExhausted: { policy: all[(n + 1) % 3] ?? '' } }));
    const services = [{ id: 'checkout', escalationPolicy: 'a' }];
    expect((await problemsOf({ escalationPolicies: circle, services }))[0]).toMatch(
      /^escalationPolicies\[\d]\.onExhausted/,
    );
    expect(await problemsOf(withPolicy({ onExhausted: { policy: 'default' } }))).toEqual([
      'escalationPolicies[0].onExhausted.policy',
    ]);
  });

  test('a team within a team is no member: it is refused as a user who does not exist', async () => {
    const teams = [
      { id: 'one', members: ['two'] },
      { id: 'two', members: ['one'] },
    ];
    expect(await problemsOf({ teams })).toEqual(['teams[0].members[0]', 'teams[1].members[0]']);
  });

  test.each(['-1m', '1x', '', 'soon', '4000d', 5 as never, Number.NaN as never])(
    'a wait of %j is refused at its place',
    async (escalateAfter) => {
      const steps = [{ targets: [{ user: 'ben' }], escalateAfter }];
      expect(await problemsOf(withPolicy({ steps }))).toEqual(['escalationPolicies[0].steps[0].escalateAfter']);
    },
  );

  test('a wait of nothing asks everybody at once and then the fallback at its own pace, without end and without a storm', async () => {
    const steps = [
      { targets: [{ user: 'ana' }], escalateAfter: '0s' },
      { targets: [{ user: 'ben' }], escalateAfter: '0s' },
    ];
    const w = world({ config: config(withPolicy({ steps, repeat: 3, repeatDelay: '0s' })) });
    await opened(w.tocsin);
    await w.pass(MINUTE);
    const asked = w.news();
    expect(asked.filter((line) => line.endsWith('ben sms step')).length).toBeLessThanOrEqual(4);
    expect(asked.filter((line) => line.endsWith('boss sms fallback'))).toHaveLength(1);
  });

  test.each(['0s', '0ms'])('what repeats without a pause (%s) is refused at its place', async (none) => {
    expect(await problemsOf(withPolicy({ fallbackEvery: none }))).toEqual(['escalationPolicies[0].fallbackEvery']);
    expect(await problemsOf(withPolicy({ acknowledgeTimeout: none }))).toEqual([
      'escalationPolicies[0].acknowledgeTimeout',
    ]);
    expect(await problemsOf({ incidents: { reminderEvery: none } })).toEqual(['incidents.reminderEvery']);
  });

  test('a wait of a year is accepted, waits, and is found by the linter', async () => {
    const steps = [{ targets: [{ user: 'ana' }], escalateAfter: '365d' }, { targets: [{ user: 'ben' }] }];
    const w = world({ config: config(withPolicy({ steps })) });
    await opened(w.tocsin);
    await w.pass(364 * DAY, DAY);
    expect(w.news()).toEqual(['+0 ana sms step', '+24h ana voice step']);
    await w.pass(DAY, DAY);
    expect(w.news()).toEqual(['+8760h ben sms step']);
    expect((await w.tocsin.lint()).map(({ path }) => path)).toContain('escalationPolicies[0].steps[0].escalateAfter');
  });

  test('rules of a person that wait a year send what is due and withdraw the rest with the answer', async () => {
    const rules = { high: [{ contact: 'sms' }, { after: '365d', contact: 'sms' }] };
    const users = [{ id: 'ana', contacts: [contact('sms', 'ana')], rules }, ...(config().users ?? []).slice(1)];
    const w = world({ config: config({ users }) });
    const id = await opened(w.tocsin);
    await w.pass(0);
    await w.tocsin.incidents.acknowledge(id, { by });
    expect(await deliveries(w.tocsin, id)).toEqual(['ana sms sent', 'ana sms withdrawn']);
  });
});

describe('notifiers that misbehave', () => {
  test('one that answers after its deadline counts as failed, is tried again under the same key, and its late answer changes nothing', async () => {
    await withoutUnhandled(async () => {
      const answers: (() => void)[] = [];
      const keys: string[] = [];
      const aborted: boolean[] = [];
      const late = {
        name: 'sms',
        send: (
          _: unknown,
          { idempotencyKey, signal }: { readonly idempotencyKey: string; readonly signal: AbortSignal },
        ) => {
          keys.push(idempotencyKey);
          signal.addEventListener('abort', () => aborted.push(true));
          return new Promise<{ readonly externalId: string }>((resolve) => {
            answers.push(() => resolve({ externalId: `late-${answers.length}` }));
          });
        },
      };
      const w = world({ notifiers: [late] });
      const id = await opened(w.tocsin);
      const tick = w.tocsin.tick();
      await w.clock.advance(11 * SECOND);
      await tick;
      expect(aborted).toEqual([true]);
      for (const answer of answers) answer();
      expect(await deliveries(w.tocsin, id)).toEqual(['ana sms pending', 'ana voice pending']);
      const again = w.tocsin.tick();
      await w.clock.advance(11 * SECOND);
      await again;
      expect(new Set(keys).size).toBe(1);
      expect(keys.length).toBeGreaterThan(1);
      for (const answer of answers) answer();
    });
  });

  test.each<[what: string, send: () => unknown]>([
    ['throws nothing at all', () => Promise.reject(undefined)],
    ['throws a text', () => Promise.reject('busy')],
    [
      'throws at once',
      () => {
        throw new Error('at once');
      },
    ],
    [
      'throws an object that cannot be read',
      () =>
        Promise.reject(
          new Proxy(
            {},
            {
              get() {
                throw new Error('no');
              },
            },
          ),
        ),
    ],
    ['refuses for good', () => Promise.reject(notifyError('gone', { permanent: true }))],
    ['asks to wait for ever', () => Promise.reject(notifyError('later', { retryAfterMs: Number.POSITIVE_INFINITY }))],
    ['asks to wait for less than nothing', () => Promise.reject(notifyError('later', { retryAfterMs: -5 }))],
  ])('one that %s keeps nobody else from being asked', async (_, send) => {
    await withoutUnhandled(async () => {
      const broken = { name: 'broken', send: send as () => Promise<undefined> };
      const contacts = [contact('broken', 'ana'), contact('voice', 'ana')];
      const users = [{ id: 'ana', contacts }, ...(config().users ?? []).slice(1)];
      const w = world({ config: config({ users }), notifiers: [broken] });
      const id = await opened(w.tocsin);
      await w.pass(6 * MINUTE, 10 * SECOND);
      expect(w.news().map((line) => line.replace(/^\S+ /, ''))).toEqual(['ana voice step', 'ben sms step']);
      expect((await incident(w.tocsin, id)).paging).toBe('escalating');
    });
  });

  test.each(['', 'x'.repeat(300), '__proto__', 7 as never])(
    'a notifier called %j is refused, or is none of those that contacts name',
    async (name) => {
      const w = async () => world({ notifiers: [{ name, async send() {} } as never] });
      const made = await w().then(
        ({ tocsin }) => tocsin,
        (error: { readonly code?: string }) => error.code,
      );
      if (typeof made === 'string') expect(made).toMatch(/_INVALID$/);
      else expect(await made?.ingest(trigger())).toMatchObject([{ outcome: 'opened' }]);
    },
  );
});
