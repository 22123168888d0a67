/**
 * Follow: finds out who has to hear of an event, and writes one delivery for each.
 *
 * Messages that were sent are brought up to date, incidents of other platforms are kept in step. Each is a delivery of its
 * own: one that fails is tried again alone. It sends nothing itself.
 */
import { pagingState, statusOf } from '../core/lifecycle/view.ts';
import { isGateOpen } from '../core/paging/gate.ts';
import { incidentFact } from '../core/paging/incident-fact.ts';
import type { Mirror } from '../model/config.ts';
import type { DeliveryContent, StoredDelivery } from '../model/delivery.ts';
import type { DeliveryOutcome } from '../ports/storage.ts';
import { wentOutWith } from './budgets.ts';
import { carriersOf } from './carriers.ts';
import { NO_CHANGE } from './change.ts';
import { isPage } from './delivery-kind.ts';
import type { Engine } from './engine.ts';
import { externalRef } from './external-refs.ts';
import { fresh, mirrorRow } from './mirror-rows.ts';
import { isPublic, publicRows } from './public-mirrors.ts';
import type { ReadyIncident } from './reads.ts';
import { configOf } from './tenant-config.ts';
import { reaching } from './transact.ts';

/** How long an attempt may take that began before it was taken back. */
const ATTEMPT_MS = 11_000;
/** How soon it is looked again whether what is being sent has been sent. */
const AGAIN_MS = 1_000;
/** How many messages of one incident are kept up to date, the latest first. */
const MOST_UPDATES = 50;
const MOST_ALERTS = 1_000;
const ALL = 100_000;

/** What became of a row that says that something has to follow. */
export async function follow(engine: Engine, row: StoredDelivery): Promise<DeliveryOutcome> {
  const { tenant, reactsTo, content } = row;
  if (reactsTo === undefined || content === undefined)
    return { state: 'dead', error: 'What is stored of it names no event.' };
  const { incidentId, seq } = reactsTo;
  const { incidents, now } = await reaching(() => engine.load({ tenant, incidents: [incidentId] }));
  const incident = incidents[0];
  if (incident === undefined) return { state: 'sent' };
  const all = await reaching(() => engine.storage.listDeliveries(tenant, { incidentId, limit: ALL }));
  const news = { incident, all, row, content, seq };
  const known = new Set(all.map(({ id }) => id));
  const rows = [...(await updatesOf(engine, news)), ...(await mirrorsOf(engine, news))];
  const deliveries = rows.filter(({ id }) => !known.has(id));
  if (deliveries.length > 0) {
    const change = { ...NO_CHANGE, deliveries, commitId: engine.ids(), tenant };
    // Another process may have written some of it: then it is looked at once more.
    if ((await reaching(() => engine.commit(change))) !== 'applied') return again('Somebody else follows it too.');
    engine.stored(0);
  }
  // What is on its way may say what was true before: it is brought up to date when it is known to have gone out.
  const isWaiting = content.body === undefined && all.some((page) => isOnItsWay(engine, page, { row, seq, now }));
  return isWaiting ? again('Messages are on their way.') : { state: 'sent' };
}

function again(error: string): DeliveryOutcome {
  return { state: 'held', afterMs: AGAIN_MS, error };
}

type Follows = {
  readonly incident: ReadyIncident;
  /** Every delivery of the incident. */
  readonly all: readonly StoredDelivery[];
  readonly row: StoredDelivery;
  readonly content: DeliveryContent;
  /** The number of the event. */
  readonly seq: number;
};

/** An answer takes back what is on its way too, and does not stop it: it may go out all the same until its attempt has ended. */
function isOnItsWay(
  engine: Engine,
  page: StoredDelivery,
  { row, seq, now }: Pick<Follows, 'row' | 'seq'> & { readonly now: number },
): boolean {
  if (!isPage(page) || page.page >= seq || !couldUpdate(engine, page)) return false;
  const isTakenBack = page.state === 'withdrawn' && page.attempts > 0 && now < row.requestedAt + ATTEMPT_MS;
  return page.state === 'leased' || isTakenBack;
}

/** The messages that can be changed, each once. What lists several incidents is left as it is, and a text changes none. */
async function updatesOf(
  engine: Engine,
  { incident, all, row, content, seq }: Follows,
): Promise<readonly StoredDelivery[]> {
  if (content.body !== undefined) return [];
  const pages = all.filter(
    (delivery) =>
      delivery.state === 'sent' &&
      isPage(delivery) &&
      delivery.page < seq &&
      delivery.externalId !== undefined &&
      canUpdate(engine, delivery),
  );
  const latest = pages.slice(-MOST_UPDATES);
  const others = await Promise.all(latest.map((page) => wentOutWith(engine, page)));
  return latest
    .filter((_, index) => others[index]?.length === 0)
    .map(({ externalId: updates, via, error: _, sentAt: _s, receipt: _r, bundledIn: _b, ...page }) => ({
      ...page,
      ...fresh(incident.id, seq, row.requestedAt),
      id: `${page.id}:update:${seq}`,
      notifier: via ?? page.notifier,
      purpose: 'update' as const,
      ...(updates !== undefined && { updates }),
      urgency: 'low' as const,
    }));
}

async function mirrorsOf(
  engine: Engine,
  { incident, all, row, content, seq }: Follows,
): Promise<readonly StoredDelivery[]> {
  const { tenant, id } = incident;
  const isBegun = (mirror: Mirror) => all.some(({ purpose, contact }) => purpose === 'mirror' && contact === mirror.id);
  const configured = configOf(engine, tenant).config.mirrors;
  const read = configured.filter((mirror) => isPublic(engine, mirror));
  const publicly = await publicRows(engine, read, { incident, all, row, seq });
  const mirrors = configured.filter(
    (mirror) => !read.includes(mirror) && (isBegun(mirror) || isMirrored(mirror, incident)),
  );
  if (mirrors.length === 0) return publicly;
  const alerts = await reaching(() => engine.storage.listAlerts(tenant, { incidentId: id, limit: MOST_ALERTS }));
  // What a platform told us of is there already.
  const origins = new Set(alerts.map(({ source }) => source));
  const rows = mirrors
    .filter(({ notifier }) => !origins.has(engine.notifiers.get(notifier)?.mirrors))
    .map((mirror) => mirrorRow(mirror, { incident, seq, content, now: row.requestedAt }));
  return [...publicly, ...rows];
}

/** Nobody is asked yet while an incident is held, and one that is over was nobody's business. What is mirrored stays so. */
function isMirrored(mirror: Mirror, { snapshot }: ReadyIncident): boolean {
  const { context } = snapshot;
  if (externalRef(context.links, mirror.id) !== undefined) return true;
  if (context.visibility === 'private' && !mirror.private) return false;
  // It is written down afterwards: a platform would page people for what is over.
  if (context.kind === 'backfilled') return false;
  if (pagingState(snapshot) === 'holding' || statusOf(snapshot) === 'resolved') return false;
  return isGateOpen(mirror.when, incidentFact(context), context.at);
}

function canUpdate(engine: Engine, { via, notifier }: StoredDelivery): boolean {
  return engine.notifiers.get(via ?? notifier)?.update !== undefined;
}

/** Whether any of those that may carry a message can change it. */
function couldUpdate(engine: Engine, { tenant, notifier, address }: StoredDelivery): boolean {
  const { failover } = configOf(engine, tenant).config;
  const carriers = carriersOf(notifier, address, { notifiers: engine.notifiers, failover });
  return carriers.some((carrier) => carrier.notifier.update !== undefined);
}
