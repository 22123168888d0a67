/**
 * Saboteurs of a mirror: notifiers that each break one promise, to show that the conformance kit bites.
 *
 * They change what a sound notifier does, and never the channel behind it.
 */
import { isTocsinError } from '../../../src/errors.ts';
import type { Message } from '../../../src/model/message.ts';
import { type Notifier, notifyError, type SendOptions } from '../../../src/ports/notifier.ts';
import { type NotifierFixture, testNotifier } from '../../../src/testing/index.ts';

type Sabotage = (sound: Notifier, fixture: NotifierFixture) => Notifier;

const unaborted = (given: SendOptions): SendOptions => ({ ...given, signal: new AbortController().signal });
const failing = (run: Notifier['send'], spoil: (error: unknown) => unknown): Notifier['send'] => {
  return async (message, given) => {
    try {
      return (await run(message, given)) ?? undefined;
    } catch (error) {
      throw spoil(error);
    }
  };
};
const detailsOf = (error: unknown) => (isTocsinError(error) ? error.details : {});

/** By the promise that each breaks. */
export const SABOTEURS: Readonly<Record<string, Sabotage>> = {
  'N1 send rejects': (sound) => ({
    ...sound,
    send: async (m, o) => (await sound.send(m, o).catch(() => undefined)) ?? undefined,
  }),
  'N2 send rejects': (sound) => ({ ...sound, send: (m, o) => sound.send(m, unaborted(o)) }),
  'N3 the same key': (sound) => {
    let sent = 0;
    const renamed = (message: Message): Message => ({ ...message, title: `${message.title} ${sent++}` });
    return { ...sound, send: (m, o) => sound.send(renamed(m), o) };
  },
  'N4 what no later': (sound) => ({ ...sound, send: failing(sound.send, () => notifyError('no')) }),
  'N4 what a later': (sound) => ({ ...sound, send: failing(sound.send, () => notifyError('no', { permanent: true })) }),
  'N5 how long': (sound) => ({
    ...sound,
    send: failing(sound.send, (error) => notifyError('no', { permanent: detailsOf(error).permanent === true })),
  }),
  'N7 update changes': (sound) => ({
    ...sound,
    update: async (_, m, o) => (await sound.send({ ...m, incidentId: 'another', status: 'triggered' }, o)) ?? undefined,
  }),
  'N7 the same update': (sound) => {
    let updated = 0;
    return {
      ...sound,
      update: async (_, m, o) => {
        updated += 1;
        await sound.send({ ...m, incidentId: `i${updated}`, status: 'triggered' }, o);
      },
    };
  },
  'N7 update rejects before': (sound) => ({
    ...sound,
    update: async (id, m, o) => void (await sound.update?.(id, m, unaborted(o))),
  }),
  'N7 update rejects as': (sound) => ({
    ...sound,
    update: async (id, m, o) => {
      await Promise.resolve(sound.update?.(id, m, o)).catch(() => undefined);
    },
  }),
  'N8 no secret': (sound, { secrets }) => ({
    ...sound,
    send: failing(sound.send, (error) =>
      notifyError(`no: ${secrets[0]}`, { permanent: detailsOf(error).permanent === true }),
    ),
  }),
};

/** The titles of the tests under `promise` that a sabotaged fixture fails. */
export async function bitten(promise: string, open: () => Promise<NotifierFixture>): Promise<readonly string[]> {
  const tests = new Map<string, () => Promise<void>>();
  const sabotaged = async () => {
    const fixture = await open();
    return { ...fixture, notifier: SABOTEURS[promise]?.(fixture.notifier, fixture) ?? fixture.notifier };
  };
  testNotifier((title, run) => void tests.set(title, run), sabotaged, { updates: true });
  const failed: string[] = [];
  for (const [title, run] of tests) {
    if (title.startsWith(promise)) await run().catch(() => failed.push(title));
  }
  return failed;
}
