/**
 * Budgets, kept where all processes see them: whether a delivery may go out now, has gone out with another one, or waits.
 *
 * Only notifiers that have budgets cost anything. What cannot be read of them stands in the way of no page.
 */
import * as z from 'zod';
import {
  type BudgetLog,
  type BudgetVerdict,
  budgetsOf,
  carriedOut,
  carrierOf,
  EMPTY_LOG,
  type NotifierBudgets,
  spend,
} from '../core/paging/budget.ts';
import type { StoredDelivery } from '../model/delivery.ts';
import type { DocumentKey, StoredDocument } from '../ports/storage.ts';
import { NO_CHANGE } from './change.ts';
import type { Decidable } from './current-config.ts';
import type { Engine } from './engine.ts';
import { configOf } from './tenant-config.ts';
import { type Decided, reaching, transact } from './transact.ts';

const BUDGETS = 'budgets';
const DAY_MS = 86_400_000;
/** Every delivery of an incident. */
const ALL = 100_000;

const logSchema = z.object({
  sent: z.array(z.object({ id: z.string(), at: z.number() })),
  held: z.array(z.string()),
  bundles: z.array(
    z.object({
      leader: z.string(),
      members: z.array(z.string()),
      at: z.number(),
      isOut: z.literal(true).optional(),
    }),
  ),
});

/** Whether `delivery` may go out now. */
export async function spendOn(engine: Engine, delivery: StoredDelivery): Promise<BudgetVerdict> {
  const budgets = budgetsFor(engine, delivery);
  if (budgets.perContact.length + budgets.overall.length === 0) return { type: 'go', carries: [] };
  const verdict = await spendWithin(engine, delivery, { budgets, canWait: canEverWait(delivery) });
  if (verdict.type !== 'wait' || !isPage(delivery)) return verdict;
  if (!(await isFirstOf(engine, delivery))) return verdict;
  return spendWithin(engine, delivery, { budgets, canWait: false });
}

function budgetsFor(engine: Engine, { tenant, notifier }: StoredDelivery): NotifierBudgets {
  const { limits, failover } = configOf(engine, tenant).config;
  const [first = notifier] = Object.hasOwn(failover, notifier) ? (failover[notifier] ?? []) : [notifier];
  return budgetsOf(notifier, engine.notifiers.get(first)?.kind, limits);
}

/** A code that somebody waits for, a trial, and a page without a storage are asked for one at a time. */
function canEverWait({ purpose }: StoredDelivery): boolean {
  return purpose !== 'verification' && purpose !== 'canary' && purpose !== 'emergency';
}

/** Whether somebody is to be reached by it who may not have been reached before. */
function isPage({ urgency, purpose, user }: StoredDelivery): boolean {
  const isAsking = purpose !== 'notice' && purpose !== 'summary' && purpose !== 'reminder';
  return urgency === 'high' && user !== undefined && isAsking;
}

/** Whether nothing of the incident has reached the person yet. */
async function isFirstOf(engine: Engine, delivery: StoredDelivery): Promise<boolean> {
  const { tenant, incidentId, user, address, id, page, dueAt } = delivery;
  if (incidentId === undefined) return true;
  const all = await reaching(() => engine.storage.listDeliveries(tenant, { incidentId, user, limit: ALL }));
  const pages = all.filter((other) => other.id !== id && isPage(other));
  // Of two that are on their way to one address at the same moment, one is the first.
  const isBefore = (other: StoredDelivery) => other.page - page || other.dueAt - dueAt || (other.id < id ? -1 : 1);
  return !pages.some(
    (other) => other.state === 'sent' || (other.state === 'leased' && other.address === address && isBefore(other) < 0),
  );
}

type Within = { readonly budgets: NotifierBudgets; readonly canWait: boolean };

async function spendWithin(
  engine: Engine,
  delivery: StoredDelivery,
  { budgets, canWait }: Within,
): Promise<BudgetVerdict> {
  const { tenant, id, notifier, address } = delivery;
  const contact = { collection: BUDGETS, id: JSON.stringify([notifier, address]) };
  const overall = { collection: BUDGETS, id: JSON.stringify([notifier]) };
  const documents = budgets.overall.length === 0 ? [contact] : [contact, overall];
  const leader = await leaderOf(engine, delivery, contact);
  const decide = (loaded: Decidable): Decided<BudgetVerdict> => {
    const stored = (key: DocumentKey) => loaded.documents.find((document) => document.id === key.id);
    const before = { contact: readLog(stored(contact)), overall: readLog(stored(overall)) };
    const { logs, verdict } = spend(
      before,
      { id, now: loaded.now, canWait, isPage: isPage(delivery), leader },
      budgets,
    );
    if (logs === before) return { answer: () => verdict };
    const expiresAt = loaded.now + keptMs(budgets);
    const written = documents.map((key) => ({
      ...key,
      expectedVersion: stored(key)?.version ?? 0,
      data: key === contact ? logs.contact : logs.overall,
      expiresAt,
    }));
    return { change: { ...NO_CHANGE, documents: written }, answer: () => verdict };
  };
  // In a storm hundreds of messages to one address are counted at once: they would be in each other's way.
  return transact(
    engine,
    { tenant, documents },
    decide,
    documents.map(({ id: of }) => `${BUDGETS} ${of}`),
  );
}

/**
 * Keeps that the message of `delivery` has gone out with those that it listed. Before that none of them counts as sent: whoever
 * had it before, or has it after, may have sent it without them.
 */
export async function keepCarried(engine: Engine, delivery: StoredDelivery, listed: readonly string[]): Promise<void> {
  const { tenant, id, notifier, address } = delivery;
  const contact = { collection: BUDGETS, id: JSON.stringify([notifier, address]) };
  await transact(engine, { tenant, documents: [contact] }, ({ documents, now }): Decided<void> => {
    const document = documents.find((one) => one.id === contact.id);
    const data = carriedOut(readLog(document), id, listed);
    const expiresAt = now + keptMs(budgetsFor(engine, delivery));
    const written = { ...contact, expectedVersion: document?.version ?? 0, data, expiresAt };
    return { change: { ...NO_CHANGE, documents: [written] }, answer: () => undefined };
  });
}

/** Those that have gone out with the message of `delivery`, and with no other one. */
export async function wentOutWith(engine: Engine, delivery: StoredDelivery): Promise<readonly StoredDelivery[]> {
  const rows = await listedWith(engine, delivery);
  return rows.filter(({ state, bundledIn }) => state === 'sent' && bundledIn === delivery.id);
}

/** Those that the message of `delivery` lists, whatever is stored of each by now. */
export async function listedWith(
  engine: Engine,
  { tenant, id, notifier, address }: StoredDelivery,
): Promise<readonly StoredDelivery[]> {
  const contact = { collection: BUDGETS, id: JSON.stringify([notifier, address]) };
  const { documents } = await reaching(() => engine.storage.load({ tenant, documents: [contact] }));
  const members = readLog(documents[0]).bundles.flatMap((bundle) => (bundle.leader === id ? bundle.members : []));
  const rows = await Promise.all(
    members.map((member) => reaching(() => engine.storage.listDeliveries(tenant, { id: member, limit: 1 }))),
  );
  return rows.flat();
}

/** What the message of `delivery` listed waits for itself from now on: it was not delivered. */
export async function forgetBundle(engine: Engine, delivery: StoredDelivery): Promise<void> {
  const { tenant, id, notifier, address } = delivery;
  const contact = { collection: BUDGETS, id: JSON.stringify([notifier, address]) };
  await transact(engine, { tenant, documents: [contact] }, ({ documents, now }): Decided<void> => {
    const [document] = documents.filter((one) => one.id === contact.id);
    const log = readLog(document);
    const bundles = log.bundles.filter(({ leader }) => leader !== id);
    if (document === undefined || bundles.length === log.bundles.length) return { answer: () => undefined };
    const expiresAt = now + keptMs(budgetsFor(engine, delivery));
    const written = { ...contact, expectedVersion: document.version, data: { ...log, bundles }, expiresAt };
    return { change: { ...NO_CHANGE, documents: [written] }, answer: () => undefined };
  });
}

/** What became of the delivery that was to carry this one. Only what was put off before can have one. */
async function leaderOf(
  engine: Engine,
  { tenant, id, error }: StoredDelivery,
  contact: DocumentKey,
): Promise<'waiting' | 'ended' | undefined> {
  if (error === undefined) return undefined;
  const { documents } = await reaching(() => engine.storage.load({ tenant, documents: [contact] }));
  const leader = carrierOf(readLog(documents[0]), id);
  if (leader === undefined) return undefined;
  const [row] = await reaching(() => engine.storage.listDeliveries(tenant, { id: leader, limit: 1 }));
  return row?.state === 'pending' || row?.state === 'leased' ? 'waiting' : 'ended';
}

/** How long what was sent has to be remembered: as long as any budget looks back. */
function keptMs({ perContact, overall }: NotifierBudgets): number {
  return Math.max(DAY_MS, ...[...perContact, ...overall].map(({ withinMs }) => withinMs));
}

function readLog(document: StoredDocument | undefined): BudgetLog {
  return logSchema.safeParse(document?.data).data ?? EMPTY_LOG;
}
