/**
 * Candidates: whom targets name at a moment, and why.
 *
 * Pure, and the only place where a page meets a schedule. It never asks whether somebody can be reached.
 */
import type { Target } from '../../model/escalation.ts';
import type { Recipient, RecipientReason } from '../../model/page.ts';
import type { Channel, Team, User } from '../../model/user.ts';
import type { Duty } from '../on-call/resolve.ts';
import type { Schedule } from '../on-call/schedule.ts';
import { DAY_MS } from '../on-call/wall-clock.ts';
import type { Calendars, Whereabouts } from './gate.ts';

/** Whom the targets may name. */
export type People = {
  readonly users: ReadonlyMap<string, User>;
  readonly teams: ReadonlyMap<string, Team>;
  readonly channels: ReadonlyMap<string, Channel>;
  readonly schedules: ReadonlyMap<string, Schedule>;
  /** The dates of public holidays, by the id of their calendar; without them no gate looks at any. */
  readonly calendars?: Calendars;
};

/** Somebody whom a target names. */
export type Candidate = { readonly user: string; readonly reason: RecipientReason };

/** Why a target, or somebody it named, is not asked. */
export type Unreached = { readonly target: RecipientReason['target']; readonly user?: string; readonly why: string };

/** What a target comes to: somebody, a channel that mirrors the page, or nothing. */
export type Named = { readonly candidate: Candidate } | { readonly mirror: Recipient } | { readonly absent: Unreached };

/** How far ahead whoever comes next is looked for: in most schedules it is known within a day or a week. */
const REACHES_MS = [DAY_MS, 7 * DAY_MS, 56 * DAY_MS];

/**
 * Everybody and everything that `targets` mean at `at` (epoch ms), in their order. A target that cannot be worked out is
 * absent, and never keeps the others from being asked.
 */
export function namedBy(targets: readonly RecipientReason['target'][], people: People, at: number): readonly Named[] {
  return targets.flatMap((target): readonly Named[] => {
    if ('channel' in target) return [mirrorOf(target, people)];
    const candidates = attempt(() => candidatesOf(target, people, at));
    if (typeof candidates === 'string') return [{ absent: { target, why: candidates } }];
    if (candidates.length === 0) return [{ absent: { target, why: absence(target, people) } }];
    return candidates.map((candidate) => ({ candidate }));
  });
}

/** Whose clock a gate looks at for a candidate. */
export function whereaboutsOf({ user, reason }: Candidate, { users, schedules }: People): Whereabouts {
  const person = users.get(user);
  const named = reason.schedule === undefined ? undefined : schedules.get(reason.schedule)?.timeZone;
  return {
    responder: person?.timeZone ?? named ?? 'UTC',
    schedule: named ?? person?.timeZone ?? 'UTC',
    calendar: person?.holidays,
  };
}

/** Everybody who takes part in a schedule, by any of its layers, in the order in which they are written. */
export function participantsOf({ definition }: Schedule): readonly { readonly user: string; readonly layer: string }[] {
  const found = new Map<string, { readonly user: string; readonly layer: string }>();
  for (const { id, rotation } of definition.layers) {
    for (const user of rotation.participants.flatMap((participant) => participant ?? []))
      if (!found.has(user)) found.set(user, { user, layer: id });
  }
  return [...found.values()];
}

/** Whoever of those who are not on call at `at` comes on call first within eight weeks, with whoever comes together with them. */
export function nextOnCall(schedule: Schedule, at: number): readonly Duty[] {
  const now = new Set(schedule.onCallAt(at).map(({ user }) => user));
  for (const reachMs of REACHES_MS) {
    const coming = schedule
      .shifts({ from: at, until: at + reachMs })
      .filter(({ user, truncatedStart, start }) => !truncatedStart && start.getTime() > at && !now.has(user));
    const [first] = coming;
    if (first !== undefined) return coming.filter(({ start }) => start.getTime() === first.start.getTime());
  }
  return [];
}

/** What `work` answers, or why it failed: a schedule that cannot be computed must not silence a page. */
function attempt<T>(work: () => T): T | string {
  try {
    return work();
  } catch (error) {
    return `it cannot be worked out: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function candidatesOf(
  target: Exclude<RecipientReason['target'], { channel: string }>,
  people: People,
  at: number,
): readonly Candidate[] {
  if ('user' in target) return [{ user: target.user, reason: { target } }];
  if ('schedule' in target) return ofSchedule(target.schedule, target, people, at);
  if (!('team' in target)) return [];
  const team = people.teams.get(target.team);
  if (target.everyone) return (team?.members ?? []).map((user) => ({ user, reason: { target } }));
  return team?.schedule === undefined ? [] : ofSchedule(team.schedule, target, people, at);
}

function ofSchedule(id: string, target: Target, { schedules }: People, at: number): readonly Candidate[] {
  const schedule = schedules.get(id);
  if (schedule === undefined) return [];
  const who = 'who' in target ? target.who : undefined;
  if (who === 'everyone')
    return participantsOf(schedule).map(({ user, layer }) => ({ user, reason: { target, schedule: id, layer } }));
  const duties = who === 'next' ? nextOnCall(schedule, at) : schedule.onCallAt(at);
  return duties.map((duty) => ({ user: duty.user, reason: { target, schedule: id, ...dutyOf(duty) } }));
}

function dutyOf({ layer, handoff, source, id }: Duty): Partial<RecipientReason> {
  return {
    source,
    sourceId: id,
    ...(layer !== undefined && { layer }),
    ...(handoff !== undefined && { handoff }),
  };
}

function absence(target: RecipientReason['target'], { teams, schedules }: People): string {
  if ('schedule' in target && !schedules.has(target.schedule)) return `there is no schedule ${target.schedule}`;
  if ('team' in target && !teams.has(target.team)) return `there is no team ${target.team}`;
  if ('team' in target && target.everyone) return 'the team has no members';
  const who = 'schedule' in target ? target.who : undefined;
  if (who === 'next') return 'nobody else comes on call within eight weeks';
  return who === 'everyone' ? 'nobody takes part in the schedule' : 'nobody is on call';
}

function mirrorOf(target: Extract<Target, { channel: string }>, { channels }: People): Named {
  const channel = channels.get(target.channel);
  if (channel === undefined) return { absent: { target, why: `there is no channel ${target.channel}` } };
  return {
    mirror: {
      channel: channel.id,
      reason: { target },
      contacts: [{ contact: channel.id, notifier: channel.notifier, address: channel.address, afterMs: 0 }],
    },
  };
}
