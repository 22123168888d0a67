/**
 * Words: what the sentences about a timeline call people, and what is left in them of texts that people wrote.
 *
 * Pure. It knows nobody by itself: whoever asks says who is called what.
 */
import { type Actor, actorName } from '../../model/identity.ts';
import type { Recipient } from '../../model/page.ts';

/** What whoever asks decides about the words of a sentence. */
export type Words = {
  /** What a person is called. Default: by the name that a page knew, or the id. */
  readonly nameOf?: ((user: string) => string) | undefined;
  /** What is left of a text that a person or a source wrote. Default: all of it. */
  readonly textOf?: ((text: string) => string) | undefined;
  /** What a task is called. Default: its id. */
  readonly taskOf?: ((task: string) => string) | undefined;
  /** Whether errors of notifiers are left out: they may name people and addresses. */
  readonly hidesErrors?: boolean | undefined;
};

/** The words of a sentence, with every default filled in. */
export type Say = {
  named(user: string): string;
  actor(actor: Actor): string;
  recipients(recipients: readonly Recipient[]): string;
  text(text: string): string;
  task(task: string): string;
  /** `undefined` when errors are left out. */
  error(error: string): string | undefined;
  /** The end of a sentence, with its reason where there is one. */
  because(reason: string | undefined): string;
};

const SAME = (text: string) => text;

/** The words by what was decided about them. */
export function sayWith({ nameOf, textOf = SAME, taskOf = SAME, hidesErrors = false }: Words): Say {
  const named = nameOf ?? SAME;
  const recipient = ({ name, user, channel }: Recipient) => {
    if (user === undefined) return name === undefined ? `#${textOf(String(channel))}` : textOf(name);
    return nameOf === undefined ? (name ?? user) : named(user);
  };
  return {
    named,
    actor: (actor) => (actor.kind === 'user' ? named(actor.id) : actorName(actor)),
    recipients: (recipients) => recipients.map(recipient).join(', ') || 'nobody',
    text: textOf,
    task: taskOf,
    error: (error) => (hidesErrors ? undefined : error),
    because: (reason) => (reason === undefined ? '.' : `: ${textOf(reason)}.`),
  };
}
