/**
 * Follow rows: written in the commit of an event that messages already sent, or other platforms, have to hear of.
 *
 * Such a row is work for this engine: what has to be sent is found out when it is run. It belongs to no page, so that no
 * answer takes it back.
 */
import type { CompiledConfig } from '../core/config/compile.ts';
import { type Followed, followed } from '../core/paging/follow.ts';
import type { StoredDelivery } from '../model/delivery.ts';
import type { TimelineEvent } from '../model/timeline.ts';
import type { Notifier } from '../ports/notifier.ts';
import type { Change } from '../ports/storage.ts';
import { hostRow } from './reactions.ts';

/** The rows that follow from `change`, which is to be stored at `now`. */
export function followsTo(
  { incidents, tenant }: Pick<Change, 'incidents' | 'tenant'>,
  { config, notifiers }: { readonly config: CompiledConfig; readonly notifiers: ReadonlyMap<string, Notifier> },
  now: number,
): readonly StoredDelivery[] {
  if (config.config.mirrors.length === 0 && !canAnyUpdate(notifiers)) return [];
  return incidents.flatMap(({ id, events }) =>
    told(events).map(({ event: { seq, type }, said: { topic, text } }) => ({
      ...hostRow({ purpose: 'follow', tenant, incidentId: id, seq, type, now }),
      content: { topic, title: '', ...(text !== undefined && { body: text }) },
    })),
  );
}

type Told = { readonly event: TimelineEvent; readonly said: Followed };

/** Every text, and of all the rest the last that led to the others: what is told is how the incident is then. */
function told(events: readonly TimelineEvent[]): readonly Told[] {
  const all = events.flatMap((event): Told[] => {
    const said = followed(event);
    return said === undefined ? [] : [{ event, said }];
  });
  const states = all.filter(({ said }) => said.text === undefined);
  const last = states.findLast(({ event }) => !event.type.startsWith('page.')) ?? states.at(-1);
  return all.filter((one) => one === last || one.said.text !== undefined);
}

const updating = new WeakMap<ReadonlyMap<string, Notifier>, boolean>();

/** Asked in every commit; notifiers stay as they are for as long as an engine lives. */
function canAnyUpdate(notifiers: ReadonlyMap<string, Notifier>): boolean {
  const known = updating.get(notifiers);
  if (known !== undefined) return known;
  const found = [...notifiers.values()].some(({ update }) => update !== undefined);
  updating.set(notifiers, found);
  return found;
}
