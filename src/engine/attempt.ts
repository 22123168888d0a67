/**
 * One attempt to send one delivery: make sure that it may go out now, build the message, and hand it to whoever carries it.
 *
 * Several notifiers that stand for one another are tried in their order within the attempt. Nothing of it is stored here.
 */
import { spread } from '../core/paging/retry.ts';
import type { StoredDelivery } from '../model/delivery.ts';
import type { ClaimedDelivery } from '../ports/storage.ts';
import { followVisibility } from './action-items-visibility.ts';
import { announce } from './announce.ts';
import { bringUp } from './bring-up.ts';
import { keepCarried, spendOn } from './budgets.ts';
import { carriedBy, listedNow } from './bundle.ts';
import { type Carrier, carriersOf } from './carriers.ts';
import { compose } from './compose.ts';
import { bringsUp } from './delivery-kind.ts';
import type { Engine } from './engine.ts';
import { isMoot } from './fire-overdue.ts';
import { follow } from './follow.ts';
import { contextOf } from './incident-context.ts';
import { issueStep } from './issue-step.ts';
import { keepName } from './keep-reference.ts';
import { isHeld } from './lease.ts';
import { type Attempted, dead, ended, putOff, UNASKED, verdictOf } from './outcome.ts';
import { overtakenBy } from './overtaken-notice.ts';
import { react } from './react.ts';
import { roomStep } from './room-step.ts';
import { type Failure, send } from './send.ts';
import { isTheirs } from './still-theirs.ts';
import { tellSubscriber } from './tell-subscriber.ts';
import { configOf } from './tenant-config.ts';

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
  if (delivery.purpose === 'room') return roomStep(engine, claimed);
  if (delivery.purpose === 'issue') {
    const { tenant, reactsTo } = delivery;
    if (reactsTo === undefined) return issueStep(engine, claimed);
    if (!(await isHeld(engine, claimed))) return undefined;
    return ended(await followVisibility(engine, tenant, reactsTo));
  }
  if (delivery.purpose === 'announce') {
    if (!(await isHeld(engine, claimed))) return undefined;
    return ended(await announce(engine, delivery));
  }
  if (delivery.purpose === 'announcement') return tellSubscriber(engine, claimed);
  if (bringsUp(delivery)) return bringUp(engine, claimed);
  if (delivery.isAdded && !(await isTheirs(engine, delivery))) return dead('The person has removed this contact.');
  const carriers = carriersFor(engine, delivery);
  const { able, waitMs } = ableNow(engine, carriers);
  if (carriers.length === 0) return unknownNotifier(engine, claimed);
  if (able.length === 0) return putOff(delivery, waitMs, engine.clock.now());
  if (await isMoot(engine, delivery)) return (await isHeld(engine, claimed)) ? ended({ state: 'sent' }) : undefined;
  const verdict = await spendOn(engine, delivery);
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
  if (read === undefined) return dead(`Cannot deliver: incident ${delivery.incidentId} is gone.`);
  // What has become private meanwhile is told in no channel, which nobody knows who reads.
  if (delivery.user === undefined && read.context?.visibility === 'private')
    return (await isHeld(engine, claimed)) ? ended({ state: 'sent' }) : undefined;
  const later = verdict.carries.length > 0 ? undefined : await overtakenBy(engine, delivery, read.context);
  if (later !== undefined)
    return (await isHeld(engine, claimed)) ? ended({ state: 'sent', bundledIn: later }) : undefined;
  const carried = await carriedBy(engine, delivery.tenant, verdict.carries);
  const message = compose(engine, await listedNow(engine, delivery), { ...read, carried });
  const failures: Failure[] = [];
  for (const carrier of able) {
    if (!(await isHeld(engine, claimed))) return undefined;
    const sent = await send(engine, carrier, message);
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
