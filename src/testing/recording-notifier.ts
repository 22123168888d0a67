/**
 * Recording notifier: keeps what it was asked to send, and fails when told to.
 */
import type { Message } from '../model/message.ts';
import type { Notifier } from '../ports/notifier.ts';

/** One attempt that reached the notifier. */
export type Recorded = { readonly message: Message; readonly idempotencyKey: string };

/** A notifier that keeps what it was asked to send. */
export type RecordingNotifier = Notifier & {
  /** Every attempt, in order, those that were made to fail included. */
  readonly attempts: readonly Recorded[];
  /** What was taken: every attempt that did not fail. */
  readonly sent: readonly Recorded[];
  /** Runs before each attempt; what it throws fails the attempt. */
  failWith(fail: ((message: Message, attempt: number) => unknown) | undefined): void;
};

/** A notifier that sends nothing and remembers everything. */
export function recordingNotifier(name = 'sms'): RecordingNotifier {
  const attempts: Recorded[] = [];
  const sent: Recorded[] = [];
  let fail: ((message: Message, attempt: number) => unknown) | undefined;
  return {
    name,
    attempts,
    sent,
    failWith(given) {
      fail = given;
    },
    async send(message, { idempotencyKey }) {
      const recorded = { message, idempotencyKey };
      attempts.push(recorded);
      await fail?.(message, attempts.length);
      sent.push(recorded);
      return { externalId: `${name}-${sent.length}` };
    },
  };
}
