/**
 * A world: a database and a receiver that stay, and workers that are killed at random moments and begin anew.
 *
 * What was accepted is what a worker has answered. What was never answered is asked again under the same key.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { random } from '../sim/prng.ts';
import type { Database } from './database.ts';
import { missingPages } from './missing-pages.ts';
import { openReceiver, type Receiver } from './receiver.ts';
import { type Question, type Runner, startWorker, type WorkerProcess } from './worker-process.ts';

export type WorldOptions = {
  readonly database: Database;
  readonly seed: number;
  /** How many workers share the database. */
  readonly workers: number;
  /** How many questions a worker is asked in its life. */
  readonly questions?: number;
  /** How long after its start a worker is killed, at most, in ms. */
  readonly reachMs?: number;
  readonly leaseMs?: number;
  readonly timeoutMs?: number;
  /** What wakes the workers, in turn; the local runner when absent. */
  readonly runners?: readonly Runner[];
};

/** What was in somebody's hands when a worker was dead, stood still, or had lost its database. */
export type Interruption = {
  readonly worker: string;
  readonly leased: ReadonlySet<string>;
  readonly isKill: boolean;
};

/** What the world has seen, beside its database. */
export type WorldRecord = {
  readonly interruptions: Interruption[];
  /** The incident of each key that was accepted; a second one would be a defect. */
  readonly incidents: Map<string, Set<string>>;
  readonly acknowledged: Set<string>;
  /** Texts of notes by what became of the question. */
  readonly notes: { readonly accepted: Set<string>; readonly unknown: Set<string> };
  /** Codes of errors that were answered, with how often. */
  readonly errors: Map<string, number>;
  /** What workers said that ended by themselves. */
  readonly fell: string[];
};

export type World = {
  readonly database: Database;
  readonly receiver: Receiver;
  readonly record: WorldRecord;
  readonly workers: readonly WorkerProcess[];
  /** Resolves when every worker has started once. */
  start(): Promise<void>;
  /** Kills one of the workers at a random moment and starts another one in its place. */
  kill(): Promise<void>;
  /** One of the workers stands still for so long. */
  stopFor(ms: number): Promise<void>;
  /** To be called when every worker had lost its database and it is back. */
  lostDatabase(): Promise<void>;
  /** Asks `count` more questions, of whichever worker is there, and resolves when each was answered. */
  ask(count: number): Promise<void>;
  /** Nothing is killed any more: resolves with what is still missing when nothing is left to do, or after `withinMs`. */
  calm(withinMs?: number): Promise<readonly string[]>;
  close(): Promise<void>;
};

/** How many questions a worker is asked at the same time. */
const LANES = 3;

/** A world that has not begun; whoever opens it closes it. */
export async function openWorld(options: WorldOptions): Promise<World> {
  const { database, questions = 8, reachMs = 250, leaseMs, timeoutMs, runners = ['local'] } = options;
  const chance = random(options.seed);
  const receiver = await openReceiver();
  const cache = mkdtempSync(join(tmpdir(), 'tocsin-cache-'));
  const workers: WorkerProcess[] = [];
  const record: WorldRecord = {
    interruptions: [],
    incidents: new Map(),
    acknowledged: new Set(),
    notes: { accepted: new Set(), unknown: new Set() },
    errors: new Map(),
    fell: [],
  };
  const again: Question[] = [];
  const feeding: Promise<void>[] = [];
  let launched = 0;
  let keys = 0;
  let isClosed = false;

  const launch = () => {
    launched += 1;
    const name = `worker-${launched}`;
    const runner = runners[launched % runners.length] ?? 'local';
    const { address } = database;
    return startWorker({ name, database: address, receiver: receiver.url, runner, leaseMs, timeoutMs }, cache);
  };

  function nextQuestion(): Question {
    const left = again.shift();
    if (left !== undefined) return left;
    const known = [...record.incidents.values()].at(-1)?.values().next().value;
    const what = chance.next();
    if (known !== undefined && what < 0.15) return { ask: 'acknowledge', incidentId: known };
    keys += 1;
    if (known !== undefined && what < 0.3) return { ask: 'note', incidentId: known, text: `note ${keys}` };
    return { ask: 'trigger', key: `${database.kind}-${keys}` };
  }

  async function askOne(worker: WorkerProcess, question = nextQuestion()): Promise<void> {
    const answer = await worker.ask(question);
    if (answer?.error !== undefined) record.errors.set(answer.error, (record.errors.get(answer.error) ?? 0) + 1);
    if (answer?.incidentId !== undefined) return accepted(question, answer.incidentId);
    // A note has no key: asked again it would be another note.
    if (question.ask === 'note') record.notes.unknown.add(question.text);
    else again.push(question);
  }

  function accepted(question: Question, incidentId: string): void {
    if (question.ask === 'note') record.notes.accepted.add(question.text);
    if (question.ask === 'acknowledge') record.acknowledged.add(incidentId);
    if (question.ask !== 'trigger') return;
    const ids = record.incidents.get(question.key) ?? new Set();
    record.incidents.set(question.key, ids.add(incidentId));
  }

  /** Several at once, until the worker is gone or was asked often enough. */
  function feed(worker: WorkerProcess): void {
    let left = questions;
    const lane = async () => {
      while (left > 0 && !worker.isGone()) {
        left -= 1;
        await askOne(worker);
      }
    };
    for (let count = 0; count < LANES; count += 1) feeding.push(lane());
  }

  async function waitForMoment(victim: WorkerProcess): Promise<void> {
    // Some die while they start.
    if (chance.chance(0.9)) await Promise.race([victim.started, victim.gone]);
    await pause(chance.between(0, reachMs));
  }

  async function interrupted(whom: readonly WorkerProcess[], isKill: boolean): Promise<void> {
    const rows = await database.storage.listDeliveries('default', { state: 'leased', limit: 100_000 });
    const leased = new Set(rows.map(({ id }) => id));
    for (const { name } of whom) record.interruptions.push({ worker: name, leased, isKill });
  }

  return {
    database,
    receiver,
    record,
    workers,
    async start() {
      // The first one compiles for all.
      const first = launch();
      await first.started;
      await first.ask({ ask: 'stop' });
      await first.gone;
      for (let count = 0; count < options.workers; count += 1) workers.push(launch());
      await Promise.all(workers.map(({ started }) => started));
      for (const worker of workers) feed(worker);
    },
    async kill() {
      const index = chance.between(0, workers.length - 1);
      const victim = workers[index];
      if (victim === undefined) throw new Error('Nobody is there to be killed.');
      await waitForMoment(victim);
      if (victim.isGone()) record.fell.push(victim.complaints());
      victim.signal('SIGKILL');
      await victim.gone;
      await interrupted([victim], true);
      const successor = launch();
      workers[index] = successor;
      feed(successor);
    },
    async stopFor(ms) {
      const sleeper = workers[0]!;
      sleeper.signal('SIGSTOP');
      await interrupted([sleeper], false);
      await pause(ms);
      sleeper.signal('SIGCONT');
    },
    lostDatabase: () => interrupted(workers, false),
    async ask(count) {
      await Promise.all(Array.from({ length: count }, (_, n) => askOne(workers[n % workers.length]!)));
    },
    async calm(withinMs = 90_000) {
      await Promise.all([...workers.map(({ started }) => started), ...feeding]);
      const until = performance.now() + withinMs;
      let missing: readonly string[] = ['nobody has looked yet'];
      while (performance.now() < until && !isClosed) {
        while (again.length > 0 && performance.now() < until) {
          await Promise.all(again.splice(0).map((question, n) => askOne(workers[n % workers.length]!, question)));
        }
        missing = await missingPages(record, receiver, database.storage);
        if (missing.length === 0) break;
        await pause(200);
      }
      for (const worker of workers) if (worker.isGone()) record.fell.push(worker.complaints());
      return missing;
    },
    async close() {
      isClosed = true;
      for (const worker of workers) {
        worker.signal('SIGCONT');
        worker.signal('SIGKILL');
      }
      await Promise.all(workers.map(({ gone }) => gone));
      await receiver.close();
      await database.remove();
      rmSync(cache, { recursive: true, force: true });
    },
  };
}
