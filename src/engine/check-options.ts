/**
 * The shape of what a host hands to createTocsin, looked at before anything is built from it.
 *
 * Only whether the functions are there; whether they keep their promises is not looked at.
 */
import { TocsinError } from '../errors.ts';
import { timelineEventSchema } from '../model/timeline.ts';
import { ROOM_STEPS } from '../ports/chat-room.ts';
import type { Clock, Logger } from '../ports/clock.ts';
import { ISSUE_STEPS } from '../ports/issue-tracker.ts';
import type { NotifierKind } from '../ports/notifier.ts';
import type { Runner } from '../ports/runner.ts';
import type { Storage } from '../ports/storage.ts';

type Problem = { readonly path: string; readonly message: string };

const CLOCK: readonly (keyof Clock)[] = ['now', 'wait'];
const LOGGER: readonly (keyof Logger)[] = ['debug', 'info', 'warn', 'error'];
const RUNNER: readonly (keyof Runner)[] = ['start', 'wake', 'stop'];
const STORAGE: readonly (keyof Storage)[] = [
  'migrate',
  'load',
  'commit',
  'claimTimers',
  'dropTimer',
  'claimDeliveries',
  'extendDelivery',
  'settleDelivery',
  'receiveDelivery',
  'hasten',
  'revive',
  'nextDue',
  'timeline',
  'listIncidents',
  'listAlerts',
  'listDeliveries',
  'listDocuments',
  'documentVersions',
  'figures',
  'prune',
  'withClient',
  'close',
];
const OBJECTS = { clock: CLOCK, logger: LOGGER, runner: RUNNER, storage: STORAGE } as const;

/**
 * Refuses options that cannot be what they stand for; an option that was left out is not looked at.
 *
 * @throws TocsinError INPUT_INVALID with `details.problems`, each `{ path, message }`.
 */
export function checkOptions(options: Readonly<Record<string, unknown>>): void {
  const problems = [
    ...Object.entries(OBJECTS).flatMap(([name, functions]) => objectProblems(name, options[name], functions)),
    ...['ids', 'authorize', 'onDeadLetter', 'message'].flatMap((name) =>
      options[name] === undefined || typeof options[name] === 'function'
        ? []
        : [{ path: name, message: 'this is no function' }],
    ),
    ...objectProblems('deadMan', options.deadMan, ['beat']),
    ...objectProblems('directory', options.directory, ['user', 'users']),
    ...notifierProblems(options.notifiers),
    ...chatRoomProblems(options.chatRooms),
    ...issueTrackerProblems(options.issueTrackers),
    ...reactionProblems(options.reactions),
  ];
  if (problems.length === 0) return;
  const shown = problems.map(({ path, message }) => `${path}: ${message}`).join('; ');
  throw new TocsinError('INPUT_INVALID', `Cannot create Tocsin: ${shown}.`, { details: { problems } });
}

function objectProblems(path: string, value: unknown, functions: readonly string[]): Problem[] {
  if (value === undefined) return [];
  const absent = functions.filter((name) => !hasFunction(value, name));
  if (absent.length === 0) return [];
  return [
    {
      path,
      message: `this is no ${path}: it lacks the ${absent.length > 1 ? 'functions' : 'function'} ${absent.join(', ')}`,
    },
  ];
}

function notifierProblems(notifiers: unknown): Problem[] {
  if (notifiers === undefined) return [];
  if (!Array.isArray(notifiers)) return [{ path: 'notifiers', message: 'this is no list; write [notifier]' }];
  const seen = new Set<string>();
  return notifiers.flatMap((notifier: unknown, index) => {
    const path = `notifiers[${index}]`;
    const name = nameOf(notifier);
    if (name === undefined) return [{ path, message: 'this has no `name`; call the factory, or use defineNotifier' }];
    if (!hasFunction(notifier, 'send')) return [{ path, message: `the notifier ${name} has no \`send\` function` }];
    const wrong = notifierOptionProblems(path, notifier as Readonly<Record<string, unknown>>);
    if (wrong.length > 0) return wrong;
    const isSecond = seen.has(name);
    seen.add(name);
    return isSecond ? [{ path, message: `the name ${name} is used twice; give each notifier its own` }] : [];
  });
}

function chatRoomProblems(chatRooms: unknown): Problem[] {
  const of = { what: 'chat room', list: 'chatRooms', one: 'chatRoom', define: 'defineChatRoom', steps: ROOM_STEPS };
  return adapterProblems(chatRooms, of);
}

function issueTrackerProblems(trackers: unknown): Problem[] {
  const named = { what: 'issue tracker', list: 'issueTrackers', one: 'issueTracker', define: 'defineIssueTracker' };
  return adapterProblems(trackers, { ...named, steps: ISSUE_STEPS });
}

/** What kind of adapters a list holds, and how they are made. */
type Adapters = {
  readonly what: string;
  readonly list: string;
  readonly one: string;
  readonly define: string;
  readonly steps: readonly string[];
};

function adapterProblems(given: unknown, { what, list, one, define, steps }: Adapters): Problem[] {
  if (given === undefined) return [];
  if (!Array.isArray(given)) return [{ path: list, message: `this is no list; write [${one}]` }];
  const names = given.map(nameOf);
  return given.flatMap((adapter: unknown, index) => {
    const path = `${list}[${index}]`;
    const name = names[index];
    if (name === undefined) return [{ path, message: `this has no \`name\`; call the factory, or use ${define}` }];
    if (names.indexOf(name) < index)
      return [{ path, message: `the name ${name} is used twice; give each ${what} its own` }];
    const absent = steps.filter((step) => !hasFunction(adapter, step));
    return absent.length === 0 ? [] : [{ path, message: `the ${what} ${name} lacks ${absent.join(', ')}` }];
  });
}

const KINDS = ['sms', 'voice', 'email', 'push', 'chat', 'webhook', 'console'] satisfies NotifierKind[];

/** What a notifier says of itself: with no place at all, or no time, nothing would ever be sent through it. */
function notifierOptionProblems(path: string, given: Readonly<Record<string, unknown>>) {
  const { kind, provider, update, mirrors, audience, concurrency, deadlineMs } = given;
  const checks: readonly (readonly [string, boolean, string])[] = [
    ['kind', kind === undefined || KINDS.some((each) => each === kind), `this is none of ${KINDS.join(', ')}`],
    ['provider', provider === undefined || typeof provider === 'function', 'this is no function'],
    ['update', update === undefined || typeof update === 'function', 'this is no function'],
    ['mirrors', mirrors === undefined || (typeof mirrors === 'string' && mirrors !== ''), 'this is no name'],
    ['audience', audience === undefined || audience === 'public', "this is not 'public', the only one there is"],
    [
      'concurrency',
      concurrency === undefined || (Number.isInteger(concurrency) && Number(concurrency) > 0),
      'this is no whole number from 1',
    ],
    [
      'deadlineMs',
      deadlineMs === undefined || (Number.isFinite(deadlineMs) && Number(deadlineMs) > 0),
      'this is no number of milliseconds above 0',
    ],
  ];
  return checks.flatMap(([name, isRight, message]) => (isRight ? [] : [{ path: `${path}.${name}`, message }]));
}

const EVENTS: readonly string[] = timelineEventSchema.options.map(({ shape }) => shape.type.value);

function reactionProblems(reactions: unknown): Problem[] {
  if (reactions === undefined) return [];
  if (typeof reactions !== 'object' || reactions === null) return [{ path: 'reactions', message: 'this is no object' }];
  return Object.entries(reactions).flatMap(([type, reaction]) => {
    const path = `reactions['${type}']`;
    if (!EVENTS.includes(type)) return [{ path, message: 'there is no such event in a timeline' }];
    return typeof reaction === 'function' ? [] : [{ path, message: 'this is no function' }];
  });
}

/** A factory that was not called is a function, and has a name of its own. */
function nameOf(notifier: unknown): string | undefined {
  if (typeof notifier !== 'object' || notifier === null || !('name' in notifier)) return undefined;
  return typeof notifier.name === 'string' && notifier.name !== '' ? notifier.name : undefined;
}

function hasFunction(value: unknown, name: string): boolean {
  return typeof value === 'object' && value !== null && typeof Reflect.get(value, name) === 'function';
}
