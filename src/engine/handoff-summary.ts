/**
 * The summary for whoever comes on call: one message that lists what others have acknowledged and not ended.
 *
 * Those incidents stay with whoever has them: nobody is asked anything. When there are none, nothing is said.
 */
import type { OnCall } from '../core/on-call/schedule.ts';
import { noticePlan } from '../core/paging/contacts.ts';
import { countText, textsFor } from '../core/paging/message-texts.ts';
import { personalDelivery } from '../core/paging/personal-delivery.ts';
import type { Standing } from '../core/paging/standing.ts';
import type { StoredDelivery } from '../model/delivery.ts';
import type { User } from '../model/user.ts';
import type { Engine } from './engine.ts';

/** Who has come on call for what. */
export type Incoming = { readonly tenant: string; readonly schedule: string; readonly people: readonly OnCall[] };

/** What there is to tell, by the people and the clock of the moment (epoch ms). */
export type ToTell = {
  readonly standing: readonly Standing[];
  readonly users: ReadonlyMap<string, User>;
  readonly now: number;
};

/** Names the summary of one shift: whoever works it out, it is the same one. */
export function summaryId(schedule: string, { user, shift }: OnCall): string {
  return `summary:${schedule}:${user}:${shift.start.getTime()}`;
}

/** One message for each of them who may hear of anything, at once or at the end of their quiet hours. */
export function summariesFor(
  { words }: Engine,
  { tenant, schedule, people }: Incoming,
  { standing, users, now }: ToTell,
): readonly StoredDelivery[] {
  return people.flatMap((person): StoredDelivery[] => {
    const user = users.get(person.user);
    const items = standing.filter(({ only }) => only === undefined || only.includes(person.user));
    const [contact] = user === undefined ? [] : noticePlan(user, now);
    if (user === undefined || contact === undefined || items.length === 0) return [];
    const id = summaryId(schedule, person);
    const local = textsFor(user.locale, words.texts);
    const content = {
      topic: 'summary',
      title: countText(local, local.texts.summaryTitle, items.length),
      items: items
        .toSorted((a, b) => (a.since ?? 0) - (b.since ?? 0) || (a.incidentId < b.incidentId ? -1 : 1))
        .map(({ only: _, ...item }) => ({ ...item, deliveryId: id })),
    };
    return [personalDelivery({ id, tenant, purpose: 'summary', user: person.user, contact, content, at: now })];
  });
}
