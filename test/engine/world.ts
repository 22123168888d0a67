/**
 * A small world for tests of the engine: one Tocsin, its clock, its notifiers, and what they were asked to send.
 *
 * It is Tuesday, 6 January 2026, 10:00 UTC; ana is on call until Monday, then ben. Nothing sleeps.
 */
import { vi } from 'vitest';
import {
  type AlertEvent,
  type ConfigInput,
  createTocsin,
  type Delivery,
  type ErrorCode,
  type IngestResult,
  isTocsinError,
  type Logger,
  memoryStorage,
  type Notifier,
  type Storage,
  type TimelineEvent,
  type Tocsin,
  type TocsinError,
  type TocsinOptions,
  weeklySchedule,
} from '../../src/index.ts';
import { type RecordingNotifier, recordingNotifier, type VirtualClock, virtualClock } from '../../src/testing/index.ts';

export const SECOND = 1_000;
export const MINUTE = 60_000;
export const HOUR = 3_600_000;
export const DAY = 86_400_000;
/** Tuesday, 6 January 2026, 10:00 UTC. */
export const T0 = Date.UTC(2026, 0, 6, 10);

/** ana (sms, then voice after two minutes) is on call, then ben, then boss without end. */
export function config(more: Partial<ConfigInput> = {}): ConfigInput {
  return {
    users: [
      { id: 'ana', name: 'Ana', contacts: [contact('sms', 'ana'), contact('voice', 'ana')] },
      { id: 'ben', contacts: [contact('sms', 'ben')] },
      { id: 'boss', contacts: [contact('sms', 'boss')] },
      { id: 'mute', contacts: [] },
    ],
    schedules: [
      weeklySchedule('primary', { timeZone: 'UTC', start: '2026-01-05T09:00:00', participants: ['ana', 'ben'] }),
    ],
    escalationPolicies: [policy()],
    services: [
      { id: 'checkout', name: 'Checkout', escalationPolicy: 'default' },
      { id: 'search', escalationPolicy: 'default' },
    ],
    ...more,
  };
}

export type PolicyInput = ConfigInput['escalationPolicies'][number];

/** ana for 5 minutes, ben for 10, then boss every 15. */
export function policy(more: Partial<PolicyInput> = {}): PolicyInput {
  return {
    id: 'default',
    steps: [
      { targets: [{ schedule: 'primary' }], escalateAfter: '5m' },
      { targets: [{ user: 'ben' }], escalateAfter: '10m' },
    ],
    fallback: [{ user: 'boss' }],
    ...more,
  };
}

export const contact = (notifier: string, name: string) => ({ notifier, address: `${name}@${notifier}` });

/** A problem with a key of its own. */
export const trigger = (dedupKey = 'disk', more: Partial<AlertEvent> = {}): AlertEvent => ({
  action: 'trigger',
  dedupKey,
  title: `Problem ${dedupKey}`,
  severity: 'critical',
  ...more,
});
export const resolve = (dedupKey = 'disk'): AlertEvent => ({ action: 'resolve', dedupKey });
export const acknowledge = (dedupKey = 'disk'): AlertEvent => ({ action: 'acknowledge', dedupKey });

export type WorldOptions = Partial<Omit<TocsinOptions, 'config' | 'clock' | 'notifiers'>> & {
  readonly config?: ConfigInput;
  readonly clock?: VirtualClock;
  readonly notifiers?: readonly Notifier[];
};

export type World = {
  readonly tocsin: Tocsin;
  readonly clock: VirtualClock;
  readonly storage: Storage;
  readonly sms: RecordingNotifier;
  readonly voice: RecordingNotifier;
  /** What was logged, as `level: message`. */
  readonly log: readonly string[];
  /** Does what is due at this moment, lets `ms` pass minute by minute, and does what falls due meanwhile. */
  pass(ms: number, stepMs?: number): Promise<void>;
  /** Lets `ms` pass in which nobody did anything, as if the process had been down. */
  sleep(ms: number): Promise<void>;
  /** What was taken by the notifiers since the last time this was asked, in order, as `+5m ben sms step`. */
  news(): readonly string[];
};

let named = 0;
/** The same in every run: waits are told apart by the ids of what waits. Shared, since worlds may share a storage. */
const nextId = () => {
  named += 1;
  return `id-${String(named).padStart(8, '0')}`;
};

/** One Tocsin with a clock of its own. */
export function world(options: WorldOptions = {}): World {
  const { config: given = config(), clock = virtualClock({ start: T0 }), notifiers = [], ...more } = options;
  const storage = more.storage ?? memoryStorage({ clock });
  const sms = recordingNotifier('sms');
  const voice = recordingNotifier('voice');
  const { logger, lines } = recordingLogger();
  const tocsin = createTocsin({
    config: given,
    clock,
    storage,
    notifiers: [...[sms, voice].filter(({ name }) => !notifiers.some((own) => own.name === name)), ...notifiers],
    logger,
    ids: nextId,
    ...more,
  });
  const seen = { sms: 0, voice: 0 };
  return {
    tocsin,
    clock,
    storage,
    sms,
    voice,
    log: lines,
    async pass(ms, stepMs = MINUTE) {
      await tocsin.tick();
      for (let left = ms; left > 0; left -= stepMs) {
        await clock.advance(Math.min(left, stepMs));
        await tocsin.tick();
      }
    },
    sleep: (ms) => clock.advance(ms),
    news() {
      const fresh = [...sms.sent.slice(seen.sms), ...voice.sent.slice(seen.voice)];
      seen.sms = sms.sent.length;
      seen.voice = voice.sent.length;
      return fresh
        .map(({ message }) => message)
        .map(({ sentAt, to, purpose }) => ({
          sentAt,
          text: `${since(sentAt)} ${to.user ?? 'channel'} ${to.contact} ${purpose}`,
        }))
        .sort((a, b) => a.sentAt - b.sentAt || (a.text < b.text ? -1 : 1))
        .map(({ text }) => text);
    },
  };
}

/** Every id is the next number, so that a test can be read. */
export function counter(prefix = 'id'): () => string {
  let next = 0;
  return () => `${prefix}-${++next}`;
}

export function recordingLogger(): { readonly logger: Logger; readonly lines: string[] } {
  const lines: string[] = [];
  const at = (level: string) => (_: Record<string, unknown>, message: string) =>
    void lines.push(`${level}: ${message}`);
  return { logger: { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }, lines };
}

/** The only result, of an incident. */
export async function ingested(tocsin: Tocsin, event: AlertEvent): Promise<IngestResult & { incidentId: string }> {
  const [result] = await tocsin.ingest(event);
  if (result?.incidentId === undefined) throw new Error(`no incident came of it: ${JSON.stringify(result)}`);
  return { ...result, incidentId: result.incidentId };
}

/** Opens an incident by an alert and answers its id. */
export async function opened(tocsin: Tocsin, event: AlertEvent = trigger()): Promise<string> {
  return (await ingested(tocsin, event)).incidentId;
}

export async function incident(tocsin: Tocsin, id: string) {
  const found = await tocsin.incidents.get(id);
  if (found === undefined) throw new Error(`no incident ${id}`);
  return found;
}

/** `phase / paging` */
export async function stands(tocsin: Tocsin, id: string): Promise<string> {
  const { phase, paging } = await incident(tocsin, id);
  return `${phase} / ${paging}`;
}

export async function events(tocsin: Tocsin, id: string): Promise<readonly TimelineEvent[]> {
  return (await tocsin.incidents.timeline(id)).flatMap((entry) => (entry.kind === 'event' ? [entry.event] : []));
}

export async function types(tocsin: Tocsin, id: string): Promise<readonly string[]> {
  return (await events(tocsin, id)).map(({ type }) => type);
}

/** Every delivery as `ben sms sent`. */
export async function deliveries(tocsin: Tocsin, id: string): Promise<readonly string[]> {
  return (await tocsin.deliveries.list({ incidentId: id })).map(described);
}

export const described = ({ user, contact: via, state }: Delivery) => `${user} ${via} ${state}`;

/** `+1h5m`, counted from the beginning. */
export function since(at: number): string {
  const ms = at - T0;
  if (ms === 0) return '+0';
  const parts = [
    [Math.floor(ms / HOUR), 'h'],
    [Math.floor((ms % HOUR) / MINUTE), 'm'],
    [(ms % MINUTE) / SECOND, 's'],
  ] as const;
  return `+${parts.flatMap(([count, unit]) => (count === 0 ? [] : [`${count}${unit}`])).join('')}`;
}

/** The error that `work` rejects with or throws; fails when it does neither, or when it is none of ours. */
export async function refusal(work: () => unknown, code?: ErrorCode): Promise<TocsinError> {
  let answer: unknown;
  try {
    answer = await work();
  } catch (error) {
    if (!isTocsinError(error)) throw new Error(`not an error of ours: ${String(error)}`, { cause: error });
    if (code !== undefined && error.code !== code) throw error;
    return error;
  }
  throw new Error(`expected a refusal, got ${JSON.stringify(answer)}`);
}

/** Fails the test when anything reaches the process as an unhandled rejection while `work` runs. */
export async function withoutUnhandled(work: () => Promise<void>): Promise<void> {
  const unhandled = vi.fn();
  process.on('unhandledRejection', unhandled);
  try {
    await work();
    await new Promise((resolved) => setImmediate(resolved));
  } finally {
    process.off('unhandledRejection', unhandled);
  }
  if (unhandled.mock.calls.length > 0) throw new Error(`unhandled rejection: ${String(unhandled.mock.calls[0]?.[0])}`);
}
