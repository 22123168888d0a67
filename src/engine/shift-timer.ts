/**
 * The shift timer of a schedule: when somebody is next to be told of their time on call, and who was told.
 *
 * Pure. One document and one timer row, always written together with the messages: the row carries the version of the
 * document as its number, so that two processes never tell the same. Nobody who does not want to hear costs anything.
 */
import * as z from 'zod';
import type { Schedule } from '../core/on-call/schedule.ts';
import {
  type Listeners,
  listeners,
  longestLead,
  type ShiftNotice,
  shiftNotices,
} from '../core/paging/shift-notices.ts';
import type { DocumentKey, StoredDocument } from '../ports/storage.ts';
import { type ChangeParts, NO_CHANGE } from './change.ts';
import { SCHEDULE } from './handoff-timer.ts';

/** The kind of the timer; its owner is the schedule. */
export const SHIFT = 'shift';

/** Names the document of a schedule's shift timer. */
export const shiftKey = (schedule: string): DocumentKey => ({ collection: 'shift-notices', id: schedule });

/** So far ahead a schedule is worked out; what comes later is looked for then. */
const AHEAD_MS = 8 * 86_400_000;

const stateSchema = z.object({
  told: z.array(z.object({ id: z.string(), until: z.number() })),
  dueAt: z.number().nullable(),
});

/** Who was told what, for as long as it could come up again, and when to look next. Instants are epoch ms. */
export type ShiftState = z.infer<typeof stateSchema>;

/** What is due, and what is to be remembered then. */
export type ShiftStep = { readonly due: readonly ShiftNotice[]; readonly next: ShiftState };

type Known = { readonly document: StoredDocument | undefined; readonly state: ShiftState | undefined };
type World = { readonly users: Listeners; readonly now: number };

/** What is stored of a schedule's shift timer. */
export function knownShifts(documents: readonly StoredDocument[], schedule: string): Known {
  const key = shiftKey(schedule);
  const document = documents.find(({ collection, id }) => collection === key.collection && id === key.id);
  return { document, state: stateSchema.safeParse(document?.data).data };
}

/** Who is to be told now, each once, and when to look next. */
export function shiftStep(schedule: Schedule, state: ShiftState | undefined, { users, now }: World): ShiftStep {
  if (listeners(schedule, users).size === 0) return { due: [], next: { told: [], dueAt: null } };
  const told = (state?.told ?? []).filter(({ until }) => until >= now);
  const known = new Set(told.map(({ id }) => id));
  const from = now - longestLead(schedule, users) - 1;
  const notices = shiftNotices(schedule, users, { from, until: now + AHEAD_MS });
  const due = notices.filter(({ id, dueAt, lastAt }) => dueAt <= now && now <= lastAt && !known.has(id));
  const next = notices.find(({ dueAt }) => dueAt > now);
  const added = due.map(({ id, lastAt }) => ({ id, until: lastAt }));
  return { due, next: { told: [...told, ...added], dueAt: next?.dueAt ?? now + AHEAD_MS } };
}

/** What is to be written so that the timer is there in time for `schedule`; `undefined` when it is. */
export function rearmedShifts(schedule: Schedule, { document, state }: Known, world: World): ChangeParts | undefined {
  const { due, next } = shiftStep(schedule, state, world);
  if (next.dueAt === null && document === undefined) return undefined;
  const dueAt = due.length > 0 ? world.now : next.dueAt;
  const isSoonEnough =
    state !== undefined && (state.dueAt ?? Number.POSITIVE_INFINITY) <= (dueAt ?? Number.POSITIVE_INFINITY);
  return isSoonEnough ? undefined : shiftChange(schedule.id, document, { told: state?.told ?? [], dueAt });
}

/** Stores `state` in the place of a document, with its timer row. */
export function shiftChange(schedule: string, document: StoredDocument | undefined, state: ShiftState): ChangeParts {
  const expectedVersion = document?.version ?? 0;
  const owner = { ownerKind: SCHEDULE, ownerId: schedule, kind: SHIFT } as const;
  const { dueAt } = state;
  return {
    ...NO_CHANGE,
    documents: [{ ...shiftKey(schedule), expectedVersion, data: state }],
    timers: [
      dueAt === null ? { type: 'cancel', ...owner } : { type: 'arm', ...owner, armedSeq: expectedVersion + 1, dueAt },
    ],
  };
}
