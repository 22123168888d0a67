/**
 * The build: one ESM and one CommonJS file with its types per entry point. It never bundles a dependency.
 *
 * CommonJS entries share no chunks: sharing them costs every `?.` a helper call. They have no source maps, which
 * would repeat the whole source for each entry. `--no-dts` builds the ESM files alone.
 */
import { defineConfig, type Options } from 'tsup';
import { builtName, entries } from './entries.config.ts';

// Hosts without @types/node know no Symbol.asyncDispose.
const LIBRARIES = '/// <reference lib="esnext.disposable" />';

const common: Options = {
  entry: Object.fromEntries(Object.entries(entries).map(([module, source]) => [builtName(module), source])),
  target: 'node22',
  platform: 'node',
  removeNodeProtocol: false,
};
const esm: Options = { ...common, format: 'esm', splitting: true, sourcemap: true };
const cjs: Options = { ...common, format: 'cjs', splitting: false };
const types: Options = { ...common, format: ['esm', 'cjs'], dts: { only: true, banner: LIBRARIES } };

export default defineConfig(({ dts }) => (dts === false ? [esm] : [esm, cjs, types]));
