/**
 * Fires the reminder of an action item: tells whoever is to see to it that it is overdue, again and again until it is closed.
 *
 * The notice and the memory of it are one commit: nobody is told twice of one moment, whichever process fires. A notice that
 * had to wait (for the end of quiet hours, for its notifier) is not sent any more once it is not true any more.
 */
import { noticePlan } from '../core/paging/contacts.ts';
import { textsFor } from '../core/paging/message-texts.ts';
import { OVERDUE, overdueContent } from '../core/paging/overdue-notice.ts';
import { personalDelivery } from '../core/paging/personal-delivery.ts';
import { isOverdue, remindedOf } from '../core/review/action-item.ts';
import type { StoredActionItem } from '../model/action-item.ts';
import type { StoredDelivery } from '../model/delivery.ts';
import { durationMs } from '../model/duration.ts';
import type { StoredTimer } from '../ports/storage.ts';
import { actionItemChange, actionItemIn, actionItemKey } from './action-items-document.ts';
import { joinChanges, NO_CHANGE } from './change.ts';
import type { Decidable } from './current-config.ts';
import type { Engine } from './engine.ts';
import { type Decided, reaching, transact } from './transact.ts';

const MINUTE_MS = 60_000;
/** How soon it is looked again whether somebody who could not be told can be. */
const AGAIN_MS = 86_400_000;

type Outcome = 'stale' | 'not yet' | 'told' | 'nobody' | 'unreachable';

/** Fires `timer` of an action item; answers whether it still counted. */
export async function fireOverdue(engine: Engine, timer: StoredTimer): Promise<boolean> {
  const { tenant, ownerId: id } = timer;
  const query = { tenant, documents: [actionItemKey(id)] };
  const outcome = await transact<Outcome>(engine, query, (loaded): Decided<Outcome> => {
    const { item, version } = actionItemIn(loaded.documents, id);
    if (version !== timer.armedSeq) return { answer: () => 'stale' };
    // What only newer code can read is left to it.
    if (item === undefined) return { answer: () => 'not yet' };
    if (item.remindAt !== timer.dueAt) return { answer: () => 'stale' };
    if (timer.dueAt > loaded.now) return { answer: () => 'not yet' };
    const user = remindedOf(item);
    if (user === undefined) {
      const { remindAt: _, ...quiet } = item;
      return { change: actionItemChange(quiet, version), answer: () => 'nobody' };
    }
    const told = telling(engine, { tenant, id: `${OVERDUE}:${id}:${version}`, item, user, loaded });
    if (told === undefined) {
      const remindAt = loaded.now + Math.min(everyMs(loaded), AGAIN_MS);
      return { change: actionItemChange({ ...item, remindAt }, version), answer: () => 'unreachable' };
    }
    // Counted from when they read it, so that a night does not end with all that it held back.
    const next = { ...item, reminded: item.reminded + 1, remindAt: told.dueAt + everyMs(loaded) };
    const change = joinChanges(actionItemChange(next, version), { ...NO_CHANGE, deliveries: [told] });
    return { change, answer: () => 'told' };
  });
  if (outcome === 'stale') await reaching(() => engine.storage.dropTimer(timer));
  if (outcome === 'nobody')
    engine.logger.warn({ tenant, actionItem: id }, 'An action item is overdue, and there is nobody to remind of it.');
  if (outcome === 'unreachable')
    engine.logger.warn(
      { tenant, actionItem: id },
      'An action item is overdue, and whoever is to be reminded of it cannot be reached; it is tried again.',
    );
  return outcome !== 'stale' && outcome !== 'not yet';
}

/** Whether a notice of an overdue action item is not true any more, or not for its reader. */
export async function isMoot(engine: Engine, { tenant, content, user }: StoredDelivery): Promise<boolean> {
  if (content?.topic !== OVERDUE || content.subject === undefined) return false;
  const id = content.subject;
  const { documents, now } = await reaching(() => engine.load({ tenant, documents: [actionItemKey(id)] }));
  const { item } = actionItemIn(documents, id);
  // What cannot be read takes the news from nobody.
  return item !== undefined && !(isOverdue(item, now) && remindedOf(item) === user);
}

type Telling = {
  readonly tenant: string;
  /** Of the notice. */
  readonly id: string;
  readonly item: StoredActionItem;
  readonly user: string;
  readonly loaded: Decidable;
};

/** The notice; `undefined` when the person is not there, or has no contact. */
function telling({ words }: Engine, { tenant, id, item, user, loaded }: Telling): StoredDelivery | undefined {
  const person = loaded.config.users.get(user);
  const [contact] = person === undefined ? [] : noticePlan(person, loaded.now);
  if (person === undefined || contact === undefined) return undefined;
  const local = textsFor(person.locale, words.texts);
  const content = overdueContent(item, { local, timeZone: person.timeZone ?? loaded.config.config.reviews.timeZone });
  return personalDelivery({ id, tenant, purpose: 'notice', user, contact, content, at: loaded.now });
}

function everyMs({ config }: Decidable): number {
  return Math.max(MINUTE_MS, durationMs(config.config.reviews.actionItems.remindEvery));
}
