import { expect, test } from 'vitest';
import { memoryStorage } from '../../src/index.ts';
import { config, DAY, policy, refusal, T0, world } from './world.ts';

const sound = () => config({ users: (config().users ?? []).filter(({ id }) => id !== 'mute') });
const ofAna = () => ({
  ...sound(),
  schedules: (sound().schedules ?? []).map((schedule) => ({
    ...schedule,
    layers: schedule.layers.map((layer) => ({ ...layer, rotation: { ...layer.rotation, participants: ['ana'] } })),
  })),
});

test('a sound configuration has no findings', async () => {
  expect(await world({ config: sound() }).tocsin.lint()).toEqual([]);
});

test('a stored override that leaves nobody on call is found as a gap, until it is cancelled', async () => {
  const { tocsin } = world({ config: ofAna() });
  expect(await tocsin.lint()).toEqual([]);
  const gap = {
    schedule: 'primary',
    from: new Date(T0 + DAY),
    until: new Date(T0 + 2 * DAY),
    kind: 'remove',
    user: 'ana',
    by: 'boss',
  } as const;
  const { id } = await tocsin.onCall.override(gap);
  const [finding, ...others] = await tocsin.lint();
  expect(finding).toMatchObject({ code: 'SCHEDULE_GAP', path: 'schedules[0]' });
  expect(finding?.message).toContain('from 2026-01-07T10:00:00.000Z to 2026-01-08T10:00:00.000Z, the only gap');
  expect(others).toEqual([]);
  expect(await tocsin.lint({ at: T0 + 3 * DAY })).toEqual([]);
  await tocsin.onCall.cancelOverride(id, { by: 'boss' });
  expect(await tocsin.lint()).toEqual([]);
});

test('linting writes nothing', async () => {
  const memory = memoryStorage();
  const written: string[] = [];
  const storage = new Proxy(memory, {
    get(target, name, receiver) {
      const value: unknown = Reflect.get(target, name, receiver);
      if (name !== 'commit') return value;
      return (...args: unknown[]) => {
        written.push(String(name));
        return Reflect.apply(value as (...given: unknown[]) => unknown, target, args);
      };
    },
  });
  const { tocsin, sms } = world({ config: config(), storage });
  expect((await tocsin.lint()).map(({ code, path }) => `${code} ${path}`)).toEqual(['USER_UNNAMED users[3]']);
  expect(written).toEqual([]);
  expect(sms.sent).toEqual([]);
  await tocsin.ingest({ action: 'trigger', title: 'it would be seen' });
  expect(written).not.toEqual([]);
});

test('each tenant is told of its own configuration', async () => {
  const { tocsin } = world({ config: sound() });
  const steps = [{ targets: [{ user: 'mute' }] }];
  const other = tocsin.forTenant('other', { config: config({ escalationPolicies: [policy({ steps })] }) });
  expect((await other.lint()).map(({ code }) => code)).toEqual(['STEP_REACHES_NOBODY']);
  expect(await tocsin.lint()).toEqual([]);
});

test('an option that there is not, and a moment that is none, are refused', async () => {
  const { tocsin } = world({ config: sound() });
  await refusal(() => tocsin.lint(JSON.parse('{"when":1}')), 'INPUT_INVALID');
  await refusal(() => tocsin.lint({ at: 'tomorrow' }), 'INSTANT_INVALID');
});
