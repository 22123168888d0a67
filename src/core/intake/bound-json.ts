/**
 * Bounding JSON: copies a stranger's data only if it can be kept, without walking more of it than that.
 *
 * Pure. It never throws for the size or the depth of what it is given.
 */
import { isReservedKey } from '../rules/field.ts';
import { cleanText } from '../text/clean.ts';

/** Data that survives JSON. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** How much is kept. */
export type JsonLimits = {
  /** Objects and lists within each other. */
  readonly depth: number;
  /** Keys of all objects together. */
  readonly keys: number;
  /** Characters of the JSON text. */
  readonly characters: number;
};

type Budget = { keys: number; characters: number };
/** `undefined`: nothing that JSON knows. */
type Copied = Json | undefined;

const TOO_MUCH = Symbol('too much');

/**
 * A cleaned copy of `value`, or `undefined` when it exceeds `limits` or is nothing that JSON knows.
 *
 * As with `JSON.stringify` a date becomes its ISO text, a number that is not finite becomes null, functions and `undefined` are left
 * out. Control characters are taken out of texts and keys; keys named `__proto__`, `constructor` or `prototype` are left out.
 */
export function boundJson(value: unknown, limits: JsonLimits): Json | undefined {
  const copied = copy(value, limits.depth, { keys: limits.keys, characters: limits.characters });
  if (copied === TOO_MUCH || copied === undefined) return undefined;
  return JSON.stringify(copied).length > limits.characters ? undefined : copied;
}

function copy(value: unknown, depth: number, budget: Budget): Copied | typeof TOO_MUCH {
  if (typeof value === 'string') return spend(budget, value.length) ? cleanText(value) : TOO_MUCH;
  if (!spend(budget, 1)) return TOO_MUCH;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (typeof value === 'object' && value !== null) {
    if (depth === 0) return TOO_MUCH;
    return Array.isArray(value) ? copyList(value, depth - 1, budget) : copyObject(value, depth - 1, budget);
  }
  return copyScalar(value);
}

function copyScalar(value: unknown): Copied {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value === 'bigint') return value.toString();
  return value === null || typeof value === 'boolean' ? value : undefined;
}

function copyList(list: readonly unknown[], depth: number, budget: Budget): readonly Json[] | typeof TOO_MUCH {
  if (list.length > budget.characters) return TOO_MUCH;
  const copies: Json[] = [];
  for (const item of list) {
    const copied = copy(item, depth, budget);
    if (copied === TOO_MUCH) return TOO_MUCH;
    copies.push(copied ?? null);
  }
  return copies;
}

function copyObject(object: object, depth: number, budget: Budget): { readonly [key: string]: Json } | typeof TOO_MUCH {
  const entries = Object.entries(object);
  budget.keys -= entries.length;
  if (budget.keys < 0) return TOO_MUCH;
  const copies: [string, Json][] = [];
  for (const [rawKey, item] of entries) {
    if (!spend(budget, rawKey.length)) return TOO_MUCH;
    const key = cleanText(rawKey);
    const copied = isReservedKey(key) ? undefined : copy(item, depth, budget);
    if (copied === TOO_MUCH) return TOO_MUCH;
    if (copied !== undefined) copies.push([key, copied]);
  }
  return Object.fromEntries(copies);
}

// A lower bound of what the JSON text will take, so that nobody has to write a text of many megabytes to find out.
function spend(budget: Budget, characters: number): boolean {
  budget.characters -= characters;
  return budget.characters >= 0;
}
