/**
 * Asks whoever has come on call, for the incidents that are open and stand at a step that names the schedule.
 *
 * Who was asked at that step already is not asked again, so it may be done as often as anybody likes; one incident that
 * fails holds up no other. Acknowledged incidents stay with whoever acknowledged them.
 */
import { canAccept } from '../core/lifecycle/allowed.ts';
import type { IncidentSnapshot } from '../core/lifecycle/snapshot.ts';
import { recipientOf } from '../core/paging/resolve-targets.ts';
import { isTocsinError } from '../errors.ts';
import { SYSTEM } from '../model/identity.ts';
import type { EventDraft } from '../model/timeline.ts';
import type { IncidentRow } from '../ports/storage.ts';
import { changeOf } from './change.ts';
import type { Decidable } from './current-config.ts';
import type { Engine } from './engine.ts';
import { settleFor } from './settle-for.ts';
import { type Decided, reaching, transact } from './transact.ts';

const OPEN = ['triage', 'investigating', 'identified', 'monitoring'];
/** How many incidents are decided on at once. */
const AT_ONCE = 100;

/** Goes through the open incidents of a tenant; answers how many could not be decided on and should be tried again. */
export async function askIncoming(engine: Engine, tenant: string, schedule: string): Promise<number> {
  let failed = 0;
  let cursor: string | undefined;
  do {
    const filter = { phases: OPEN, limit: AT_ONCE, ...(cursor !== undefined && { cursor }) };
    const { items, next } = await reaching(() => engine.storage.listIncidents(tenant, filter));
    const asked = await Promise.all(items.map((row) => askFor(engine, row, schedule)));
    failed += asked.filter((isDone) => !isDone).length;
    cursor = next;
  } while (cursor !== undefined);
  return failed;
}

/** Answers whether it is done with; what can never be done is told of and done with. */
async function askFor(engine: Engine, row: IncidentRow, schedule: string): Promise<boolean> {
  const { tenant, id } = row;
  try {
    const ready = await engine.reads.incident(row);
    if (ready === undefined || !mayConcern(ready.snapshot)) return true;
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

/** Spares a read: nobody is being asked about most open incidents. What cannot be told is read. */
function mayConcern({ value: { paging } }: IncidentSnapshot): boolean {
  const [state] = typeof paging === 'string' ? [paging] : Object.keys(paging ?? {});
  return state === undefined || state === 'escalating' || state === 'exhausted';
}

function handOff(tenant: string, loaded: Decidable, schedule: string): Decided<void> {
  const nothing = { answer: () => undefined };
  const [before] = loaded.incidents;
  if (before === undefined) return nothing;
  const { config, now } = loaded;
  const teams = [...config.teams.values()].filter((team) => team.schedule === schedule).map(({ id }) => id);
  const draft: EventDraft = { type: 'schedule.handedOff', schedule, ...(teams.length > 0 && { teams }) };
  if (!canAccept(before.snapshot, draft)) return nothing;
  const { asked } = before.snapshot.context;
  const onCall = config.schedules.get(schedule)?.onCallAt(now) ?? [];
  const canBeAsked = onCall.some(
    ({ user }) => !asked.includes(user) && recipientOf(user, { target: { schedule } }, config, 'high') !== undefined,
  );
  if (!canBeAsked) return nothing;
  const settled = settleFor(config, { snapshot: before.snapshot, drafts: [draft], at: now, by: SYSTEM });
  return { change: changeOf(tenant, before, settled), answer: () => undefined };
}
