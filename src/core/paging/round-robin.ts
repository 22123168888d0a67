/**
 * Round-robin: whose turn it is among those whom a step names.
 *
 * Pure. The last turn is handed in and the next one comes out; it never keeps one.
 */
import type { RecipientReason, Turn } from '../../model/page.ts';
import { type Candidate, namedBy, type People, type Unreached } from './candidates.ts';
import { type Asking, judge, type Resolved } from './resolve-targets.ts';

/** Who is asked, the channels that mirror it, who was passed over, and whose turn it was if it was anybody's. */
export type Dealt = Resolved & { readonly turn?: Turn };

/**
 * Asks one of those whom `targets` name: the first after `last` who can be asked. Where the last one is no longer among
 * them, whoever stands in that place now comes next. Those who cannot be asked are passed over and listed in `unreached`.
 */
export function dealTurn(
  targets: readonly RecipientReason['target'][],
  people: People,
  { of, last, ...asking }: Asking & { readonly of: string; readonly last: Turn | undefined },
): Dealt {
  const named = namedBy(targets, people, asking.at);
  const reasons = Map.groupBy(
    named.flatMap((one) => ('candidate' in one ? [one.candidate] : [])),
    ({ user }) => user,
  );
  const users = [...reasons.keys()];
  const unreached: Unreached[] = named.flatMap((one) => ('absent' in one ? [one.absent] : []));
  const mirrors = named.flatMap((one) => ('mirror' in one ? [one.mirror] : []));
  const channels = [...new Map(mirrors.map((mirror) => [mirror.channel, mirror])).values()];
  const first = placeAfter(users, last);
  for (let tried = 0; tried < users.length; tried += 1) {
    const place = (first + tried) % users.length;
    const user = users[place] ?? '';
    const { asked, passed } = firstReason(reasons.get(user) ?? [], people, asking);
    if (asked !== undefined) return { recipients: [asked, ...channels], unreached, turn: { of, place, user } };
    unreached.push(...passed);
  }
  return { recipients: channels, unreached };
}

/** The place after the last turn among `users`. */
function placeAfter(users: readonly string[], last: Turn | undefined): number {
  if (last === undefined) return 0;
  const known = users.indexOf(last.user);
  return known === -1 ? last.place : known + 1;
}

/** Somebody may be named for several reasons: the first for which they can be asked counts. */
function firstReason(candidates: readonly Candidate[], people: People, asking: Asking) {
  const passed: Unreached[] = [];
  for (const candidate of candidates) {
    const answer = judge(candidate, people, asking);
    if (!('why' in answer)) return { asked: answer, passed: [] };
    passed.push(answer);
  }
  return { asked: undefined, passed: passed.slice(0, 1) };
}
