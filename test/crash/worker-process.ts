/**
 * A worker as its parent sees it: what it is asked, what it answered, and how it is killed.
 *
 * A question whose answer never came is answered `undefined`: nobody knows whether it was done.
 */
import { type ChildProcess, fork } from 'node:child_process';

/** What wakes a worker. */
export type Runner = 'local' | 'graphile-worker';

/** What a worker is started with. */
export type WorkerOptions = {
  readonly name: string;
  /** The path of a SQLite file, or the address of a Postgres database. */
  readonly database: string;
  readonly receiver: string;
  readonly runner: Runner;
  /** Shorter leases than the engine's. */
  readonly leaseMs?: number | undefined;
  /** How long a statement of Postgres may take. */
  readonly timeoutMs?: number | undefined;
};

/** What a worker can be asked. */
export type Question =
  | { readonly ask: 'trigger'; readonly key: string }
  | { readonly ask: 'note'; readonly incidentId: string; readonly text: string }
  | { readonly ask: 'acknowledge'; readonly incidentId: string }
  | { readonly ask: 'stop' };

/** A question with its number. */
export type Asked = Question & { readonly n: number };

/** What a worker answers; number 0 says that it has started. */
export type Answer = {
  readonly n: number;
  readonly incidentId?: string | undefined;
  readonly error?: string | undefined;
};

/** A child process. */
export type WorkerProcess = {
  readonly name: string;
  readonly pid: number;
  /** Resolves when it has started, or is gone. */
  readonly started: Promise<void>;
  /** Resolves when it is gone. */
  readonly gone: Promise<void>;
  ask(question: Question): Promise<Answer | undefined>;
  signal(signal: NodeJS.Signals): void;
  isGone(): boolean;
  /** Its warnings and errors. */
  complaints(): string;
};

const WORKER = new URL('./worker.ts', import.meta.url);

/** Starts a worker. What one has compiled is kept in the folder `cache` for the next ones. */
export function startWorker(options: WorkerOptions, cache?: string): WorkerProcess {
  const child = fork(WORKER, [JSON.stringify(options)], {
    env: { ...process.env, ...(cache !== undefined && { NODE_COMPILE_CACHE: cache }) },
    execArgv: [],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const waiting = new Map<number, (answer: Answer | undefined) => void>();
  let asked = 0;
  let complaints = '';
  child.stderr?.on('data', (text) => {
    complaints = `${complaints}${text}`.slice(-20_000);
  });
  const answered = (n: number) => new Promise<Answer | undefined>((resolve) => waiting.set(n, resolve));
  const started = answered(0).then(() => {});
  child.on('message', (answer: Answer) => {
    waiting.get(answer.n)?.(answer);
    waiting.delete(answer.n);
  });
  const gone = new Promise<void>((resolve) => {
    child.on('exit', () => {
      for (const resolveWaiting of waiting.values()) resolveWaiting(undefined);
      waiting.clear();
      resolve();
    });
  });
  return {
    name: options.name,
    pid: child.pid ?? 0,
    started,
    gone,
    async ask(question) {
      if (!child.connected) return undefined;
      asked += 1;
      const answer = answered(asked);
      child.send({ ...question, n: asked } satisfies Asked, () => {});
      return answer;
    },
    signal: (signal) => void child.kill(signal),
    isGone: () => isGone(child),
    complaints: () => complaints,
  };
}

function isGone({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}
