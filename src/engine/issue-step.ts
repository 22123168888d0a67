/**
 * Issue steps: one attempt to bring the issue of an action item to what the action item says now.
 *
 * It is made under a key that stays the same for life, so that nothing is there twice. It never stands in the way of a page:
 * its places are its own, and few of them are in use at once.
 */
import { spread } from '../core/paging/retry.ts';
import { webAddress } from '../core/text/web-address.ts';
import type { StoredActionItem } from '../model/action-item.ts';
import type { StoredDelivery } from '../model/delivery.ts';
import type { IssueAnswer, IssueOptions, IssueTracker, TrackedIssue } from '../ports/issue-tracker.ts';
import { notifyError } from '../ports/notifier.ts';
import type { ClaimedDelivery, DeliveryOutcome } from '../ports/storage.ts';
import { actionItemView } from './action-items-document.ts';
import type { Engine } from './engine.ts';
import { contextOf } from './incident-context.ts';
import { issueRowId, trackerOfPlace } from './issue-rows.ts';
import { type External, endTurn, takeTurn } from './issue-turn.ts';
import { isHeld } from './lease.ts';
import { type Attempted, dead, ended, verdictOf } from './outcome.ts';
import { type Failure, failureOf, withDeadline } from './send.ts';
import { trackedItem } from './tracked-item.ts';

const DONE: DeliveryOutcome = { state: 'sent' };
/** The longest name that is kept of an issue. */
const LONGEST_NAME = 500;

/** How the attempt ended; `undefined` when the delivery was somebody else's by then. */
export async function issueStep(engine: Engine, claimed: ClaimedDelivery): Promise<Attempted | undefined> {
  const { delivery } = claimed;
  const tracker = engine.issueTrackers.get(trackerOfPlace(delivery.notifier));
  if (!(await isHeld(engine, claimed))) return undefined;
  if (tracker === undefined) return unknownTracker(delivery);
  const leave = engine.following.enter(delivery.notifier);
  if (leave === undefined) return ended(waits(delivery));
  try {
    return await inTurn(engine, claimed, tracker);
  } finally {
    leave();
  }
}

/** Another process may have it: this one only fails an attempt. */
function unknownTracker(delivery: StoredDelivery): Attempted {
  const error = `Cannot keep the issue: no issue tracker is called ${trackerOfPlace(delivery.notifier)}. Hand one to createTocsin.`;
  return ended(verdictOf(delivery, [{ error, permanent: false, retryAfterMs: undefined }]));
}

function waits({ id }: StoredDelivery): DeliveryOutcome {
  return { state: 'held', afterMs: spread(id, 2_000, 3_000), error: 'Its issue is being brought up to date.' };
}

async function inTurn(engine: Engine, claimed: ClaimedDelivery, tracker: IssueTracker): Promise<Attempted | undefined> {
  const { delivery } = claimed;
  const turn = await takeTurn(engine, delivery);
  if (turn.is === 'later') return ended(waits(delivery));
  if (turn.is === 'unreadable') return dead('What is stored of the action item cannot be read.');
  if (turn.is === 'overtaken') return ended({ state: 'sent', bundledIn: turn.by });
  const { item, now } = turn;
  // Whether it is theirs to read who reads the tracker is decided by how private its incident is now.
  if (await isPrivate(engine, delivery, item)) {
    await endTurn(engine, delivery);
    return ended(DONE);
  }
  const asked = await ask(engine, claimed, { tracker, item, now });
  if ('failure' in asked) {
    await endTurn(engine, delivery);
    return ended(verdictOf(delivery, [asked.failure]));
  }
  const { external, isGone } = asked;
  if (isGone)
    engine.logger.info({ actionItem: item.id, tracker: tracker.name }, 'The issue of an action item was deleted.');
  const written = await endTurn(engine, delivery, external);
  if (written !== undefined) {
    const view = actionItemView(written, written.now);
    engine.bus.tell('actionItem.changed', { type: 'actionItem.changed', tenant: delivery.tenant, item: view });
  }
  return ended({ state: 'sent', externalId: external.id });
}

async function isPrivate(engine: Engine, delivery: StoredDelivery, item: StoredActionItem): Promise<boolean> {
  const read = await contextOf(engine, { ...delivery, incidentId: item.incidentId });
  return (read?.context?.visibility ?? item.visibility) === 'private';
}

type Asking = { readonly tracker: IssueTracker; readonly item: StoredActionItem; readonly now: number };
type Told = { readonly external: External; readonly isGone: boolean };
type Asked = Told | { readonly failure: Failure };

/** Makes the issue, or brings the one that is there up to date, within a deadline. */
async function ask(
  engine: Engine,
  { delivery: { id, tenant, attempts, error }, isReclaimed }: ClaimedDelivery,
  { tracker, item, now }: Asking,
): Promise<Asked> {
  const told = trackedItem(engine, tenant, item);
  // What another tracker calls it is of no use to this one.
  const known = item.external?.tracker === tracker.name ? item.external : undefined;
  const given = { sentAt: now, isRepeated: attempts > 1 || isReclaimed || error !== undefined };
  const run = async (signal: AbortSignal): Promise<Told> => {
    if (known === undefined) {
      // Whichever row makes it: all of them mean the same issue.
      const isRepeated = given.isRepeated || id !== issueRowId(item.id, 1);
      const options: IssueOptions = { ...given, idempotencyKey: `issue:${item.id}`, signal, isRepeated };
      return {
        external: { tracker: tracker.name, ...checkedIssue(await tracker.create(told, options)) },
        isGone: false,
      };
    }
    const answer = await tracker.update(known.id, told, { ...given, idempotencyKey: id, signal });
    return { external: { ...known, ...urlOf(answer) }, isGone: answer?.isGone === true };
  };
  try {
    return await withDeadline(engine, `Issue tracker ${tracker.name}`, run, tracker.deadlineMs);
  } catch (reason) {
    return { failure: failureOf(reason) };
  }
}

/** An issue without a name could never be brought up to date. */
function checkedIssue(issue: TrackedIssue): Omit<External, 'tracker'> {
  const id: unknown = issue?.id;
  const isName = typeof id === 'string' && id !== '' && id.length <= LONGEST_NAME;
  if (!isName) throw notifyError('The issue tracker did not say what it calls the issue.');
  return { id, ...urlOf(issue) };
}

/** One that answers nonsense has done it. */
function urlOf(answer: IssueAnswer | undefined): { readonly url?: string } {
  const given: unknown = answer?.url;
  const url = typeof given === 'string' ? webAddress(given) : undefined;
  return url === undefined ? {} : { url };
}
