/**
 * Numbers as they are read: the records of what has ended, and beside them what is still open, worked out from its timeline.
 *
 * In the order in which the incidents were opened, page by page: however long the window is, only two pages are in memory,
 * and what is open. Nothing is written here.
 */
import { incidentNumbers } from '../core/review/incident-numbers.ts';
import { unpackNumbers } from '../core/review/packed-numbers.ts';
import type { IncidentNumbers } from '../model/measurement.ts';
import type { StoredDocument } from '../ports/storage.ts';
import type { Engine } from './engine.ts';
import { measuredTimelines } from './measured-timeline.ts';
import { asOf, discreet, incidentNamed, NUMBERS, openedName } from './number-record.ts';
import type { CheckedWindow } from './numbers-window.ts';
import { openIncidents } from './open-incidents.ts';
import { reaching } from './transact.ts';

/** Whose incidents, opened from when on and before when, and the moment at which it is asked (epoch ms). */
export type NumbersQuery = {
  readonly tenant: string;
  readonly fromAt: number;
  readonly untilAt: number;
  readonly now: number;
};

/** How many records are read at once. */
const PAGE = 2_000;
/** How many open incidents make a page of their own. */
const OPEN_PAGE = 200;

/** An open incident of which the numbers are wanted. */
type Open = { readonly id: string; readonly openedAt: number };

/**
 * The numbers of every incident of a window, in pages. What is open is looked up first, so that what ends meanwhile counts
 * once, as it was.
 */
export async function* numbersIn(engine: Engine, query: NumbersQuery): AsyncGenerator<readonly IncidentNumbers[]> {
  const open = await openIn(engine, query);
  const isOpen = new Set(open.map(({ id }) => id));
  let next = 0;
  for await (const page of recordPages(engine, query)) {
    const last = openedAtOf(page.at(-1));
    const until = open.findIndex(({ openedAt }, index) => index >= next && openedAt > last);
    const some = open.slice(next, until === -1 ? open.length : until);
    next += some.length;
    const stored = page.filter(({ id }) => !isOpen.has(incidentNamed(id)));
    const numbers = await numbersOf(engine, query, stored);
    yield some.length === 0 ? numbers : [...numbers, ...(await workOut(engine, query, some))].toSorted(byOpening);
  }
  for (; next < open.length; next += OPEN_PAGE) yield await workOut(engine, query, open.slice(next, next + OPEN_PAGE));
}

/** Whether whoever asks may see these numbers, and they are of one of the services that were asked for. */
export function isAskedFor(
  { visibility, involved, service }: IncidentNumbers,
  { as, services }: Pick<CheckedWindow, 'as' | 'services'>,
): boolean {
  if (services !== undefined && !services.has(service)) return false;
  return as === undefined || visibility === 'public' || (involved ?? []).includes(as);
}

async function openIn(engine: Engine, { tenant, fromAt, untilAt }: NumbersQuery): Promise<readonly Open[]> {
  const open: Open[] = [];
  for await (const { id, snapshot } of openIncidents(engine, tenant)) {
    const { openedAt } = snapshot.context.times;
    if (openedAt >= fromAt && openedAt < untilAt) open.push({ id, openedAt });
  }
  return open.toSorted(byOpening);
}

/** While a page is gone through, the next one is on its way. */
async function* recordPages(
  { storage }: Engine,
  { tenant, fromAt, untilAt }: NumbersQuery,
): AsyncGenerator<readonly StoredDocument[]> {
  const end = openedName(untilAt);
  const read = (after: string) => {
    const page = reaching(() => storage.listDocuments(tenant, { collection: NUMBERS, after, limit: PAGE }));
    // Whoever stops in the middle does not wait for it.
    page.catch(() => {});
    return page;
  };
  for (let coming = read(openedName(fromAt)); ; ) {
    const page = await coming;
    const last = page.at(-1);
    const isLast = last === undefined || page.length < PAGE || last.id >= end;
    if (last !== undefined && !isLast) coming = read(last.id);
    yield isLast ? page.filter(({ id }) => id < end) : page;
    if (isLast) return;
  }
}

async function numbersOf(
  engine: Engine,
  query: NumbersQuery,
  page: readonly StoredDocument[],
): Promise<readonly IncidentNumbers[]> {
  const known: IncidentNumbers[] = [];
  const unknown: Open[] = [];
  for (const document of page) {
    const numbers = unpackNumbers(document.data);
    if (numbers === undefined) unknown.push({ id: incidentNamed(document.id), openedAt: openedAtOf(document) });
    else known.push(asOf(numbers, query.now));
  }
  return unknown.length === 0 ? known : [...known, ...(await workOut(engine, query, unknown))];
}

function workOut(engine: Engine, { tenant, now }: NumbersQuery, incidents: readonly Open[]) {
  const ids = incidents.map(({ id }) => id);
  return measuredTimelines(engine, { tenant, ids }, (timeline) => discreet(incidentNumbers(timeline, { now })));
}

function openedAtOf(document: Pick<StoredDocument, 'id'> | undefined): number {
  return document === undefined ? Number.NEGATIVE_INFINITY : Number.parseInt(document.id, 10);
}

function byOpening(a: Open, b: Open): number {
  return a.openedAt - b.openedAt || (a.id < b.id ? -1 : 1);
}
