/**
 * Merging: one incident goes on in another one, in one commit.
 *
 * The target takes what is still of use; nothing of a private incident becomes public by it, and no real one goes on as a drill.
 */
import type { IncidentSnapshot } from '../core/lifecycle/snapshot.ts';
import { TocsinError } from '../errors.ts';
import type { Actor } from '../model/identity.ts';
import type { Incident } from '../model/incident.ts';
import type { EventDraft } from '../model/timeline.ts';
import { authorize } from './authorize.ts';
import { type ChangeParts, changeOf, joinChanges } from './change.ts';
import { severityChange } from './command-events.ts';
import type { Decidable } from './current-config.ts';
import type { Engine } from './engine.ts';
import { actorOf, checkId, checkInput } from './input.ts';
import type { ReadyIncident } from './reads.ts';
import { settleFor } from './settle-for.ts';
import { refuseUnlessAllowed, stored, the } from './stored-incident.ts';
import { type Decided, transact } from './transact.ts';

/** Merges incident `id` into another one, in one commit. */
export async function mergeIncidents(engine: Engine, tenant: string, id: string, input: unknown): Promise<Incident> {
  checkId(id, 'merge');
  const { into, by: who } = checkInput('merge', input);
  const by = actorOf(who);
  await authorize(engine, by, 'merge', { tenant, incidentId: id });
  if (into === id)
    throw new TocsinError('INVALID_TRANSITION', `Cannot merge incident ${id}: it cannot be merged into itself.`, {
      details: { incident: id, into },
    });
  return transact(engine, { tenant, incidents: [id, into] }, (loaded): Decided<Incident> => {
    const source = stored(loaded, id, 'merge');
    const target = stored(loaded, into, 'merge');
    refuseUnlessAllowed(source.snapshot, 'merge');
    if (target.snapshot.context.outcome !== 'open') {
      throw new TocsinError(
        'INVALID_TRANSITION',
        `Cannot merge incident ${id} into ${into}: that one is ${target.snapshot.value.phase}. Reopen it first, or merge the other way round.`,
        {
          details: { incident: id, into, phase: target.snapshot.value.phase },
        },
      );
    }
    const [ofSource, ofTarget] = [source.snapshot.context.kind, target.snapshot.context.kind];
    if (ofSource !== ofTarget) {
      throw new TocsinError(
        'INVALID_TRANSITION',
        `Cannot merge incident ${id} into ${into}: it is ${ofSource}, and that one is ${ofTarget}. Link them instead.`,
        { details: { incident: id, into, kind: ofTarget } },
      );
    }
    const change = mergeChange(tenant, source, target, by, loaded);
    return { change, answer: (written) => the(written, into) };
  });
}

function mergeChange(
  tenant: string,
  source: ReadyIncident,
  target: ReadyIncident,
  by: Actor,
  loaded: Pick<Decidable, 'config' | 'now' | 'roundRobin'>,
): ChangeParts {
  const { config, now } = loaded;
  const { context } = source.snapshot;
  const absorbed: EventDraft = {
    type: 'incident.absorbed',
    source: source.id,
    alerts: Object.entries(context.alerts).map(([id, status]) => ({
      id,
      status,
      severity: context.severity,
      title: context.title,
    })),
    responders: Object.keys(context.responders).filter((user) => context.responders[user] === 'accepted'),
    tasks: context.tasks.filter((task) => task.status === 'open'),
  };
  const isWorse = config.severity.isMoreSevere(context.severity, target.snapshot.context.severity);
  const raised = isWorse
    ? severityChange(
        context.severity,
        target.snapshot.context,
        { config, now },
        `incident ${source.id} was merged into this one`,
      )
    : undefined;
  const settled = (snapshot: IncidentSnapshot, drafts: readonly EventDraft[]) =>
    settleFor(loaded, { snapshot, drafts, by, at: now });
  const ofSource = changeOf(tenant, source, settled(source.snapshot, [{ type: 'incident.merged', into: target.id }]));
  // Whoever was asked to join there and has not answered is asked to join here.
  const asked = Object.keys(context.responders).filter(
    (user) => context.responders[user] === 'requested' && target.snapshot.context.responders[user] === undefined,
  );
  const requested = asked.map((user): EventDraft => ({ type: 'responder.requested', user }));
  // What was private stays so: the alerts, the tasks and their titles go on in the target.
  const isHidden = context.visibility === 'private' && target.snapshot.context.visibility === 'public';
  const hidden: readonly EventDraft[] = isHidden ? [{ type: 'incident.updated', visibility: 'private' }] : [];
  const drafts = [...hidden, absorbed, ...(raised === undefined ? [] : [raised]), ...requested];
  const ofTarget = changeOf(tenant, target, settled(target.snapshot, drafts));
  // The alerts go on in the target as they are: later events of their keys go there.
  const moved = Object.keys(context.alerts).map((id) => ({ type: 'set', id, incidentId: target.id }) as const);
  return joinChanges({ ...ofSource, alerts: moved }, ofTarget);
}
