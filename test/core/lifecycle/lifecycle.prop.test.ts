/**
 * What holds for every incident, whatever people, sources and timers do to it in whatever order.
 */
import fc from 'fast-check';
import {
  advance,
  canAccept,
  type IncidentSnapshot,
  pagingState,
  replay,
  settle,
  type TimerKind,
} from 'tocsin/lifecycle';
import { beforeAll, expect, test } from 'vitest';
import { TIMER_KINDS } from '../../../src/core/lifecycle/snapshot.ts';
import { isTocsinError } from '../../../src/errors.ts';
import type { Actor } from '../../../src/model/identity.ts';
import { type Commit, firsts, type Life, live, moves } from './lives.ts';
import { ana, opened, source, T0 } from './support.ts';

const PAGING_TIMERS: readonly TimerKind[] = ['hold', 'step', 'acknowledgeTimeout', 'snooze', 'fallback', 'reminder'];
const LADDER_PURPOSES: readonly string[] = ['step', 'fallback', 'reminder', 'handoff'];
/** Two ladders of two rungs asked twice, every one of them empty, and what begins and ends that. */
const MOST_EVENTS = 2 * 2 * 2 + 6;

const lives = fc
  .tuple(firsts, fc.constantFrom<Actor>(source, source, ana), fc.array(moves, { minLength: 1, maxLength: 20 }))
  .map(([first, by, list]) => ({ first, by, list }));

/** The same lives for every promise below; the seed is fixed so that a run can be repeated. */
const sample: Life[] = [];
beforeAll(() => {
  fc.assert(
    fc.property(lives, ({ first, by, list }) => {
      sample.push(live(first, by, list));
    }),
    { numRuns: 240, seed: 3 },
  );
}, 120_000);

/** Holds each life against a promise; a broken one shows what was done to the incident. */
const inEveryLife = (check: (life: Life) => void): void => {
  for (const life of sample) {
    try {
      check(life);
    } catch (cause) {
      const story = life.timeline.map((event) => (event.type === 'timer.fired' ? event.kind : event.type));
      throw new Error(`${String(cause)}\nin the life of ${story.join(', ')}`, { cause });
    }
  }
};
const inEveryCommit = (check: (commit: Commit, life: Life) => void): void =>
  inEveryLife((life) => {
    for (const commit of life.commits) check(commit, life);
  });

test('the lives reach every state of every region', () => {
  const seen = new Map<string, Set<string>>();
  inEveryCommit(({ after }) => {
    for (const [region, value] of Object.entries(after.value)) {
      const flat = typeof value === 'string' ? value : Object.entries(value)[0]!.join('.');
      seen.set(region, (seen.get(region) ?? new Set()).add(flat));
    }
  });
  expect(Object.fromEntries([...seen].map(([region, states]) => [region, [...states].sort()]))).toEqual({
    phase: ['closed', 'dismissed', 'identified', 'investigating', 'merged', 'monitoring', 'resolved', 'triage'],
    alerts: ['clear', 'clearing', 'firing', 'none'],
    paging: [
      'acknowledged.timed',
      'acknowledged.untimed',
      'escalating',
      'exhausted',
      'holding.counting',
      'holding.waiting',
      'notified',
      'quiet',
      'snoozed',
    ],
    urgency: ['settled', 'waiting'],
    roles: ['settled', 'vacant'],
    tasks: ['idle', 'waiting'],
    updates: ['due', 'notRequired', 'overdue'],
    review: ['draft', 'inReview', 'notNeeded', 'pending', 'published'],
  });
});

test('reading the timeline back gives the incident that is stored, live timers included', () => {
  inEveryLife(({ timeline, snapshot }) => expect(replay(timeline)).toStrictEqual(snapshot));
});

test('reading the timeline back to any commit gives the incident as it was then', () => {
  inEveryLife(({ timeline, commits }) => {
    for (const index of [0, commits.length >> 1]) {
      const { after, events } = commits[index]!;
      expect(replay(timeline, { untilSeq: events.at(-1)!.seq })).toStrictEqual(after);
    }
  });
});

test('a timeline is numbered from 1 without a gap, and its times never go back', () => {
  inEveryLife(({ timeline, snapshot }) => {
    expect(timeline.map((event) => event.seq)).toEqual(timeline.map((_, index) => index + 1));
    expect(snapshot.seq).toBe(timeline.length);
    expect(timeline.every((event, index) => index === 0 || event.at >= timeline[index - 1]!.at)).toBe(true);
  });
});

test('a timer names the event that armed it and is due no earlier than that', () => {
  inEveryCommit(({ after }, { timeline }) => {
    for (const [kind, { armedSeq, dueAt }] of Object.entries(after.timers)) {
      expect(TIMER_KINDS).toContain(kind);
      expect(armedSeq).toBeLessThanOrEqual(after.seq);
      expect(dueAt).toBeGreaterThanOrEqual(timeline[armedSeq - 1]!.at);
      expect(Number.isFinite(dueAt)).toBe(true);
    }
  });
});

test('at most one timer of the paging region is live', () => {
  inEveryCommit(({ after }) => {
    expect(PAGING_TIMERS.filter((kind) => after.timers[kind] !== undefined).length).toBeLessThanOrEqual(1);
  });
});

test('a timer that is not live is refused', () => {
  inEveryCommit(({ after }) => {
    for (const kind of [...TIMER_KINDS, 'no such kind'] as const) {
      expect(canAccept(after, { type: 'timer.fired', kind })).toBe(Object.hasOwn(after.timers, kind));
    }
  });
});

test('nobody is forgotten: whoever must be asked has a live timer, and so has whoever answered or is left in peace', () => {
  inEveryCommit(({ after }, { timeline }) => {
    if (after.context.outcome !== 'open') return;
    const state = pagingState(after);
    const live = PAGING_TIMERS.filter((kind) => after.timers[kind] !== undefined);
    if (state === 'acknowledged') {
      const timed = JSON.stringify(after.value.paging) === '{"acknowledged":"timed"}';
      expect(live).toEqual(timed ? ['acknowledgeTimeout'] : []);
      const statuses = Object.values(after.context.alerts);
      const known = timeline.slice(0, after.seq).map(({ type }) => type);
      // What had cleared before it was reopened says nothing of now.
      const hasCleared = known.lastIndexOf('alert.cleared') > known.lastIndexOf('incident.reopened');
      const allClear = hasCleared && statuses.every((status) => status === 'cleared');
      const expires =
        after.context.urgency === 'high' && after.context.ladder.acknowledgeTimeoutMs !== null && !allClear;
      expect(timed).toBe(expires);
    } else if (JSON.stringify(after.value.paging) === '{"holding":"waiting"}') {
      expect(after.timers.clearFor).toBeDefined();
    } else {
      const kinds = {
        holding: 'hold',
        escalating: 'step',
        exhausted: 'fallback',
        notified: 'reminder',
        snoozed: 'snooze',
      };
      expect(live).toEqual([kinds[state as keyof typeof kinds]]);
    }
  });
});

test('high urgency stands still among the notified only when nothing fires; low urgency never climbs', () => {
  inEveryCommit(({ after }) => {
    const { urgency, alerts } = after.context;
    const state = pagingState(after);
    if (urgency === 'high' && state === 'notified') expect(Object.values(alerts)).not.toContain('firing');
    if (urgency === 'low') expect(['escalating', 'exhausted']).not.toContain(state);
  });
});

test('an open incident waits for support hours exactly while its urgency is low until they begin', () => {
  inEveryCommit(({ after: { context, value, timers } }) => {
    const isWaiting = context.outcome === 'open' && context.urgencyRisesAt !== null;
    expect(value.urgency).toBe(isWaiting ? 'waiting' : 'settled');
    expect(timers.supportHours?.dueAt).toBe(isWaiting ? context.urgencyRisesAt : undefined);
    if (context.urgencyRisesAt !== null) expect(context.urgency).toBe('low');
  });
});

test('the ladder is asked only while somebody is being sought', () => {
  inEveryLife(({ timeline }) => {
    let snapshot: IncidentSnapshot | undefined;
    for (const event of timeline) {
      const advanced = advance(snapshot, event);
      snapshot = advanced.snapshot;
      const asks = advanced.effects.some(
        (effect) => effect.type === 'requestPage' && LADDER_PURPOSES.includes(effect.purpose),
      );
      if (asks) expect(['escalating', 'exhausted', 'notified']).toContain(pagingState(snapshot));
    }
  });
});

test('no rung of a round of a cycle is asked twice', () => {
  inEveryLife(({ timeline }) => {
    const asked = timeline.flatMap((event) =>
      (event.type === 'page.requested' || event.type === 'page.nobody') && ['step', 'reminder'].includes(event.purpose)
        ? [Object.values(event.position).join('.')]
        : [],
    );
    expect(asked).toEqual([...new Set(asked)]);
  });
});

test('an incident that has ended is quiet: no timer of paging, of alerts or of updates', () => {
  inEveryCommit(({ after }) => {
    if (after.context.outcome === 'open') return;
    expect(after.value.paging).toBe('quiet');
    expect(after.value.updates).toBe('notRequired');
    const allowed = ['close', 'reviewPending', 'reviewDraft', 'reviewApproval'];
    expect(Object.keys(after.timers).filter((kind) => !allowed.includes(kind))).toEqual([]);
    expect(after.timers.close !== undefined).toBe(after.context.outcome === 'resolved');
  });
});

test('the outcome, the phase and the times tell the same story', () => {
  inEveryCommit(({ after: { value, context } }) => {
    const ended = ['resolved', 'closed', 'dismissed', 'merged'];
    expect(context.outcome).toBe(ended.includes(value.phase) ? value.phase : 'open');
    expect(context.times.resolvedAt !== undefined).toBe(['resolved', 'closed'].includes(context.outcome));
    expect(context.times.closedAt !== undefined).toBe(context.outcome === 'closed');
    expect(context.times.dismissedAt !== undefined).toBe(context.outcome === 'dismissed');
    expect(context.mergedInto !== null).toBe(context.outcome === 'merged');
  });
});

test('a snapshot is plain JSON: a round trip changes nothing, now or later', () => {
  inEveryLife(({ commits, timeline }) => {
    const { after, events } = commits[commits.length >> 1]!;
    const stored = JSON.parse(JSON.stringify(after)) as IncidentSnapshot;
    expect(stored).toStrictEqual(after);
    const next = timeline[events.at(-1)!.seq];
    if (next !== undefined) expect(advance(stored, next)).toStrictEqual(advance(after, next));
  });
});

test('one command leads to few events', () => {
  inEveryCommit(({ events }) => expect(events.length).toBeLessThanOrEqual(MOST_EVENTS));
});

test('a refused command leaves the snapshot as it was', () => {
  inEveryLife(({ snapshot: after }) => {
    const copy = structuredClone(after);
    try {
      settle({
        snapshot: after,
        drafts: [{ type: 'review.returned' }, opened()],
        at: T0,
        by: ana,
        plan: () => undefined,
      });
      expect.unreachable();
    } catch (error) {
      expect(isTocsinError(error, 'INVALID_TRANSITION')).toBe(true);
    }
    expect(after).toStrictEqual(copy);
  });
});

test('whoever has answered for themselves is asked by no further rung of the same entry into escalation', () => {
  inEveryLife(({ timeline }) => {
    let answered = new Map<string, number>();
    let cycle = 0;
    for (const event of timeline) {
      if (event.type === 'page.requested' || event.type === 'page.nobody') {
        if (event.position.cycle !== cycle) answered = new Map();
        cycle = event.position.cycle;
      }
      if (event.type === 'page.acknowledged' && event.by.kind === 'user') answered.set(event.by.id, event.seq);
      if (event.type === 'page.requested' && event.purpose === 'step')
        for (const { user = '' } of event.recipients) expect(answered.has(user)).toBe(false);
    }
  });
});

test('an answer for oneself alone never stops the climb', () => {
  let seen = 0;
  inEveryCommit(({ before, after, events }) => {
    if (events.length !== 1 || events[0]?.type !== 'page.acknowledged') return;
    seen += 1;
    expect(after.value).toEqual(before.value);
    expect(after.timers).toEqual(before.timers);
    expect(after.context.position).toEqual(before.context.position);
  });
  expect(seen).toBeGreaterThan(3);
});

test('two rounds are never nearer to each other than the pause between them', () => {
  inEveryLife(({ timeline }) => {
    let last: { readonly at: number; readonly loop: number; readonly cycle: number } | undefined;
    let pauseMs = 0;
    let isByHand = false;
    for (const event of timeline) {
      if (event.type === 'incident.opened' || event.type === 'incident.reassigned')
        pauseMs = event.ladder.repeatDelayMs ?? 0;
      // Whoever sends the page up does not wait, and the policy that follows has no pause.
      if (event.type === 'incident.escalated') isByHand = true;
      if (event.type === 'escalation.exhausted') pauseMs = 0;
      if (event.type !== 'page.requested' && event.type !== 'page.nobody') continue;
      const { cycle, loop } = event.position;
      const isNextRound = last !== undefined && last.cycle === cycle && loop === last.loop + 1;
      if (isNextRound && !isByHand) expect(event.at - (last?.at ?? 0)).toBeGreaterThanOrEqual(pauseMs);
      if (event.purpose === 'step') {
        last = { at: event.at, loop, cycle };
        isByHand = false;
      }
    }
  });
});
