/**
 * The transport: the network between a node and the storage. Each call takes time there and back, and may fail both ways.
 *
 * A request that left goes its way whatever becomes of the node; an answer to a dead node is dropped.
 */
import type { ClaimedDelivery, Storage } from '../../src/index.ts';
import type { Life } from './node.ts';
import { TIMELINES_NOT_READ } from './numbers-checks.ts';
import type { Simulation } from './simulation.ts';

type Call = (...args: readonly unknown[]) => Promise<unknown>;
const SLOW: readonly string[] = ['slow there', 'slow back', 'reject', 'unknown'];
type Fate = 'ok' | 'reject' | 'unknown' | 'die before' | 'die after' | 'slow there' | 'slow back';

/** `storage`, as the node of `life` reaches it. */
export function transport(sim: Simulation, life: Life, storage: Storage): Storage {
  const { scheduler, journal } = sim;
  const chance = sim.transportChance;

  function fateOf(method: string): Fate {
    const { reject, crash, slow, ...rates } = sim.faults();
    const unknown = method === 'commit' ? 3 * rates.unknown : rates.unknown;
    let draw = chance.next();
    if (draw < reject) return 'reject';
    draw -= reject;
    // What only reads has no effect to be unsure of.
    if (draw < unknown) return method === 'load' || method === 'nextDue' ? 'reject' : 'unknown';
    draw -= unknown;
    if (draw < crash) return draw < crash / 2 ? 'die before' : 'die after';
    draw -= crash;
    if (draw < slow) return draw < slow / 2 ? 'slow there' : 'slow back';
    return 'ok';
  }

  const wayMs = (isSlow: boolean) => (isSlow ? chance.between(2_000, 40_000) : chance.between(1, sim.wayMs));

  function call(method: string, real: Call, args: readonly unknown[]): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (!life.isAlive()) return;
      const fate = fateOf(method);
      journal.count('storage calls');
      if (fate !== 'ok') {
        journal.count(`fault: ${fate}`);
        excuse(method, args);
        if (method === 'timeline') journal.count(TIMELINES_NOT_READ);
        // Before a message that is counted is settled, it is written down what it listed.
        if (sim.hasLimits && SLOW.includes(fate)) sim.receiver.interrupted(life);
      }
      if (method === 'extendDelivery') sim.receiver.begins(life, String(args[0]), String(args[1]));
      if (fate === 'die before') return life.die(`before ${method}`);
      const fail = () => reject(new Error('connection lost'));
      const back = (work: () => void) => life.after(wayMs(fate === 'slow back'), work);
      const arrived = (answer: unknown) => {
        journal.line(
          `${life.name} ${method} ${summary(args)}${fate === 'ok' ? '' : ` [${fate}]`} -> ${summary([answer])}`,
        );
        checkAnswer(method, args, answer);
        if (method === 'extendDelivery' && answer === true)
          sim.receiver.extended(life, String(args[0]), String(args[1]), Number(args[2]));
        if (method === 'settleDelivery') sim.receiver.settled(life, String(args[0]), String(args[1]));
        if (fate === 'die after') return life.die(`after ${method}`);
        return back(() => {
          if (method === 'settleDelivery') sim.receiver.ends(life, String(args[0]), String(args[1]));
          if (fate === 'unknown') fail();
          else resolve(answer);
        });
      };
      scheduler.after(wayMs(fate === 'slow there'), () => {
        if (fate === 'reject') return void back(fail);
        real(...args).then(arrived, (error: unknown) => {
          journal.line(`${life.name} ${method} rejects: ${String(error)}`);
          back(() => reject(error));
        });
      });
    });
  }

  /** What may lead to a second message, because the end of an attempt was not written down in time. */
  function excuse(method: string, args: readonly unknown[]): void {
    if (method === 'settleDelivery' || method === 'extendDelivery')
      sim.receiver.explain(String(args[0]), String(args[1]));
  }

  function checkAnswer(method: string, args: readonly unknown[], answer: unknown): void {
    if (method === 'settleDelivery' || method === 'extendDelivery') {
      const [tenant, id, token] = args as [string, string, number];
      const isAccepted = answer !== undefined && answer !== false;
      if (isAccepted && sim.holderOf(tenant, id) !== token)
        journal.violate(
          'I9',
          `${method} of ${tenant}/${id} was accepted with token ${token}, which is not the current one`,
        );
    }
    if (method === 'claimDeliveries')
      for (const claimed of (answer as { deliveries: ClaimedDelivery[] }).deliveries) checkDue(claimed);
  }

  function checkDue({ delivery }: ClaimedDelivery): void {
    if (delivery.state !== 'leased' || delivery.dueAt > scheduler.now())
      journal.violate('I4', `${delivery.tenant}/${delivery.id} was handed out before it was due`);
  }

  const methods = Object.entries(storage).map(([method, real]) => {
    if (method === 'withClient') return [method, real] as const;
    return [method, (...args: readonly unknown[]) => call(method, real as Call, args)] as const;
  });
  return Object.fromEntries(methods) as unknown as Storage;
}

/** The part of a call or an answer that a reader of a trace needs. */
function summary(values: readonly unknown[]): string {
  return values.map(brief).join(' ').slice(0, 160);
}

function brief(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) return `[${value.map(brief).join(', ')}]`;
  if ('commitId' in value) return changeText(value as unknown as Parameters<typeof changeText>[0]);
  if ('timers' in value && Array.isArray(value.timers))
    return `[${value.timers.map(({ tenant, ownerId, kind }) => `${tenant}/${ownerId} ${kind}`).join(', ')}]`;
  if ('deliveries' in value && Array.isArray(value.deliveries))
    return `[${value.deliveries.map(({ delivery, token }: ClaimedDelivery) => `${delivery.tenant}/${delivery.id}#${token}`).join(', ')}]`;
  if ('incidents' in value && Array.isArray(value.incidents))
    return value.incidents.map((row) => (typeof row === 'string' ? row : `${row.id}v${row.version}`)).join(',');
  if ('state' in value) return String(value.state);
  if ('dueAt' in value) return `due ${String(value.dueAt)}`;
  if ('tenant' in value) return String(value.tenant);
  return '';
}

function changeText(change: {
  readonly commitId: string;
  readonly tenant: string;
  readonly incidents: readonly { readonly id: string; readonly events: readonly { readonly type: string }[] }[];
}): string {
  const incidents = change.incidents.map(({ id, events }) => `${id}: ${events.map(({ type }) => type).join('+')}`);
  return `${change.commitId} ${change.tenant}/${incidents.join('; ')}`;
}
