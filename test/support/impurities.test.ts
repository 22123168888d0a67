/**
 * The detector of impure code: it bites, and only where it should.
 */
import { expect, test } from 'vitest';
import { impurities } from './impurities.ts';

test.each([
  ['const a = Date.now();', ['Date.now (1)']],
  ['\nconst a = new Date();', ['new Date() (2)']],
  ['const a = Date();', ['Date() (1)']],
  ['Math.random();', ['Math.random (1)']],
  ['setTimeout(f, 1);', ['setTimeout (1)']],
  ['const { now } = performance;', ['performance (1)']],
  ['const f = async () => { await g(); };', ['async (1)', 'await (1)']],
  ["import { a } from 'node:fs';", ["'node:fs' (1)"]],
  ["const a = import('x');", ['import() (1)']],
  ['DateTime.now();', ['DateTime.now (1)']],
  ['export const f = () => process.env.A;', ['process (1)']],
  ['Promise.resolve(1);', ['Promise (1)']],
])('%s is impure', (code, found) => {
  expect(impurities(code)).toEqual(found);
});

test.each([
  ['const a = new Date(0);'],
  ['// Date.now(), await, setTimeout'],
  ["const a = 'Math.random()';"],
  ['const a = { process: 1 }; a.process;'],
  ['type A = { readonly fetch: string };'],
  ['type A = Promise<void>;'],
  ['DateTime.fromMillis(0);'],
])('%s is pure', (code) => {
  expect(impurities(code)).toEqual([]);
});
