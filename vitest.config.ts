import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const source = (path: string) => fileURLToPath(new URL(`./src/${path}`, import.meta.url));

export default defineConfig({
  resolve: {
    alias: [
      { find: /^tocsin$/, replacement: source('index.ts') },
      { find: /^tocsin\/(lifecycle|on-call|rules)$/, replacement: source('core/$1/index.ts') },
      { find: /^tocsin\/(render|testing)$/, replacement: source('$1/index.ts') },
      { find: /^tocsin\/((?:storage|runners|notifiers|sources)\/.+)$/, replacement: source('$1.ts') },
    ],
  },
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 30_000,
  },
});
