/**
 * Follow checks: whether whatever has to follow from a commit is in it, and whether what follows is never taken back.
 *
 * It compares data, and says what is wrong; it reads nothing by itself.
 */
import type { Change, StoredDelivery, TimelineEvent } from '../../src/index.ts';
import type { Status } from './oracle.ts';
import type { Simulation } from './simulation.ts';

/** How an incident was before a commit, and how it is after it. */
export type Moved = {
  readonly name: string;
  readonly before: Status | undefined;
  readonly after: Status;
  readonly events: readonly TimelineEvent[];
};

/** The events after which something follows, of the incident of a change. */
export function followsIn({ deliveries }: Change, incident: string): readonly number[] {
  return deliveries.flatMap(({ purpose, reactsTo }) =>
    purpose === 'follow' && reactsTo?.incidentId === incident ? [reactsTo.seq] : [],
  );
}

/** Whatever changes how an incident is, and each note, has its row in the same commit; where nothing can follow none has. */
export function checkFollows(
  { following, journal }: Simulation,
  { name, before, after, events }: Moved,
  follows: readonly number[],
): void {
  const isAny = following.mirrors.length + following.canUpdate.length > 0;
  if (!isAny) {
    if (follows.length > 0) journal.violate('M6', `incident ${name}: event ${follows[0]} is followed by nobody`);
    return;
  }
  const notes = events.filter(({ type }) => type === 'note.added');
  for (const { seq } of notes)
    if (!follows.includes(seq)) journal.violate('M6', `incident ${name}: nothing follows from note ${seq}`);
  const others = follows.filter((seq) => !notes.some((note) => note.seq === seq));
  if (before !== undefined && before !== after && others.length === 0)
    journal.violate('M6', `incident ${name} was ${before} and is ${after}, and nothing follows`);
}

/** Whether it brings something up to date: it belongs to no page, and nobody waits for it. */
export const bringsUp = ({ purpose }: Pick<StoredDelivery, 'purpose'>): boolean =>
  purpose === 'update' || purpose === 'mirror';

/** What follows is taken back by nothing, is nobody's page, and is said by a later one at most. */
export function checkFollower(sim: Simulation, row: StoredDelivery, rows: readonly StoredDelivery[]): void {
  const { tenant, id, state, bundledIn, reactsTo, purpose } = row;
  const name = `${purpose} ${tenant}/${id}`;
  if (state === 'withdrawn') sim.journal.violate('M7', `${name} was taken back`);
  if (rows.some((other) => other.page === row.page && !bringsUp(other)))
    sim.journal.violate('M7', `${name} has the number of a page`);
  if (bundledIn === undefined) return;
  const later = rows.find((other) => other.id === bundledIn);
  const isSame = later?.purpose === purpose && later.contact === row.contact && later.updates === row.updates;
  if (!isSame || (later?.reactsTo?.seq ?? 0) <= (reactsTo?.seq ?? 0))
    sim.journal.violate('M7', `${name} is said to be said by ${bundledIn}, which says something else`);
}
