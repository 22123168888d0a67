/**
 * Shape problems: what zod finds wrong with a configuration, in words for the person who wrote it.
 *
 * Pure. It says what stands where and what could stand there; it never mends anything.
 */
import type * as z from 'zod';
import type { ConfigProblem } from './problem.ts';
import { schemasAt } from './schema-at.ts';

/** What is checked: the value, and the schema that complained of it. */
export type Checked = { readonly input: unknown; readonly schema: z.core.$ZodType };

const TYPES: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
  null: 'null',
};

/** The problems that `issue` stands for. */
export function shapeProblems(issue: z.core.$ZodIssue, checked: Checked): ConfigProblem[] {
  const path = pathOf(issue.path);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: pathOf([...issue.path, key]),
      message: 'this field is not known',
      hint: 'Check the spelling, or remove it.',
    }));
  }
  const value = valueAt(checked.input, issue.path);
  if (value === undefined && (issue.code === 'invalid_type' || issue.code === 'invalid_union')) {
    return [{ path, message: 'required' }];
  }
  if (issue.code === 'invalid_union') return unionProblems(issue, value, checked);
  if (issue.code !== 'invalid_type') return [{ path, message: issue.message }];
  const message = `expected ${TYPES[issue.expected] ?? issue.expected}, found ${typeOf(value)}`;
  return [{ path, message, ...durationHint(issue.path, value, checked) }];
}

/** Of several possible forms the one that was nearly met says what is wrong; when none was, they all do. */
function unionProblems(
  { path, errors }: z.core.$ZodIssueInvalidUnion,
  value: unknown,
  checked: Checked,
): ConfigProblem[] {
  const ofThisKind = errors.filter((issues) => !issues.some(isOfAnotherKind));
  const fewest = Math.min(...ofThisKind.map(countOf));
  const [nearest, ...others] = ofThisKind.filter((issues) => countOf(issues) === fewest);
  if (nearest !== undefined && others.length === 0)
    return nearest.flatMap((issue) => shapeProblems({ ...issue, path: [...path, ...issue.path] }, checked));
  return [
    {
      path: pathOf(path),
      message: 'this has none of the forms that are possible here',
      hint: formsHint(path, checked) ?? 'Check the names and the types of its fields.',
      ...durationHint(path, value, checked),
    },
  ];
}

/** A number where a duration stands is the likeliest slip of all. */
function durationHint(path: readonly PropertyKey[], value: unknown, { schema }: Checked): { readonly hint?: string } {
  if (typeof value !== 'number') return {};
  const isDuration = schemasAt(schema, path).some((candidate) => accepts(candidate, '5m') && !accepts(candidate, 'x'));
  return isDuration ? { hint: "Write durations as '5m'." } : {};
}

/** The forms of a union of objects that each have one field of their own, such as a target. */
function formsHint(path: readonly PropertyKey[], { schema }: Checked): string | undefined {
  const keys = schemasAt(schema, path).map(onlyRequiredKey);
  if (keys.length < 2 || keys.includes(undefined)) return undefined;
  const forms = keys.map((key) => `{ ${key}: 'id' }`);
  return `Write ${forms.slice(0, -1).join(', ')} or ${forms.at(-1)}.`;
}

function onlyRequiredKey(schema: z.core.$ZodType): string | undefined {
  const { def } = schema._zod as z.core.$ZodTypes['_zod'];
  if (def.type !== 'object') return undefined;
  const required = Object.keys(def.shape).filter((key) => def.shape[key]?._zod.optin !== 'optional');
  return required.length === 1 ? required[0] : undefined;
}

function accepts(schema: z.core.$ZodType, value: unknown): boolean {
  return (schema as z.ZodType).safeParse(value).success;
}

function countOf(issues: readonly z.core.$ZodIssue[]): number {
  return issues.reduce((count, issue) => count + (issue.code === 'unrecognized_keys' ? issue.keys.length : 1), 0);
}

/** A text where an object was expected, or another text than the one that is possible. */
function isOfAnotherKind({ code, path }: z.core.$ZodIssue): boolean {
  return path.length === 0 && (code === 'invalid_type' || code === 'invalid_value');
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce(
    (value, key) => (value === undefined || value === null ? undefined : Reflect.get(Object(value), key)),
    input,
  );
}

function typeOf(value: unknown): string {
  const type = value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
  return TYPES[type] ?? `a ${type}`;
}

function pathOf(parts: readonly PropertyKey[]): string {
  return parts
    .map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index === 0 ? '' : '.'}${String(part)}`))
    .join('');
}
