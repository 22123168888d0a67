/**
 * Follow: finds out who has to hear of an event, and writes one delivery for each.
 *
 * Messages that were sent are brought up to date, incidents of other platforms are kept in step. Each is a delivery of its
 * own: one that fails is tried again alone. It sends nothing itself.
 */
import { pagingState, statusOf } from '../core/lifecycle/view.ts';
import { followed } from '../core/paging/follow.ts';
import { isGateOpen } from '../core/paging/gate.ts';
import { incidentFact } from '../core/paging/incident-fact.ts';
import type { Mirror } from '../model/config.ts';
import type { StoredDelivery } from '../model/delivery.ts';
import type { TimelineEvent } from '../model/timeline.ts';
import type { DeliveryOutcome } from '../ports/storage.ts';
import { wentOutWith } from './budgets.ts';
import { NO_CHANGE } from './change.ts';
import type { Engine } from './engine.ts';
import { externalRef } from './external-refs.ts';
import { isPage } from './failed-page.ts';
import type { ReadyIncident } from './reads.ts';
import { configOf } from './tenant-config.ts';
import { reaching } from './transact.ts';

/** The number of no page: what bears it is taken back by nothing that ends one. */
export const OF_NO_PAGE = 2_147_483_647;
/** How soon it is looked again whether what is being sent has been sent. */
const AGAIN_MS = 1_000;
/** How many messages of one incident are kept up to date, the latest first. */
const MOST_UPDATES = 50;
const ALL = 100_000;

/** What became of a row that says that something has to follow. */
export async function follow(engine: Engine, row: StoredDelivery): Promise<DeliveryOutcome> {
  const { tenant, reactsTo } = row;
  if (reactsTo === undefined) return { state: 'dead', error: 'What is stored of it names no event.' };
  const { incidentId, seq } = reactsTo;
  const { incidents } = await reaching(() => engine.load({ tenant, incidents: [incidentId] }));
  const incident = incidents[0];
  const event = (await reaching(() => engine.storage.timeline(tenant, incidentId))).find((each) => each.seq === seq);
  if (incident === undefined || event === undefined) return { state: 'sent' };
  const sent = await reaching(() => engine.storage.listDeliveries(tenant, { incidentId, limit: ALL }));
  // What is on its way may say what was true before: it is brought up to date when it is known to have gone out.
  if (sent.some((delivery) => delivery.state === 'leased' && isPage(delivery) && canUpdate(engine, delivery))) {
    return { state: 'held', afterMs: AGAIN_MS, error: 'Messages are on their way.' };
  }
  const deliveries = [
    ...(await updatesOf(engine, { incident, event, sent, now: row.requestedAt })),
    ...mirrorsOf(engine, { incident, event, now: row.requestedAt }),
  ];
  if (deliveries.length > 0) {
    // The same id each time: when this process dies before the row is settled, whoever runs it again writes nothing twice.
    const change = { ...NO_CHANGE, deliveries, commitId: row.id, tenant };
    await reaching(() => engine.commit(change));
    engine.stored(0);
  }
  return { state: 'sent' };
}

type Happened = { readonly incident: ReadyIncident; readonly event: TimelineEvent; readonly now: number };

/** The messages that can be changed, each once. What lists several incidents is left as it is, and so is what was a text. */
async function updatesOf(
  engine: Engine,
  { incident, event, sent, now }: Happened & { readonly sent: readonly StoredDelivery[] },
): Promise<readonly StoredDelivery[]> {
  if (followed(event)?.text !== undefined) return [];
  const isPrivate = incident.snapshot.context.visibility === 'private';
  const pages = sent.filter(
    (delivery) =>
      delivery.state === 'sent' &&
      isPage(delivery) &&
      delivery.page < event.seq &&
      delivery.externalId !== undefined &&
      canUpdate(engine, delivery) &&
      !(isPrivate && delivery.user === undefined),
  );
  const rows: StoredDelivery[] = [];
  for (const page of pages.slice(-MOST_UPDATES)) {
    if ((await wentOutWith(engine, page)).length > 0) continue;
    const { externalId: updates, via, error: _, sentAt: _s, receipt: _r, bundledIn: _b, ...rest } = page;
    rows.push({
      ...rest,
      ...fresh(incident.id, event.seq, now),
      id: `${page.id}:update:${event.seq}`,
      notifier: via ?? page.notifier,
      purpose: 'update',
      ...(updates !== undefined && { updates }),
      urgency: 'low',
    });
  }
  return rows;
}

function mirrorsOf(engine: Engine, { incident, event, now }: Happened): readonly StoredDelivery[] {
  const { tenant, id, snapshot } = incident;
  const said = followed(event);
  const { mirrors } = configOf(engine, tenant).config;
  if (said === undefined) return [];
  return mirrors
    .filter((mirror) => isMirrored(mirror, incident))
    .map(
      (mirror): StoredDelivery => ({
        ...fresh(id, event.seq, now),
        id: `${id}:${event.seq}:mirror:${mirror.id}`,
        tenant,
        incidentId: id,
        purpose: 'mirror',
        content: {
          topic: said.topic,
          title: snapshot.context.title,
          ...(said.text !== undefined && { body: said.text }),
        },
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
