/**
 * React: runs one reaction of the host, within a deadline, and says why it failed.
 *
 * Whether it is run again is not decided here.
 */
import { incidentView } from '../core/lifecycle/view.ts';
import type { StoredDelivery } from '../model/delivery.ts';
import type { Engine } from './engine.ts';
import type { Reaction, ReactionInput } from './reactions.ts';
import { type Failure, failureOf, withDeadline } from './send.ts';
import { reaching } from './transact.ts';

/** Runs the reaction; answers why it failed, if it did. */
export async function react(
  engine: Engine,
  { id, tenant, reactsTo, contact }: StoredDelivery,
): Promise<Failure | undefined> {
  const gone = (error: string): Failure => ({ error, permanent: true, retryAfterMs: undefined });
  if (reactsTo === undefined) return gone('What is stored of this reaction names no event.');
  const reaction = Object.entries(engine.reactions).find(([type]) => type === contact)?.[1];
  // Another process may have it.
  if (reaction === undefined)
    return { ...gone(`No reaction to ${contact} was given to this process.`), permanent: false };
  const { incidentId, seq } = reactsTo;
  const { incidents } = await reaching(() => engine.load({ tenant, incidents: [incidentId] }));
  const events = await reaching(() => engine.storage.timeline(tenant, incidentId));
  const event = events.find((each) => each.seq === seq);
  const incident = incidents[0];
  if (event === undefined || incident === undefined) return gone(`Incident ${incidentId} is gone.`);
  const input = { id, type: event.type, tenant, event, incident: incidentView(incident.snapshot, incident) };
  try {
    // The type of the event names its reaction; the compiler cannot follow the pairing through the union.
    const run = reaction as unknown as Reaction;
    await withDeadline(engine, `The reaction to ${contact}`, async (signal) => run(input as ReactionInput, { signal }));
    return undefined;
  } catch (error) {
    return failureOf(error);
  }
}
