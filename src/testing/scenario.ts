/**
 * Scenario: given a configuration and a moment, when this happens, then that is sent. For the tests of a host.
 *
 * Everything is in memory and the time is virtual; it reaches nobody.
 */
import { assemble } from '../engine/assemble.ts';
import type { Tocsin } from '../engine/tocsin.ts';
import type { AlertEvent } from '../model/alert.ts';
import type { ConfigInput } from '../model/config.ts';
import { durationMs, formatDuration } from '../model/duration.ts';
import { type InstantInput, toEpochMs } from '../model/instant.ts';
import type { Logger } from '../ports/clock.ts';
import type { IssueTracker } from '../ports/issue-tracker.ts';
import { memoryStorage } from '../storage/memory.ts';
import { type RecordingNotifier, recordingNotifier } from './recording-notifier.ts';
import { type VirtualClock, virtualClock } from './virtual-clock.ts';

/** What a scenario begins with. */
export type ScenarioOptions = {
  readonly config: ConfigInput;
  readonly start: InstantInput;
};

/** A configuration at work, step by step. */
export type Scenario = {
  /** Commands are given through it, as a host does. */
  readonly tocsin: Tocsin;
  readonly clock: VirtualClock;
  /** One for each notifier that the configuration names; `failWith` makes it fail. */
  readonly notifiers: ReadonlyMap<string, RecordingNotifier>;
  /** Takes one event in, sends what follows from it, and answers the id of its incident, if it has one. */
  ingest(event: AlertEvent): Promise<string | undefined>;
  /** Lets so much time pass ('5m'), doing everything in its minute. */
  pass(duration: string): Promise<void>;
  /** What was sent since this was last asked, in order: when, to whom, through which contact, what for. */
  sent(): readonly string[];
  /** Where an incident stands, as `triage / asking`. */
  state(incidentId: string): Promise<string>;
};

const MINUTE = 60_000;
const silent: Logger = { debug() {}, info() {}, warn() {}, error() {} };

/**
 * A Tocsin of its own, whose notifiers remember and whose clock is moved by `pass`.
 *
 * @throws TocsinError CONFIG_INVALID with every problem of the configuration.
 * @example
 * ```ts
 * import { scenario } from 'tocsin/testing';
 * const given = scenario({
 *   start: '2026-01-06T10:00:00Z',
 *   config: {
 *     users: ['ana', 'ben'].map((id) => ({ id, contacts: [{ notifier: 'sms', address: id }] })),
 *     escalationPolicies: [
 *       { id: 'default', steps: [{ targets: [{ user: 'ana' }], escalateAfter: '5m' }], fallback: [{ user: 'ben' }] },
 *     ],
 *     services: [{ id: 'checkout', escalationPolicy: 'default' }],
 *   },
 * });
 * const id = await given.ingest({ action: 'trigger', title: 'Disk full', severity: 'critical' });
 * given.sent(); // => ['0s ana sms step']
 * await given.pass('5m');
 * given.sent(); // => ['5m ben sms fallback']
 * await given.tocsin.incidents.acknowledge(id ?? '', { by: 'ben' });
 * await given.pass('20m');
 * given.sent(); // => ['5m ana sms notice']
 * ```
 */
export function scenario({ config, start }: ScenarioOptions): Scenario {
  const clock = virtualClock({ start });
  const startAt = toEpochMs(start, 'start');
  const notifiers = new Map(notifiersOf(config).map((name) => [name, recordingNotifier(name)]));
  let ids = 0;
  const tocsin = assemble({
    config,
    clock,
    storage: memoryStorage({ clock }),
    runner: { start() {}, wake() {}, async stop() {} },
    notifiers: [...notifiers.values()],
    issueTrackers: trackersOf(config),
    ids: () => `id-${++ids}`,
    // A rehearsal has no secrets.
    codes: () => ({ code: String(++ids).padStart(6, '0'), salt: 'rehearsal' }),
    logger: silent,
    authorize: undefined,
    onDeadLetter: undefined,
    deadMan: undefined,
    reactions: {},
    tenant: 'default',
  });
  const told = new Map<string, number>();

  return {
    tocsin,
    clock,
    notifiers,
    async ingest(event) {
      const [result] = await tocsin.ingest(event);
      await tocsin.tick();
      return result?.incidentId;
    },
    async pass(duration) {
      await tocsin.tick();
      for (let left = durationMs(duration); left > 0; left -= MINUTE) {
        await clock.advance(Math.min(left, MINUTE));
        await tocsin.tick();
      }
    },
    sent() {
      const fresh = [...notifiers.values()].flatMap(({ name, sent }) => {
        const news = sent.slice(told.get(name) ?? 0);
        told.set(name, sent.length);
        return news.map(({ message }) => message);
      });
      return fresh
        .toSorted((a, b) => a.sentAt - b.sentAt)
        .map(({ sentAt, to, purpose }) =>
          [formatDuration(sentAt - startAt), to.user ?? 'channel', to.contact, purpose].join(' '),
        );
    },
    async state(incidentId) {
      const incident = await tocsin.incidents.get(incidentId);
      return incident === undefined ? 'unknown' : `${incident.phase} / ${incident.paging}`;
    },
  };
}

/** The tracker that the configuration names, which takes everything and keeps nothing. */
function trackersOf({ reviews }: ConfigInput): readonly IssueTracker[] {
  const name = reviews?.actionItems?.tracker;
  return name === undefined ? [] : [{ name, create: async ({ id }) => ({ id }), update: async () => ({}) }];
}

/** Every notifier that a contact or a channel names. */
function notifiersOf(config: ConfigInput): readonly string[] {
  const names = new Set<string>();
  JSON.stringify(config, (key, value: unknown) => {
    if (key === 'notifier' && typeof value === 'string') names.add(value);
    return value;
  });
  return [...names];
}
