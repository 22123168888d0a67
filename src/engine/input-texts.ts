/**
 * What is wrong with the input of a command, in words for the person who wrote the call.
 *
 * Words only: what may be given is said by the schemas in input.ts.
 */
import type * as z from 'zod';

/** One thing that is wrong, and where. */
export type InputProblem = { readonly path: string; readonly message: string };

/** What a field of a command is, after "`field` must be" and "is required:". */
const FIELDS: Readonly<Record<string, string>> = {
  by: 'a user id or an actor',
  title: 'a line of text',
  body: 'a text',
  text: 'a text',
  reason: 'a text',
  cause: 'a text',
  message: 'a line of text',
  service: 'the id of a service',
  severity: 'the id of a severity',
  policy: 'the id of an escalation policy',
  role: 'the id of a role',
  user: 'the id of a user',
  users: 'a list of user ids',
  assignee: 'the id of a user',
  owner: 'the id of a user',
  priority: 'the id of a priority',
  dueAt: "a Date, epoch milliseconds, ISO 8601 with an offset, or a duration such as '14d'",
  task: 'the id of a task',
  into: 'the id of an incident',
  incident: 'the id of an incident',
  for: "a duration such as '30m'",
  step: 'a whole number, counted from 1',
  href: 'an http or https address',
  impact: 'a text',
  timePressure: 'a text',
  schedule: 'the id of a schedule',
  from: 'a Date, epoch milliseconds, or a text such as 2026-01-05T09:00:00',
  until: 'a Date, epoch milliseconds, or a text such as 2026-01-05T17:00:00',
  replaces: 'the id of a user',
  layer: 'the id of a layer',
  give: 'the id of a user',
  take: 'the id of a user',
  id: 'an id of your own',
};
const ID = /^the id of /;

/** The problems of `input`, given what its schema complains of. */
export function inputProblems(
  issues: readonly z.core.$ZodIssue[],
  input: unknown,
  shape: Readonly<Record<string, z.ZodType>>,
): InputProblem[] {
  const problems = issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys' && issue.path.length === 0) {
      const known = Object.keys(shape).join(', ');
      return issue.keys.map((path) => ({ path, message: `this field is not known; known: ${known}` }));
    }
    const path = issue.path.join('.');
    return [{ path, message: issue.path.length === 0 ? wholeMessage(shape) : fieldMessage(issue, path, input) }];
  }); // A value of another type is also too small: the first complaint says enough.
  return problems.filter(({ path }, index) => problems.findIndex((other) => other.path === path) === index);
}

/** The problems in one line; a message that names its field needs no path before it. */
export function shownProblems(problems: readonly InputProblem[]): string {
  return problems
    .map(({ path, message }) => (path === '' || message.startsWith('`') ? message : `${path}: ${message}`))
    .join('; ');
}

function wholeMessage(shape: Readonly<Record<string, z.ZodType>>): string {
  const required = Object.keys(shape).filter((name) => shape[name]?.safeParse(undefined).success === false);
  const names = required.map((name) => `\`${name}\``);
  const last = names.pop();
  return `give an object with ${names.length === 0 ? last : `${names.join(', ')} and ${last}`}`;
}

function fieldMessage(issue: z.core.$ZodIssue, path: string, input: unknown): string {
  const [field = ''] = issue.path.map(String);
  const value = issue.path.reduce<unknown>((found, key) => Reflect.get(Object(found), key), input);
  const what = FIELDS[field];
  if (issue.code === 'invalid_value') {
    const options = issue.values.map((option) => `'${String(option)}'`).join(', ');
    return `\`${path}\` ${value === undefined ? 'is required:' : 'must be'} one of ${options}`;
  }
  if (value === undefined) return `\`${path}\` is required${what === undefined ? '' : `: ${what}`}`;
  switch (issue.code) {
    case 'too_small':
      if (issue.origin === 'string') return `\`${path}\` is empty`;
      return issue.origin === 'array'
        ? `\`${path}\` needs at least ${issue.minimum} of them`
        : `\`${path}\` must be at least ${issue.minimum}`;
    case 'too_big':
      if (issue.origin === 'string') return `\`${path}\` is longer than ${issue.maximum} characters`;
      return issue.origin === 'array'
        ? `\`${path}\` takes at most ${issue.maximum} of them`
        : `\`${path}\` must be at most ${issue.maximum}`;
    case 'custom':
      return issue.message;
    case 'invalid_format':
      return what === undefined || issue.format === 'regex' ? issue.message : `\`${path}\` must be ${what}`;
    case 'invalid_union':
      // A text can only have been meant as an id.
      if (typeof value === 'string' && value !== '') return issue.errors[0]?.[0]?.message ?? issue.message;
      return `\`${path}\` must be ${what ?? 'of another form'}`;
    default:
      return mustBe(path, what, value);
  }
}

function mustBe(path: string, what: string | undefined, value: unknown): string {
  const message = `\`${path}\` must be ${what ?? 'of another type'}`;
  const isObject = typeof value === 'object' && value !== null;
  return isObject && what !== undefined && ID.test(what)
    ? `${message}: pass its \`id\`; is an \`await\` missing?`
    : message;
}
