/**
 * People: what the directory of the host has answered of late, and what it answered last.
 *
 * A page waits for it only when nothing is known of somebody, once, and for two seconds at most. What was answered is kept in the
 * storage too: a process that begins while the directory is down knows what the one before it knew. It never rejects.
 */

import { namedUsers } from '../core/config/named-users.ts';
import { type User, userSchema } from '../model/user.ts';
import type { Directory, DirectoryQuery } from '../ports/directory.ts';
import type { DocumentKey } from '../ports/storage.ts';
import { NO_CHANGE } from './change.ts';
import { readAnswer } from './directory-answer.ts';
import type { Engine } from './engine.ts';
import type { People } from './known-people.ts';
import { withDeadline } from './send.ts';

/** What is known of somebody: the last good answer, and when we last asked. */
type Entry = { readonly user: User | undefined; readonly askedAt: number; readonly isAnswer: boolean };

const DEADLINE_MS = 2_000;
/** How old an answer may become, and how soon a question that had none is asked again. */
const FRESH_MS = 60_000;
const AGAIN_MS = 10_000;
/** How often what is known is gone through. */
const LOOK_MS = 5_000;
/** How many people are asked about at once. */
const TOGETHER = 100;
const MOST_AT_ONCE = 1_000;

const keyOf = (id: string): DocumentKey => ({ collection: 'directory', id });

/** Somebody by the configuration, or as the directory last answered them. */
export function personOf({ tenants, people }: Engine, tenant: string, id: string): User | undefined {
  return tenants.get(tenant)?.users.get(id) ?? people?.known(tenant, id);
}

/** Asks `directory`. */
export function createPeople(engine: Engine, directory: Directory): People {
  const entries = new Map<string, Map<string, Entry>>();
  const asking = new Map<string, Promise<void>>();
  /** The text of what is stored, as far as it was seen. */
  const stored = new Map<string, string>();
  const saidAt = new Map<string, number>();
  let lookedAt = Number.NEGATIVE_INFINITY;

  const entriesOf = (tenant: string): Map<string, Entry> => {
    const own = entries.get(tenant) ?? new Map<string, Entry>();
    entries.set(tenant, own);
    return own;
  };
  const isOld = (entry: Entry | undefined, ms: number) =>
    entry === undefined || Math.abs(engine.clock.now() - entry.askedAt) >= ms;

  async function ask(tenant: string, ids: readonly string[]): Promise<void> {
    const own = entriesOf(tenant);
    const unseen = ids.filter((id) => own.get(id)?.user === undefined);
    const remembered = unseen.length === 0 ? [] : remember(tenant, unseen);
    // An answer that comes late is an answer all the same.
    const answering = async (signal: AbortSignal) => {
      const answer = await question(directory, ids, { tenant, signal });
      take(tenant, ids, answer);
    };
    try {
      await withDeadline(engine, 'The directory', answering, DEADLINE_MS);
    } catch (error) {
      say(tenant, 'error', error, 'The directory did not answer; what it answered last counts.');
      const askedAt = engine.clock.now();
      for (const id of ids) own.set(id, { user: own.get(id)?.user, askedAt, isAnswer: false });
    }
    // Who was not answered for is who they were, also for a process that never met them.
    if (ids.every((id) => own.get(id)?.isAnswer)) return;
    for (const { id, user } of await remembered) {
      const entry = own.get(id);
      if (entry !== undefined && !entry.isAnswer && entry.user === undefined) own.set(id, { ...entry, user });
    }
  }

  /** What is stored of people; nothing when it cannot be read. */
  async function remember(tenant: string, ids: readonly string[]): Promise<readonly { id: string; user: User }[]> {
    try {
      const { documents } = await engine.load({ tenant, documents: ids.map(keyOf) });
      return documents.flatMap(({ collection, id, data }) => {
        const user = collection === keyOf(id).collection ? userSchema.safeParse(data).data : undefined;
        return user === undefined ? [] : [{ id, user }];
      });
    } catch {
      return [];
    }
  }

  function take(tenant: string, ids: readonly string[], answer: readonly unknown[]): void {
    const own = entriesOf(tenant);
    // That all are gone at once is less likely than a directory that fails and does not say so.
    if (answer.length === 0 && ids.length > 1 && ids.some((id) => own.get(id)?.user !== undefined))
      throw new TypeError(`The directory answered nobody of ${ids.length} people, some of whom it knew.`);
    const askedAt = engine.clock.now();
    const { found, undecided, refused } = readAnswer(answer, ids);
    for (const facts of refused)
      engine.logger.error({ tenant, ...facts }, 'The directory answered what is no user; it is not used.');
    for (const id of ids) {
      const before = own.get(id)?.user;
      const isUndecided = undecided.has(id);
      const user = isUndecided ? before : found.get(id);
      if (before !== undefined && user === undefined)
        engine.logger.warn({ tenant, user: id }, 'The directory does not know somebody any more.');
      own.set(id, { user, askedAt, isAnswer: !isUndecided });
    }
    keep(
      tenant,
      ids.filter((id) => !undecided.has(id)),
    );
  }

  /** Keeps the last good answers for processes to come. That it fails costs nothing but that. */
  function keep(tenant: string, ids: readonly string[]): void {
    const own = entriesOf(tenant);
    const textOf = (id: string) => JSON.stringify(own.get(id)?.user) ?? '';
    const changed = ids.filter((id) => stored.get(JSON.stringify([tenant, id])) !== textOf(id));
    if (changed.length === 0) return;
    const write = async () => {
      const { documents } = await engine.load({ tenant, documents: changed.map(keyOf) });
      const known = new Map(documents.map((document) => [document.id, document]));
      const fresh = changed.flatMap((id) => {
        const document = known.get(id);
        const user = own.get(id)?.user;
        if (JSON.stringify(document?.data) === JSON.stringify(user)) return [];
        return [{ ...keyOf(id), expectedVersion: document?.version ?? 0, data: user }];
      });
      if (fresh.length > 0) {
        const change = { ...NO_CHANGE, documents: fresh, commitId: engine.ids(), tenant };
        // Another process that was faster may have stored others than these: with the next answer it is looked at again.
        if ((await engine.commit(change)) === 'conflict') return;
      }
      for (const id of changed) stored.set(JSON.stringify([tenant, id]), textOf(id));
    };
    const failed = (error: unknown) =>
      engine.logger.warn({ error, tenant }, 'What the directory answered could not be stored; it is tried again.');
    track(`${tenant} keep ${changed.join()}`, write().catch(failed));
  }

  function track(name: string, work: Promise<void>): Promise<void> {
    asking.set(name, work);
    void work.finally(() => {
      if (asking.get(name) === work) asking.delete(name);
    });
    return work;
  }

  /** Once a minute is enough to know of it. */
  function say(tenant: string, level: 'error' | 'warn', error: unknown, message: string): void {
    const now = engine.clock.now();
    if (Math.abs(now - (saidAt.get(tenant) ?? Number.NEGATIVE_INFINITY)) < FRESH_MS) return;
    saidAt.set(tenant, now);
    engine.logger[level]({ error, tenant }, message);
    engine.bus.tell('error', { type: 'error', error, doing: 'asking the directory' });
  }

  async function fetch(tenant: string, ids: readonly string[]): Promise<void> {
    const nameOf = (id: string) => JSON.stringify([tenant, id]);
    const waited = ids.flatMap((id) => asking.get(nameOf(id)) ?? []);
    const fresh = [...new Set(ids)].filter((id) => !asking.has(nameOf(id)));
    const batches: Promise<void>[] = [];
    for (let from = 0; from < fresh.length; from += TOGETHER) {
      const batch = fresh.slice(from, from + TOGETHER);
      const work = ask(tenant, batch).catch((error: unknown) =>
        say(tenant, 'error', error, 'The directory could not be asked.'),
      );
      for (const id of batch) void track(nameOf(id), work);
      batches.push(work);
    }
    await Promise.all([...waited, ...batches]);
  }

  /** Who does not exist and is named nowhere was asked about once, by mistake; that is not repeated for ever. */
  function forget(tenant: string, named: ReadonlySet<string>): void {
    const own = entriesOf(tenant);
    for (const [id, entry] of own) {
      if (entry.user !== undefined || named.has(id) || !isOld(entry, FRESH_MS)) continue;
      own.delete(id);
      stored.delete(JSON.stringify([tenant, id]));
    }
  }

  return {
    known: (tenant, id) => entries.get(tenant)?.get(id)?.user,
    everybody: (tenant) => [...(entries.get(tenant)?.values() ?? [])].flatMap(({ user }) => user ?? []),
    isUnknown(tenant, id) {
      const entry = entries.get(tenant)?.get(id);
      return entry?.user === undefined && isOld(entry, entry?.isAnswer ? FRESH_MS : AGAIN_MS);
    },
    fetch,
    look() {
      const now = engine.clock.now();
      if (Math.abs(now - lookedAt) < LOOK_MS) return;
      lookedAt = now;
      for (const [tenant, { config, users }] of engine.tenants) {
        if (engine.isStopped()) return;
        const own = entriesOf(tenant);
        const named = new Set([...namedUsers(config)].filter((id) => !users.has(id)));
        forget(tenant, named);
        const wanted = new Set([...named, ...own.keys()]);
        const old = [...wanted].filter((id) => isOld(own.get(id), FRESH_MS));
        // Those of whom it is longest ago come first; the others are asked for at the next look.
        const age = (id: string) => own.get(id)?.askedAt ?? 0;
        const next = old.toSorted((a, b) => age(a) - age(b)).slice(0, MOST_AT_ONCE);
        if (next.length > 0) void fetch(tenant, next);
      }
    },
    drain: () => Promise.all([...asking.values()]),
  };
}

async function question(
  directory: Directory,
  ids: readonly string[],
  query: DirectoryQuery,
): Promise<readonly unknown[]> {
  const [only] = ids;
  if (ids.length === 1 && only !== undefined) {
    const user: unknown = await directory.user(only, query);
    return user === undefined || user === null ? [] : [user];
  }
  const users: unknown = await directory.users(ids, query);
  if (!Array.isArray(users)) throw new TypeError('The directory answered no list of users.');
  return users;
}
