/**
 * The handoff timer of a schedule: who was on call when it was last looked at, and when to look again.
 *
 * Pure. One document and one timer row, always written together: the row carries the version of the document as its
 * number, so a row of an earlier version is known to be stale. Nothing here reads, and nobody is told.
 */
import * as z from 'zod';
import type { Duty } from '../core/on-call/resolve.ts';
import type { Schedule } from '../core/on-call/schedule.ts';
import type { DocumentKey, StoredDocument } from '../ports/storage.ts';
import { type ChangeParts, NO_CHANGE } from './change.ts';

/** The owner of a handoff timer, and its kind. */
export const SCHEDULE = 'schedule';
export const HANDOFF = 'handoff';

/** How long after a change of people the open incidents are gone through again: what was on its way then is stored by now. */
export const LOOK_AGAIN_MS = 30_000;

/** Names the document of a schedule's timer. */
export const handoffKey = (schedule: string): DocumentKey => ({ collection: 'handoffs', id: schedule });

const at = z.number().nullable();
const handoffSchema = z.object({
  onCall: z.array(
    z.object({
      user: z.string(),
      source: z.enum(['rotation', 'override', 'swap']),
      id: z.string(),
      layer: z.string().optional(),
      handoff: z.number().optional(),
    }),
  ),
  dueAt: at,
  lookAgainAt: at,
});

/** What is remembered of a schedule until its next handoff. Instants are epoch ms. */
export type Handoff = {
  /** Who was on call, and why, when listeners were last told. */
  readonly onCall: readonly Duty[];
  /** When the timer is due; `null` when nothing will change. */
  readonly dueAt: number | null;
  /** When the open incidents are gone through once more, whoever is on call then. */
  readonly lookAgainAt: number | null;
};

/** What a document says; `undefined` when there is none, or none that can be read. */
export function readHandoff(document: StoredDocument | undefined): Handoff | undefined {
  return handoffSchema.safeParse(document?.data).data as Handoff | undefined;
}

/** The document of a schedule's timer among those that were loaded. */
export function handoffDocument(documents: readonly StoredDocument[], schedule: string): StoredDocument | undefined {
  const key = handoffKey(schedule);
  return documents.find(({ collection, id }) => collection === key.collection && id === key.id);
}

/** Who is on call at `now`, and why. */
export function dutiesAt(schedule: Schedule, now: number): readonly Duty[] {
  return schedule.onCallAt(now).map(({ shift: _, ...duty }) => duty);
}

/** Whether the same people are on call for the same reasons, by the same handoffs. */
export function isSameDuty(before: readonly Duty[], after: readonly Duty[]): boolean {
  const named = (duties: readonly Duty[]) =>
    JSON.stringify(duties.map(({ user, source, id, layer, handoff }) => [user, source, id, layer, handoff]));
  return named(before) === named(after);
}

/** Those of `users` who are not among `others`. */
export function usersBeyond(duties: readonly Duty[], others: readonly Duty[]): readonly string[] {
  const known = new Set(others.map(({ user }) => user));
  return duties.map(({ user }) => user).filter((user) => !known.has(user));
}

/** The next time to look, after `now`: at a handoff, or once more at the open incidents. */
export function nextLook(schedule: Schedule, now: number, lookAgainAt: number | null): number | null {
  const handoffAt = schedule.nextHandoff(now)?.getTime() ?? null;
  if (handoffAt === null || lookAgainAt === null) return handoffAt ?? lookAgainAt;
  return Math.min(handoffAt, lookAgainAt);
}

/**
 * The timer as `schedule` wants it at `now`: due at once when others are on call than were told of. What is due already
 * stays due: somebody may have come and gone before it fired. Who was on call before anything was remembered is said by
 * `before`.
 */
export function rearmed(known: Handoff | undefined, before: Schedule, schedule: Schedule, now: number): Handoff {
  const onCall = known?.onCall ?? dutiesAt(before, now);
  const lookAgainAt = known?.lookAgainAt ?? null;
  const isOverdue = known !== undefined && known.dueAt !== null && known.dueAt <= now;
  const isDue = isOverdue || !isSameDuty(onCall, dutiesAt(schedule, now));
  return { onCall, lookAgainAt, dueAt: isDue ? now : nextLook(schedule, now, lookAgainAt) };
}

/** Stores `handoff` in the place of a document, with its timer row. */
export function handoffChange(schedule: string, document: StoredDocument | undefined, handoff: Handoff): ChangeParts {
  const expectedVersion = document?.version ?? 0;
  const owner = { ownerKind: SCHEDULE, ownerId: schedule, kind: HANDOFF } as const;
  const { dueAt } = handoff;
  return {
    ...NO_CHANGE,
    documents: [{ ...handoffKey(schedule), expectedVersion, data: handoff }],
    timers: [
      dueAt === null ? { type: 'cancel', ...owner } : { type: 'arm', ...owner, armedSeq: expectedVersion + 1, dueAt },
    ],
  };
}
