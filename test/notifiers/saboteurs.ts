/**
 * Saboteurs: notifiers that each break one promise of the port, to show that the conformance kit bites for a notifier.
 *
 * They change what a sound notifier does, and never the channel behind it.
 */
import { isTocsinError } from '../../src/errors.ts';
import type { Message } from '../../src/model/message.ts';
import { type Notifier, notifyError, type SendOptions } from '../../src/ports/notifier.ts';
import { type NotifierFixture, testNotifier } from '../../src/testing/index.ts';
import { patient } from './message.ts';

/** What breaks a promise, and how. */
export type Saboteur = {
  readonly promise: string;
  readonly does: string;
  readonly spoil: (sound: Notifier, secrets: readonly string[]) => Notifier;
};

type Send = Notifier['send'];
type Update = NonNullable<Notifier['update']>;

/** Those of `send`. */
export const SEND_SABOTEURS: readonly Saboteur[] = [
  { promise: 'N1', does: 'sends nothing', spoil: sending(() => async () => undefined) },
  {
    promise: 'N1',
    does: 'takes a failure for done',
    spoil: sending((send) => async (...given) => {
      await settled(send(...given));
    }),
  },
  {
    promise: 'N2',
    does: 'does not listen to its signal',
    spoil: sending((send) => async (message, given) => (await send(message, deaf(given))) ?? undefined),
  },
  {
    promise: 'N3',
    does: 'says another thing under another key each time',
    spoil: (sound) => {
      let sent = 0;
      const another: Send = async (message, { idempotencyKey, signal }) => {
        const id = `i${++sent}`;
        const other = { ...message, incidentId: id, title: `${message.title} ${id}` };
        return (await sound.send(other, { idempotencyKey: `${idempotencyKey}-${id}`, signal })) ?? undefined;
      };
      return { ...sound, send: another };
    },
  },
  {
    promise: 'N4',
    does: 'gives nothing up',
    spoil: failing((error) => notifyError('no', { ...detailsOf(error), permanent: false })),
  },
  {
    promise: 'N4',
    does: 'gives everything up',
    spoil: failing((error) => notifyError('no', { ...detailsOf(error), permanent: true })),
  },
  {
    promise: 'N5',
    does: 'does not say how long to wait',
    spoil: failing((error) => notifyError('no', { permanent: detailsOf(error).permanent === true })),
  },
  {
    promise: 'N8',
    does: 'tells what nobody may read',
    spoil: failing((error, secrets) => notifyError(`no: ${secrets.join(' ')}`, detailsOf(error))),
  },
];

/** Those of `update`. */
export const UPDATE_SABOTEURS: readonly Saboteur[] = [
  { promise: 'N7', does: 'forgets to update', spoil: updating(() => async () => undefined) },
  {
    promise: 'N7',
    does: 'sends anew what it should change',
    spoil: (sound) => {
      let updated = 0;
      const anew: Update = async (_, message, given) => {
        updated += 1;
        await sound.send({ ...message, incidentId: `i${updated}`, status: 'triggered' }, given);
      };
      return { ...sound, update: anew };
    },
  },
  {
    promise: 'N7',
    does: 'updates whatever its signal says',
    spoil: updating((update) => async (id, message, given) => void (await update(id, message, deaf(given)))),
  },
  {
    promise: 'N7',
    does: 'takes an update that failed for done',
    spoil: updating(
      (update) =>
        async (...given) =>
          void (await settled(update(...given))),
    ),
  },
];

/** Those of what the public reads. */
export const PUBLIC_SABOTEURS: readonly Saboteur[] = [
  {
    promise: 'N9',
    does: 'calls an incident what only its people call it',
    spoil: sending((send) => async (message, given) => {
      const { publicFacts: facts, title } = message;
      return (await send({ ...message, ...(facts && { publicFacts: { ...facts, title } }) }, given)) ?? undefined;
    }),
  },
  {
    promise: 'N9',
    does: 'tells what is on its mind when the public knows nothing',
    spoil: sending((send) => async (message, given) => {
      const { publicFacts = textsOf(message.title, message.sentAt) } = message;
      return (await send({ ...message, publicFacts }, given)) ?? undefined;
    }),
  },
  {
    promise: 'N9',
    does: 'adds a line of its people to an update',
    spoil: updating((update) => async (id, message, given) => {
      const facts = message.publicFacts ?? textsOf('', 0);
      const updates = facts.updates.map((one) => ({ ...one, text: `${one.text} ${message.lines.join()}` }));
      await update(id, { ...message, publicFacts: { ...facts, updates } }, given);
    }),
  },
  {
    promise: 'N9',
    does: 'does not say that everybody reads it',
    spoil: ({ audience: _, ...sound }) => sound,
  },
];

function textsOf(title: string, at: number): NonNullable<Message['publicFacts']> {
  const status = 'investigating';
  return { title, status, components: {}, updates: [{ id: '1', at, status, text: title }] };
}

/** The titles of the kit's tests under its promise that a notifier fails which `saboteur` has spoilt. */
export async function bitten(
  { promise, spoil }: Saboteur,
  open: () => Promise<NotifierFixture>,
  options: Parameters<typeof testNotifier>[2] = {},
): Promise<readonly string[]> {
  const tests: (readonly [string, () => Promise<void>])[] = [];
  const sabotaged = async () => {
    const fixture = await open();
    return { ...fixture, notifier: spoil(fixture.notifier, fixture.secrets) };
  };
  testNotifier((title, run) => void tests.push([title, run]), sabotaged, options);
  const failed: string[] = [];
  for (const [title, run] of tests) {
    if (title.startsWith(promise)) await run().catch(() => failed.push(title));
  }
  return failed;
}

function sending(change: (send: Send) => Send): Saboteur['spoil'] {
  return (sound) => ({ ...sound, send: change(sound.send) });
}

function failing(spoil: (error: unknown, secrets: readonly string[]) => Error): Saboteur['spoil'] {
  return (sound, secrets) => ({
    ...sound,
    async send(message, given) {
      try {
        return (await sound.send(message, given)) ?? undefined;
      } catch (error) {
        throw spoil(error, secrets);
      }
    },
  });
}

function updating(change: (update: Update) => Update): Saboteur['spoil'] {
  return (sound) => (sound.update === undefined ? sound : { ...sound, update: change(sound.update) });
}

function deaf(given: SendOptions): SendOptions {
  return { ...given, signal: patient };
}

function detailsOf(error: unknown): { readonly permanent?: boolean; readonly retryAfterMs?: number } {
  return isTocsinError(error) ? error.details : {};
}

async function settled(attempt: unknown): Promise<void> {
  await Promise.resolve(attempt).catch(() => undefined);
}
