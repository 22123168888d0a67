/**
 * The search for unused files, exports and dependencies: what neither an entry point nor a test, example or
 * benchmark reaches is unused.
 */
import type { KnipConfig } from 'knip';
import { entries } from './entries.config.ts';

export default {
  entry: [...Object.values(entries), 'test/**/*.test.ts', 'examples/*.ts', 'bench/*.ts', 'vitest.mutation.config.ts'],
  project: ['src/**/*.ts', 'test/**/*.ts', 'examples/**/*.ts', 'bench/**/*.ts', '*.config.{ts,js}'],
  // A schema that builds a larger one in its own file is part of the vocabulary.
  ignoreExportsUsedInFile: true,
  // test/package.test.ts runs them as commands.
  ignoreDependencies: ['@arethetypeswrong/cli', 'publint'],
} satisfies KnipConfig;
