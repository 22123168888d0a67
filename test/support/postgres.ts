/**
 * A real Postgres for tests: `DATABASE_URL`, the system's, or the one from npm; with a database for each test.
 *
 * A server of our own dies with this process, whatever ends it. There is never a silent skip: without Postgres the tests fail.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { chownSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { type BinariesFrom, postgresBinaries } from './postgres-binaries.ts';

/** A running server. */
export type TestPostgres = {
  /** The connection string of a database; without a name, of the one for administration. */
  url(database?: string): string;
  /** A new and empty database. */
  freshDatabase(): Promise<{ readonly url: string; drop(): Promise<void> }>;
  /** Kills every process of the server with SIGKILL, as a power cut would; its data stay. */
  crash(): Promise<void>;
  /** Starts it again on the same data and the same port. */
  restart(): Promise<void>;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
};

export type TestPostgresOptions = {
  /** `false` makes commits fast and a crash fatal: for tests that never crash the server. Default true. */
  readonly fsync?: boolean;
  /** Settings of the server by name. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Start a server even when `DATABASE_URL` is set: for tests that crash it. */
  readonly isOwn?: boolean;
  readonly from?: BinariesFrom;
};

/** Asks a database who waits for a lock in it, but for those that are taken by agreement; a server has others beside it. */
export const LOCK_WAITERS = `select 1 from pg_locks where not granted and locktype <> 'advisory'
  and pid in (select pid from pg_stat_activity where datname = current_database())`;

/** Whom a server runs as: it refuses root, so root starts it as "nobody". */
const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;
const user = isRoot ? { uid: NOBODY, gid: NOBODY } : {};

/** A server for the tests of one file. */
export async function postgresForTests(options: TestPostgresOptions = {}): Promise<TestPostgres> {
  const { DATABASE_URL } = process.env;
  if (DATABASE_URL && !options.isOwn && options.from === undefined) return givenServer(DATABASE_URL);
  const binaries = postgresBinaries(options.from);
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-pgdata-'));
  if (isRoot) chownSync(folder, NOBODY, NOBODY);
  const data = join(folder, 'data');
  await promisify(execFile)(
    join(binaries.bin, 'initdb'),
    ['-D', data, '-U', 'postgres', '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync'],
    { ...user, cwd: folder },
  );
  const port = await freePort();
  const settings = {
    port: String(port),
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '200',
    fsync: options.fsync === false ? 'off' : 'on',
    ...options.settings,
  };
  const start = () => startServer({ binary: join(binaries.bin, 'postgres'), folder, data, settings });
  let server = await start();
  const url = (database = 'postgres') => `postgres://postgres@127.0.0.1:${port}/${database}`;
  return {
    url,
    freshDatabase: () => freshDatabase(url),
    async crash() {
      writeFileSync(join(folder, 'keep'), '');
      const killed = killAll(Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[0]));
      await ended(server);
      // One that is still writing to the disk ends later, and a server does not start beside it.
      await gone(killed);
      rmSync(join(folder, 'keep'));
    },
    async restart() {
      if (server.exitCode === null && server.signalCode === null) throw new Error('The server is still running.');
      server = await start();
    },
    async stop() {
      await ended(server);
      rmSync(folder, { recursive: true, force: true });
      if (binaries.temporary !== undefined) rmSync(binaries.temporary, { recursive: true, force: true });
    },
  };
}

function givenServer(url: string): TestPostgres {
  const at = (database?: string) => {
    const address = new URL(url);
    if (database !== undefined) address.pathname = `/${database}`;
    return address.href;
  };
  const refuse = async () => {
    throw new Error('A server named by DATABASE_URL is not ours to crash: ask for `isOwn: true`.');
  };
  return { url: at, freshDatabase: () => freshDatabase(at), crash: refuse, restart: refuse, stop: async () => {} };
}

let databases = 0;

async function freshDatabase(url: (database?: string) => string) {
  databases += 1;
  const name = `tocsin_test_${process.pid}_${databases}`;
  await administer(url(), `create database ${name}`);
  return { url: url(name), drop: () => administer(url(), `drop database if exists ${name} with (force)`) };
}

async function administer(url: string, sql: string): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

type Start = {
  readonly binary: string;
  readonly folder: string;
  readonly data: string;
  readonly settings: Readonly<Record<string, string>>;
};

/**
 * A shell stands between us and the server: when its input ends, because we say so or because we died, it ends the
 * server and removes the data. It also takes in the exit of a killed server, whose process id would else look alive.
 */
const GUARD = `
folder=$1; shift
"$@" & server=$!
cat >/dev/null
kill -QUIT $server 2>/dev/null
wait $server
[ -e "$folder/keep" ] || rm -rf "$folder"
`;

function startServer({ binary, folder, data, settings }: Start): Promise<ChildProcess> {
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const guard = spawn('sh', ['-c', GUARD, 'guard', folder, binary, '-D', data, ...flags], {
    ...user,
    cwd: folder,
    detached: true,
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  return new Promise((resolve, reject) => {
    let log = '';
    guard.on('error', reject);
    guard.on('exit', () => reject(new Error(`Postgres did not start:\n${log}`)));
    guard.stderr.on('data', (text) => {
      log = `${log}${text}`.slice(-8_000);
      if (log.includes('ready to accept connections')) resolve(guard);
      if (/FATAL: .*(could not|still in use|already exists)|database system is shut down/.test(log)) guard.stdin.end();
    });
  });
}

/** Stopped first, so that it starts no new process while we look for those that it has. */
function killAll(server: number): readonly number[] {
  process.kill(server, 'SIGSTOP');
  const all = [...childrenOf(server), server];
  for (const process_ of all) {
    try {
      process.kill(process_, 'SIGKILL');
    } catch {
      // It ended by itself.
    }
  }
  return all;
}

/** Resolves when none of the processes runs any more; one that only waits to be taken note of has ended. */
async function gone(processes: readonly number[]): Promise<void> {
  const runs = (id: number) => {
    try {
      const text = readFileSync(`/proc/${id}/stat`, 'utf8');
      return !text.slice(text.lastIndexOf(')') + 2).startsWith('Z');
    } catch {
      return false;
    }
  };
  while (processes.some(runs)) await setTimeout(20);
}

function childrenOf(parent: number): number[] {
  return globSync('/proc/[0-9]*/stat').flatMap((file) => {
    try {
      const text = readFileSync(file, 'utf8');
      const [, owner] = text.slice(text.lastIndexOf(')') + 2).split(' ');
      return Number(owner) === parent ? [Number.parseInt(text, 10)] : [];
    } catch {
      return [];
    }
  });
}

function ended(guard: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (guard.exitCode !== null || guard.signalCode !== null) return resolve();
    guard.once('exit', () => resolve());
    guard.stdin?.end();
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}
