/**
 * Mirror rows: the deliveries that bring an incident up to date on another platform.
 *
 * They belong to no page, so that no answer takes them back. Nothing is sent or stored here.
 */
import { statusOf } from '../core/lifecycle/view.ts';
import type { Mirror } from '../model/config.ts';
import type { DeliveryContent, StoredDelivery } from '../model/delivery.ts';
import type { MessageStatus } from '../model/message.ts';
import type { Decidable } from './current-config.ts';
import { OF_NO_PAGE } from './delivery-kind.ts';
import type { Engine } from './engine.ts';
import { externalRef } from './external-refs.ts';
import type { ReadyIncident } from './reads.ts';

/** What a row that brings something up to date has in common with its like: the event `seq` led to it. */
export function fresh(incidentId: string, seq: number, now: number) {
  return {
    page: OF_NO_PAGE,
    reactsTo: { incidentId, seq },
    state: 'pending',
    requestedAt: now,
    dueAt: now,
    attempts: 0,
  } as const;
}

/** What a row of a mirror is about. */
export type Mirroring = {
  readonly incident: ReadyIncident;
  /** The number of the event that led to it. */
  readonly seq: number;
  readonly content: DeliveryContent;
  readonly now: number;
};

/** The row that brings an incident up to date by `mirror`. */
export function mirrorRow(mirror: Mirror, { incident, seq, content, now }: Mirroring): StoredDelivery {
  const { tenant, id, snapshot } = incident;
  return {
    ...fresh(id, seq, now),
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
  };
}

const TOPICS: { readonly [status in MessageStatus]: string } = {
  triggered: 'unacknowledged',
  acknowledged: 'acknowledged',
  resolved: 'resolved',
};

type Standing = { readonly incident: ReadyIncident; readonly platform: string; readonly seq: number };

/** What brings an incident back to how it is here, by each mirror through which it is on `platform`. */
export function broughtBack(
  { notifiers, ids }: Pick<Engine, 'notifiers' | 'ids'>,
  { incident, platform, seq }: Standing,
  { config, now }: Pick<Decidable, 'config' | 'now'>,
): readonly StoredDelivery[] {
  const { links } = incident.snapshot.context;
  const mirrors = config.config.mirrors.filter(({ notifier }) => notifiers.get(notifier)?.mirrors === platform);
  const content = { topic: TOPICS[statusOf(incident.snapshot)], title: '' };
  return mirrors
    .filter(({ id }) => mirrors.length === 1 || externalRef(links, id) !== undefined)
    .map((mirror) => mirrorRow(mirror, { incident, seq, content, now }))
    .map((row) => ({ ...row, id: `${row.id}:${ids()}` }));
}
