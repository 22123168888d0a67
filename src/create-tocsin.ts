/**
 * createTocsin: the one place where the engine meets the adapters it uses when a host names none.
 *
 * Defaults only; everything else is in engine/.
 */
import { randomBytes, randomInt } from 'node:crypto';
import { v7 } from 'uuid';
import type { ReplaceMessage } from './core/paging/message-replaced.ts';
import type { GivenTexts } from './core/paging/message-texts.ts';
import type { ActionTokens } from './engine/action-tokens.ts';
import { assemble } from './engine/assemble.ts';
import { checkOptions } from './engine/check-options.ts';
import type { EmergencyPlan } from './engine/emergency-plan.ts';
import type { Authorize } from './engine/engine.ts';
import type { Reactions } from './engine/reactions.ts';
import type { SubscriptionTokens } from './engine/subscription-tokens.ts';
import type { Tocsin } from './engine/tocsin.ts';
import type { DeadMan } from './engine/watch.ts';
import { TocsinError } from './errors.ts';
import { checkActionSecrets, mintActionToken, readActionToken } from './interactions/action-token.ts';
import { mintSubscriptionToken, readSubscriptionToken } from './interactions/subscription-token.ts';
import type { ConfigInput } from './model/config.ts';
import type { Delivery } from './model/delivery.ts';
import { durationMs } from './model/duration.ts';
import type { ChatRoom } from './ports/chat-room.ts';
import { type Clock, type Ids, type Logger, wait } from './ports/clock.ts';
import type { Directory } from './ports/directory.ts';
import type { IssueTracker } from './ports/issue-tracker.ts';
import type { Notifier } from './ports/notifier.ts';
import { refuseUnknownOptions } from './ports/options.ts';
import type { Runner } from './ports/runner.ts';
import type { Storage } from './ports/storage.ts';
import { localRunner } from './runners/local.ts';
import { memoryStorage } from './storage/memory.ts';

/** What {@link createTocsin} is given. Only `config` is required. */
export type TocsinOptions = {
  readonly config: ConfigInput;
  /** Default: memory, which forgets everything when the process ends, and says so once. */
  readonly storage?: Storage;
  /** Default: this process. */
  readonly runner?: Runner;
  /** The channels that contacts name. */
  readonly notifiers?: readonly Notifier[];
  /** The chats in which incidents have rooms, such as `[slackRooms({ token })]`; `chatRooms` of the configuration says which. */
  readonly chatRooms?: readonly ChatRoom[];
  /** The trackers that get action items, such as `[webhookTracker({ url })]`; `reviews.actionItems.tracker` of the configuration names one. */
  readonly issueTrackers?: readonly IssueTracker[];
  /** Default: the time of this process. Memory storage takes it as its own. */
  readonly clock?: Clock;
  /** People from the host's own tables, beside those of the configuration. What it answered last is kept. */
  readonly directory?: Directory;
  /** Default: UUID version 7. */
  readonly ids?: Ids;
  /** Default: warnings and errors on the console. Any pino logger fits. */
  readonly logger?: Logger;
  /** Asked before every command. Default: everybody may do everything. */
  readonly authorize?: Authorize;
  /** Told of every delivery that ended without having been sent. */
  readonly onDeadLetter?: (delivery: Delivery) => void | Promise<void>;
  /**
   * Whom to tell, regularly, that due work is done: `beat` is called `every` 30 seconds (default) and stops being called
   * when something has been due for longer than `late` (default a minute), or when the storage does not answer. What it
   * calls must raise an alarm by itself when it hears nothing any more.
   */
  readonly deadMan?: {
    readonly beat: () => void | Promise<void>;
    readonly every?: string;
    readonly late?: string;
  };
  /**
   * Work that follows from an event and must not be lost: written in the commit of the event, run at least once, tried again
   * and, in the end, a dead letter. For what may be lost there is `tocsin.on`.
   */
  readonly reactions?: Reactions;
  /**
   * Whom to page, and through which notifier, when the storage stays down for longer than 10 s: what cannot wait is then paged
   * from memory, once for each key in 5 min, and told to the storage when that is back.
   */
  readonly emergency?: EmergencyPlan;
  /**
   * With these answers are signed, the first of them; the others still count, so that a secret can be changed without loss:
   * each at least 24 bytes of text, such as `openssl rand -base64 32` prints. Without them messages carry no links and no
   * buttons that answer.
   */
  readonly secrets?: readonly string[];
  /** Where the host serves the pages behind these links, such as `https://ops.example.com/tocsin`; `/answer/...` and `/subscription/...` are added. */
  readonly baseUrl?: string;
  /** The texts of messages by language, such as `{ de: { acknowledge: 'Quittieren' } }`. English and German are built in. */
  readonly texts?: GivenTexts;
  /** Says messages in the host's own words. It answers at once; what it cannot answer is said as built in. */
  readonly message?: ReplaceMessage;
  /** Default: 'default'. */
  readonly tenant?: string;
};

const systemClock: Clock = { now: () => Date.now(), wait };

const consoleLogger: Logger = {
  debug() {},
  info() {},
  warn: (facts, message) => console.warn(`tocsin: ${message}`, facts),
  error: (facts, message) => console.error(`tocsin: ${message}`, facts),
};

/**
 * Incident management for this process.
 *
 * @throws TocsinError INPUT_INVALID when an option is not known, or is not what its name says; `details.problems` names each.
 * @throws TocsinError CONFIG_INVALID with every problem of the configuration, each with its JSON path and a hint.
 * @example
 * ```ts
 * import { createTocsin, defineNotifier, weeklySchedule } from 'tocsin';
 * const sent: string[] = [];
 * const sms = defineNotifier({ name: 'sms', async send(message) { sent.push(`${message.to.user}: ${message.title}`); } });
 * const tocsin = createTocsin({
 *   notifiers: [sms],
 *   logger: { debug() {}, info() {}, warn() {}, error() {} },
 *   config: {
 *     users: [{ id: 'ana', contacts: [{ notifier: 'sms', address: '+15550100' }] }],
 *     schedules: [weeklySchedule('primary', { timeZone: 'America/New_York', start: '2026-01-05T09:00:00', participants: ['ana'] })],
 *     escalationPolicies: [{ id: 'default', steps: [{ targets: [{ schedule: 'primary' }] }], fallback: [{ user: 'ana' }] }],
 *     services: [{ id: 'checkout', escalationPolicy: 'default' }],
 *   },
 * });
 * const [result] = await tocsin.ingest({ action: 'trigger', title: 'Checkout is down', severity: 'critical' });
 * result?.outcome; // => 'opened'
 * await tocsin.tick();
 * sent; // => ['ana: Checkout is down']
 * await tocsin.stop();
 * ```
 */
export function createTocsin(options: TocsinOptions): Tocsin {
  refuseMissingConfig(options);
  refuseUnknownOptions('create Tocsin', options, Object.keys(KNOWN));
  checkOptions(options);
  const { clock = systemClock, logger = consoleLogger } = options;
  const tocsin = assemble({
    config: options.config,
    storage: options.storage ?? memoryStorage({ clock }),
    // Without a clock of the host's the runner waits by one that nobody can set.
    runner: options.runner ?? localRunner(options.clock === undefined ? {} : { clock }),
    notifiers: options.notifiers ?? [],
    chatRooms: options.chatRooms,
    issueTrackers: options.issueTrackers,
    clock,
    ids: options.ids ?? v7,
    codes: secureCode,
    actionTokens: actionTokensOf(options),
    subscriptionTokens: subscriptionTokensOf(options),
    directory: options.directory,
    logger,
    authorize: options.authorize,
    onDeadLetter: options.onDeadLetter,
    deadMan: deadManOf(options.deadMan),
    reactions: options.reactions ?? {},
    emergency: options.emergency,
    words: { texts: options.texts, replace: options.message },
    tenant: options.tenant ?? 'default',
  });
  if (options.storage === undefined) {
    logger.warn({}, 'No storage was given: everything is kept in memory and forgotten when this process ends.');
  }
  return tocsin;
}

/** Of six digits, each as likely as the other, by a source that nobody can guess. */
function secureCode() {
  return { code: String(randomInt(1_000_000)).padStart(6, '0'), salt: randomBytes(16).toString('hex') };
}

const KNOWN: { readonly [K in keyof Required<TocsinOptions>]: true } = {
  config: true,
  storage: true,
  runner: true,
  notifiers: true,
  chatRooms: true,
  issueTrackers: true,
  clock: true,
  ids: true,
  directory: true,
  logger: true,
  authorize: true,
  onDeadLetter: true,
  deadMan: true,
  reactions: true,
  emergency: true,
  texts: true,
  message: true,
  secrets: true,
  baseUrl: true,
  tenant: true,
};

/** How answers are signed. Who reads a secret may answer for everybody, so a weak one is refused. */
function actionTokensOf({ secrets, baseUrl }: TocsinOptions): ActionTokens | undefined {
  if (secrets === undefined) {
    if (baseUrl !== undefined) throw invalidOption('baseUrl', 'it leads nowhere without `secrets` to sign its links');
    return undefined;
  }
  checkActionSecrets(secrets);
  return {
    baseUrl: baseUrl === undefined ? undefined : linkBase(baseUrl),
    mint: (claims) => mintActionToken(claims, secrets),
    read: (token, nowMs) => readActionToken(token, secrets, nowMs),
  };
}

/** Signed with the same secrets under a name of their own, so that neither kind passes for the other. */
function subscriptionTokensOf({ secrets, baseUrl }: TocsinOptions): SubscriptionTokens | undefined {
  if (secrets === undefined) return undefined;
  return {
    baseUrl: baseUrl === undefined ? undefined : linkBase(baseUrl),
    mint: (claims) => mintSubscriptionToken(claims, secrets),
    read: (token, nowMs) => readSubscriptionToken(token, secrets, nowMs),
  };
}

/** A link that answers leads to one place, over TLS; this machine is for trying things out. */
function linkBase(baseUrl: unknown): string {
  const url = typeof baseUrl === 'string' && URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  const isPlain = url?.search === '' && url.hash === '' && url.username === '' && url.password === '';
  const isLocal = url?.protocol === 'http:' && (url.hostname === 'localhost' || url.hostname === '127.0.0.1');
  if (url !== undefined && isPlain && (url.protocol === 'https:' || isLocal)) return url.href.replace(/\/+$/, '');
  throw invalidOption('baseUrl', 'expected an https address without credentials, query and fragment');
}

function invalidOption(path: string, message: string): TocsinError {
  return new TocsinError('INPUT_INVALID', `Cannot create Tocsin: ${path}: ${message}.`, {
    details: { problems: [{ path, message }] },
  });
}

function deadManOf(given: TocsinOptions['deadMan']): DeadMan | undefined {
  if (given === undefined) return undefined;
  refuseUnknownOptions('create Tocsin with this deadMan', given, ['beat', 'every', 'late']);
  const { beat, every = '30s', late = '60s' } = given;
  return { beat, everyMs: atLeastASecond('every', every), lateMs: atLeastASecond('late', late) };
}

/** What is looked at more often than that would keep the storage busy with being looked at. */
function atLeastASecond(name: string, given: unknown): number {
  const ms = typeof given === 'string' ? durationMs(given) : 0;
  if (ms >= 1_000) return ms;
  const message = "expected a duration of a second or more, such as '30s'";
  throw new TocsinError('INPUT_INVALID', `Cannot create Tocsin with this deadMan: ${name}: ${message}.`, {
    details: { problems: [{ path: `deadMan.${name}`, message }] },
  });
}

/** Plain JavaScript may hand over nothing at all. */
function refuseMissingConfig(options: Partial<TocsinOptions> | undefined | null): void {
  if (options?.config !== undefined) return;
  throw new TocsinError(
    'CONFIG_INVALID',
    'Cannot create Tocsin: the config is missing. Write createTocsin({ config: { services: [...], ... } }).',
    {
      details: { problems: [{ path: '', message: 'the config is missing', hint: 'Write createTocsin({ config }).' }] },
    },
  );
}
