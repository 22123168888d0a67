/**
 * The tests: they import 'tocsin' and its subpaths by name and get the sources, never a build.
 */
import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';
import { entries } from './entries.config.ts';

export default defineConfig({
  resolve: {
    alias: Object.entries(entries).map(([module, source]) => ({
      find: new RegExp(`^${module}$`),
      replacement: resolve(source),
    })),
  },
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/support/seed.ts'],
    testTimeout: 30_000,
    // Two cores are what CI has, and many tests wait for processes of their own.
    maxWorkers: 3,
  },
});
