/**
 * Options: what cannot be what its name says is refused before anything is built, and before anything is said.
 */
import { describe, expect, test } from 'vitest';
import { createTocsin, localRunner, memoryStorage, type TocsinOptions } from '../../src/index.ts';
import { consoleNotifier } from '../../src/notifiers/console.ts';
import { webhookNotifier } from '../../src/notifiers/webhook.ts';
import { recordingNotifier, virtualClock } from '../../src/testing/index.ts';
import { config, recordingLogger, refusal, T0 } from './world.ts';

const sms = recordingNotifier('sms');
const voice = recordingNotifier('voice');
const create = (more: object) =>
  createTocsin({ config: config(), notifiers: [sms, voice], logger: recordingLogger().logger, ...more });

describe('createTocsin', () => {
  const { now } = virtualClock({ start: T0 });
  const { migrate: _, ...halfAStorage } = memoryStorage({ clock: { now } });
  const wrong: readonly (readonly [string, object, string, RegExp])[] = [
    ['one notifier without a list', { notifiers: sms }, 'notifiers', /no list/],
    ['a notifier without a name', { notifiers: [{ send() {} }] }, 'notifiers[0]', /`name`/],
    ['a notifier with an empty name', { notifiers: [{ name: '', send() {} }] }, 'notifiers[0]', /`name`/],
    ['a factory that was not called', { notifiers: [sms, consoleNotifier] }, 'notifiers[1]', /call the factory/],
    ['a notifier that cannot send', { notifiers: [{ name: 'sms' }] }, 'notifiers[0]', /`send`/],
    ['a hole in the list', { notifiers: [null] }, 'notifiers[0]', /`name`/],
    ['two notifiers of one name', { notifiers: [sms, voice, recordingNotifier('sms')] }, 'notifiers[2]', /twice/],
    ['a clock that cannot wait', { clock: { now } }, 'clock', /the function wait$/],
    ['a clock that is a function', { clock: () => 0 }, 'clock', /the functions now, wait$/],
    ['half a storage', { storage: halfAStorage }, 'storage', /the function migrate$/],
    ['the factory of a storage', { storage: memoryStorage }, 'storage', /migrate, load, commit/],
    ['a runner without its functions', { runner: {} }, 'runner', /start, wake, stop/],
    ['a logger without warnings', { logger: { info() {} } }, 'logger', /debug, warn, error/],
    ['an id in the place of its maker', { ids: 'abc' }, 'ids', /no function/],
    ['null', { runner: null }, 'runner', /start/],
    ['a misspelt option', { onDeadletter() {} }, 'onDeadletter', /not known/],
  ];
  test.each(wrong)('refuses %s', async (_name, more, path, message) => {
    const error = await refusal(() => create(more), 'INPUT_INVALID');
    expect(error.details.problems).toEqual([{ path, message: expect.stringMatching(message) }]);
    expect(error.message).toMatch(/^Cannot create Tocsin: .+\.$/);
  });

  test('names every problem at once', async () => {
    const error = await refusal(() => create({ notifiers: 'sms', clock: {}, runner: {} }), 'INPUT_INVALID');
    expect((error.details.problems as { path: string }[]).map(({ path }) => path)).toEqual([
      'clock',
      'runner',
      'notifiers',
    ]);
  });

  test.each([
    ['no argument', undefined],
    ['null', null],
    ['an empty object', {}],
    ['everything but the configuration', { notifiers: [sms] }],
  ])('says of %s that the config is missing', async (_name, options) => {
    const error = await refusal(() => createTocsin(options as unknown as TocsinOptions), 'CONFIG_INVALID');
    expect(error.message).toMatch(/config is missing/);
    expect(error.details.problems).toMatchObject([{ message: 'the config is missing' }]);
  });

  test('says that nothing is kept only once the configuration was accepted', async () => {
    const { logger, lines } = recordingLogger();
    await refusal(() => create({ logger, config: {} }), 'CONFIG_INVALID');
    await refusal(() => create({ logger, clock: {} }), 'INPUT_INVALID');
    expect(lines).toEqual([]);
    create({ logger });
    expect(lines).toEqual([expect.stringMatching(/^warn: No storage/)]);
  });
});

describe('an option that is not known is refused by', () => {
  const makers: readonly (readonly [string, (options: never) => unknown, string])[] = [
    ['webhookNotifier', webhookNotifier, 'Cannot make a webhook notifier: it has no option nmae. Known: name, secret,'],
    ['consoleNotifier', consoleNotifier, 'Cannot make a console notifier: it has no option nmae. Known: name, write.'],
    ['localRunner', localRunner, 'Cannot make a local runner: it has no option nmae. Known: pollIntervalMs,'],
  ];
  test.each(makers)('%s', async (_name, make, message) => {
    const error = await refusal(() => make({ nmae: 'x' } as never), 'INPUT_INVALID');
    expect(error.message).toContain(message);
    expect(error.details).toEqual({ problems: [{ path: 'nmae', message: 'this option is not known' }] });
    await refusal(() => make('x' as never), 'INPUT_INVALID');
    expect(make({} as never)).toBeTypeOf('object');
  });
});
