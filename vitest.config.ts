/**
 * The tests: they import 'tocsin' and its subpaths by name and get the sources, never a build.
 */
import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';
import { entries } from './entries.config.ts';

const alias = Object.entries(entries).map(([module, source]) => ({
  find: new RegExp(`^${module}$`),
  replacement: resolve(source),
}));

/** Rooms that start no process of their own: their files share modules, which halves the time they take. */
const SHARED =
  'test/{callbacks,chat-rooms,conformance,core,engine,interactions,issue-trackers,model,notifiers,ports,render,scenarios,sources,testing}/**/!(*.int).test.ts';

/** Rooms that ask for a Postgres: one server serves them all. */
const POSTGRES = 'test/{crash,engine,runners,storage}/**/*.int.test.ts';

const test = { setupFiles: ['test/support/seed.ts'], testTimeout: 30_000 };

export default defineConfig({
  test: {
    // Two cores are what CI has, and many tests wait for processes of their own.
    maxWorkers: 3,
    projects: [
      {
        resolve: { alias },
        test: { ...test, name: 'apart', include: ['test/**/*.test.ts'], exclude: [SHARED, POSTGRES] },
      },
      {
        resolve: { alias },
        test: { ...test, name: 'postgres', include: [POSTGRES], globalSetup: ['test/support/shared-server.ts'] },
      },
      { resolve: { alias }, test: { ...test, name: 'shared', include: [SHARED], isolate: false } },
    ],
  },
});
