/**
 * What is kept of the numbers of an incident: after every commit it is what the timeline says, once the incident has ended.
 */
import { NUMBERS, numbersKey, numbersRecord, UNKNOWN_NUMBERS } from '../../src/engine/number-record.ts';
import type { Storage, TimelineEvent } from '../../src/index.ts';
import { sorted } from './rows.ts';
import type { Simulation } from './simulation.ts';

/** An incident as it is stored. */
export type Numbered = { readonly tenant: string; readonly id: string; readonly events: readonly TimelineEvent[] };

/** Why what is stored of the numbers of an incident is not what its timeline says; `undefined` when it is. */
export async function wrongNumbers(
  { journal }: Pick<Simulation, 'journal'>,
  storage: Storage,
  { tenant, id, events }: Numbered,
): Promise<string | undefined> {
  const key = numbersKey(id, events[0]?.at ?? 0);
  const { documents } = await storage.load({ tenant, documents: [key] });
  const document = documents.find(({ collection }) => collection === NUMBERS);
  const expected = text(numbersRecord(events));
  const found = text(document?.data);
  if (found === expected) {
    if (document !== undefined) journal.count('records of numbers');
    return undefined;
  }
  // Reopening says that the timeline is to be asked again.
  const isReopened = events.some(({ type }) => type === 'incident.reopened');
  if (expected === undefined && found === text(UNKNOWN_NUMBERS) && isReopened) return undefined;
  if (expected === undefined || found !== text(UNKNOWN_NUMBERS))
    return `its record of numbers is ${found}, and should be ${expected}`;
  // It ended all the same; whoever reads works them out.
  const unread = journal.figures()[TIMELINES_NOT_READ] ?? 0;
  return unread > 0 ? undefined : 'its numbers are said to be unknown, and every timeline could be read';
}

/** How often a node could not read a timeline. */
export const TIMELINES_NOT_READ = 'timelines not read';

function text(value: unknown): string | undefined {
  return value === undefined ? undefined : JSON.stringify(sorted(value));
}
