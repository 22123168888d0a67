/**
 * Targets to people: who is asked at a moment through which contacts, and who is not.
 *
 * Pure. What comes out is fixed in the page.
 */
import type { Recipient, RecipientReason } from '../../model/page.ts';
import type { Urgency } from '../../model/user.ts';
import { type Candidate, namedBy, type People, type Unreached } from './candidates.ts';
import { contactPlan } from './contacts.ts';

/** Who is asked, each person once, and who is not. */
export type Resolved = { readonly recipients: readonly Recipient[]; readonly unreached: readonly Unreached[] };

/** The moment (epoch ms), how urgent it is, and why somebody is passed over although they could be reached. */
export type Asking = {
  readonly at: number;
  readonly urgency: Urgency;
  passOver?(candidate: Candidate): string | undefined;
};

/**
 * The people and channels that `targets` mean, with the contacts that their own rules choose.
 *
 * A person named twice is asked once, for the first reason. A person without a contact, or who is passed over, is not asked
 * and listed in `unreached`, and so is a target that cannot be worked out: it never keeps the others from being asked.
 */
export function resolveTargets(
  targets: readonly RecipientReason['target'][],
  people: People,
  asking: Asking,
): Resolved {
  const recipients = new Map<string, Recipient>();
  const unreached: Unreached[] = [];
  for (const named of namedBy(targets, people, asking.at)) {
    if ('absent' in named) unreached.push(named.absent);
    else if ('mirror' in named) recipients.set(`channel:${named.mirror.channel}`, named.mirror);
    else {
      const key = `user:${named.candidate.user}`;
      const answer = judge(named.candidate, people, asking);
      if ('why' in answer) unreached.push(answer);
      else if (!recipients.has(key)) recipients.set(key, answer);
    }
  }
  // Whoever is asked for another reason was not passed over.
  const isAsked = ({ user }: Unreached) => user !== undefined && recipients.has(`user:${user}`);
  return { recipients: [...recipients.values()], unreached: unreached.filter((one) => !isAsked(one)) };
}

/** The candidate as somebody to ask, or why they are not asked. */
export function judge(candidate: Candidate, people: Pick<People, 'users'>, asking: Asking): Recipient | Unreached {
  const { user, reason } = candidate;
  const why = asking.passOver?.(candidate);
  if (why !== undefined) return { target: reason.target, user, why };
  return recipientOf(user, reason, people, asking) ?? unreachedUser(user, reason.target, people);
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
  { urgency, at }: Pick<Asking, 'urgency' | 'at'>,
): Recipient | undefined {
  const user = people.users.get(id);
  const contacts = user === undefined ? [] : contactPlan(user, urgency, at);
  if (user === undefined || contacts.length === 0) return undefined;
  return { user: id, ...(user.name !== undefined && { name: user.name }), reason, contacts };
}
