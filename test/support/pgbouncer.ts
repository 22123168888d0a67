/**
 * PgBouncer in transaction mode for tests: the system's, or the Debian package unpacked into a temporary folder.
 *
 * It installs nothing on the machine. Where it cannot be had, the answer says why.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { accessSync, chmodSync, chownSync, constants, globSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

/** A pooler before the database of `url`, or why there is none. */
export type TestPooler = { readonly url: string; stop(): Promise<void> } | { readonly missing: string };

const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;
const user = isRoot ? { uid: NOBODY, gid: NOBODY } : {};
const run = promisify(execFile);

/** Starts a pooler that lends a server connection for one transaction, to few at a time. */
export async function pgbouncerFor(url: string): Promise<TestPooler> {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-pgbouncer-'));
  chmodSync(folder, 0o755);
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    const binary = systemBinary() ?? (await unpackedBinary(folder));
    const { hostname, port, username, password, pathname } = new URL(url);
    const listenPort = await freePort();
    const settings = join(folder, 'pgbouncer.ini');
    writeFileSync(
      settings,
      `[databases]
* = host=${hostname} port=${port || 5432} user=${username}${password === '' ? '' : ` password=${password}`}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${listenPort}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 4
max_client_conn = 200
`,
    );
    if (isRoot) chownSync(settings, NOBODY, NOBODY);
    const libraries = globSync(join(folder, 'usr/lib/*'));
    const pooler = await started(binary, [settings], { LD_LIBRARY_PATH: libraries.join(delimiter) });
    return {
      url: `postgres://${username}@127.0.0.1:${listenPort}${pathname}`,
      async stop() {
        const isOver = new Promise((resolve) => pooler.once('exit', resolve));
        if (pooler.exitCode === null) {
          pooler.kill('SIGKILL');
          await isOver;
        }
        remove();
      },
    };
  } catch (error) {
    remove();
    return { missing: `PgBouncer cannot be had here: ${String(error)}` };
  }
}

function systemBinary(): string | undefined {
  const folders = ['/usr/sbin', ...(process.env.PATH ?? '').split(delimiter)];
  return folders.map((folder) => join(folder, 'pgbouncer')).find(canRun);
}

/** Debian's package, and a library of it that few machines have, unpacked but not installed. */
async function unpackedBinary(folder: string): Promise<string> {
  for (const name of ['pgbouncer', 'libc-ares2']) await run('apt-get', ['download', name], { cwd: folder });
  for (const file of globSync(join(folder, '*.deb'))) await run('dpkg-deb', ['-x', file, folder]);
  return join(folder, 'usr/sbin/pgbouncer');
}

function started(binary: string, args: readonly string[], env: Record<string, string>): Promise<ChildProcess> {
  const pooler = spawn(binary, args, { ...user, env: { ...process.env, ...env }, stdio: ['ignore', 'ignore', 'pipe'] });
  process.once('exit', () => pooler.kill('SIGKILL'));
  return new Promise((resolve, reject) => {
    let log = '';
    pooler.on('error', reject);
    pooler.on('exit', () => reject(new Error(log.trim())));
    pooler.stderr.on('data', (text) => {
      log = `${log}${text}`.slice(-4_000);
      if (log.includes('process up')) resolve(pooler);
    });
  });
}

function canRun(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
