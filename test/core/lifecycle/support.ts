/**
 * Incidents for tests: a first event, a ladder, and a story that drives `settle` from one moment to the next.
 *
 * Who is on call is a table that a test may edit; nothing here reads a clock.
 */
import { type IncidentSnapshot, type Plan, replay, settle, type TimerKind, type Withdrawal } from 'tocsin/lifecycle';
import type { Ladder, Rung, Target } from '../../../src/model/escalation.ts';
import { type Actor, SYSTEM } from '../../../src/model/identity.ts';
import type { PagePurpose } from '../../../src/model/page.ts';
import type { CarriedSettings, EventDraft, EventOf, TimelineEvent } from '../../../src/model/timeline.ts';

export const SECOND = 1_000;
export const MINUTE = 60_000;
export const HOUR = 3_600_000;
export const DAY = 86_400_000;
/** Monday, 5 January 2026, 09:00 UTC. */
export const T0 = 1_767_603_600_000;

export const person = (id: string): Actor => ({ kind: 'user', id });
export const ana = person('ana');
export const ben = person('ben');
export const source: Actor = { kind: 'source', id: 'alertmanager' };

export function rung(target: Target, more: Partial<Rung> = {}): Rung {
  return { targets: [target], waitMs: 5 * MINUTE, strategy: 'all', ...more };
}

/** Two rungs, `primary` and `secondary`, asked once; then `boss` every 15 minutes. */
export function ladder(more: Partial<Ladder> = {}): Ladder {
  return {
    policyId: 'default',
    rungs: [rung({ schedule: 'primary' }), rung({ schedule: 'secondary' }, { waitMs: 10 * MINUTE })],
    loops: 1,
    fallback: [{ user: 'boss' }],
    fallbackEveryMs: 15 * MINUTE,
    acknowledgeTimeoutMs: 30 * MINUTE,
    repageOn: ['severityRaised'],
    ...more,
  };
}

export function settings(more: Partial<CarriedSettings> = {}): CarriedSettings {
  return {
    holdMs: 0,
    clearForMs: 5 * MINUTE,
    reopenWindowMs: 7 * DAY,
    reminderMs: DAY,
    updateEveryMs: null,
    reviewWithinMs: null,
    ...more,
  };
}

export type Opened = Omit<EventOf<'incident.opened'>, 'seq' | 'at' | 'by'>;

/** The first event: one firing alert `a1`, SEV2, high urgency. */
export function opened(more: Partial<Opened> = {}): Opened {
  return {
    type: 'incident.opened',
    incidentId: 'i1',
    title: 'Checkout fails',
    service: 'checkout',
    severity: 'SEV2',
    urgency: 'high',
    visibility: 'public',
    alerts: [alert('a1')],
    links: [],
    ladder: ladder(),
    settings: settings(),
    configVersion: 'c1',
    ...more,
  };
}

export const alert = (id: string) => ({ id, severity: 'SEV2', title: `Alert ${id}` });

export function severity(
  direction: 'raised' | 'lowered',
  urgency: 'high' | 'low' = 'high',
  more: Partial<EventOf<'severity.changed'>> = {},
): EventDraft {
  const name = direction === 'raised' ? 'SEV1' : 'SEV3';
  return {
    type: 'severity.changed',
    severity: name,
    urgency,
    direction,
    updateEveryMs: null,
    reviewWithinMs: null,
    ...more,
  };
}

/** What a page came to, in the words of a test. */
export type Asked = {
  readonly atMs: number;
  readonly purpose: PagePurpose;
  /** cycle.loop.step */
  readonly at: string;
  readonly who: readonly string[] | 'gated' | 'nobody';
};

export type StoryOptions = { readonly by?: Actor };

/** One incident from its first event on. Times are counted from the beginning, `T0`. */
export type Story = {
  /** Who is on call, by schedule. Edit it to hand over. */
  readonly onCall: Record<string, readonly string[]>;
  /** Rungs whose gate is closed, with how long until it opens. */
  readonly closed: Map<number, number | undefined>;
  /** Does these things now. */
  does(by: Actor, ...drafts: EventDraft[]): Story;
  /** Lets time pass and fires every timer that falls due, in order. */
  passes(ms: number): Story;
  snapshot(): IncidentSnapshot;
  /** `phase / paging`, with inner states: 'triage / acknowledged.timed'. */
  stands(): string;
  /** The live timers: kind to the milliseconds until it is due. */
  timers(): Partial<Record<TimerKind, number>>;
  timeline(): readonly TimelineEvent[];
  /** The types of the events of the latest `does` or `passes`. */
  latest(): readonly string[];
  /** Every page so far. */
  asked(): readonly Asked[];
  /** The pages of the latest `does` or `passes`. */
  latestAsked(): readonly Asked[];
  /** The withdrawals of the latest `does` or `passes`. */
  withdrawn(): readonly Withdrawal[];
  notices(): number;
};

export function story(first: Opened = opened(), { by = source }: StoryOptions = {}): Story {
  const onCall: Record<string, readonly string[]> = { primary: ['ana'], secondary: ['ben'] };
  const closed = new Map<number, number | undefined>();
  const plan = planOf(onCall, closed);
  let now = T0;
  let latest: readonly TimelineEvent[] = [];
  let withdrawn: readonly Withdrawal[] = [];
  let snapshot: IncidentSnapshot | undefined;
  const timeline: TimelineEvent[] = [];

  const commit = (drafts: readonly EventDraft[], actor: Actor): void => {
    const settled = settle({ snapshot, drafts, at: now, by: actor, plan });
    snapshot = settled.snapshot;
    latest = [...latest, ...settled.events];
    withdrawn = [...withdrawn, ...settled.withdrawals];
    timeline.push(...settled.events);
  };
  const begin = (): void => {
    latest = [];
    withdrawn = [];
  };
  commit([first], by);

  const self: Story = {
    onCall,
    closed,
    does(actor, ...drafts) {
      begin();
      commit(drafts, actor);
      return self;
    },
    passes(ms) {
      begin();
      const until = now + ms;
      for (
        let next = nextTimer(self.snapshot());
        next !== undefined && next.dueAt <= until;
        next = nextTimer(self.snapshot())
      ) {
        now = next.dueAt;
        commit([{ type: 'timer.fired', kind: next.kind }], SYSTEM);
      }
      now = until;
      return self;
    },
    snapshot: () => snapshot ?? replay([]),
    stands: () => `${self.snapshot().value.phase} / ${flat(self.snapshot().value.paging)}`,
    timers: () =>
      Object.fromEntries(Object.entries(self.snapshot().timers).map(([kind, { dueAt }]) => [kind, dueAt - now])),
    timeline: () => timeline,
    latest: () => latest.map((event) => event.type),
    asked: () => timeline.flatMap(askedBy),
    latestAsked: () => latest.flatMap(askedBy),
    withdrawn: () => withdrawn,
    notices: () => timeline.filter((event) => event.type === 'notice.requested').length,
  };
  return self;
}

/** A state with its inner state: 'acknowledged.timed'. */
export function flat(value: string | { readonly [state: string]: string }): string {
  return typeof value === 'string' ? value : Object.entries(value)[0]!.join('.');
}

/** Asks whoever is on call for the rung, and records the truth when that is nobody. */
export function planOf(
  onCall: Readonly<Record<string, readonly string[]>>,
  closed: ReadonlyMap<number, number | undefined> = new Map(),
): Plan {
  return (effect, { context }) => {
    if (effect.type === 'requestResponse') return undefined;
    if (effect.type === 'requestNotice' && effect.topic !== 'monitoring') return undefined;
    if (effect.type === 'requestNotice') return { type: 'notice.requested', topic: effect.topic, recipients: [] };
    const { purpose } = effect;
    const { position } = context;
    const climbs = purpose === 'step' || purpose === 'reminder';
    if (climbs && closed.has(position.step)) {
      const nextOpeningMs = closed.get(position.step);
      return {
        type: 'page.nobody',
        purpose,
        position,
        reason: 'gated',
        ...(nextOpeningMs !== undefined && { nextOpeningMs }),
      };
    }
    const targets: readonly Target[] =
      purpose === 'fallback'
        ? context.ladder.fallback
        : purpose === 'handoff'
          ? [{ schedule: effect.schedule ?? '' }]
          : (context.ladder.rungs[position.step - 1]?.targets ?? []);
    const present = targets.flatMap((target) =>
      'user' in target ? [target.user] : 'schedule' in target ? (onCall[target.schedule] ?? []) : [],
    );
    const people =
      purpose === 'responder'
        ? [effect.responder ?? '']
        : purpose === 'handoff'
          ? present.filter((user) => !context.asked.includes(user) && !context.answered.includes(user))
          : climbs
            ? [...new Set([...present, ...context.repage])].filter((user) => !context.answered.includes(user))
            : [...new Set(present)];
    if (people.length === 0) return { type: 'page.nobody', purpose, position, reason: 'nobody' };
    return {
      type: 'page.requested',
      purpose,
      position,
      recipients: people.map((user) => ({ user, reason: { target: { user } }, contacts: [] })),
      configVersion: 'c1',
    };
  };
}

function nextTimer(snapshot: IncidentSnapshot) {
  return Object.entries(snapshot.timers)
    .map(([kind, timer]) => ({ kind, ...timer }))
    .sort((a, b) => a.dueAt - b.dueAt || a.armedSeq - b.armedSeq)[0];
}

function askedBy(event: TimelineEvent): Asked[] {
  if (event.type !== 'page.requested' && event.type !== 'page.nobody') return [];
  const { cycle, loop, step } = event.position;
  const who = event.type === 'page.nobody' ? event.reason : event.recipients.flatMap(({ user }) => user ?? []);
  return [{ atMs: event.at - T0, purpose: event.purpose, at: `${cycle}.${loop}.${step}`, who }];
}
