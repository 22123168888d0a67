/**
 * Fields: how a dotted path finds its value in a fact.
 *
 * Pure. It reads own properties only and never walks a prototype.
 */
import { quote, ruleInvalid } from './rule-invalid.ts';

/** What a rule is asked about: a plain object. */
export type Fact = Readonly<Record<string, unknown>>;
/** Reads one value; `undefined` means that it is missing. */
export type FieldReader = (fact: Fact) => unknown;

type Step = { readonly whole: string; readonly head: string };

const RESERVED = new Set(['__proto__', 'constructor', 'prototype']);
const MAX_LENGTH = 256;
const LABELS = 'labels.';

/** Whether `key` may never be looked up or stored, because it names a part of every JavaScript object. */
export function isReservedKey(key: string): boolean {
  return RESERVED.has(key);
}

/**
 * A reader of the dotted path `field`, such as `details.disk.free` or `details.hosts.0`.
 *
 * Keys may have dots in them: behind `labels.` the whole rest is one key (`labels.app.kubernetes.io/name`), elsewhere a key that
 * is the whole rest of the path goes before the walk (`details.http.status` finds `{ details: { 'http.status': 500 } }`).
 * A property that is absent or `undefined` is missing; `null` is a value.
 *
 * @throws TocsinError RULE_INVALID when the path is empty, longer than 256 characters, has an empty part, or names
 * `__proto__`, `constructor` or `prototype`.
 */
export function compileField(field: unknown, path: string): FieldReader {
  if (typeof field !== 'string' || field === '' || field.length > MAX_LENGTH) {
    throw ruleInvalid(
      path,
      `found ${quote(field)}`,
      `Name a field in at most ${MAX_LENGTH} characters, such as 'labels.env'.`,
    );
  }
  const parts = field.split('.');
  const reserved = parts.find(isReservedKey);
  if (reserved !== undefined) {
    throw ruleInvalid(path, `${quote(field)} names '${reserved}', which no field may`, 'Name a field of the event.');
  }
  if (field.startsWith(LABELS) && field.length > LABELS.length) {
    return compileLabel(field.slice(LABELS.length));
  }
  if (parts.includes(''))
    throw ruleInvalid(path, `${quote(field)} has an empty part`, "Write 'labels.env', without stray dots.");
  if (parts.length === 1) return (fact) => ownValue(fact, field);
  const steps = parts.map((head, place): Step => ({ whole: parts.slice(place).join('.'), head }));
  return (fact) => walk(fact, steps);
}

/** A reader of the label `name`, which must not be one of the reserved keys. */
export function compileLabel(name: string): FieldReader {
  return (fact) => {
    const labels = fact.labels;
    if (!isObject(labels)) return undefined;
    const label = labels[name];
    // Asked last: most labels that a rule names are not there at all.
    return label !== undefined && Object.hasOwn(labels, name) && Object.hasOwn(fact, 'labels') ? label : undefined;
  };
}

/** The own property `key` of `value`, or `undefined`. */
export function ownValue(value: unknown, key: string): unknown {
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

function walk(fact: Fact, steps: readonly Step[]): unknown {
  let here: unknown = fact;
  for (const { whole, head } of steps) {
    const found = ownValue(here, whole);
    if (found !== undefined) return found;
    here = ownValue(here, head);
  }
  return undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
