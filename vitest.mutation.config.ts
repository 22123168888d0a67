/**
 * The tests that judge mutants of src/core: those of the pure core alone, so that a run stays short.
 */
import { defineConfig } from 'vitest/config';
import base from './vitest.config.ts';

export default defineConfig({
  ...base,
  test: { ...base.test, include: ['test/core/**/*.test.ts', 'test/scenarios/{lifecycle,returning}.test.ts'] },
});
