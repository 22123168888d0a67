/**
 * The rules of the house: who imports whom, what the pure rooms may not touch, how a file begins, and that the shop
 * window (package.json) shows what stands behind it.
 */
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { cruise, type ICruiseResult } from 'dependency-cruiser';
import ts from 'typescript';
import { afterAll, describe, expect, test } from 'vitest';
import rules from '../dependency-cruiser.config.ts';
import { builtName, entries } from '../entries.config.ts';
import { impurities } from './support/impurities.ts';

const sources = globSync('src/**/*.ts').toSorted();
const read = (file: string) => readFileSync(file, 'utf8');

describe('who imports whom', () => {
  const house = mkdtempSync(join(tmpdir(), 'tocsin-house-'));
  afterAll(() => rmSync(house, { recursive: true }));

  /** The names of the rules that a house of these files breaks. */
  async function broken(files: Readonly<Record<string, string>>): Promise<string[]> {
    const home = mkdtempSync(join(house, 'plan-'));
    for (const [file, text] of Object.entries({ 'package.json': read('package.json'), ...files })) {
      mkdirSync(dirname(join(home, file)), { recursive: true });
      writeFileSync(join(home, file), text);
    }
    const { tsConfig: _, ...options } = rules.options;
    const { output } = await cruise(['src'], {
      ...options,
      baseDir: home,
      validate: true,
      ruleSet: { forbidden: rules.forbidden },
    });
    return (output as ICruiseResult).summary.violations.map(({ rule }) => rule.name);
  }

  /** A file that imports another one; both exist. */
  const importing = (from: string, to: string, kind = 'import'): Record<string, string> => {
    const up = '../'.repeat(from.split('/').length - 1) || './';
    return {
      [to]: 'export const a = 1;',
      [from]: `${kind} { a } from '${up}${to}';\nexport const b = 1 as unknown as typeof a;`,
    };
  };

  const forbidden: readonly (readonly [rule: string, files: Readonly<Record<string, string>>])[] = [
    [
      'no-cycles',
      {
        ...importing('src/core/a/x.ts', 'src/core/a/y.ts'),
        'src/core/a/y.ts': "import type { b } from './x.ts';\nexport const a = 1;\nexport type B = typeof b;",
      },
    ],
    ['no-unresolved', { 'src/core/a.ts': "import './gone.ts';" }],
    ['errors-alone', importing('src/errors.ts', 'src/model/a.ts')],
    ['model-first', importing('src/model/a.ts', 'src/core/text/b.ts', 'import type')],
    ['core-below-ports', importing('src/core/paging/a.ts', 'src/ports/clock.ts', 'import type')],
    ['core-below-ports', importing('src/core/paging/a.ts', 'src/engine/b.ts')],
    ['ports-below-engine', importing('src/ports/storage.ts', 'src/engine/b.ts', 'import type')],
    ['engine-knows-ports-only', importing('src/engine/a.ts', 'src/notifiers/slack.ts')],
    ['engine-knows-ports-only', importing('src/engine/a.ts', 'src/storage/memory.ts', 'import type')],
    ['adapters-apart', importing('src/storage/sqlite.ts', 'src/storage/memory.ts')],
    ['adapters-apart', importing('src/notifiers/slack.ts', 'src/storage/memory.ts')],
    ['adapters-apart', importing('src/chat-rooms/slack.ts', 'src/notifiers/slack.ts')],
    ['adapters-apart', importing('src/issue-trackers/webhook.ts', 'src/notifiers/webhook.ts')],
    ['adapters-apart', importing('src/issue-trackers/webhook.ts', 'src/engine/b.ts', 'import type')],
    ['adapters-apart', importing('src/runners/local.ts', 'src/engine/b.ts', 'import type')],
    ['adapters-apart', importing('src/notifiers/slack.ts', 'src/core/paging/b.ts')],
    ['text-is-for-notifiers', importing('src/storage/sqlite.ts', 'src/core/text/b.ts')],
    ['text-is-for-notifiers', importing('src/runners/local.ts', 'src/notifiers/http/b.ts')],
    ['edges-stay-thin', importing('src/sources/a.ts', 'src/ports/clock.ts', 'import type')],
    ['edges-stay-thin', importing('src/render/a.ts', 'src/engine/b.ts', 'import type')],
    ['callbacks-below-edges', importing('src/callbacks/a.ts', 'src/interactions/b.ts', 'import type')],
    ['callbacks-are-for-edges', importing('src/notifiers/a.ts', 'src/callbacks/b.ts', 'import type')],
    ['callbacks-are-for-edges', importing('src/issue-trackers/a.ts', 'src/callbacks/b.ts', 'import type')],
    ['edges-take-core-types', importing('src/render/a.ts', 'src/core/lifecycle/b.ts')],
    ['edges-take-core-types', importing('src/sources/a.ts', 'src/ports/source.ts')],
    ['http-sees-the-face', importing('src/http/a.ts', 'src/engine/deliver.ts', 'import type')],
    ['http-takes-the-type', importing('src/http/a.ts', 'src/engine/tocsin.ts')],
    ['index-is-the-top', importing('src/testing/a.ts', 'src/index.ts', 'import type')],
    ['index-is-the-top', importing('src/engine/a.ts', 'src/create-tocsin.ts', 'import type')],
    [
      'pure-without-node',
      { 'src/core/a.ts': "import { randomUUID } from 'node:crypto';\nexport const a = randomUUID;" },
    ],
    ['pure-without-node', { 'src/render/a.ts': "import type { Buffer } from 'node:buffer';\nexport type A = Buffer;" }],
    ['core-packages', { 'src/core/a.ts': "import { v7 } from 'uuid';\nexport const a = v7;" }],
    ['model-packages', { 'src/model/a.ts': "import { Settings } from 'luxon';\nexport const a = Settings;" }],
    ['source-packages', { 'src/sources/a.ts': "import { v7 } from 'uuid';\nexport const a = v7;" }],
    ['port-packages', { 'src/ports/a.ts': "import * as z from 'zod';\nexport const a = z;" }],
    ['no-dev-dependency', { 'src/engine/a.ts': "import fc from 'fast-check';\nexport const a = fc;" }],
  ];
  const stubs = Object.fromEntries(
    ['uuid', 'luxon', 'zod', 'fast-check', 'secure-json-parse'].flatMap((name) => [
      [`node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', main: 'index.js' })],
      [`node_modules/${name}/index.js`, ''],
    ]),
  );

  test.each(forbidden)('%s bites', async (rule, files) => {
    expect(await broken({ ...stubs, ...files })).toContain(rule);
  });

  test('every rule has a planted violation', () => {
    expect(new Set(forbidden.map(([rule]) => rule))).toEqual(new Set(rules.forbidden.map(({ name }) => name)));
  });

  test('what the house allows breaks no rule', async () => {
    const allowed = [
      importing('src/core/paging/a.ts', 'src/model/b.ts'),
      importing('src/ports/storage.ts', 'src/core/lifecycle/c.ts', 'import type'),
      importing('src/engine/a.ts', 'src/ports/clock.ts'),
      importing('src/create-tocsin.ts', 'src/storage/memory.ts'),
      importing('src/notifiers/slack.ts', 'src/notifiers/http/post.ts'),
      importing('src/notifiers/slack.ts', 'src/notifiers/slack/blocks.ts'),
      importing('src/chat-rooms/slack.ts', 'src/notifiers/http/ask.ts'),
      importing('src/issue-trackers/webhook.ts', 'src/notifiers/http/ask.ts'),
      importing('src/interactions/slack.ts', 'src/callbacks/mac.ts'),
      importing('src/sources/d.ts', 'src/callbacks/mac.ts'),
      importing('src/notifiers/http/post.ts', 'src/core/text/cut.ts'),
      importing('src/sources/a.ts', 'src/ports/source.ts', 'import type'),
      importing('src/sources/b.ts', 'src/core/intake/a.ts', 'import type'),
      importing('src/http/a.ts', 'src/engine/tocsin.ts', 'import type'),
      importing('src/testing/a.ts', 'src/engine/d.ts'),
      importing('src/index.ts', 'src/testing/b.ts'),
      {
        'src/engine/e.ts':
          "import { v7 } from 'uuid';\nimport { once } from 'node:events';\nexport const e = [v7, once];",
      },
      { 'src/sources/c.ts': "import json from 'secure-json-parse';\nexport const c = json;" },
    ];
    expect(await broken({ ...stubs, ...Object.assign({}, ...allowed) })).toEqual([]);
  });
});

describe('the pure rooms', () => {
  const pure = sources.filter((file) => /^src\/(core|model|callbacks|sources|interactions|render)\//.test(file));

  /** A signature is a function of its input as well: one file computes them all. */
  const signing = 'src/callbacks/mac.ts';

  test.each(pure)('%s touches no clock, chance, timer, promise or process', (file) => {
    const hashing = file === signing ? [expect.stringContaining("'node:crypto'")] : [];
    expect(impurities(read(file))).toEqual(hashing);
  });
});

describe('every file', () => {
  test.each(sources)('%s opens by saying what it is', (file) => {
    expect(read(file)).toMatch(/^\/\*\*\n \* \S[^\n]*\n( \*[^\n]*\n)* \*\/\n/);
  });

  test.each(sources)('%s says what each function does that it exports', (file) => {
    const lines = read(file).split('\n');
    const silent = lines.filter((line, index) => /^export function /.test(line) && !lines[index - 1]?.endsWith('*/'));
    expect(silent).toEqual([]);
  });

  test('zod comes in as a namespace, so that a host bundles only what is used', () => {
    const forms = sources.flatMap(
      (file) => read(file).match(/^(?:import|export)\b[^;]*?from ['"]zod(?:\/[^'"]*)?['"]/gm) ?? [],
    );
    expect(forms.length).toBeGreaterThan(0);
    expect(forms.filter((form) => !/^import (type )?\* as z from 'zod'$/.test(form))).toEqual([]);
  });
});

describe('the shop window', () => {
  const manifest = JSON.parse(read('package.json')) as { readonly exports: Record<string, unknown> };

  test.each(Object.entries(entries))('%s has its source', (_, source) => {
    expect(sources).toContain(source);
  });

  test.each(Object.keys(entries))('%s is built under its own name, for import and for require', (module) => {
    const file = `./dist/${builtName(module)}`;
    expect(manifest.exports[module.replace('tocsin', '.')]).toEqual({
      import: { types: `${file}.d.ts`, default: `${file}.js` },
      require: { types: `${file}.d.cts`, default: `${file}.cjs` },
    });
  });

  test('every adapter has its subpath', () => {
    const adapters = sources.filter((file) =>
      /^src\/(storage|runners|notifiers|chat-rooms|issue-trackers|sources|interactions)\/[^/]+\.ts$/.test(file),
    );
    const hidden = adapters.filter((file) => !Object.values(entries).includes(file));
    expect(hidden.filter((file) => isAdapter(file))).toEqual([]);
  });

  test('the compiler finds under each name what the build puts there', () => {
    const { config } = ts.readConfigFile('tsconfig.json', (file) => read(file));
    const { options } = ts.parseJsonConfigFileContent(config, ts.sys, process.cwd());
    for (const [module, source] of Object.entries(entries)) {
      const found = ts.resolveModuleName(module, join(process.cwd(), 'test/any.ts'), options, ts.sys);
      expect(found.resolvedModule?.resolvedFileName).toBe(join(process.cwd(), source));
    }
  });

  test('the reference has a page for each', () => {
    const { entryPoints } = JSON.parse(read('typedoc.json')) as { readonly entryPoints: readonly string[] };
    expect(globSync(entryPoints).toSorted()).toEqual(Object.values(entries).toSorted());
  });

  /** An adapter exports a factory named after its file: `memoryStorage`, `localRunner`, `webhookNotifier`. */
  function isAdapter(file: string): boolean {
    return /^export function \w+(Storage|Runner|Notifier|Rooms|Tracker|Source|Interactions)\(/m.test(read(file));
  }
});
