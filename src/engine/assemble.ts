/**
 * assemble: puts the parts together.
 *
 * Wiring only. Everything that can be wrong with what the host hands in is said here, before anything runs.
 */
import { createHash } from 'node:crypto';
import { checkConfig } from '../core/config/check.ts';
import { compileConfig } from '../core/config/compile.ts';
import { TocsinError } from '../errors.ts';
import type { Config, ConfigInput } from '../model/config.ts';
import type { Delivery } from '../model/delivery.ts';
import { idSchema } from '../model/identity.ts';
import type { ChatRoom } from '../ports/chat-room.ts';
import type { Clock, Ids, Logger } from '../ports/clock.ts';
import type { Directory } from '../ports/directory.ts';
import type { IssueTracker } from '../ports/issue-tracker.ts';
import type { Notifier } from '../ports/notifier.ts';
import type { Runner } from '../ports/runner.ts';
import type { Storage } from '../ports/storage.ts';
import type { ActionTokens } from './action-tokens.ts';
import { createAskIncoming } from './ask-incoming.ts';
import { createBus } from './bus.ts';
import { createCarriers } from './carriers.ts';
import { createCommits } from './commits.ts';
import type { Codes } from './contact-code.ts';
import { createCurrentConfigs } from './current-config.ts';
import { createEmergency } from './emergency.ts';
import { checkEmergencyPlan, type EmergencyPlan } from './emergency-plan.ts';
import type { Authorize, Engine, Words } from './engine.ts';
import { createFollowing } from './following.ts';
import { createHandoffWatch } from './handoff-watch.ts';
import { healthOf } from './health.ts';
import { refuseUnknownTracker } from './issue-config.ts';
import type { People } from './known-people.ts';
import { createPeople } from './people.ts';
import { createQuarantine } from './quarantine.ts';
import type { Reactions } from './reactions.ts';
import { createReads } from './reads.ts';
import { refuseUnknownChats } from './room-config.ts';
import { safeLogger } from './safe-logger.ts';
import { createStatusPictures } from './status-pictures.ts';
import type { SubscriptionTokens } from './subscription-tokens.ts';
import { configOf, type TenantConfig, tenantConfig } from './tenant-config.ts';
import { tenantFace } from './tenant-face.ts';
import { createTidy } from './tidy.ts';
import type { Tocsin } from './tocsin.ts';
import { reaching } from './transact.ts';
import { createTurns } from './turns.ts';
import { createUpkeep } from './upkeep.ts';
import { createVitals } from './vitals.ts';
import { createWatch, type DeadMan } from './watch.ts';
import { createWork } from './work.ts';

/** The parts, all of them there: see create-tocsin.ts for what a host may leave out. */
export type Parts = {
  readonly config: ConfigInput;
  readonly storage: Storage;
  readonly runner: Runner;
  readonly notifiers: readonly Notifier[];
  readonly chatRooms?: readonly ChatRoom[] | undefined;
  readonly issueTrackers?: readonly IssueTracker[] | undefined;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly codes: Codes;
  readonly actionTokens?: ActionTokens | undefined;
  readonly subscriptionTokens?: SubscriptionTokens | undefined;
  readonly directory?: Directory | undefined;
  readonly logger: Logger;
  readonly authorize: Authorize | undefined;
  readonly onDeadLetter: ((delivery: Delivery) => void | Promise<void>) | undefined;
  readonly deadMan: DeadMan | undefined;
  readonly reactions: Reactions;
  readonly emergency?: EmergencyPlan | undefined;
  readonly words?: Words;
  readonly tenant: string;
};

/** Puts the parts together. */
export function assemble({
  config,
  storage,
  runner,
  clock,
  ids,
  codes,
  actionTokens,
  subscriptionTokens,
  directory,
  tenant,
  authorize,
  onDeadLetter,
  deadMan,
  reactions,
  words = {},
  emergency: plan,
  ...parts
}: Parts): Tocsin {
  const notifiers = new Map(parts.notifiers.map((notifier) => [notifier.name, notifier]));
  const chatRooms = new Map((parts.chatRooms ?? []).map((chatRoom) => [chatRoom.name, chatRoom]));
  const issueTrackers = new Map((parts.issueTrackers ?? []).map((tracker) => [tracker.name, tracker]));
  const given = { notifiers, chatRooms, issueTrackers };
  const tenants = new Map<string, TenantConfig>();
  let migrated: Promise<void> | undefined;
  let state: 'idle' | 'running' | 'stopped' = 'idle';

  const logger = safeLogger(parts.logger);
  const bus = createBus(logger);
  const quarantine = createQuarantine(bus, logger);
  const reads = createReads(storage, quarantine, logger);
  const engine: Engine = {
    storage,
    reads,
    load: reads.load,
    current: createCurrentConfigs(reads.load, { tenants, logger, bus, people: () => people }),
    commit: createCommits(storage, logger),
    get people() {
      return people;
    },
    get pictures() {
      return pictures;
    },
    quarantine,
    vitals: createVitals(),
    notifiers,
    chatRooms,
    issueTrackers,
    carriers: createCarriers(notifiers, clock),
    following: createFollowing(),
    reactions,
    words,
    clock,
    ids,
    codes,
    actionTokens,
    subscriptionTokens,
    logger,
    bus,
    authorize,
    onDeadLetter,
    tenants,
    askIncoming: (handover) => askIncoming(handover),
    inTurn: createTurns(),
    wake: (inMs) => {
      if (state === 'running') runner.wake(inMs);
    },
    stored: (inMs) => {
      if (state === 'running' && runner.isWokenByStorage !== true) runner.wake(inMs);
    },
    isStopped: () => state === 'stopped',
    ready: () => {
      if (state === 'stopped')
        return Promise.reject(
          new TocsinError('STOPPED', 'Cannot do this: this instance was stopped. Create another one.'),
        );
      migrated ??= reaching(() => storage.migrate()).catch((error: unknown) => {
        migrated = undefined;
        throw error;
      });
      return migrated;
    },
  };
  const people: People | undefined = directory === undefined ? undefined : createPeople(engine, directory);
  const pictures = createStatusPictures(engine);
  const askIncoming = createAskIncoming(engine);
  const work = createWork(engine);
  const handoffs = createHandoffWatch(engine);
  const upkeep = createUpkeep(engine);
  const tidy = createTidy(engine);
  const watch = createWatch(engine, deadMan, tidy);
  const emergency = createEmergency(engine, plan);

  const lifetime = {
    async start() {
      await engine.ready();
      if (state === 'running') return;
      // Somebody may have stopped it while the storage was made ready.
      if (state === 'stopped') return engine.ready();
      state = 'running';
      engine.vitals.begin();
      watch.begin();
      try {
        await runner.start({
          run: async () => {
            const nextInMs = await work.sweep();
            void handoffs.look();
            void upkeep.look();
            people?.look();
            return nextInMs;
          },
          failed: (error) => engine.bus.tell('error', { type: 'error', error, doing: 'looking for due work' }),
        });
      } catch (error) {
        // It may be started again: whoever believed that it runs would wait for pages in vain.
        if (state === 'running') state = 'idle';
        watch.end();
        engine.vitals.end();
        throw error;
      }
    },
    async stop() {
      watch.end();
      await emergency.end();
      if (state === 'running') await runner.stop();
      await work.drain();
      await handoffs.drain();
      await upkeep.drain();
      await people?.drain();
      engine.vitals.end();
      state = 'stopped';
    },
    async tick() {
      await work.tick();
      people?.look();
      const hasArmed = [await handoffs.look(), await upkeep.look()];
      if (hasArmed.includes(true)) await work.tick();
      await tidy();
    },
  };

  function serve(id: string, input: ConfigInput | undefined): Tocsin {
    const tenantId = checkTenant(id);
    if (input !== undefined) {
      tenants.set(tenantId, compile(input, given, people !== undefined));
      engine.wake(0);
    } else if (!tenants.has(tenantId)) {
      throw new TocsinError(
        'REFERENCE_UNKNOWN',
        `Cannot act for tenant ${tenantId}: it has no configuration yet. Use tocsin.forTenant(id, { config }).`,
        { details: { tenant: tenantId } },
      );
    }
    // Only whoever created the whole may stop it: disposing of one tenant's face leaves the others at work.
    const stop = tenantId === tenant ? lifetime.stop : async () => {};
    const health = () => healthOf(engine, tenantId === tenant ? [...tenants.keys()] : [tenantId]);
    const own = { ...lifetime, stop, health };
    return tenantFace(engine, tenantId, {
      lifetime: { ...own, forTenant: (other, options) => serve(other, options?.config) },
      watch: emergency.watch,
    });
  }

  tenants.set(checkTenant(tenant), compile(config, given, people !== undefined));
  checkEmergencyPlan(plan, configOf({ tenants }, tenant).users);
  return serve(tenant, undefined);
}

function compile(
  input: ConfigInput,
  { notifiers, chatRooms, issueTrackers }: Pick<Engine, 'notifiers' | 'chatRooms' | 'issueTrackers'>,
  hasDirectory: boolean,
): TenantConfig {
  const config = checkConfig(input, { hasDirectory });
  refuseUnknownNotifiers(config, notifiers);
  refuseUnknownChats(config, chatRooms);
  refuseUnknownTracker(config, issueTrackers);
  const version = createHash('sha256').update(JSON.stringify(config)).digest('hex').slice(0, 16);
  return tenantConfig(compileConfig(config, version));
}

/** A contact whose notifier does not exist would be found out in the middle of a page. */
function refuseUnknownNotifiers(config: Config, notifiers: ReadonlyMap<string, Notifier>): void {
  const known = [...notifiers.keys(), ...Object.keys(config.failover)].join(', ') || 'none';
  const members = Object.entries(config.failover).flatMap(([name, list]) =>
    list.map((notifier, index) => ({ path: `failover.${name}[${index}]`, notifier })),
  );
  const named = [
    ...config.users.flatMap(({ contacts }, user) =>
      contacts.map(({ notifier }, index) => ({ path: `users[${user}].contacts[${index}].notifier`, notifier })),
    ),
    ...config.channels.map(({ notifier }, index) => ({ path: `channels[${index}].notifier`, notifier })),
    ...config.canaries.map(({ notifier }, index) => ({ path: `canaries[${index}].notifier`, notifier })),
    ...config.limits.map(({ notifier }, index) => ({ path: `limits[${index}].notifier`, notifier })),
    ...config.mirrors.map(({ notifier }, index) => ({ path: `mirrors[${index}].notifier`, notifier })),
    ...config.updates.strangers.notifiers.map((notifier, index) => ({
      path: `updates.strangers.notifiers[${index}]`,
      notifier,
    })),
  ];
  const isMissing = ({ notifier }: { readonly notifier: string }) => !notifiers.has(notifier);
  const missing = [
    ...named.filter((each) => isMissing(each) && !Object.hasOwn(config.failover, each.notifier)),
    ...members.filter(isMissing),
  ].map(({ path, notifier }) => ({
    path,
    message: `there is no notifier ${notifier}`,
    hint: `Hand it to createTocsin({ notifiers }). Known: ${known}.`,
  }));
  // Every step of an incident would be one more message to somebody.
  const speaking = config.mirrors.flatMap(({ notifier }, index) => {
    const found = notifiers.get(notifier);
    const isGroup = Object.hasOwn(config.failover, notifier);
    if (found?.mirrors !== undefined || (found === undefined && !isGroup)) return [];
    const hint = 'Name one that has `mirrors`, such as pagerDutyNotifier; or make it a channel of a policy.';
    return [{ path: `mirrors[${index}].notifier`, message: `${notifier} mirrors no platform`, hint }];
  });
  // A form would page somebody.
  const ringing = config.updates.strangers.notifiers.flatMap((notifier, index) => {
    const group = Object.hasOwn(config.failover, notifier) ? config.failover[notifier] : undefined;
    const carriers = group ?? [notifier];
    if (carriers.every((name) => notifiers.get(name)?.mirrors === undefined)) return [];
    const hint = 'Name one that reaches whoever asks, such as an e-mail notifier.';
    return [
      { path: `updates.strangers.notifiers[${index}]`, message: `${notifier} makes incidents of messages`, hint },
    ];
  });
  // What pages somebody says what the public may not know.
  const paging = [...named.filter(({ path }) => !/^(?:mirrors|canaries|limits)/.test(path)), ...members];
  const telling = paging.flatMap(({ path, notifier }) => {
    if (notifiers.get(notifier)?.audience !== 'public') return [];
    return [{ path, message: `everybody reads what ${notifier} shows`, hint: 'Name it in `mirrors` only.' }];
  });
  const problems = [...missing, ...speaking, ...ringing, ...telling];
  if (problems.length === 0) return;
  const shown = problems.slice(0, 10).map(({ path, message, hint }) => `  ${path}: ${message}. ${hint}`);
  throw new TocsinError(
    'CONFIG_INVALID',
    ['Cannot use this configuration: it names notifiers that it cannot use.', ...shown].join('\n'),
    { details: { problems } },
  );
}

function checkTenant(id: string): string {
  const parsed = idSchema.safeParse(id);
  if (parsed.success) return parsed.data;
  throw new TocsinError(
    'INPUT_INVALID',
    `Cannot use ${JSON.stringify(id)} as a tenant: ${parsed.error.issues[0]?.message ?? 'not an id'}.`,
    { details: { problems: [{ path: 'tenant', message: 'not an id' }] } },
  );
}
