/**
 * Overtaken notices: of a role that changes hands again and again each person is told once, how it stands.
 *
 * The later notice says it all. It never holds back the latest word to anybody.
 */
import type { IncidentContext } from '../core/lifecycle/context.ts';
import { own } from '../core/lifecycle/owed.ts';
import type { StoredDelivery } from '../model/delivery.ts';
import type { Engine } from './engine.ts';
import { reaching } from './transact.ts';

const ALL = 1_000;

/** The later delivery that says what `delivery` would say, to the same person; `undefined` when there is none. */
export async function overtakenBy(
  engine: Engine,
  delivery: StoredDelivery,
  context: IncidentContext | undefined,
): Promise<string | undefined> {
  const { tenant, incidentId, user, content, page, purpose } = delivery;
  if (purpose !== 'notice' || content?.topic !== 'role' || content.subject === undefined) return undefined;
  if (context === undefined || user === undefined || incidentId === undefined) return undefined;
  const latest = own(own(context.roleNews, content.subject) ?? {}, user) ?? 0;
  if (latest <= page) return undefined;
  const list = (page?: number) =>
    reaching(() =>
      engine.storage.listDeliveries(tenant, { incidentId, limit: ALL, ...(page !== undefined && { page }) }),
    );
  // The notice stands right after the event that it tells of, unless that event told of several roles.
  const next = await list(latest + 1);
  const rows = next.length > 0 ? next : await list();
  const later = rows.find(
    (other) =>
      other.page > latest &&
      other.user === user &&
      other.content?.topic === 'role' &&
      other.content.subject === content.subject,
  );
  return later?.id;
}
