/**
 * Asks whoever has come on call, for the incidents that are open and stand at a step that names the schedule.
 *
 * Who was asked at that step already is not asked again, so it may be done as often as anybody likes; one incident that
 * fails holds up no other. Acknowledged incidents stay with whoever acknowledged them: they are only noted on the way.
 */
import { canAccept } from '../core/lifecycle/allowed.ts';
import type { IncidentSnapshot } from '../core/lifecycle/snapshot.ts';
import { pagingState } from '../core/lifecycle/view.ts';
import { plan } from '../core/paging/plan-page.ts';
import { namesMembersOnly, type Standing, standingAt } from '../core/paging/standing.ts';
import { isTocsinError } from '../errors.ts';
import { SYSTEM } from '../model/identity.ts';
import type { EventDraft } from '../model/timeline.ts';
import { createBatches } from '../ports/batches.ts';
import type { IncidentRow } from '../ports/storage.ts';
import { changeOf } from './change.ts';
import type { Decidable } from './current-config.ts';
import type { Asked, Engine, Handover } from './engine.ts';
import type { ReadyIncident } from './reads.ts';
import { settleFor } from './settle-for.ts';
import { type Decided, reaching, transact } from './transact.ts';

const OPEN = ['triage', 'investigating', 'identified', 'monitoring'];
/** A summary of more than so many says no more. */
const MOST_STANDING = 200;
const NOTHING: Asked = { failed: 0, standing: [] };
/** How many incidents are decided on at once. */
const AT_ONCE = 100;

/** Asks whoever has come on call; schedules that hand over at the same time share one pass over the open incidents. */
export function createAskIncoming(engine: Engine): Engine['askIncoming'] {
  return createBatches<Handover, Asked>({
    run: async (handovers) => {
      const passes = [...Map.groupBy(handovers, ({ tenant }) => tenant)].map(
        async ([tenant, own]) =>
          [tenant, await pass(engine, tenant, new Set(own.map(({ schedule }) => schedule)))] as const,
      );
      const asked = new Map(await Promise.all(passes));
      return handovers.map(({ tenant, schedule }) => asked.get(tenant)?.get(schedule) ?? NOTHING);
    },
    most: 200,
    atOnce: 1,
    isRepeated: false,
    failed: (error) => engine.logger.warn({ error }, 'Several handoffs failed together; each is tried alone.'),
  });
}

/** Goes through the open incidents of a tenant; answers for each schedule what came of it. */
async function pass(
  engine: Engine,
  tenant: string,
  schedules: ReadonlySet<string>,
): Promise<ReadonlyMap<string, Asked>> {
  const asked = new Map<string, Asked>();
  const loaded = await reaching(() => engine.current.load({ tenant }));
  await knowing(engine, tenant, loaded, schedules);
  let cursor: string | undefined;
  do {
    const filter = { phases: OPEN, limit: AT_ONCE, ...(cursor !== undefined && { cursor }) };
    const { items, next } = await reaching(() => engine.storage.listIncidents(tenant, filter));
    await Promise.all(
      items.map(async (row) => {
        const ready = await engine.reads.incident(row);
        if (ready === undefined) return;
        for (const schedule of schedules) {
          const { failed, standing } = asked.get(schedule) ?? NOTHING;
          const found = standing.length < MOST_STANDING ? standingOf(ready, { loaded, schedule }) : undefined;
          if (found !== undefined) asked.set(schedule, { failed, standing: [...standing, found] });
          if (!mayConcern(ready, { loaded, schedule }) || (await askFor(engine, row, schedule))) continue;
          const { failed: before, standing: noted } = asked.get(schedule) ?? NOTHING;
          asked.set(schedule, { failed: before + 1, standing: noted });
        }
      }),
    );
    cursor = next;
  } while (cursor !== undefined);
  return asked;
}

/** Whoever is on call is known before the incidents are looked through: nobody is passed over for being unknown. */
async function knowing(
  { people }: Engine,
  tenant: string,
  loaded: Decidable,
  schedules: ReadonlySet<string>,
): Promise<void> {
  if (people === undefined) return;
  const onCall = [...schedules].flatMap((schedule) => {
    try {
      return loaded.config.schedules.get(schedule)?.onCallAt(loaded.now) ?? [];
    } catch {
      return [];
    }
  });
  const unknown = onCall
    .map(({ user }) => user)
    .filter((user) => !loaded.config.users.has(user) && people.isUnknown(tenant, user));
  if (unknown.length > 0) await people.fetch(tenant, unknown);
}

/** An incident that cannot be read through is nobody's summary. */
function standingOf(
  { snapshot }: ReadyIncident,
  { loaded, schedule }: { readonly loaded: Decidable; readonly schedule: string },
): Standing | undefined {
  try {
    const { config } = loaded;
    const place = { schedule, teams: teamsOf(loaded, schedule) };
    return standingAt(snapshot, place, (id) => config.services.get(id)?.name);
  } catch {
    return undefined;
  }
}

function teamsOf({ config }: Decidable, schedule: string): readonly string[] {
  return [...config.teams.values()].filter((team) => team.schedule === schedule).map(({ id }) => id);
}

/** Spares a read, because most incidents do not name the schedule. What cannot be told is read. */
function mayConcern(
  { snapshot }: ReadyIncident,
  { loaded, schedule }: { readonly loaded: Decidable; readonly schedule: string },
): boolean {
  try {
    return wantedBy(snapshot, loaded, schedule) !== undefined;
  } catch {
    return true;
  }
}

/** Answers whether it is done with; what can never be done is told of and done with. */
async function askFor(engine: Engine, { tenant, id }: IncidentRow, schedule: string): Promise<boolean> {
  try {
    await transact(engine, { tenant, incidents: [id] }, (loaded) => handOff(tenant, loaded, schedule));
    return true;
  } catch (error) {
    // One in quarantine was told of when it was found.
    if (isTocsinError(error, 'SNAPSHOT_UNREADABLE')) return true;
    const doing = `asking who has come on call for ${schedule} about incident ${id}`;
    engine.logger.error({ error, tenant, incident: id, schedule }, 'Whoever has come on call could not be asked.');
    engine.bus.tell('error', { type: 'error', error, doing });
    return !(isTocsinError(error) && error.retryable);
  }
}

function handOff(tenant: string, loaded: Decidable, schedule: string): Decided<void> {
  const nothing = { answer: () => undefined };
  const [before] = loaded.incidents;
  const draft = before === undefined ? undefined : wantedBy(before.snapshot, loaded, schedule);
  if (before === undefined || draft === undefined) return nothing;
  const { now } = loaded;
  const settled = settleFor(loaded, { snapshot: before.snapshot, drafts: [draft], at: now, by: SYSTEM });
  return { change: changeOf(tenant, before, settled), answer: () => undefined };
}

/** The handoff of a schedule, if an incident can take it and somebody is on call who can be asked and was not. */
function wantedBy(snapshot: IncidentSnapshot, { config, now }: Decidable, schedule: string): EventDraft | undefined {
  // Whoever is asked as a member is asked whoever is on call: such a step hands nothing off.
  const isOnCall = (id: string) => !namesMembersOnly(snapshot, id);
  const teams = [...config.teams.values()]
    .filter((team) => team.schedule === schedule && isOnCall(team.id))
    .map(({ id }) => id);
  const draft: EventDraft = { type: 'schedule.handedOff', schedule, ...(teams.length > 0 && { teams }) };
  if (!canAccept(snapshot, draft)) return undefined;
  const effect = { type: 'requestPage', purpose: 'handoff', schedule } as const;
  const planned = plan(effect, { ...snapshot.context, at: now }, { ...config, paging: pagingState(snapshot) });
  return planned?.type === 'page.requested' ? draft : undefined;
}
