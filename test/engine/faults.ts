/**
 * A storage that fails as a test says: it answers conflict, throws before or after the commit, or takes its time.
 */
import type { CommitResult, Storage } from '../../src/ports/storage.ts';

type Method = keyof Storage;
type Work = () => Promise<unknown>;

/** What happens instead of a call; it may call `proceed`, also more than once. */
export type Fault = (proceed: Work, method: Method, args: readonly unknown[]) => Promise<unknown>;

/** `storage`, with `fault` in front of the methods named. */
export function faulty(storage: Storage, methods: readonly Method[], fault: Fault): Storage {
  const wrap = (method: Method) => {
    const real = storage[method] as (...args: unknown[]) => Promise<unknown>;
    return (...args: unknown[]) => fault(() => real(...args), method, args);
  };
  return { ...storage, ...Object.fromEntries(methods.map((method) => [method, wrap(method)])) } as Storage;
}

/** Answers `conflict` the first `times` times, as if somebody else had been faster. */
export function conflicting(times: number): Fault {
  let left = times;
  return async (proceed) => (left-- > 0 ? (['conflict'] satisfies CommitResult[]) : proceed());
}

/** Commits, and loses the answer, the first `times` times. */
export function losingAnswers(times: number): Fault {
  let left = times;
  return async (proceed) => {
    const answer = await proceed();
    if (left-- > 0) throw new Error('connection reset');
    return answer;
  };
}

/** Throws the first `times` times without having done anything. */
export function failing(times: number, error: unknown = new Error('disk on fire')): Fault {
  let left = times;
  return async (proceed) => {
    if (left-- > 0) throw error;
    return proceed();
  };
}

/** Answers after `turns` turns of the event loop. */
export function slow(turns: number): Fault {
  return async (proceed) => {
    for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve));
    return proceed();
  };
}

/** Every method that reads or writes. */
export const EVERY_METHOD: readonly Method[] = [
  'migrate',
  'load',
  'commit',
  'claimTimers',
  'dropTimer',
  'claimDeliveries',
  'settleDelivery',
  'hasten',
  'revive',
  'nextDue',
  'timeline',
  'listIncidents',
  'listAlerts',
  'listDeliveries',
];
