/**
 * Console: prints each message as one block of text, for a first try and for development.
 *
 * It reaches nobody who does not look at the terminal, and never lets a stranger's text steer that terminal.
 */
import { oneLine } from '../core/text/clean.ts';
import { plainText } from '../core/text/plain-text.ts';
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
const MAX_LENGTH = 8_192;
const PURPOSES: Readonly<Record<MessagePurpose, string>> = {
  step: 'Page',
  fallback: 'Fallback page',
  reminder: 'Reminder',
  responder: 'Request to respond',
  handoff: 'Handoff',
  notice: 'Notice',
  summary: 'Summary',
  verification: 'Verification',
  canary: 'Canary',
  update: 'UPDATE',
  mirror: 'MIRROR',
  announcement: 'Announcement',
  emergency: 'Emergency page',
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
  const [title = '', ...lines] = plainText(message, { max: MAX_LENGTH }).split('\n');
  const { to, purpose, actions } = message;
  const route = `${PURPOSES[purpose]} for ${oneLine(to.name ?? to.user ?? to.contact)} at ${oneLine(to.address)}`;
  const silent = actions.filter(({ url }) => url === undefined).map(({ label }) => oneLine(label));
  const can = silent.length === 0 ? [] : [`Can: ${silent.join(', ')}`];
  return [title, ...[route, ...lines, ...can].map((line) => `  ${line}`)].join('\n');
}
