/**
 * Commands: what people do to incidents. Check, build one event, settle, commit.
 *
 * Nothing is decided here that the statechart decides; a refusal names what is allowed now.
 */
import type { CompiledConfig } from '../core/config/compile.ts';
import { incidentView, pagingState } from '../core/lifecycle/view.ts';
import { urgencyFields } from '../core/rules/severity-urgency.ts';
import { TocsinError } from '../errors.ts';
import type { Incident, Phase } from '../model/incident.ts';
import type { EventDraft, IncidentLink } from '../model/timeline.ts';
import type { SlotChange, SlotKey } from '../ports/storage.ts';
import { authorize } from './authorize.ts';
import { changeOf, NO_CHANGE } from './change.ts';
import { invalid } from './command-checks.ts';
import { eventOf, knownSeverity } from './command-events.ts';
import type { SingleCommand } from './command-world.ts';
import type { Decidable } from './current-config.ts';
import type { Engine } from './engine.ts';
import { actorOf, type CheckedInput, checkId, checkInput, type InputOf } from './input.ts';
import type { ReadyIncident } from './reads.ts';
import { checkedFields, instantsOf, refuseDisorder } from './record-commands.ts';
import { settleFor } from './settle-for.ts';
import { refuseUnlessAllowed, stored, the } from './stored-incident.ts';
import { type Decided, transact } from './transact.ts';

/** A person reports: pages like any other incident. */
export async function openIncident(engine: Engine, tenant: string, input: InputOf<'open'>): Promise<Incident> {
  const checked = checkInput('open', input);
  await authorize(engine, actorOf(checked.by), 'open', { tenant });
  return create(engine, tenant, checked, []);
}

/** Does one thing to one incident. */
export async function runCommand<N extends SingleCommand>(
  engine: Engine,
  tenant: string,
  name: N,
  id: string,
  input: unknown,
): Promise<Incident> {
  checkId(id, name);
  const checked = checkInput(name, input);
  await authorize(engine, actorOf(checked.by), name, { tenant, incidentId: id });
  return perform(engine, tenant, name, id, checked);
}

/** What may be done once: the slot that it takes in the same commit, and what is looked at before. */
export type Once = {
  readonly slot: SlotKey;
  /** When it may be forgotten, epoch ms. */
  readonly until: number;
  /** Throws when it may not be done, or was done before. */
  readonly check: (found: { readonly isTaken: boolean; readonly now: number }) => void;
};

/** Does one thing to one incident, as {@link runCommand} does, and never a second time under the same slot. */
export async function runCommandOnce<N extends SingleCommand>(
  engine: Engine,
  { tenant, name, id }: CommandTo<N>,
  input: unknown,
  once: Once,
): Promise<Incident> {
  checkId(id, name);
  const checked = checkInput(name, input);
  await authorize(engine, actorOf(checked.by), name, { tenant, incidentId: id });
  return perform(engine, tenant, name, id, checked, once);
}

/** Reopens an incident; one that can no longer be reopened is followed by a new, linked one. */
export async function reopenIncident(engine: Engine, tenant: string, id: string, input: unknown): Promise<Incident> {
  checkId(id, 'reopen');
  const checked = checkInput('reopen', input);
  await authorize(engine, actorOf(checked.by), 'reopen', { tenant, incidentId: id });
  const { before, now } = await transact(engine, { tenant, incidents: [id] }, (loaded) => {
    const found = { before: stored(loaded, id, 'reopen'), now: loaded.now };
    return { answer: () => found };
  });
  const { title, body, service, severity, visibility, kind, outcome, times, settings } = before.snapshot.context;
  const isPast = outcome === 'dismissed' && now - (times.dismissedAt ?? now) > settings.reopenWindowMs;
  if (outcome !== 'closed' && !isPast) return perform(engine, tenant, 'reopen', id, checked);
  const follower = { by: checked.by, title, service, severity, visibility, kind, ...(body !== null && { body }) };
  return create(engine, tenant, follower, [{ incident: id, relation: 'follows' }]);
}

/**
 * The incident `id`, as it is stored.
 *
 * @throws TocsinError INPUT_INVALID when `id` is no text.
 * @throws TocsinError INCIDENT_NOT_FOUND when the tenant has none of that id.
 */
export async function loadIncident(engine: Engine, tenant: string, id: string, doing: string): Promise<ReadyIncident> {
  checkId(id, doing);
  return transact(engine, { tenant, incidents: [id] }, (loaded) => {
    const found = stored(loaded, id, doing);
    return { answer: () => found };
  });
}

/** A new incident by a person. */
async function create(
  engine: Engine,
  tenant: string,
  input: CheckedInput<'open'>,
  links: readonly IncidentLink[],
): Promise<Incident> {
  const id = engine.ids();
  return transact(engine, { tenant }, (loaded) => {
    const { now, config } = loaded;
    const drafts = openingDrafts(config, id, input, links, now);
    const by = actorOf(input.by);
    const settled = settleFor(loaded, { snapshot: undefined, drafts, by, at: now });
    return { change: changeOf(tenant, undefined, settled), answer: (written) => the(written, id) };
  });
}

/** A command that was checked and authorized. */
async function perform<N extends SingleCommand>(
  engine: Engine,
  tenant: string,
  name: N,
  id: string,
  checked: CheckedInput<N>,
  once?: Once,
): Promise<Incident> {
  const query = { tenant, incidents: [id], ...(once !== undefined && { slots: [once.slot] }) };
  return transact(engine, query, (loaded): Decided<Incident> => {
    const slots = once === undefined ? [] : [takenSlot(once, id, loaded)];
    const decided = commandOn(engine, { tenant, name, id }, checked, loaded);
    if (slots.length === 0) return decided;
    return { ...decided, change: { ...(decided.change ?? NO_CHANGE), slots } };
  });
}

/** Whose command it is, and to which incident. */
export type CommandTo<N extends SingleCommand> = { readonly tenant: string; readonly name: N; readonly id: string };

/** What a command comes to, given what is stored; nobody is asked whether it may be given. */
export function commandOn<N extends SingleCommand>(
  { ids }: Pick<Engine, 'ids'>,
  { tenant, name, id }: CommandTo<N>,
  checked: CheckedInput<N>,
  loaded: Decidable,
): Decided<Incident> {
  const by = actorOf(checked.by);
  const before = stored(loaded, id, name);
  refuseUnlessAllowed(before.snapshot, name);
  const { snapshot } = before;
  const world = {
    config: loaded.config,
    newId: ids,
    now: loaded.now,
    paging: pagingState(snapshot),
    phase: snapshot.value.phase as Phase,
    seq: snapshot.seq,
  };
  const draft = eventOf(name, checked, before.snapshot.context, world);
  if (draft === undefined) return { answer: () => incidentView(before.snapshot, before) };
  const settled = settleFor(loaded, { snapshot: before.snapshot, drafts: [draft], by, at: loaded.now });
  const change = changeOf(tenant, before, settled);
  return { change, answer: (written) => the(written, id) };
}

/** The slot as it is taken; throws when it may not be. */
function takenSlot({ slot, until, check }: Once, owner: string, { slots, now }: Decidable): SlotChange {
  const found = slots.find(({ kind, key }) => kind === slot.kind && key === slot.key);
  check({ isTaken: found !== undefined, now });
  return { ...slot, owner, until, expectedVersion: found?.version ?? 0 };
}

/** How an incident begins; one that is written down later has perhaps ended already. */
function openingDrafts(
  config: CompiledConfig,
  id: string,
  input: CheckedInput<'open'>,
  links: readonly IncidentLink[],
  now: number,
): readonly EventDraft[] {
  const isBackfilled = input.kind === 'backfilled';
  const times = instantsOf('open', input.times ?? {});
  if (!isBackfilled) refuseEnds(times);
  refuseDisorder('open', isBackfilled ? times : { ...times, openedAt: now }, { now, isBackfilled });
  const fields = Object.entries(checkedFields('open', input.fields ?? {}, config)).filter(
    ([, value]) => value !== null,
  );
  return [
    { ...openedDraft(config, id, input, links, now), ...(Object.keys(times).length > 0 && { times }) },
    ...(fields.length > 0 ? [{ type: 'fields.set', fields: Object.fromEntries(fields) } as const] : []),
    ...(times.mitigatedAt === undefined ? [] : [{ type: 'incident.mitigated' } as const]),
    ...(times.resolvedAt === undefined ? [] : [{ type: 'incident.resolved' } as const]),
  ];
}

/** What is opened while it happens has not been taken, eased or ended yet. */
function refuseEnds({ impactStartedAt: _, detectedAt: _d, ...ends }: ReturnType<typeof instantsOf>): void {
  const [name] = Object.keys(ends);
  if (name === undefined) return;
  throw invalid('open', `times.${name}`, `${name} is known of a backfilled incident only; use correctTimes later`);
}

function openedDraft(
  config: CompiledConfig,
  id: string,
  input: CheckedInput<'open'>,
  links: readonly IncidentLink[],
  now: number,
): Extract<EventDraft, { type: 'incident.opened' }> {
  const service = config.services.get(input.service);
  if (service === undefined) {
    const known = [...config.services.keys()].slice(0, 8).join(', ');
    throw new TocsinError(
      'REFERENCE_UNKNOWN',
      `Cannot open an incident of service ${input.service}: there is none of that id. Known: ${known}.`,
      { details: { service: input.service } },
    );
  }
  const { impact, timePressure } = input;
  const fact = {
    title: input.title,
    service: service.id,
    'service.tier': service.tier,
    impact,
    timePressure,
    labels: {},
  };
  const decision = config.severity.decide(fact, now);
  const level = knownSeverity(input.severity ?? decision.severity, config);
  return {
    type: 'incident.opened',
    incidentId: id,
    title: input.title,
    ...(input.body !== undefined && { body: input.body }),
    service: service.id,
    severity: level.id,
    ...urgencyFields(config.severity.urgencyOf(level.id, service.id, now), now),
    visibility: input.visibility,
    ...(input.kind !== 'real' && { kind: input.kind }),
    ...(impact !== undefined && { impact }),
    ...(timePressure !== undefined && { timePressure }),
    alerts: [],
    links: [...links],
    ladder: config.ladder(service.escalationPolicy),
    // A test teaches nothing that would have to be written down.
    settings: { ...config.carriedSettings(level.id), ...(input.kind === 'test' && { reviewWithinMs: null }) },
    configVersion: config.version,
    explanation: { severity: input.severity === undefined ? decision.reason : 'named by the person who opened it' },
  };
}
