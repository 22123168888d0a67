/**
 * Memory storage as the kit wants it: its data are reached by every storage object over them.
 */
import { memoryStorage } from '../../src/storage/memory.ts';
import type { StorageFixture } from '../../src/testing/index.ts';

/** A fresh memory storage whose clock is set. */
export async function openMemory(): Promise<StorageFixture> {
  const clock = { at: 0, now: () => clock.at };
  const storage = memoryStorage({ clock });
  return {
    storage,
    setNow(ms) {
      clock.at = ms;
    },
    another: async () => ({ ...storage }),
    begin() {
      const client = storage.begin();
      return { client, commit: () => client.commit(), rollback: () => client.rollback() };
    },
    close: () => storage.close(),
  };
}
