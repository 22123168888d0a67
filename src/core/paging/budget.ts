/**
 * Budgets: how many messages an address may get within how long, and what becomes of those beyond.
 *
 * Pure. What is beyond is put off and goes out as one message that lists everything; nothing is ever dropped.
 */
import type { Budget, Limits } from '../../model/config.ts';
import { durationMs } from '../../model/duration.ts';

/** So many messages within so many ms. */
export type BudgetMs = { readonly messages: number; readonly withinMs: number };

/** The budgets of a notifier: to one address, and to all of them together. */
export type NotifierBudgets = { readonly perContact: readonly BudgetMs[]; readonly overall: readonly BudgetMs[] };

/** What is remembered about an address. Moments are epoch ms. */
export type BudgetLog = {
  /** Which deliveries went out when, the latest last. */
  readonly sent: readonly { readonly id: string; readonly at: number }[];
  /** Deliveries that were put off and go out with the next message. */
  readonly held: readonly string[];
  readonly bundles: readonly Bundle[];
};

/** A delivery that carries others in its message. */
export type Bundle = {
  readonly leader: string;
  readonly members: readonly string[];
  readonly at: number;
  /** The message went out and listed the members; until then they may have to go out with another one. */
  readonly isOut?: true | undefined;
};

/** What is remembered about an address, and about all addresses of its notifier together. */
export type BudgetLogs = { readonly contact: BudgetLog; readonly overall: BudgetLog };

/** What is to be decided about a delivery. */
export type Spending = {
  readonly id: string;
  /** The moment, epoch ms. */
  readonly now: number;
  /** Whether it may be put off at all. */
  readonly canWait: boolean;
  /** Whether it carries others also beyond the budget: they would wait for as long as such pages come. */
  readonly isPage?: boolean | undefined;
  /** What became of the delivery that was to carry it, if one was; `ended` also when it went out without listing it. */
  readonly leader?: 'waiting' | 'ended' | undefined;
};

/** What becomes of a delivery: it goes out and carries others, has gone out with another one, or waits so many ms. */
export type BudgetVerdict =
  | { readonly type: 'go'; readonly carries: readonly string[] }
  | { readonly type: 'gone'; readonly with: string }
  | { readonly type: 'wait'; readonly ms: number };

/** Nothing was sent yet. */
export const EMPTY_LOG: BudgetLog = { sent: [], held: [], bundles: [] };

/** How soon to look again for what became of the message that carries a delivery. */
const LEADER_MS = 2_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
/** How long a bundle is remembered: its members find out within minutes that they have gone out. */
const BUNDLE_MS = 86_400_000;
/** How many deliveries one message lists at most, as a message shows no more; those beyond go out with the next one. */
const MOST_BUNDLED = 200;

const PER_MINUTE = { messages: 1, withinMs: MINUTE_MS };
const OVERALL = [{ messages: 5, withinMs: 5_000 }];

/**
 * The budgets of each kind of channel when the configuration sets none: those of GoAlert.
 *
 * @see GoAlert, engine/message/ratelimit.go
 */
const DEFAULTS: Readonly<Record<string, NotifierBudgets>> = {
  sms: {
    perContact: [
      PER_MINUTE,
      { messages: 5, withinMs: 15 * MINUTE_MS },
      { messages: 11, withinMs: HOUR_MS },
      { messages: 21, withinMs: 3 * HOUR_MS },
    ],
    overall: OVERALL,
  },
  voice: {
    perContact: [
      PER_MINUTE,
      { messages: 3, withinMs: 15 * MINUTE_MS },
      { messages: 7, withinMs: HOUR_MS },
      { messages: 15, withinMs: 3 * HOUR_MS },
    ],
    overall: OVERALL,
  },
  email: { perContact: [PER_MINUTE], overall: OVERALL },
};

const UNLIMITED: NotifierBudgets = { perContact: [], overall: [] };

/** The budgets of the notifier of that name and kind. What the configuration says about it replaces the defaults whole. */
export function budgetsOf(name: string, kind: string | undefined, limits: readonly Limits[]): NotifierBudgets {
  const own = limits.find(({ notifier }) => notifier === name);
  if (own !== undefined) return { perContact: own.perContact.map(inMs), overall: own.overall.map(inMs) };
  return (kind === undefined ? undefined : DEFAULTS[kind]) ?? UNLIMITED;
}

function inMs({ messages, within }: Budget): BudgetMs {
  return { messages, withinMs: durationMs(within) };
}

/**
 * What becomes of a delivery, and what is remembered then. One that was counted before goes out again as it did then: a retry spends
 * nothing. What may not wait goes out beyond every budget, and counts.
 */
export function spend(
  logs: BudgetLogs,
  { id, now, canWait, isPage = false, leader }: Spending,
  budgets: NotifierBudgets,
): { readonly logs: BudgetLogs; readonly verdict: BudgetVerdict } {
  const overall = current(logs.overall, budgets.overall, now);
  const known = current(logs.contact, budgets.perContact, now);
  const carrier = carrierOf(known, id);
  // One that carries others goes out with them however long ago it was counted: they wait for nobody else.
  if (known.sent.some((entry) => entry.id === id) || known.bundles.some(({ leader }) => leader === id)) {
    return { logs, verdict: { type: 'go', carries: carriedBy(known, id) } };
  }
  if (carrier !== undefined && isOutWith(known, id)) return { logs, verdict: { type: 'gone', with: carrier } };
  // What is not known of it yet is found out when it is looked at again.
  if (carrier !== undefined && leader !== 'ended' && canWait) return { logs, verdict: { type: 'wait', ms: LEADER_MS } };
  const contact = carrier === undefined || leader !== 'ended' ? known : withoutBundle(known, carrier);
  const freeAt = Math.max(whenFree(contact, budgets.perContact, now), whenFree(overall, budgets.overall, now));
  if (freeAt > now && canWait) {
    const verdict = { type: 'wait', ms: freeAt - now } as const;
    // Hundreds may look again at the same moment: what changes nothing is not written.
    if (contact === known && known.held.includes(id)) return { logs, verdict };
    const held = contact.held.includes(id) ? contact.held : [...contact.held, id];
    return { logs: { contact: { ...contact, held }, overall }, verdict };
  }
  const waiting = contact.held.filter((other) => other !== id);
  const carries = freeAt > now && !isPage ? [] : waiting.slice(0, MOST_BUNDLED);
  const bundles =
    carries.length === 0 ? contact.bundles : [...contact.bundles, { leader: id, members: carries, at: now }];
  const sent = { id, at: now };
  return {
    logs: {
      contact: { sent: [...contact.sent, sent], held: waiting.slice(carries.length), bundles },
      overall: budgets.overall.length === 0 ? overall : { ...overall, sent: [...overall.sent, sent] },
    },
    verdict: { type: 'go', carries },
  };
}

/** The delivery that is to carry `id` in its message, if one is. */
export function carrierOf({ bundles }: BudgetLog, id: string): string | undefined {
  return bundles.find(({ members }) => members.includes(id))?.leader;
}

/** Whether the message that was to list `id` has gone out with it. */
export function isOutWith({ bundles }: BudgetLog, id: string): boolean {
  return bundles.find(({ members }) => members.includes(id))?.isOut === true;
}

/** The log once the message of `leader` has gone out, listing `listed`: what it did not list goes out by itself. */
export function carriedOut(log: BudgetLog, leader: string, listed: readonly string[]): BudgetLog {
  return {
    ...log,
    bundles: log.bundles.map((bundle) =>
      bundle.leader === leader
        ? { ...bundle, members: bundle.members.filter((member) => listed.includes(member)), isOut: true }
        : bundle,
    ),
  };
}

function carriedBy({ bundles }: BudgetLog, leader: string): readonly string[] {
  return bundles.flatMap((bundle) => (bundle.leader === leader ? bundle.members : []));
}

/** When the next message may go out; not later than `now` when it may go out now. */
function whenFree({ sent }: BudgetLog, budgets: readonly BudgetMs[], now: number): number {
  return budgets.reduce((latest, { messages, withinMs }) => {
    const filling = sent.at(-messages);
    return filling === undefined ? latest : Math.max(latest, filling.at + withinMs);
  }, now);
}

/** The log without what no budget looks at any more. */
function current(log: BudgetLog, budgets: readonly BudgetMs[], now: number): BudgetLog {
  const longest = Math.max(0, ...budgets.map(({ withinMs }) => withinMs));
  // More than a budget counts may have gone out beyond it.
  const most = 2 * Math.max(0, ...budgets.map(({ messages }) => messages));
  return {
    sent: log.sent.filter(({ at }) => at > now - longest).slice(-most),
    held: log.held,
    bundles: log.bundles.filter(({ at }) => at > now - BUNDLE_MS),
  };
}

/** The log once the leader of a bundle will not go out: its members wait again. */
function withoutBundle(log: BudgetLog, leader: string): BudgetLog {
  return {
    ...log,
    held: [...new Set([...log.held, ...carriedBy(log, leader)])],
    bundles: log.bundles.filter((bundle) => bundle.leader !== leader),
  };
}
