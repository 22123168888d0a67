/**
 * The providers: the notifiers of every process, and what goes wrong behind them.
 *
 * What they deliver is told to the phones; whether a process asks them as it should is looked at on the way.
 */
import {
  defineNotifier,
  type Message,
  type Notifier,
  notifyError,
  type SendOptions,
  type SendResult,
} from '../../src/index.ts';
import { createEtiquette, type Ended, type Etiquette, honouredMs } from './etiquette.ts';
import type { Life } from './node.ts';
import { nonsense, oddResult } from './nonsense.ts';
import type { Receipt } from './receiver.ts';
import type { Simulation } from './simulation.ts';

/** The providers of a world. */
export type Providers = {
  notifiersFor(life: Life): Notifier[];
  /** Until when any of them has asked any process to wait. */
  askedUntil(): number;
  /** The clocks were put right. */
  forget(): void;
};

/** What a provider does with a message. */
export type Answer =
  | 'taken'
  | 'odd'
  | 'refuse'
  | 'retryAfter'
  | 'permanent'
  | 'hang'
  | 'timeout'
  | 'late'
  | 'delivered'
  | 'lost'
  | 'sync'
  | 'nonsense';

/** How many messages of one tenant a process may have on their way through one notifier. */
const MOST_IN_FLIGHT = 64;

/** Providers that nobody has asked yet. */
export function createProviders(sim: Simulation): Providers {
  const { scheduler, journal, channels } = sim;
  const chance = sim.chance.fork('providers');
  const etiquettes: Etiquette[] = [];
  let sent = 0;
  let askedUntil = 0;

  /** What a provider asks for: mostly seconds, and whatever else may stand there. */
  function askedWait(): unknown {
    const seconds = 1_000 * chance.between(1, 60);
    return chance.pick<unknown>([
      seconds,
      seconds,
      seconds,
      seconds + chance.next() * 1_000,
      0,
      -5_000,
      Number.NaN,
      Number.POSITIVE_INFINITY,
      '30',
      null,
      ...(channels.isSlow ? [1e15, Number.MAX_VALUE] : []),
    ]);
  }

  function answerTo({ receipt, isKnown, isWrite }: Errand, name: string): Answer {
    if (name === sim.hangingChannel()) return 'hang';
    if (!isKnown) return 'permanent';
    const { outage, ...rates } = sim.faults();
    const isDown = outage > 0 && sim.isDown(name);
    if (isDown && chance.chance(0.9)) return chance.pick(['refuse', 'refuse', 'hang', 'timeout'] as const);
    if (rates.permanent > 0 && sim.receiver.isUnreachable(receipt.user) && chance.chance(0.9)) return 'permanent';
    const { refuse, retryAfter, permanent, hang, timeout, late, delivered, lost, sync, odd } = rates;
    let draw = chance.next();
    const kinds = {
      // What took a change and lost it could be mended by nobody.
      ...(isWrite !== true && { lost }),
      refuse,
      retryAfter,
      permanent,
      hang,
      timeout,
      late,
      delivered,
      sync,
      nonsense: rates.nonsense,
      odd,
    };
    for (const [kind, rate] of Object.entries(kinds)) {
      if (draw < rate) return kind as Answer;
      draw -= rate;
    }
    return 'taken';
  }

  function notifier(life: Life, name: string): Notifier {
    const inFlight = new Map<string, number>();
    // What changes a message goes to whoever carried it, beside what goes out under the name for several.
    const isOneOfSeveral = channels.carriers.sms.length > 1 && channels.carriers.sms.includes(name);
    const mostInFlight = isOneOfSeveral ? 2 * MOST_IN_FLIGHT : MOST_IN_FLIGHT;
    // What brings a message up to date never keeps a page waiting: it is left alone by itself.
    const [pages, following] = [createEtiquette(scheduler.now), createEtiquette(scheduler.now)];
    etiquettes.push(pages, following);
    const { [name]: deadlineMs } = channels.deadlineMs;
    const { [name]: concurrency } = channels.concurrency;

    function enter(tenant: string, address: string, isWrite: boolean): (how: Ended) => void {
      const now = (inFlight.get(tenant) ?? 0) + 1;
      inFlight.set(tenant, now);
      const all = [...inFlight.values()].reduce((sum, count) => sum + count, 0);
      if (now > mostInFlight || all > (concurrency ?? Number.POSITIVE_INFINITY))
        journal.violate(
          'I13',
          `${life.name} has ${now} messages of ${tenant} on their way through ${name}, ${all} in all`,
        );
      const { problem, end } = (isWrite ? following : pages).begin(address);
      if (problem !== undefined) journal.violate('I19', `${life.name} asks ${name}: ${problem}`);
      let isOver = false;
      return (how) => {
        if (isOver) return;
        isOver = true;
        inFlight.set(tenant, (inFlight.get(tenant) ?? 1) - 1);
        end(how);
      };
    }

    function ask(message: Message, options: SendOptions, errand: Errand): Promise<SendResult | undefined> {
      const { receipt, what } = errand;
      const leave = enter(message.tenant, message.to.address, errand.isWrite === true);
      const answer = answerTo(errand, name);
      if (answer !== 'taken') journal.count(`fault: ${answer}`);
      const listing = (message.bundle ?? []).map(({ deliveryId }) => deliveryId).join(' ');
      journal.line(
        `${life.name} ${what} ${message.tenant}/${options.idempotencyKey} to ${message.to.user ?? message.status} by ${name}: ${answer}${listing && `, listing ${listing}`}`,
      );
      options.signal.addEventListener('abort', () => leave({ askedMs: undefined }));
      if (answer === 'sync') {
        leave({ askedMs: undefined });
        throw nonsense(chance);
      }
      return promised(life, { ...errand, message, options, receipt, leave, name }, answer);
    }

    /** Brings something up to date, within the time of the attempt: see N2. */
    function write(message: Message, options: SendOptions, { write, ...errand }: Writing) {
      if (!life.isAlive()) return new Promise<undefined>(() => {});
      const receipt = sim.receiver.handedUp(message, options.idempotencyKey);
      const { tenant, deliveryId } = message;
      const arrive = () => {
        receipt.delivered += 1;
        journal.count('brought up');
        write(sim.receiver.isLate(life, tenant, deliveryId));
      };
      return ask(message, options, { ...errand, what: 'brings up', receipt, arrive, latestMs: 1_500, isWrite: true });
    }

    const isMirror = sim.following.mirrors.find(({ id }) => id === name);
    const mirrored = (message: Message, options: SendOptions, isKnown = true) =>
      write(message, options, {
        isKnown,
        write: (isLate) => sim.platforms.write(name, message, isLate),
        result: () => sim.platforms.answer(name, message),
      });
    if (isMirror !== undefined)
      return defineNotifier({
        name,
        mirrors: isMirror.platform,
        send: (message, options) => mirrored(message, options),
        update: (externalId, message, options) => mirrored(message, options, sim.platforms.has(name, externalId)),
      });

    const canUpdate = sim.following.canUpdate.includes(name);
    return defineNotifier({
      name,
      ...(deadlineMs !== undefined && { deadlineMs }),
      ...(concurrency !== undefined && { concurrency }),
      send(message, options) {
        if (!life.isAlive()) return new Promise<undefined>(() => {});
        const receipt = sim.receiver.handed(message, options.idempotencyKey, name);
        const externalId = canUpdate ? `${message.tenant}/${options.idempotencyKey}#${++sent}` : options.idempotencyKey;
        const arrive = () => {
          const { tenant, deliveryId } = message;
          if (canUpdate) sim.chats.write(externalId, message, sim.receiver.isLate(life, tenant, deliveryId));
          sim.receiver.arrive(receipt, message);
        };
        const result = () => ({ externalId });
        return ask(message, options, { what: 'sends', receipt, arrive, result, latestMs: 30_000, isKnown: true });
      },
      ...(canUpdate && {
        update: (externalId: string, message: Message, options: SendOptions) =>
          write(message, options, {
            isKnown: sim.chats.has(externalId),
            write: (isLate) => sim.chats.write(externalId, message, isLate),
            result: () => ({ externalId }),
          }),
      }),
    });
  }

  /** What is done with a message: how it arrives, and what is answered then. */
  type Errand = {
    readonly what: string;
    readonly receipt: Receipt;
    arrive(): void;
    result(): SendResult | undefined;
    /** What arrives after the attempt has ended arrives so late at most. */
    readonly latestMs: number;
    /** Whether there is what is to be changed. */
    readonly isKnown: boolean;
    readonly isWrite?: boolean;
  };
  type Writing = Pick<Errand, 'result' | 'isKnown'> & { write(isLate: boolean): void };

  type Sending = Errand & {
    readonly message: Message;
    readonly options: SendOptions;
    readonly name: string;
    leave(how: Ended): void;
  };

  function promised(life: Life, sending: Sending, answer: Answer): Promise<SendResult | undefined> {
    const { message, options, receipt, leave, name, latestMs } = sending;
    const arrive = (ms: number) => void scheduler.after(ms, sending.arrive);
    return new Promise((resolve, reject) => {
      const fail = (error: unknown, how: Ended = { askedMs: undefined }) => {
        leave(how);
        reject(error);
      };
      const take = (result: unknown) => {
        leave('taken');
        receipt.taken += 1;
        resolve(result as SendResult);
        const externalId = sending.result()?.externalId ?? options.idempotencyKey;
        if (!sending.isWrite) sim.news.taken(message, { notifier: name, externalId }, answer !== 'lost');
      };
      const soon = (work: () => void) => void life.after(chance.between(5, 400), work);
      const error = new Error('the channel is out of order');
      if (['hang', 'timeout', 'late', 'delivered'].includes(answer)) receipt.explained += 1;
      switch (answer) {
        case 'taken':
        case 'odd':
          arrive(chance.between(1, 5));
          return soon(() => take(answer === 'odd' ? oddResult(chance) : sending.result()));
        case 'delivered':
          arrive(chance.between(1, 5));
          return soon(() => fail(error));
        case 'lost':
          return soon(() => take(sending.result()));
        case 'permanent':
          receipt.refusedBy.add(name);
          return soon(() => fail(notifyError('there is no such number', { permanent: true }), 'refused'));
        case 'retryAfter': {
          const retryAfterMs = askedWait();
          const askedMs = honouredMs(retryAfterMs);
          return soon(() => {
            askedUntil = Math.max(askedUntil, scheduler.now() + (askedMs ?? 0));
            receipt.askedUntil = Math.max(receipt.askedUntil, scheduler.now() + (askedMs ?? 0));
            const asked = { retryAfterMs: retryAfterMs as number };
            fail(chance.chance(0.5) ? notifyError('busy', asked) : asked, { askedMs });
          });
        }
        case 'nonsense':
          return soon(() => fail(nonsense(chance)));
        case 'refuse':
          return soon(() => fail(error));
        default:
          // It hangs, ends with its signal, or answers when nobody waits for it any more.
          if (chance.chance(0.4)) arrive(chance.between(Math.min(100, latestMs), latestMs));
          if (answer === 'timeout') options.signal.addEventListener('abort', () => reject(options.signal.reason));
          if (answer === 'late')
            options.signal.addEventListener(
              'abort',
              () =>
                void life.after(chance.between(1, 20_000), () =>
                  chance.chance(0.5) ? resolve(undefined) : reject(error),
                ),
            );
          return undefined;
      }
    });
  }

  const names = [...channels.carriers.sms, ...channels.carriers.voice, ...sim.following.mirrors.map(({ id }) => id)];
  return {
    notifiersFor: (life) => names.map((name) => notifier(life, name)),
    askedUntil: () => askedUntil,
    forget() {
      for (const etiquette of etiquettes) etiquette.forget();
    },
  };
}
