/**
 * Entry points: which source file stands behind each subpath of `exports` in package.json.
 *
 * The one table that the build, the tests, the docs and the search for unused code share. It is derived, so that
 * a new adapter is one line in package.json; it never checks that a file exists (test/architecture.test.ts does).
 */
import { existsSync, readFileSync } from 'node:fs';

const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as { readonly exports: Record<string, unknown> };

/** Every importable module name with its source file: `{ 'tocsin/storage/memory': 'src/storage/memory.ts' }`. */
export const entries: Readonly<Record<string, string>> = Object.fromEntries(
  Object.keys(manifest.exports)
    .filter((subpath) => subpath !== './package.json')
    .map((subpath) => [subpath.replace(/^\./, 'tocsin'), sourceOf(subpath.slice(2) || 'index')]),
);

/** The name of the built file of a module, without its extension: 'storage/memory'. */
export function builtName(module: string): string {
  return module === 'tocsin' ? 'index' : module.slice('tocsin/'.length);
}

function sourceOf(name: string): string {
  const candidates = [`src/core/${name}/index.ts`, `src/${name}/index.ts`];
  return candidates.find((file) => existsSync(file)) ?? `src/${name}.ts`;
}
