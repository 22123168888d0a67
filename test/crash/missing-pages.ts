/**
 * What is still owed: pages that the policy demands and that nobody has received, and rows that wait for somebody.
 *
 * It takes the policy and the receiver's word; of the database it believes only what is left to do and what ended dead.
 */
import type { Storage } from '../../src/index.ts';
import { LADDER } from './incidents.ts';
import type { Receiver } from './receiver.ts';
import type { WorldRecord } from './world.ts';

type Seen = Pick<WorldRecord, 'incidents' | 'acknowledged'>;

/** One line for each page that is missing, and one for what is left to do; empty when all is well. */
export async function missingPages(
  { incidents, acknowledged }: Seen,
  { arrivals }: Pick<Receiver, 'arrivals'>,
  storage: Storage,
): Promise<readonly string[]> {
  const heard = new Set(
    arrivals.map(({ incidentId, purpose, step, user }) => [incidentId, purpose, step, user].join('/')),
  );
  const dead = await storage.listDeliveries('default', { state: 'dead', limit: 100_000 });
  for (const { incidentId, purpose, position, user } of dead)
    heard.add([incidentId, purpose, position.step, user].join('/'));
  const owed = [...incidents.values()].flatMap((ids) => [...ids]).filter((id) => !acknowledged.has(id));
  const missing = owed.flatMap((id) =>
    LADDER.flatMap(({ purpose, step, users }) =>
      users.map((user) => [id, purpose, step, user].join('/')).filter((page) => !heard.has(page)),
    ),
  );
  const { dueTimers, leasedDeliveries } = await storage.figures(['default']);
  // All that are pending, and not only those that are due: one that is tried again in a moment is left to do as well.
  const pending = await storage.listDeliveries('default', { state: 'pending', limit: 100_000 });
  const left = pending.length + dueTimers + leasedDeliveries;
  return left === 0 ? missing : [...missing, `${left} rows are left to do`];
}
