/**
 * Rows: whether the timers and the deliveries that are stored of an incident are exactly those that are owed.
 *
 * It compares data, and says what is wrong; it reads nothing by itself.
 */
import type { IncidentSnapshot } from '../../src/core/lifecycle/index.ts';
import { CONTACTS } from './channels.ts';
import { bringsUp } from './follow-checks.ts';
import type { Watched } from './observer.ts';
import { isLiveFor, type OwedPage } from './oracle.ts';
import { addressOf, secondContactMs } from './tenants.ts';

type Complain = (invariant: string, text: string) => void;

/** How the rows of an incident are compared. */
export type Comparing = {
  /** The last event before the commit that is looked at. */
  readonly seqBefore: number;
  quietUntil(user: string, at: number): number;
  readonly complain: Complain;
};

/** The live timers are exactly those that are owed. */
export function compareTimers({ oracle }: Watched, { timers }: IncidentSnapshot, complain: Complain): void {
  const text = (entries: Iterable<readonly [string, number]>) =>
    [...entries]
      .map(([kind, dueAt]) => `${kind} at ${dueAt}`)
      .sort()
      .join(', ');
  const stored = text(Object.entries(timers).map(([kind, timer]) => [kind, timer.dueAt] as const));
  const expected = text(oracle.timers);
  if (stored !== expected) complain('I7', `its timers are ${stored || 'none'} and should be ${expected || 'none'}`);
}

/** Each page that is owed has its rows; each row has its page; what was taken back stays back; nobody is asked twice for one. */
export function compareRows({ tenant, oracle, rows }: Watched, comparing: Comparing): void {
  const { seqBefore, complain } = comparing;
  const wanted = new Map<string, { readonly page: OwedPage; readonly user: string; readonly dueAt: number }>(
    [...oracle.pages.values()].flatMap((page) =>
      contactsOf(page, comparing).map(
        (contact) => [`${page.seq} ${contact.user} ${contact.contact}`, { page, ...contact }] as const,
      ),
    ),
  );
  const live = new Map<string, string>();
  for (const row of rows.filter((each) => !bringsUp(each))) {
    const { user = '', id, state } = row;
    const key = `${row.page} ${user} ${row.contact}`;
    const owed = wanted.get(key);
    wanted.delete(key);
    const isWorking = state === 'pending' || state === 'leased';
    if (owed === undefined) complain('I2', `delivery ${id} belongs to no page, or is there twice`);
    else if (!isLiveFor(owed.page, user) && isWorking)
      complain('I5', `delivery ${id} is ${state} and its page was answered`);
    else if (isLiveFor(owed.page, user) && state === 'withdrawn')
      complain('I8', `delivery ${id} was taken back and somebody waits for it`);
    if (row.tenant !== tenant || row.address !== addressOf(tenant, user, row.contact))
      complain('I12', `delivery ${id} goes to ${row.address}`);
    if (owed !== undefined && row.page > seqBefore && row.dueAt !== owed.dueAt)
      complain('I4', `delivery ${id} is due at ${row.dueAt} and should be at ${owed.dueAt}`);
    if (owed === undefined || !isWorking || owed.page.purpose === 'notice') continue;
    const place = `${owed.page.place} ${user} ${row.contact}`;
    if (live.has(place)) complain('I3', `deliveries ${live.get(place)} and ${id} both ask ${user} at ${place}`);
    live.set(place, id);
  }
  // What is taken back in the commit that asks for it is never written.
  for (const [key, { page, user }] of wanted)
    if (isLiveFor(page, user)) complain('I2', `page ${page.seq} has no delivery ${key}`);
}

function contactsOf({ users, isHigh, at, latestMs }: OwedPage, { quietUntil }: Comparing) {
  const [first = '', second = ''] = CONTACTS;
  return [...users].flatMap((user) => [
    { user, contact: first, dueAt: isHigh ? at : quietUntil(user, at) },
    ...(isHigh ? [{ user, contact: second, dueAt: at + Math.min(secondContactMs(user), latestMs) }] : []),
  ]);
}

/** The same value with its keys in order, so that two of them can be compared as text. */
export function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}
