/**
 * Configuration: what cannot work is refused at once, as a whole, with the path of each problem.
 */
import { describe, expect, test } from 'vitest';
import { type ConfigInput, createTocsin } from '../../src/index.ts';
import { recordingNotifier, virtualClock } from '../../src/testing/index.ts';
import { config, incident, opened, policy, recordingLogger, refusal, T0, world } from './world.ts';

const by = 'ana';

describe('configuration', () => {
  const create = (given: unknown, notifiers = [recordingNotifier('sms'), recordingNotifier('voice')]) =>
    createTocsin({
      config: given as ConfigInput,
      notifiers,
      clock: virtualClock({ start: T0 }),
      logger: recordingLogger().logger,
    });
  const problems = async (given: unknown, notifiers?: Parameters<typeof create>[1]) =>
    (await refusal(() => create(given, notifiers), 'CONFIG_INVALID')).details.problems;

  test('a notifier that nobody handed over is found at once, wherever it is named', async () => {
    const named = config({ channels: [{ id: 'room', notifier: 'slack', address: '#ops' }] });
    const error = await refusal(() => create(named, [recordingNotifier('sms')]), 'CONFIG_INVALID');
    expect(error.details.problems).toEqual([
      {
        path: 'users[0].contacts[1].notifier',
        message: 'there is no notifier voice',
        hint: 'Hand it to createTocsin({ notifiers }). Known: sms.',
      },
      {
        path: 'channels[0].notifier',
        message: 'there is no notifier slack',
        hint: 'Hand it to createTocsin({ notifiers }). Known: sms.',
      },
    ]);
    expect(error.message).toBe(
      [
        'Cannot use this configuration: it names notifiers that it cannot use.',
        '  users[0].contacts[1].notifier: there is no notifier voice. Hand it to createTocsin({ notifiers }). Known: sms.',
        '  channels[0].notifier: there is no notifier slack. Hand it to createTocsin({ notifiers }). Known: sms.',
      ].join('\n'),
    );
  });

  test('without any notifier the refusal says that there is none', async () => {
    expect(await problems(config(), [])).toContainEqual({
      path: 'users[0].contacts[0].notifier',
      message: 'there is no notifier sms',
      hint: 'Hand it to createTocsin({ notifiers }). Known: none.',
    });
  });

  test.each([
    ['nothing', undefined, ''],
    ['an empty one', {}, 'escalationPolicies'],
    ['a misspelt field', { ...config(), servces: [] }, 'servces'],
    [
      'a service without its policy',
      config({ services: [{ id: 'x', escalationPolicy: 'none' }] }),
      'services[0].escalationPolicy',
    ],
    [
      'a fallback that reaches nobody',
      config({ escalationPolicies: [policy({ fallback: [{ user: 'mute' }] })] }),
      'escalationPolicies[0].fallback',
    ],
    ['a duration of words', config({ incidents: { reopenWindow: 'a week' } }), 'incidents.reopenWindow'],
    ['a duration of a thousand years', config({ incidents: { reopenWindow: '400000d' } }), 'incidents.reopenWindow'],
    [
      'a fallback without a pause',
      config({ escalationPolicies: [policy({ fallbackEvery: '0s' })] }),
      'escalationPolicies[0].fallbackEvery',
    ],
    ['a reminder without a pause', config({ incidents: { reminderEvery: '0s' } }), 'incidents.reminderEvery'],
    [
      'a step with two waits',
      config({
        escalationPolicies: [
          policy({
            steps: [
              { targets: [{ user: 'ana' }], escalateAfter: '5m', escalateAt: { time: '09:00', timeZone: 'UTC' } },
            ],
          }),
        ],
      }),
      'escalationPolicies[0].steps[0].escalateAt',
    ],
  ])('%s is refused with its path', async (_, given, path) => {
    expect(await problems(given)).toContainEqual(expect.objectContaining({ path }));
  });

  test('the longest durations are kept, and nothing overflows', async () => {
    const { tocsin, clock, pass } = world({
      config: config({
        escalationPolicies: [policy({ steps: [{ targets: [{ user: 'ana' }], escalateAfter: '3653d' }] })],
      }),
    });
    const id = await opened(tocsin);
    await tocsin.start();
    await clock.advance(60_000);
    expect((await incident(tocsin, id)).timers).toEqual({ step: new Date(T0 + 3_653 * 86_400_000) });
    await tocsin.incidents.acknowledge(id, { by });
    await pass(0);
    await tocsin.stop();
  });

  test('equal configurations have equal versions', () => {
    const version = (given: ConfigInput) => create(given).config.current().version;
    expect(version(config())).toBe(version(config()));
    expect(version(config())).not.toBe(version(config({ incidents: { reopenWindow: '1d' } })));
    expect(version(config())).toMatch(/^[0-9a-f]{16}$/);
  });

  test('a broken configuration of another tenant leaves this one alone', async () => {
    const { tocsin } = world();
    await refusal(() => tocsin.forTenant('acme', { config: {} as ConfigInput }), 'CONFIG_INVALID');
    await refusal(() => tocsin.forTenant('acme'), 'REFERENCE_UNKNOWN');
    expect(await opened(tocsin)).toEqual(expect.any(String));
  });
});
