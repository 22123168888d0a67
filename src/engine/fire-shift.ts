/**
 * Fires the shift timer of a schedule: tells people of their time on call, with the schedule as it is then.
 *
 * The messages and the memory of them are one commit: nobody is told twice, whichever process fires. What comes too late to be
 * of use, by itself or for the quiet hours of its reader, is not sent.
 */
import type { Schedule } from '../core/on-call/schedule.ts';
import { noticePlan } from '../core/paging/contacts.ts';
import { ageText } from '../core/paging/message-lines.ts';
import { fillText, type LocalTexts, textsFor } from '../core/paging/message-texts.ts';
import { personalDelivery } from '../core/paging/personal-delivery.ts';
import type { ShiftNotice } from '../core/paging/shift-notices.ts';
import type { DeliveryContent, StoredDelivery } from '../model/delivery.ts';
import type { User } from '../model/user.ts';
import type { StoredTimer } from '../ports/storage.ts';
import { type ChangeParts, joinChanges, NO_CHANGE } from './change.ts';
import type { Decidable } from './current-config.ts';
import type { Engine } from './engine.ts';
import { knownShifts, rearmedShifts, shiftChange, shiftKey, shiftStep } from './shift-timer.ts';
import { type Decided, reaching, transact } from './transact.ts';

/** How long a schedule that this process does not know is left to one that may. */
const OTHERS_MS = 45_000;
/** A schedule that cannot be worked out is tried again. */
const AGAIN_MS = 3_600_000;

type Outcome = 'stale' | 'not yet' | 'told';

/** Fires `timer` of a schedule; answers whether it still counted. */
export async function fireShift(engine: Engine, timer: StoredTimer): Promise<boolean> {
  const { tenant, ownerId: id } = timer;
  const query = { tenant, documents: [shiftKey(id)] };
  // What is stored already was told: the memory of it may have been lost.
  const due = await transact(engine, query, (loaded): Decided<readonly ShiftNotice[]> => {
    const step = attempt(engine, loaded, id);
    return { answer: () => step?.due ?? [] };
  });
  const stored = await Promise.all(
    due.map((notice) => reaching(() => engine.storage.listDeliveries(tenant, { id: notice.id, limit: 1 }))),
  );
  const isStored = new Set(stored.flat().map((delivery) => delivery.id));
  const outcome = await transact(engine, query, (loaded): Decided<Outcome> => {
    const { document, state } = knownShifts(loaded.documents, id);
    if (document?.version !== timer.armedSeq || state?.dueAt !== timer.dueAt) return { answer: () => 'stale' };
    if (timer.dueAt > loaded.now) return { answer: () => 'not yet' };
    const schedule = loaded.config.schedules.get(id);
    // Another process may have been given a newer configuration, or an older one.
    if (schedule === undefined && loaded.now - timer.dueAt < OTHERS_MS) return { answer: () => 'not yet' };
    if (schedule === undefined)
      return { change: shiftChange(id, document, { ...state, dueAt: null }), answer: () => 'told' };
    const step = attempt(engine, loaded, id);
    if (step === undefined)
      return { change: shiftChange(id, document, { ...state, dueAt: loaded.now + AGAIN_MS }), answer: () => 'told' };
    const fresh = step.due.filter((notice) => !isStored.has(notice.id));
    const deliveries = fresh.flatMap((notice) => deliveryOf(engine, tenant, { notice, schedule, loaded }) ?? []);
    const change = joinChanges(shiftChange(id, document, step.next), { ...NO_CHANGE, deliveries });
    return { change, answer: () => 'told' };
  });
  if (outcome === 'stale') await reaching(() => engine.storage.dropTimer(timer));
  return outcome === 'told';
}

/** What is to be written so that `schedule` has its timer; nothing when all is well, or when it cannot be worked out. */
export function lookAfterShifts(engine: Engine, schedule: Schedule, loaded: Decidable): ChangeParts | undefined {
  const world = { users: loaded.knownPeople, now: loaded.now };
  try {
    return rearmedShifts(schedule, knownShifts(loaded.documents, schedule.id), world);
  } catch (error) {
    failed(engine, error, schedule.id);
    return undefined;
  }
}

function attempt(engine: Engine, { config, knownPeople, documents, now }: Decidable, id: string) {
  const schedule = config.schedules.get(id);
  if (schedule === undefined) return undefined;
  try {
    return shiftStep(schedule, knownShifts(documents, id).state, { users: knownPeople, now });
  } catch (error) {
    failed(engine, error, id);
    return undefined;
  }
}

function failed({ logger }: Engine, error: unknown, schedule: string): void {
  logger.error({ error, schedule }, 'The notices of the shifts of a schedule could not be worked out.');
}

type Telling = { readonly notice: ShiftNotice; readonly schedule: Schedule; readonly loaded: Decidable };

function deliveryOf(
  { words }: Engine,
  tenant: string,
  { notice, schedule, loaded }: Telling,
): StoredDelivery | undefined {
  const { id, user: userId, lastAt } = notice;
  const at = loaded.now;
  const user = loaded.knownPeople.get(userId);
  const [contact] = user === undefined ? [] : noticePlan(user, at);
  if (user === undefined || contact === undefined || at + contact.afterMs > lastAt) return undefined;
  const content = contentOf(notice, { schedule, user, local: textsFor(user.locale, words.texts) });
  return personalDelivery({ id, tenant, purpose: 'notice', user: userId, contact, content, at });
}

type Reader = { readonly schedule: Schedule; readonly user: User; readonly local: LocalTexts };

function contentOf(
  { which, about, startAt, endAt, dueAt }: ShiftNotice,
  { schedule, user, local }: Reader,
): DeliveryContent {
  const { texts } = local;
  const text = which === 'start' ? texts.shiftStartTitle : which === 'end' ? texts.shiftEndTitle : texts.shiftSoonTitle;
  const title = fillText(text, { schedule: schedule.id, age: ageText(about - dueAt, local) });
  const clock = new Intl.DateTimeFormat(local.locale, {
    timeZone: user.timeZone ?? schedule.timeZone,
    dateStyle: 'medium',
    timeStyle: 'short',
  });
  const isWhole = startAt !== undefined && endAt !== undefined;
  return { topic: 'shift', title, body: isWhole ? clock.formatRange(startAt, endAt) : clock.format(about) };
}
