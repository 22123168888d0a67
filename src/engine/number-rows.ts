/**
 * Number rows: the numbers of an incident, written in the commit that ends it or changes what is measured of it.
 *
 * They never stand in the way of anything: where they cannot be worked out, the commit says that whoever reads has to do so.
 * What neither ends an incident nor happens after its end reads and writes nothing here.
 */
import type { TimelineEvent, TimelineEventType } from '../model/timeline.ts';
import type { DocumentChange, IncidentChange } from '../ports/storage.ts';
import type { ChangeParts } from './change.ts';
import type { Engine } from './engine.ts';
import { numbersKey, numbersRecord, UNKNOWN_NUMBERS } from './number-record.ts';
import type { Ready } from './reads.ts';

/** What changes no number of an incident that has ended. */
const UNMEASURED: ReadonlySet<TimelineEventType> = new Set([
  'link.added',
  'notice.requested',
  'entry.pinned',
  'entry.unpinned',
  'fields.set',
  'subStatus.set',
  'update.drafted',
  'update.discarded',
  'update.missed',
  'review.requested',
  'review.started',
  'review.submitted',
  'review.returned',
  'review.published',
  'review.missed',
]);

/** What is needed of the engine. */
type World = Pick<Engine, 'load' | 'storage' | 'logger'>;

/**
 * The records of the incidents that `change` ends, changes after their end, or opens again. Of one that is open again it is
 * left to the timeline: were its record gone, a report that took it for ended a moment ago would not find it at all.
 */
export async function numberRows(
  engine: World,
  { incidents, tenant }: Pick<ChangeParts, 'incidents'> & { readonly tenant: string },
  before: Pick<Ready, 'incidents'>,
): Promise<readonly DocumentChange[]> {
  const touched = incidents.filter((part) => isTouched(part, before));
  if (touched.length === 0) return [];
  const { documents } = await engine.load({ tenant, documents: touched.map(keyOf) });
  const rows: DocumentChange[] = [];
  for (const part of touched) {
    const key = keyOf(part);
    const stored = documents.find(({ collection, id }) => collection === key.collection && id === key.id);
    // The host may have one connection for this: one thing after the other.
    const data = isOpen(part) ? UNKNOWN_NUMBERS : await recordAfter(engine, tenant, part);
    if (JSON.stringify(data) === JSON.stringify(stored?.data)) continue;
    rows.push({ ...key, expectedVersion: stored?.version ?? 0, data });
  }
  return rows;
}

function isTouched(part: IncidentChange, { incidents }: Pick<Ready, 'incidents'>): boolean {
  if (!isOpen(part)) return part.events.some(({ type }) => !UNMEASURED.has(type));
  const before = incidents.find(({ id }) => id === part.id);
  return before !== undefined && !isOpen(before);
}

function isOpen({ snapshot }: Pick<IncidentChange, 'snapshot'>): boolean {
  return snapshot.context.outcome === 'open';
}

const keyOf = ({ id, snapshot }: IncidentChange) => numbersKey(id, snapshot.context.times.openedAt);

async function recordAfter(engine: World, tenant: string, { id, events, snapshot }: IncidentChange): Promise<unknown> {
  try {
    const timeline = [...(await eventsBefore(engine, tenant, { id, events })), ...events];
    return numbersRecord(timeline, snapshot.context);
  } catch (error) {
    engine.logger.warn(
      { tenant, incident: id, error },
      'The numbers of an incident could not be worked out when it changed; they are worked out whenever they are asked for.',
    );
    return UNKNOWN_NUMBERS;
  }
}

/** Read after the incident was: what has come since makes this commit a conflict, and is not counted. */
async function eventsBefore(
  { storage }: World,
  tenant: string,
  { id, events }: Pick<IncidentChange, 'id' | 'events'>,
): Promise<readonly TimelineEvent[]> {
  const count = (events[0]?.seq ?? 1) - 1;
  return count === 0 ? [] : (await storage.timeline(tenant, id)).slice(0, count);
}
