/**
 * Turns: work on the same thing waits for the work before it, within this process.
 *
 * It only keeps people of one process from overtaking each other for ever; between processes the versions of the
 * storage decide.
 */

/** Runs `work` when all earlier work on any of `keys` has ended. */
export type InTurn = <T>(keys: readonly string[], work: () => Promise<T>) => Promise<T>;

/** A queue for each key, as long as there is work on it. */
export function createTurns(): InTurn {
  const tails = new Map<string, Promise<void>>();
  return (keys, work) => {
    const earlier = Promise.all(keys.map((key) => tails.get(key)));
    const mine = earlier.then(work);
    const tail = mine.then(
      () => {},
      () => {},
    );
    for (const key of keys) tails.set(key, tail);
    void tail.then(() => {
      for (const key of keys) if (tails.get(key) === tail) tails.delete(key);
    });
    return mine;
  };
}
