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
/** How long what waits for an incident that cannot be read is looked at again, and how often at the most. */
const LONGEST_HELD_MS = 86_400_000;
const HELD_FOR_MS = 60_000;

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
  const inTime = Math.min(queue.dueAt ?? Infinity, Math.max(now, queue.toldAt + withinMs), now + withinMs);
  const isFull = waiting.filter(({ heldSince }) => heldSince === undefined).length >= MOST_WAITING;
  const dueAt = isFull ? now : inTime;
  return queueChange(version, { ...queue, waiting, dueAt });
}

/** How what waits was told. */
export type Emptying = {
  readonly now: number;
  /** Whether somebody wanted to hear it. */
  readonly hasTold: boolean;
  /** What cannot be told yet. */
  readonly held: readonly Announced[];
  readonly withinMs: number;
};

/** The queue after all of it but what is held was told at `now`. */
export function emptied(version: number, queue: Queue, { now, hasTold, held, withinMs }: Emptying): ChangeParts {
  const isKept = new Set(held.map(({ id }) => id));
  const done = queue.waiting.filter(({ id }) => !isKept.has(id));
  const told = [...queue.told, ...done.map(({ id }) => ({ id, at: now }))]
    .filter(({ at }) => at > now - REMEMBERED_MS)
    .slice(-MOST_REMEMBERED);
  const waiting = held.map((item) => ({ ...item, heldSince: item.heldSince ?? now }));
  const dueAt = waiting.length === 0 ? null : now + Math.max(withinMs, HELD_FOR_MS);
  return queueChange(version, { waiting, told, toldAt: hasTold ? now : queue.toldAt, dueAt });
}

/** Whether `item`, whose incident cannot be read, is looked at again. */
export function mayBeHeld({ heldSince }: Announced, now: number): boolean {
  return heldSince === undefined || heldSince > now - LONGEST_HELD_MS;
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
