/**
 * Targets to people: who is asked at a moment, and why.
 *
 * Pure, and the only place where a page meets a schedule. What comes out is fixed in the page.
 */
import type { Target } from '../../model/escalation.ts';
import type { Recipient, RecipientReason } from '../../model/page.ts';
import type { Channel, Team, Urgency, User } from '../../model/user.ts';
import type { Schedule } from '../on-call/schedule.ts';
import { contactPlan } from './contacts.ts';

/** Whom the targets may name. */
export type People = {
  readonly users: ReadonlyMap<string, User>;
  readonly teams: ReadonlyMap<string, Team>;
  readonly channels: ReadonlyMap<string, Channel>;
  readonly schedules: ReadonlyMap<string, Schedule>;
};

/** Why a target, or somebody it named, is not asked. */
export type Unreached = { readonly target: RecipientReason['target']; readonly user?: string; readonly why: string };

/** Who is asked, each person once, and who is not. */
export type Resolved = { readonly recipients: readonly Recipient[]; readonly unreached: readonly Unreached[] };

type Candidate = { readonly user: string; readonly reason: RecipientReason };

/**
 * The people and channels that `targets` mean at `at` (epoch ms), with the contacts that their own rules choose.
 *
 * A person named twice is asked once, for the first reason. A person without a contact is not asked and listed in
 * `unreached`, and so is a target that cannot be worked out: it never keeps the others from being asked.
 */
export function resolveTargets(
  targets: readonly RecipientReason['target'][],
  people: People,
  options: { readonly at: number; readonly urgency: Urgency },
): Resolved {
  const recipients = new Map<string, Recipient>();
  const unreached: Unreached[] = [];
  for (const target of targets) {
    if ('channel' in target) {
      const channel = people.channels.get(target.channel);
      if (channel === undefined) unreached.push({ target, why: `there is no channel ${target.channel}` });
      else recipients.set(`channel:${channel.id}`, mirror(channel, target));
      continue;
    }
    const candidates = attempt(() => candidatesOf(target, people, options.at));
    if (typeof candidates === 'string') {
      unreached.push({ target, why: candidates });
      continue;
    }
    if (candidates.length === 0) unreached.push({ target, why: absence(target, people) });
    for (const { user, reason } of candidates) {
      const recipient = recipientOf(user, reason, people, options.urgency);
      if (recipient === undefined) unreached.push(unreachedUser(user, target, people));
      else if (!recipients.has(`user:${user}`)) recipients.set(`user:${user}`, recipient);
    }
  }
  return { recipients: [...recipients.values()], unreached };
}

/** Why nobody can reach `user`, for whom {@link recipientOf} has no answer. */
export function unreachedUser(user: string, target: Unreached['target'], { users }: Pick<People, 'users'>): Unreached {
  return { target, user, why: users.has(user) ? 'no contact' : 'no such user' };
}

/** A person, as a target by themselves. */
export function recipientOf(
  id: string,
  reason: RecipientReason,
  people: Pick<People, 'users'>,
  urgency: Urgency,
): Recipient | undefined {
  const user = people.users.get(id);
  const contacts = user === undefined ? [] : contactPlan(user, urgency);
  if (user === undefined || contacts.length === 0) return undefined;
  return { user: id, ...(user.name !== undefined && { name: user.name }), reason, contacts };
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
): Candidate[] {
  if ('user' in target) return [{ user: target.user, reason: { target } }];
  if ('schedule' in target) return onCall(target.schedule, target, people, at);
  if (!('team' in target)) return [];
  const team = people.teams.get(target.team);
  if (target.everyone) return (team?.members ?? []).map((user) => ({ user, reason: { target } }));
  return team?.schedule === undefined ? [] : onCall(team.schedule, target, people, at);
}

function onCall(scheduleId: string, target: Target, people: People, at: number): Candidate[] {
  const duties = people.schedules.get(scheduleId)?.onCallAt(at) ?? [];
  return duties.map(({ user, layer, handoff, source, id }) => ({
    user,
    reason: {
      target,
      schedule: scheduleId,
      source,
      sourceId: id,
      ...(layer !== undefined && { layer }),
      ...(handoff !== undefined && { handoff }),
    },
  }));
}

function absence(target: RecipientReason['target'], { teams, schedules }: People): string {
  if ('schedule' in target && !schedules.has(target.schedule)) return `there is no schedule ${target.schedule}`;
  if ('team' in target && !teams.has(target.team)) return `there is no team ${target.team}`;
  return 'team' in target && target.everyone ? 'the team has no members' : 'nobody is on call';
}

function mirror(channel: Channel, target: Target): Recipient {
  return {
    channel: channel.id,
    reason: { target },
    contacts: [{ contact: channel.id, notifier: channel.notifier, address: channel.address, afterMs: 0 }],
  };
}
