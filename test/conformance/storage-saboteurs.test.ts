/**
 * The storage kit bites: whoever breaks a promise fails a test of that promise, and whoever keeps all passes.
 */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type StorageFixture, type StorageHook, testStorage } from '../../src/testing/index.ts';
import { openHonest, openSabotaged } from './saboteur.ts';
import { STORAGE_SABOTEURS } from './storage-saboteurs.ts';

type Registered = readonly (readonly [title: string, run: () => Promise<void>])[];

function registered(open: () => Promise<StorageFixture>, lacks: readonly StorageHook[] = []) {
  const tests: [string, () => Promise<void>][] = [];
  const untried = testStorage((title, run) => tests.push([title, run]), open, { lacks });
  return { tests: tests as Registered, untried };
}

const promiseOf = (title: string) => title.split(' ')[0];
const byNumber = (a: string | undefined, b: string | undefined) => Number(a?.slice(1)) - Number(b?.slice(1));
const promised = [...readFileSync('src/ports/storage.ts', 'utf8').matchAll(/^ \* {1,2}(S\d+)\. /gm)].map(([, n]) => n);

test('every promise of the port has a test and a saboteur', () => {
  const { tests } = registered(openHonest);
  expect(promised.length).toBeGreaterThan(15);
  expect([...new Set(tests.map(([title]) => promiseOf(title)))].toSorted(byNumber)).toEqual(promised);
  expect([...new Set(STORAGE_SABOTEURS.map(({ promise }) => promise))].toSorted(byNumber)).toEqual(promised);
});

test('no two tests of the kit have the same title', () => {
  const titles = registered(openHonest).tests.map(([title]) => title);
  expect(new Set(titles).size).toBe(titles.length);
});

test('a storage that keeps every promise passes', async () => {
  const { tests, untried } = registered(openHonest);
  for (const [title, run] of tests) await expect(run(), title).resolves.toBeUndefined();
  expect(untried).toEqual([]);
});

test.each(STORAGE_SABOTEURS)('$promise a storage that $does is found out', async (saboteur) => {
  const { tests } = registered(() => openSabotaged(saboteur));
  expect(await firstFailure(tests.filter(([title]) => promiseOf(title) === saboteur.promise))).toBeDefined();
});

test('a hook that the fixture lacks leaves its tests out, and says so', () => {
  const { tests, untried } = registered(openHonest, ['corrupt']);
  expect(untried.length).toBeGreaterThan(3);
  expect(new Set(untried.map(promiseOf))).toEqual(new Set(['S15']));
  expect(tests.map(([title]) => title)).not.toEqual(expect.arrayContaining([untried[0]]));
});

test('a hook that is missing and was not named as lacking fails the tests that need it', async () => {
  const { tests } = registered(async () => {
    const { corrupt: _, ...fixture } = await openHonest();
    return fixture;
  });
  const ofS15 = tests.filter(([title]) => promiseOf(title) === 'S15');
  expect(await firstFailure(ofS15)).toMatch(/no `corrupt`/);
});

/** What the first test that fails says. */
async function firstFailure(tests: Registered): Promise<string | undefined> {
  for (const [title, run] of tests) {
    try {
      await run();
    } catch (error) {
      return `${title}: ${String(error)}`;
    }
  }
  return undefined;
}
