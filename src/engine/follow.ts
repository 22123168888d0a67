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
import type { StoredDelivery } from '../model/delivery.ts';
import type { DeliveryOutcome } from '../ports/storage.ts';
import { wentOutWith } from './budgets.ts';
import { NO_CHANGE } from './change.ts';
import { isPage, OF_NO_PAGE } from './delivery-kind.ts';
import type { Engine } from './engine.ts';
import { externalRef } from './external-refs.ts';
import type { ReadyIncident } from './reads.ts';
import { configOf } from './tenant-config.ts';
import { reaching } from './transact.ts';

/** How soon it is looked again whether what is being sent has been sent. */
const AGAIN_MS = 1_000;
/** How many messages of one incident are kept up to date, the latest first. */
const MOST_UPDATES = 20;
const MOST_ALERTS = 1_000;
const ALL = 100_000;

/** What became of a row that says that something has to follow. */
export async function follow(engine: Engine, row: StoredDelivery): Promise<DeliveryOutcome> {
  const { tenant, reactsTo, content } = row;
  if (reactsTo === undefined || content === undefined)
    return { state: 'dead', error: 'What is stored of it names no event.' };
  const { incidentId, seq } = reactsTo;
  const { incidents } = await reaching(() => engine.load({ tenant, incidents: [incidentId] }));
  const incident = incidents[0];
  if (incident === undefined) return { state: 'sent' };
  const all = await reaching(() => engine.storage.listDeliveries(tenant, { incidentId, limit: ALL }));
  // What is on its way may say what was true before: it is brought up to date when it is known to have gone out.
  const isOnItsWay = (delivery: StoredDelivery) =>
    delivery.state === 'leased' && delivery.page < seq && isPage(delivery) && canUpdate(engine, delivery);
  if (all.some(isOnItsWay)) return { state: 'held', afterMs: AGAIN_MS, error: 'Messages are on their way.' };
  const news = { incident, all, row, seq };
  const deliveries = [...(await updatesOf(engine, news)), ...(await mirrorsOf(engine, news))];
  if (deliveries.length > 0) {
    // The same id each time: when this process dies before the row is settled, whoever runs it again writes nothing twice.
    const change = { ...NO_CHANGE, deliveries, commitId: row.id, tenant };
    await reaching(() => engine.commit(change));
    engine.stored(0);
  }
  return { state: 'sent' };
}

type Follows = {
  readonly incident: ReadyIncident;
  /** Every delivery of the incident. */
  readonly all: readonly StoredDelivery[];
  readonly row: StoredDelivery;
  /** The number of the event. */
  readonly seq: number;
};

/** The messages that can be changed, each once. What lists several incidents is left as it is, and a text changes none. */
async function updatesOf(engine: Engine, { incident, all, row, seq }: Follows): Promise<readonly StoredDelivery[]> {
  if (row.content?.body !== undefined) return [];
  const pages = all.filter(
    (delivery) =>
      delivery.state === 'sent' &&
      isPage(delivery) &&
      delivery.page < seq &&
      delivery.externalId !== undefined &&
      canUpdate(engine, delivery),
  );
  const rows: StoredDelivery[] = [];
  for (const page of pages.slice(-MOST_UPDATES)) {
    if ((await wentOutWith(engine, page)).length > 0) continue;
    const { externalId: updates, via, error: _, sentAt: _s, receipt: _r, bundledIn: _b, ...rest } = page;
    rows.push({
      ...rest,
      ...fresh(incident.id, seq, row.requestedAt),
      id: `${page.id}:update:${seq}`,
      notifier: via ?? page.notifier,
      purpose: 'update',
      ...(updates !== undefined && { updates }),
      urgency: 'low',
    });
  }
  return rows;
}

async function mirrorsOf(
  engine: Engine,
  { incident, all, row: { content, requestedAt }, seq }: Follows,
): Promise<readonly StoredDelivery[]> {
  const { tenant, id, snapshot } = incident;
  const isBegun = (mirror: Mirror) => all.some(({ purpose, contact }) => purpose === 'mirror' && contact === mirror.id);
  const mirrors = configOf(engine, tenant).config.mirrors.filter(
    (mirror) => isBegun(mirror) || isMirrored(mirror, incident),
  );
  if (content === undefined || mirrors.length === 0) return [];
  const alerts = await reaching(() => engine.storage.listAlerts(tenant, { incidentId: id, limit: MOST_ALERTS }));
  // What a platform told us of is there already.
  const origins = new Set(alerts.map(({ source }) => source));
  return mirrors
    .filter(({ notifier }) => !origins.has(engine.notifiers.get(notifier)?.mirrors))
    .map(
      (mirror): StoredDelivery => ({
        ...fresh(id, seq, requestedAt),
        id: `${id}:${seq}:mirror:${mirror.id}`,
        tenant,
        incidentId: id,
        purpose: 'mirror',
        content,
        position: snapshot.context.position,
        contact: mirror.id,
        notifier: mirror.notifier,
        address: mirror.address,
        urgency: snapshot.context.urgency,
      }),
    );
}

/** Nobody is asked yet while an incident is held, and one that is over was nobody's business. What is mirrored stays so. */
function isMirrored(mirror: Mirror, { snapshot }: ReadyIncident): boolean {
  const { context } = snapshot;
  if (externalRef(context.links, mirror.id) !== undefined) return true;
  if (context.visibility === 'private' && !mirror.private) return false;
  if (pagingState(snapshot) === 'holding' || statusOf(snapshot) === 'resolved') return false;
  return isGateOpen(mirror.when, incidentFact(context), context.at);
}

function canUpdate(engine: Engine, { via, notifier }: StoredDelivery): boolean {
  return engine.notifiers.get(via ?? notifier)?.update !== undefined;
}

function fresh(incidentId: string, seq: number, now: number) {
  return {
    page: OF_NO_PAGE,
    reactsTo: { incidentId, seq },
    state: 'pending',
    requestedAt: now,
    dueAt: now,
    attempts: 0,
  } as const;
}
