/**
 * The promises of ports/storage.ts, for any storage: passing is the definition of "supported".
 */
import { type OpenStorage, storageBench } from './bench.ts';
import { commitPromises } from './commit-promises.ts';
import { deliveryPromises } from './delivery-promises.ts';
import { isolationPromises } from './isolation-promises.ts';
import { leasePromises } from './lease-promises.ts';
import { listPromises } from './list-promises.ts';

/** Registers tests of every promise, each titled with its number; `open` is asked before each. */
export function storagePromises(open: OpenStorage): void {
  const bench = storageBench(open);
  commitPromises(bench);
  leasePromises(bench);
  deliveryPromises(bench);
  isolationPromises(bench);
  listPromises(bench);
}
