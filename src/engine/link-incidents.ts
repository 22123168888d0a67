/**
 * Links between incidents: a parent knows its children and they know it, in one commit.
 *
 * Only ids are kept, so that no title of a private incident stands in another one. No incident is above itself.
 */

import type { IncidentContext } from '../core/lifecycle/context.ts';
import { incidentView } from '../core/lifecycle/view.ts';
import { TocsinError } from '../errors.ts';
import type { Incident } from '../model/incident.ts';
import type { EventDraft, IncidentLink } from '../model/timeline.ts';
import { authorize } from './authorize.ts';
import { type ChangeParts, changeOf, joinChanges } from './change.ts';
import { runCommand } from './commands.ts';
import type { Decidable } from './current-config.ts';
import type { Engine } from './engine.ts';
import { actorOf, type CheckedInput, checkId, checkInput } from './input.ts';
import type { ReadyIncident } from './reads.ts';
import { settleFor } from './settle-for.ts';
import { refuseUnlessAllowed, stored, the } from './stored-incident.ts';
import { type Decided, transact, type Undecided } from './transact.ts';

/** So many incidents are looked at to find a circle; families are smaller, and one where it could not be found is refused. */
const MOST_ABOVE = 25;

/** Links an incident with an address or with another incident of the tenant. */
export async function linkIncident(engine: Engine, tenant: string, id: string, input: unknown): Promise<Incident> {
  checkId(id, 'link');
  const checked = checkInput('link', input);
  const { incident: other, relation } = checked;
  if (other === undefined) return runCommand(engine, tenant, 'link', id, input);
  const by = actorOf(checked.by);
  await authorize(engine, by, 'link', { tenant, incidentId: id });
  if (other === id)
    throw new TocsinError('INVALID_TRANSITION', `Cannot link incident ${id}: it cannot be linked with itself.`, {
      details: { incident: id },
    });
  const isFamily = relation === 'parent' || relation === 'child';
  if (isFamily) await authorize(engine, by, 'link', { tenant, incidentId: other });
  return transact(engine, { tenant, incidents: [id, other] }, (loaded, asked): Decided<Incident> | Undecided => {
    const one = stored(loaded, id, 'link');
    const two = stored(loaded, other, 'link');
    refuseUnlessAllowed(one.snapshot, 'link');
    if (!isFamily) return written(loaded, tenant, checked, [[one, linkOf(checked)]]);
    refuseUnlessAllowed(two.snapshot, 'link');
    const [parent, child] = relation === 'parent' ? [two, one] : [one, two];
    const above = ancestors(parent.id, loaded);
    if (above.ids.has(child.id)) throw circle(parent.id, child.id);
    const unread = above.unread.filter((name) => !(asked.incidents ?? []).includes(name));
    if (above.ids.size >= MOST_ABOVE) throw tooDeep(child.id);
    if (unread.length > 0) return { more: { incidents: unread } };
    const back: IncidentLink = { incident: id, relation: relation === 'parent' ? 'child' : 'parent' };
    return written(loaded, tenant, checked, [
      [one, linkOf(checked)],
      [two, back],
    ]);
  });
}

/** The incident is the first of those that are written. */
function written(
  loaded: Decidable,
  tenant: string,
  { by }: CheckedInput<'link'>,
  links: readonly (readonly [ReadyIncident, IncidentLink])[],
): Decided<Incident> {
  const parts = links.flatMap(([before, link]): ChangeParts[] => {
    if (isLinked(before.snapshot.context, link)) return [];
    const draft: EventDraft = { type: 'link.added', link };
    const moment = { snapshot: before.snapshot, drafts: [draft], by: actorOf(by), at: loaded.now };
    return [changeOf(tenant, before, settleFor(loaded, moment))];
  });
  const [[first] = []] = links;
  const answer = (changed: ReadonlyMap<string, Incident>): Incident => {
    if (first === undefined || changed.has(first.id)) return the(changed, first?.id ?? '');
    return incidentView(first.snapshot, first);
  };
  return parts.length === 0 ? { answer } : { change: joinChanges(...parts), answer };
}

function isLinked({ links }: IncidentContext, { incident, relation }: IncidentLink): boolean {
  return links.some((known) => known.incident === incident && known.relation === relation);
}

function linkOf({ by: _, ...link }: CheckedInput<'link'>): IncidentLink {
  return Object.fromEntries(Object.entries(link).filter(([, value]) => value !== undefined));
}

/** Everything above `id`, itself included, as far as it was read. */
function ancestors(
  id: string,
  { incidents }: Decidable,
): { readonly ids: ReadonlySet<string>; readonly unread: string[] } {
  const ids = new Set([id]);
  const unread: string[] = [];
  for (const next of ids) {
    const found = incidents.find((incident) => incident.id === next);
    if (found === undefined) unread.push(next);
    const links = found?.snapshot.context.links ?? [];
    for (const { incident, relation } of links) if (relation === 'parent' && incident !== undefined) ids.add(incident);
    if (ids.size >= MOST_ABOVE) break;
  }
  return { ids, unread };
}

function circle(parent: string, child: string): TocsinError {
  return new TocsinError(
    'INVALID_TRANSITION',
    `Cannot link incident ${child} under ${parent}: it is above that one already.`,
    { details: { parent, child } },
  );
}

function tooDeep(child: string): TocsinError {
  return new TocsinError(
    'INVALID_TRANSITION',
    `Cannot link incident ${child}: there are ${MOST_ABOVE} incidents or more above it then. Give it a parent nearer to the top.`,
    { details: { child, most: MOST_ABOVE } },
  );
}
