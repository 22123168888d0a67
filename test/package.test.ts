/**
 * The package as a host gets it: packed, installed into an empty project, imported and required.
 *
 * It reads the build in dist/ and never makes one: `npm run build` comes first in `npm test`.
 */
import { execFile } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { builtName, entries } from '../entries.config.ts';

const run = promisify(execFile);
const modules = Object.keys(entries);
const missing = modules.filter((module) => !existsSync(`dist/${builtName(module)}.js`));
if (missing.length > 0) {
  throw new Error(`The build lacks ${missing.join(', ')}: run \`npm run build\` first (\`npm test\` does).`);
}

/** The peer without which a subpath cannot be imported: what it makes is made at once, and nothing can be fetched later. */
const PEER = 'ical-generator';

/** A project that depends on the packed library and that peer, and on nothing else. */
const project = mkdtempSync(join(tmpdir(), 'tocsin-package-'));
let tarball = '';

beforeAll(async () => {
  const quiet = ['--no-audit', '--no-fund', '--ignore-scripts'];
  const packed = await run('npm', ['pack', '--json', '--pack-destination', project, '--ignore-scripts']);
  tarball = join(project, (JSON.parse(packed.stdout) as { readonly filename: string }[])[0]!.filename);
  writeFileSync(join(project, 'package.json'), JSON.stringify({ name: 'host', private: true }));
  const { devDependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;
  const peer = `${PEER}@${devDependencies[PEER]}`;
  await run('npm', ['install', '--prefer-offline', '--no-package-lock', ...quiet, tarball, peer], { cwd: project });
}, 120_000);

afterAll(() => rmSync(project, { recursive: true, force: true }));

/** Runs a script in the project and gives the JSON that it prints. */
async function answer(file: string, code: string): Promise<unknown> {
  writeFileSync(join(project, file), code);
  const { stdout } = await run(process.execPath, [file], { cwd: project });
  return JSON.parse(stdout);
}

/** What each module exports according to its source. */
async function exportsOfSources(): Promise<Record<string, string[]>> {
  const named = modules.map(async (module) => [
    module,
    Object.keys(await import(/* @vite-ignore */ resolve(entries[module]!))).sort(),
  ]);
  return Object.fromEntries(await Promise.all(named)) as Record<string, string[]>;
}

describe('in a host of any kind', () => {
  test('an ES module imports every subpath and gets what the source exports', async () => {
    const code = `const found = {};
      for (const module of ${JSON.stringify(modules)}) found[module] = Object.keys(await import(module)).sort();
      console.log(JSON.stringify(found));`;
    expect(await answer('all.mjs', code)).toEqual(await exportsOfSources());
  });

  test('a CommonJS module requires every subpath and gets the same', async () => {
    const code = `const found = {};
      for (const module of ${JSON.stringify(modules)}) found[module] = Object.keys(require(module)).sort();
      console.log(JSON.stringify(found));`;
    expect(await answer('all.cjs', code)).toEqual(await exportsOfSources());
  });

  test('an error of one copy of the library is recognised by the other', async () => {
    const code = `const { TocsinError } = require('tocsin');
      import('tocsin').then(({ isTocsinError }) => {
        console.log(isTocsinError(new TocsinError('STOPPED', 'Over.'), 'STOPPED'));
      });`;
    expect(await answer('both.cjs', code)).toBe(true);
  });

  test('a source reads a body without anything else of the library', async () => {
    const code = `import { alertmanagerSource } from 'tocsin/sources/alertmanager';
      const body = { version: '4', alerts: [{ status: 'firing', fingerprint: 'f', labels: { alertname: 'Disk' } }] };
      console.log(JSON.stringify(alertmanagerSource().parse(JSON.stringify(body)).map((event) => event.title)));`;
    expect(await answer('source.mjs', code)).toEqual(['Disk']);
  });

  test('the types of every subpath compile for both kinds of module', { timeout: 60_000 }, async () => {
    const uses = modules.map(
      (module, index) => `import * as m${index} from '${module}';\nexport const a${index}: object = m${index};`,
    );
    writeFileSync(join(project, 'types.mts'), uses.join('\n'));
    writeFileSync(join(project, 'types.cts'), uses.join('\n'));
    // No types of Node.js are lent: a host may have none.
    const flags = ['--noEmit', '--strict', '--target', 'es2023', '--module', 'nodenext'];
    const compile = [resolve('node_modules/typescript/bin/tsc'), ...flags, 'types.mts', 'types.cts'];
    const complaints = await run(process.execPath, compile, { cwd: project }).then(
      () => '',
      (failure: { readonly stdout: string }) => failure.stdout,
    );
    expect(complaints).toBe('');
  });
});

describe('what is in it', () => {
  test('the build, its types, the manifest and the licence, and no sources or tests', async () => {
    const root = join(project, 'node_modules/tocsin');
    const files = globSync('**/*', { cwd: root }).map((file) => file.replaceAll('\\', '/'));
    for (const module of modules) {
      for (const extension of ['js', 'cjs', 'd.ts', 'd.cts'])
        expect(files).toContain(`dist/${builtName(module)}.${extension}`);
    }
    const others = files.filter((file) => file !== 'dist' && !file.startsWith('dist/'));
    expect(others.filter((file) => !['package.json', 'LICENSE', 'README.md'].includes(file))).toEqual([]);
    expect(others).toContain('LICENSE');
  });

  /** What built code names in `from`, `import` and `require`. */
  const named = (code: string) =>
    [...code.matchAll(/(?:\bfrom\s*|\bimport\s*\(?\s*|\brequire\(\s*)["']([^"'\n]+)["']/g)].map(
      ([, name = '']) => name,
    );
  const built = globSync('dist/**/*.{js,cjs}');
  const namedIn = (file: string) => named(readFileSync(file, 'utf8')).map((name) => `${file}: ${name}`);
  const isBareBuiltin = (name: string) => builtinModules.includes(name) && !name.startsWith('node:');

  test('built-in modules keep their `node:` prefix', () => {
    const samples = `import{a}from"fs";import 'crypto';import('events');require("fs/promises");import x from 'node:fs';`;
    expect(named(samples).filter(isBareBuiltin)).toEqual(['fs', 'crypto', 'events', 'fs/promises']);
    const all = built.flatMap(namedIn);
    for (const extension of ['.js', '.cjs'])
      expect(all.filter((line) => line.includes(`${extension}: node:`)).length).toBeGreaterThan(0);
    expect(all.filter((line) => isBareBuiltin(line.split(': ')[1]!))).toEqual([]);
  });

  test('no dependency is bundled', () => {
    const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;
    const used = new Set(built.flatMap((file) => named(readFileSync(file, 'utf8'))).map(packageOf));
    for (const name of Object.keys(dependencies)) expect(used).toContain(name);
    const marks = built.filter((file) => /^\/\/ node_modules\//m.test(readFileSync(file, 'utf8')));
    expect(marks).toEqual([]);
  });

  test('only ES modules have source maps', () => {
    expect(globSync('dist/**/*.cjs.map')).toEqual([]);
    expect(globSync('dist/**/*.js.map').length).toBeGreaterThan(0);
  });
});

describe('what a host pays for', () => {
  const MAX_GZIP_BYTES = 6_000;

  /** The bytes of a subpath, bundled as a host would bundle it, without its packages. */
  async function sizeOf(module: string): Promise<number> {
    const { outputFiles } = await build({
      entryPoints: [`dist/${builtName(module)}.js`],
      bundle: true,
      minify: true,
      format: 'esm',
      platform: 'node',
      packages: 'external',
      logLevel: 'silent',
      write: false,
    });
    return gzipSync(outputFiles[0]!.contents, { level: 9 }).byteLength;
  }

  test.each(modules.filter((module) => /^tocsin\/(?:notifiers|chat-rooms|issue-trackers)\//.test(module)))(
    `%s takes at most ${MAX_GZIP_BYTES} bytes`,
    async (module) => {
      const size = await sizeOf(module);
      expect(size).toBeGreaterThan(1_000);
      expect(size).toBeLessThanOrEqual(MAX_GZIP_BYTES);
    },
  );
});

describe('by the judgement of others', () => {
  const tool = (name: string) => resolve('node_modules/.bin', name);

  test('publint finds nothing, not even a suggestion', async () => {
    const { stdout } = await run(tool('publint'), ['run', tarball, '--strict', '--level', 'suggestion']);
    expect(stdout).toContain('All good!');
  });

  test('are the types wrong? They are not, from ES modules, CommonJS and bundlers', { timeout: 60_000 }, async () => {
    const { stdout } = await run(tool('attw'), [tarball, '--profile', 'node16', '--format', 'json'], {
      maxBuffer: 64 * 1_024 * 1_024,
    });
    const { analysis } = JSON.parse(stdout) as { readonly analysis: { readonly problems: readonly Problem[] } };
    expect(analysis.problems.filter(({ resolutionKind }) => resolutionKind !== 'node10')).toEqual([]);
  });
});

/** What attw reports; `node10` has no `exports` and cannot find a subpath. */
type Problem = { readonly kind: string; readonly resolutionKind?: string };

type Manifest = Readonly<Record<'dependencies' | 'devDependencies', Readonly<Record<string, string>>>>;

/** The package of a module name: `secure-json-parse`, `@types/luxon`. */
function packageOf(name: string): string {
  return name.split('/', name.startsWith('@') ? 2 : 1).join('/');
}
