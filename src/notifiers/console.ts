/**
 * Console: prints each message as one block of text, for a first try and for development.
 *
 * It reaches nobody who does not look at the terminal, and never lets a stranger's text steer that terminal.
 */

import { cleanText, oneLine } from '../core/text/clean.ts';
import { cut } from '../core/text/cut.ts';
import { formatDuration } from '../model/duration.ts';
import type { Message, MessagePurpose } from '../model/message.ts';
import { type Notifier, notifyError } from '../ports/notifier.ts';
import { refuseUnknownOptions } from '../ports/options.ts';

/** How {@link consoleNotifier} prints. */
export type ConsoleNotifierOptions = {
  /** The name that contacts refer to. Default: `console`. */
  readonly name?: string;
  /** Takes each block, several lines without a line break at the end. Default: standard output. */
  readonly write?: (block: string) => void;
};

const KNOWN: readonly (keyof ConsoleNotifierOptions)[] = ['name', 'write'];
const WORTH_SAYING_MS = 60_000;
const MAX_BODY = 2_000;
const PURPOSES: Readonly<Record<MessagePurpose, string>> = {
  step: 'Page',
  fallback: 'Fallback page',
  reminder: 'Reminder',
  responder: 'Request to respond',
  handoff: 'Handoff',
  notice: 'Notice',
};

/**
 * A notifier that prints each message. Contacts of any address may use it.
 *
 * @throws TocsinError INPUT_INVALID when an option is not known.
 * @example
 * ```ts
 * import { consoleNotifier } from 'tocsin/notifiers/console';
 * consoleNotifier({ name: 'terminal' }).name; // => 'terminal'
 * ```
 */
export function consoleNotifier(options: ConsoleNotifierOptions = {}): Notifier {
  refuseUnknownOptions('make a console notifier', options, KNOWN);
  const { name = 'console', write = (block) => void process.stdout.write(`${block}\n`) } = options;
  return {
    name,
    async send(message, { signal }) {
      if (signal.aborted) throw notifyError('Printing was given up before it began.', { cause: signal.reason });
      write(formatBlock(message));
    },
  };
}

/** The lines of a message; all but the first are indented, so that no text inside can pass for another message. */
function formatBlock(message: Message): string {
  const { service, to, people } = message;
  const details = [
    `${PURPOSES[message.purpose]} for ${oneLine(to.name ?? to.user ?? to.contact)} at ${oneLine(to.address)}`,
    ...ages(message),
    ...cleanText(cut(message.body ?? '', MAX_BODY)).split('\n'),
    list('Asked', people.asked),
    list('Acknowledged by', people.acknowledgedBy),
    ...message.links.map((link) => labelled(link.text ?? 'Link', link.href)),
    ...message.actions.map((action) => labelled(action.label, action.url)),
  ];
  const head = `[${oneLine(message.severity)}] ${oneLine(service.name)}: ${oneLine(message.title)}`;
  return [head, ...details.filter((line) => line.trim() !== '').map((line) => `  ${line}`)].join('\n');
}

function ages({ since, requestedAt, sentAt, alertCount }: Message): string[] {
  const open = sentAt - since > WORTH_SAYING_MS ? [`Open for ${formatDuration(sentAt - since)}`] : [];
  const late = sentAt - requestedAt > WORTH_SAYING_MS ? [`Late by ${formatDuration(sentAt - requestedAt)}`] : [];
  const alerts = alertCount > 1 ? [`${alertCount} alerts`] : [];
  return [[...open, ...late, ...alerts].join(', ')];
}

function list(label: string, names: readonly string[]): string {
  return names.length === 0 ? '' : labelled(label, names.join(', '));
}

function labelled(label: string, value: string | undefined): string {
  return value === undefined ? `Can: ${oneLine(label)}` : `${oneLine(label)}: ${oneLine(value)}`;
}
