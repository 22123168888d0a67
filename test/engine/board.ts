/**
 * A platform that mirrors incidents, and a chat whose messages can be changed: both keep what they were brought to.
 */
import { type Message, type Notifier, notifyError } from '../../src/index.ts';

/** What stands there, and every call that was made. */
export type Board = Notifier & {
  /** By what it is called there: `acknowledged: Disk full`. */
  readonly shown: ReadonlyMap<string, string>;
  /** Each call as `send opened triggered` or `update acknowledged acknowledged`. */
  readonly calls: readonly string[];
  readonly messages: readonly Message[];
  /** Runs before each call; what it throws fails it. */
  before?: ((message: Message) => unknown) | undefined;
};

/** A board; with a `platform` it mirrors, and a mirror of what is over is not made. */
export function board(name: string, platform?: string): Board {
  const shown = new Map<string, string>();
  const calls: string[] = [];
  const messages: Message[] = [];
  const write = (id: string, message: Message) => {
    messages.push(message);
    shown.set(id, `${message.status}: ${message.title}`);
  };
  const made: Board = {
    name,
    kind: 'chat',
    ...(platform !== undefined && { mirrors: platform }),
    shown,
    calls,
    messages,
    async send(message) {
      await made.before?.(message);
      calls.push(`send ${message.topic ?? message.purpose} ${message.status}`);
      if (platform !== undefined && message.status === 'resolved') return undefined;
      const externalId = platform === undefined ? `${name}-${shown.size + 1}` : `X-${message.incidentId}`;
      write(externalId, message);
      return { externalId, url: `https://${name}.example.com/${externalId}` };
    },
    async update(externalId, message) {
      await made.before?.(message);
      calls.push(`update ${message.topic ?? message.purpose} ${message.status}`);
      if (!shown.has(externalId)) throw notifyError(`There is no ${externalId}.`, { permanent: true });
      write(externalId, message);
    },
  };
  return made;
}
