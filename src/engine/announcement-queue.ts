/**
 * The queue of announcements of a tenant: what was posted and not told to subscribers yet, and when to tell it.
 *
 * One document and one timer row, always written together. What was told is remembered for a while, so that nothing is told
 * twice when it is put in twice.
 */
import * as z from 'zod';
import { boundedText } from '../core/text/bounded.ts';
import { type Announced, announcedSchema } from '../core/updates/announcement.ts';
import { durationMs } from '../model/duration.ts';
import type { DocumentKey, StoredDocument } from '../ports/storage.ts';
import { type ChangeParts, NO_CHANGE } from './change.ts';
import type { Decidable } from './current-config.ts';

/** The owner of the timer of the queue, and its kind. */
export const ANNOUNCEMENTS = 'announcements';
export const FAN_OUT = 'fanOut';

/** Names the queue. */
export const QUEUE: DocumentKey = { collection: ANNOUNCEMENTS, id: 'queue' };

/** Names what was announced together. */
export const batchKey = (batch: string): DocumentKey => ({ collection: ANNOUNCEMENTS, id: `batch:${batch}` });

/** What is announced again so late is announced anew, and so many are remembered. */
const REMEMBERED_MS = 86_400_000;
const MOST_REMEMBERED = 1_000;
/** When so many wait they are told at once: one message holds no more. */
const MOST_WAITING = 100;

const queueSchema = z.object({
  waiting: z.array(announcedSchema),
  /** When something was told last (epoch ms), 0 for never. */
  toldAt: z.number(),
  told: z.array(z.object({ id: z.string(), at: z.number() })),
  dueAt: z.number().nullable(),
});

/** What was posted and not told yet. */
export type Queue = z.infer<typeof queueSchema>;

const EMPTY: Queue = { waiting: [], toldAt: 0, told: [], dueAt: null };

/** The queue among what was loaded. */
export function queueIn(documents: readonly StoredDocument[]): { readonly version: number; readonly queue: Queue } {
  const document = documents.find(({ collection, id }) => collection === QUEUE.collection && id === QUEUE.id);
  return { version: document?.version ?? 0, queue: queueSchema.safeParse(document?.data).data ?? EMPTY };
}

/** `items` put into the queue, and its timer; nothing when each of them is in it, or was told. */
export function enqueued(
  items: readonly Announced[],
  { documents, now, config }: Pick<Decidable, 'documents' | 'now' | 'config'>,
): ChangeParts | undefined {
  const { version, queue } = queueIn(documents);
  const known = new Set([...queue.waiting, ...queue.told].map(({ id }) => id));
  const fresh = items.filter(({ id }) => !known.has(id));
  if (fresh.length === 0) return undefined;
  const withinMs = durationMs(config.config.updates.digestWithin);
  const waiting = [...queue.waiting, ...fresh.map((item) => ({ ...item, text: boundedText(item.text) }))];
  // A clock that was set back must not keep anything for longer.
  const inTime = Math.min(queue.dueAt ?? Math.max(now, queue.toldAt + withinMs), now + withinMs);
  const dueAt = waiting.length >= MOST_WAITING ? now : inTime;
  return queueChange(version, { ...queue, waiting, dueAt });
}

/** The queue after all of it was told at `now`; `hasTold` when somebody wanted to hear it. */
export function emptied(
  version: number,
  queue: Queue,
  { now, hasTold }: { readonly now: number; readonly hasTold: boolean },
): ChangeParts {
  const told = [...queue.told, ...queue.waiting.map(({ id }) => ({ id, at: now }))]
    .filter(({ at }) => at > now - REMEMBERED_MS)
    .slice(-MOST_REMEMBERED);
  return queueChange(version, { waiting: [], told, toldAt: hasTold ? now : queue.toldAt, dueAt: null });
}

function queueChange(version: number, queue: Queue): ChangeParts {
  const owner = { ownerKind: ANNOUNCEMENTS, ownerId: QUEUE.id, kind: FAN_OUT };
  return {
    ...NO_CHANGE,
    documents: [{ ...QUEUE, expectedVersion: version, data: queue }],
    timers: [
      queue.dueAt === null
        ? { type: 'cancel', ...owner }
        : { type: 'arm', ...owner, armedSeq: version + 1, dueAt: queue.dueAt },
    ],
  };
}
