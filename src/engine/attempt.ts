/**
 * One attempt to send one delivery: make sure that it may go out now, build the message, and hand it to whoever carries it.
 *
 * Several notifiers that stand for one another are tried in their order within the attempt. Nothing of it is stored here.
 */
import type { IncidentContext } from '../core/lifecycle/context.ts';
import { statusOf } from '../core/lifecycle/view.ts';
import type { BudgetVerdict } from '../core/paging/budget.ts';
import { retryDelay, spread } from '../core/paging/retry.ts';
import { isTocsinError } from '../errors.ts';
import type { StoredDelivery } from '../model/delivery.ts';
import type { MessageStatus } from '../model/message.ts';
import type { ClaimedDelivery, DeliveryOutcome } from '../ports/storage.ts';
import { beforeBringingUp, bringsUp, nameOfBroughtUp } from './bring-up.ts';
import { keepCarried, spendOn } from './budgets.ts';
import { carriedBy } from './bundle.ts';
import { type Carrier, carriersOf } from './carriers.ts';
import { compose } from './compose.ts';
import { CONTACTS, isStillTheirs, readContacts } from './contacts-document.ts';
import type { Engine } from './engine.ts';
import { ownKey } from './external-refs.ts';
import { follow } from './follow.ts';
import { keepReference } from './keep-reference.ts';
import { react } from './react.ts';
import { type Failure, failureOf, send, type Taken } from './send.ts';
import { configOf } from './tenant-config.ts';
import { reaching } from './transact.ts';

/** How long a claimed row is nobody else's. */
export const LEASE_MS = 15_000;
/** What must be left of the lease when an attempt begins: longer than it may take, so that nobody else sends meanwhile. */
const ENOUGH_MS = 11_000;
/** A wait from which on a person's next contact is not waited for. */
const LONG_MS = 30_000;
/** How long after its page a delivery may be put off without using up its attempts. */
const LONGEST_HOLD_MS = 1_800_000;

/** How an attempt ended, and whether the person's next contact should be used at once. */
export type Attempted = { readonly outcome: DeliveryOutcome; readonly isLong: boolean };

const ended = (outcome: DeliveryOutcome): Attempted => ({
  outcome,
  isLong: (outcome.state === 'retry' || outcome.state === 'held') && outcome.afterMs >= LONG_MS,
});
const dead = (error: string): Attempted => ended({ state: 'dead', error });

/** How the attempt ended; `undefined` when there was none, because the delivery was taken back before it. */
export async function attempt(engine: Engine, claimed: ClaimedDelivery): Promise<Attempted | undefined> {
  const { delivery } = claimed;
  if (delivery.isUnreadable) return dead('What is stored of this delivery cannot be read.');
  if (delivery.purpose === 'reaction') {
    if (!(await isHeld(engine, claimed))) return undefined;
    return ended(verdictOf(delivery, [await react(engine, delivery)]));
  }
  if (delivery.purpose === 'follow') {
    if (!(await isHeld(engine, claimed))) return undefined;
    return ended(await follow(engine, delivery));
  }
  if (bringsUp(delivery)) {
    const instead = await beforeBringingUp(engine, delivery);
    if (instead !== undefined) return (await isHeld(engine, claimed)) ? ended(instead) : undefined;
  }
  if (delivery.isAdded && !(await isTheirs(engine, delivery))) return dead('The person has removed this contact.');
  const carriers = carriersFor(engine, delivery);
  const { able, waitMs } = ableNow(engine, carriers);
  if (carriers.length === 0) return unknownNotifier(engine, claimed);
  if (able.length === 0) return putOff(delivery, waitMs, engine.clock.now());
  const verdict = bringsUp(delivery) ? GO : await spendOn(engine, delivery);
  // One that was taken back meanwhile has gone out in no message.
  if (verdict.type === 'gone') {
    if (!(await isHeld(engine, claimed))) return undefined;
    return ended({ state: 'sent', bundledIn: verdict.with });
  }
  if (verdict.type === 'wait') {
    const afterMs = spread(delivery.id, verdict.ms, 500);
    return { outcome: { state: 'held', afterMs, error: 'The budget of this address is spent.' }, isLong: true };
  }
  // What fails here is the storage's doing, and no failure of the notifier.
  const read = await contextOf(engine, delivery);
  if (bringsUp(delivery) && read?.context === undefined) return dead('What is stored of the incident cannot be read.');
  if (read === undefined) return dead(`Cannot deliver: incident ${delivery.incidentId} is gone.`);
  const carried = await carriedBy(engine, delivery.tenant, verdict.carries);
  const message = compose(engine, delivery, { ...read, carried });
  const failures: Failure[] = [];
  for (const carrier of able) {
    if (!(await isHeld(engine, claimed))) return undefined;
    const sent = await send(engine, carrier, message, nameOfBroughtUp(delivery, read.context));
    if (sent === undefined) continue;
    if (!('externalId' in sent)) {
      failures.push(sent);
      continue;
    }
    // What is not kept of it makes those that it listed go out once more, and loses none.
    const listed = (message.bundle ?? []).map(({ deliveryId }) => deliveryId);
    if (verdict.carries.length > 0) await keepCarried(engine, delivery, listed).catch(() => {});
    await keepName(engine, delivery, carrier, sent);
    return ended({ state: 'sent', externalId: sent.externalId, ...viaOf(delivery, carrier) });
  }
  // Others have been faster, and found out that nobody is to be asked now.
  if (failures.length === 0) return putOff(delivery, ableNow(engine, carriers).waitMs, engine.clock.now());
  return ended(verdictOf(delivery, failures.length < carriers.length ? [...failures, UNASKED] : failures));
}

/** What brings something up to date is no message to a person, and spends no budget. */
const GO: BudgetVerdict = { type: 'go', carries: [] };

/** An attempt that a defect has kept from being made; a later version may do better. */
export function defective(delivery: StoredDelivery, error: unknown): Attempted {
  return ended(verdictOf(delivery, [{ ...failureOf(error), permanent: false, retryAfterMs: undefined }]));
}

/** One that could not be asked now may still carry it: what the others refuse for good is not over by that. */
const UNASKED: Failure = {
  error: 'Another notifier is left alone for now.',
  permanent: false,
  retryAfterMs: undefined,
};

/** What another platform calls the incident is kept; that this fails costs nothing but that. */
async function keepName(engine: Engine, delivery: StoredDelivery, carrier: Carrier, sent: Taken): Promise<void> {
  const { tenant, incidentId, contact: mirror } = delivery;
  const { mirrors: platform } = carrier.notifier;
  // Some platforms begin anew when one is reopened, and do not say under which name.
  const isAnew = delivery.purpose === 'mirror' && delivery.content?.topic === 'reopened';
  const { externalId: id = isAnew && incidentId !== undefined ? ownKey(tenant, incidentId) : undefined, url } = sent;
  if (platform === undefined || id === undefined || incidentId === undefined) return;
  const reference = { platform, id, mirror, ...(url !== undefined && { url }) };
  await keepReference(engine, { tenant, incidentId, reference, by: delivery }).catch((error: unknown) =>
    engine.logger.warn({ error, delivery: delivery.id }, 'What another platform calls an incident could not be kept.'),
  );
}

/** Whether a contact that somebody has added is still theirs; what cannot be read takes it from nobody. */
async function isTheirs(engine: Engine, delivery: StoredDelivery): Promise<boolean> {
  const { tenant } = delivery;
  const { documents } = await reaching(() => engine.storage.load({ tenant, documents: [CONTACTS] }));
  const rows = readContacts(documents[0]?.data);
  return documents.length === 0 ? false : rows === undefined || isStillTheirs(rows, delivery);
}

/** Who carried it, where its notifier names several. */
function viaOf({ notifier }: StoredDelivery, carrier: Carrier): { readonly via?: string } {
  return carrier.notifier.name === notifier ? {} : { via: carrier.notifier.name };
}

/** Another process may have it: this one only fails an attempt. */
async function unknownNotifier(engine: Engine, claimed: ClaimedDelivery): Promise<Attempted | undefined> {
  const { id, notifier } = claimed.delivery;
  if (!(await isHeld(engine, claimed))) return undefined;
  const error = `Cannot deliver ${id}: no notifier is called ${notifier}. Hand one to createTocsin.`;
  return ended(verdictOf(claimed.delivery, [{ error, permanent: false, retryAfterMs: undefined }]));
}

/**
 * Whoever is left alone for now is not asked: that is no attempt, and uses none up. Not without end, though: a provider that is
 * dead for good must end in the dead letters.
 */
function putOff(delivery: StoredDelivery, waitMs: number, now: number): Attempted {
  const error = `Notifier ${delivery.notifier} is left alone for now: it failed again and again, asked to wait, or has no place.`;
  if (now - delivery.requestedAt > LONGEST_HOLD_MS)
    return ended(verdictOf(delivery, [{ error, permanent: false, retryAfterMs: undefined }]));
  return { outcome: { state: 'held', afterMs: spread(delivery.id, waitMs, 250), error }, isLong: waitMs >= 1_000 };
}

/** What follows from what failed: it is over only when everybody says that it is. */
function verdictOf({ id, attempts }: StoredDelivery, failures: readonly (Failure | undefined)[]): DeliveryOutcome {
  const failed = failures.filter((failure) => failure !== undefined);
  if (failed.length === 0) return { state: 'sent' };
  const waits = failed.flatMap(({ retryAfterMs }) => retryAfterMs ?? []);
  // Where one of several may be asked sooner, it is.
  const retryAfterMs = waits.length < failed.length ? undefined : Math.min(...waits);
  const permanent = failed.every((failure) => failure.permanent);
  const error = failed
    .map((failure) => failure.error)
    .join(' ')
    .slice(0, 1_000);
  const afterMs = retryDelay({ id, attempts, permanent, retryAfterMs });
  return afterMs === undefined ? { state: 'dead', error } : { state: 'retry', afterMs, error };
}

function carriersFor(engine: Engine, { tenant, notifier, address }: StoredDelivery): readonly Carrier[] {
  const { failover } = configOf(engine, tenant).config;
  return carriersOf(notifier, address, { notifiers: engine.notifiers, failover });
}

/** Those that may be asked now, and, when nobody may, how long until somebody may. */
function ableNow(engine: Engine, carriers: readonly Carrier[]) {
  const waits = carriers.map((carrier) => ({ carrier, ms: engine.carriers.waitMs(carrier) }));
  const able = waits.filter(({ ms }) => ms === 0).map(({ carrier }) => carrier);
  return { able, waitMs: Math.min(...waits.map(({ ms }) => ms)) };
}

/** Whether it is still ours and still wanted; then it stays ours for as long as an attempt may take. */
export function isHeld(engine: Engine, { delivery, token }: ClaimedDelivery): Promise<boolean> {
  const extend = () => engine.storage.extendDelivery(delivery.tenant, delivery.id, token, ENOUGH_MS);
  return reaching(() => extend().catch(extend));
}

/** Without a context it is about no incident, or its incident is in quarantine: it goes out all the same. */
type ReadContext = {
  readonly context: IncidentContext | undefined;
  readonly status?: MessageStatus | undefined;
  readonly now: number;
};

/** `undefined` when there is no such incident any more. */
async function contextOf(engine: Engine, { tenant, incidentId }: StoredDelivery): Promise<ReadContext | undefined> {
  const without = async () => ({
    context: undefined,
    now: (await reaching(() => engine.storage.load({ tenant }))).now,
  });
  if (incidentId === undefined) return without();
  try {
    const load = () => engine.load({ tenant, incidents: [incidentId] });
    const { now, incidents } = await reaching(() => load().catch(load));
    const incident = incidents[0];
    return incident === undefined
      ? undefined
      : { context: incident.snapshot.context, status: statusOf(incident.snapshot), now };
  } catch (error) {
    if (!isTocsinError(error, 'SNAPSHOT_UNREADABLE')) throw error;
    return without();
  }
}
