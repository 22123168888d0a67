/**
 * S6: a due row is handed to one caller until its lease ends, and then to another one.
 */
import { CLAIM, LEASE_MS, type StorageTest } from './bench.ts';
import { matches, present, same } from './compare.ts';
import { arm, cancel, delivery, MINUTE, T0 } from './rows.ts';

const SIX = [1, 2, 3, 4, 5, 6];

export const LEASES: readonly StorageTest[] = [
  {
    promise: 'S6',
    says: 'a due row is handed to one caller, whoever asks',
    async run({ storage, commit, claimed }) {
      const timers = SIX.map((n) => arm('step', { ownerId: `i${n}` }));
      await commit({ timers, deliveries: SIX.map((n) => delivery(`d${n}`)) });
      const all = await Promise.all([1, 2, 3].map(() => storage.claimTimers({ ...CLAIM, limit: 4 })));
      same(
        all.flatMap((one) => one.timers.map(({ ownerId }) => ownerId)).toSorted(),
        SIX.map((n) => `i${n}`),
      );
      const lent = (await Promise.all([1, 2, 3].map(() => claimed({ limit: 4 })))).flat();
      same(
        lent.map((one) => one.delivery.id).toSorted(),
        SIX.map((n) => `d${n}`),
      );
      for (const one of lent) matches(one, { delivery: { state: 'leased', attempts: 1 }, isReclaimed: false });
    },
  },
  {
    promise: 'S6',
    says: 'a due row is handed to one process, however many claim at once',
    needs: 'another',
    async run({ storage, another, commit }) {
      const both = [storage, (await another?.()) ?? storage];
      const names = Array.from({ length: 40 }, (_, n) => `d${n}`);
      const timers = names.map((name) => arm('step', { ownerId: name }));
      await commit({ timers, deliveries: names.map((name) => delivery(name)) });
      const claims = { timers: [] as string[], deliveries: [] as string[] };
      // A claim may leave rows that another one has in its hands at that moment: the second round finds them.
      for (let round = 0; round < 2; round += 1) {
        const calls = [1, 2, 3, 4].flatMap(() => both);
        await Promise.all(
          calls.map(async (one) => {
            const lent = await one.claimDeliveries(CLAIM);
            claims.deliveries.push(...lent.deliveries.map((row) => row.delivery.id));
            claims.timers.push(...(await one.claimTimers(CLAIM)).timers.map(({ ownerId }) => ownerId));
          }),
        );
      }
      same(claims.deliveries.toSorted(), names.toSorted());
      same(claims.timers.toSorted(), names.toSorted());
    },
  },
  {
    promise: 'S6',
    says: 'what is due first is handed out first, no more than was asked for',
    async run({ commit, claimedTimers, claimedIds }) {
      const dues = [3, 1, 2].map((n) => ({ n, dueAt: T0 - n }));
      await commit({
        timers: dues.map(({ n, dueAt }) => arm('step', { ownerId: `i${n}`, dueAt })),
        deliveries: dues.map(({ n, dueAt }) => delivery(`d${n}`, { dueAt })),
      });
      const owners = async () => (await claimedTimers({ limit: 2 })).map(({ ownerId }) => ownerId);
      same(await owners(), ['i3', 'i2']);
      same(await owners(), ['i1']);
      same(await claimedIds({ limit: 2 }), ['d3', 'd2']);
      same(await claimedIds({ limit: 2 }), ['d1']);
    },
  },
  {
    promise: 'S6',
    says: 'what is due first is handed out first, whichever of the tenants it belongs to',
    async run({ storage, claimedIds, commit }) {
      await commit({ deliveries: [delivery('mine', { dueAt: T0 - 1 }), delivery('last', { dueAt: T0 })] });
      await commit({ tenant: 'globex', deliveries: [delivery('theirs', { tenant: 'globex', dueAt: T0 - 2 })] });
      same((await storage.nextDue(['acme', 'globex'])).dueAt, T0 - 2);
      same(await claimedIds({ tenants: ['acme', 'globex'], limit: 2 }), ['theirs', 'mine']);
    },
  },
  {
    promise: 'S6',
    says: 'deliveries of the notifiers that the caller has no room for stay free for others',
    async run({ storage, commit, claimed, claimedIds }) {
      const through = (id: string, notifier: string) => delivery(id, { notifier, dueAt: T0 - 1 });
      const deliveries = [through('a', 'sms'), through('b', 'sms'), through('c', 'voice')];
      await commit({ deliveries: [...deliveries, delivery('d', { notifier: 'mail' })] });
      same(await claimedIds({ except: ['sms', 'mail'], limit: 1 }), ['c']);
      same((await storage.nextDue(['acme'])).dueAt, T0 - 1);
      const rest = await claimed({ except: [], limit: 2 });
      same(rest.map((one) => `${one.delivery.id} ${one.delivery.attempts}`).toSorted(), ['a 1', 'b 1']);
      same(await claimedIds({ except: ['mail'] }), []);
      same(await claimedIds({ except: undefined }), ['d']);
    },
  },
  {
    promise: 'S6',
    says: 'a row goes to another caller when its lease ends, and says that it was lost',
    async run({ setNow, commit, claimOne, claimedTimers, claimed }) {
      await commit({ timers: [arm('step')], deliveries: [delivery('d')] });
      same((await claimedTimers()).length, 1);
      const first = await claimOne();
      await setNow(T0 + LEASE_MS - 1);
      same(await claimedTimers(), []);
      same(await claimed(), []);
      await setNow(T0 + LEASE_MS);
      same((await claimedTimers()).length, 1);
      const second = await claimOne();
      matches(second, { delivery: { id: 'd', state: 'leased', attempts: 2 }, isReclaimed: true });
      same(second.token === first.token, false);
    },
  },
  {
    promise: 'S6',
    says: 'a delivery that was given back for a retry was not lost',
    async run({ setNow, commit, claimOne, settle }) {
      await commit({ deliveries: [delivery('d')] });
      const { token } = await claimOne();
      await settle('d', token, { state: 'retry', afterMs: LEASE_MS, error: 'busy' });
      await setNow(T0 + 2 * LEASE_MS);
      matches(await claimOne(), { delivery: { attempts: 2 }, isReclaimed: false });
    },
  },
  {
    promise: 'S6',
    says: 'a row whose lease ended stands behind what was free before it',
    async run({ setNow, commit, claimedIds, claimedTimers }) {
      await commit({ deliveries: [delivery('poison', { dueAt: T0 - 9 })], timers: [arm('step', { dueAt: T0 - 9 })] });
      same((await claimedIds()).length + (await claimedTimers()).length, 2);
      await setNow(T0 + LEASE_MS);
      await commit({
        deliveries: [delivery('fresh', { dueAt: T0 + LEASE_MS - 1 })],
        timers: [arm('hold', { dueAt: T0 + LEASE_MS - 1 })],
      });
      same(await claimedIds({ limit: 1 }), ['fresh']);
      same(
        (await claimedTimers({ limit: 1 })).map(({ kind }) => kind),
        ['hold'],
      );
      same(await claimedIds({ limit: 1 }), ['poison']);
    },
  },
  {
    promise: 'S6',
    says: 'what is handed out at once is in the order in which it became free, across tenants too',
    async run({ setNow, commit, claimedIds }) {
      const theirs = (id: string, dueAt: number) => delivery(id, { tenant: 'globex', dueAt });
      await commit({ deliveries: [delivery('again', { dueAt: T0 - 9 })] });
      await commit({ tenant: 'globex', deliveries: [theirs('theirs again', T0 - 8)] });
      const tenants = ['acme', 'globex'];
      same(await claimedIds({ tenants }), ['again', 'theirs again']);
      await setNow(T0 + LEASE_MS);
      await commit({ deliveries: [delivery('late', { dueAt: T0 + 2 }), delivery('last', { dueAt: T0 + LEASE_MS })] });
      await commit({ tenant: 'globex', deliveries: [theirs('early', T0 + 1)] });
      const order = await claimedIds({ tenants });
      same(order.slice(0, 2), ['early', 'late']);
      same(order.slice(2).toSorted(), ['again', 'last', 'theirs again']);
    },
  },
  {
    promise: 'S6',
    says: 'a lease that was extended keeps the delivery for as long',
    async run({ storage, setNow, commit, claimOne, claimedIds }) {
      await commit({ deliveries: [delivery('d')] });
      const { token } = await claimOne();
      await setNow(T0 + LEASE_MS - 1);
      same(await storage.extendDelivery('acme', 'd', token, LEASE_MS), true);
      await setNow(T0 + 2 * LEASE_MS - 2);
      same(await claimedIds(), []);
      await setNow(T0 + 2 * LEASE_MS - 1);
      same(await claimedIds(), ['d']);
    },
  },
  {
    promise: 'S6',
    says: 'a timer that is armed anew is nobody’s, and comes when it is due then',
    async run({ setNow, commit, claimedTimers }) {
      await commit({ timers: [arm('step')] });
      await claimedTimers();
      await commit({ timers: [arm('step', { armedSeq: 5, dueAt: T0 + 10 })] });
      same(await claimedTimers(), []);
      await setNow(T0 + 10);
      matches(await claimedTimers(), [{ kind: 'step', armedSeq: 5, dueAt: T0 + 10 }]);
    },
  },
  {
    promise: 'S6',
    says: 'a timer that is cancelled or dropped is never handed out; one that was armed anew is not dropped',
    async run({ storage, setNow, commit, claimedTimers }) {
      await commit({ timers: [arm('step'), arm('hold'), arm('snooze'), arm('step', { ownerId: 'i2' })] });
      const timers = await claimedTimers();
      const of = (kind: string) =>
        present(
          timers.find((one) => one.kind === kind && one.ownerId === 'i1'),
          kind,
        );
      await commit({ timers: [cancel('step'), cancel('unknown'), arm('hold', { armedSeq: 9 })] });
      for (const kind of ['hold', 'snooze', 'step']) await storage.dropTimer(of(kind));
      await setNow(T0 + MINUTE);
      const left = (await claimedTimers()).map(({ kind, ownerId, armedSeq }) => `${ownerId} ${kind} ${armedSeq}`);
      same(left.toSorted(), ['i1 hold 9', 'i2 step 1']);
    },
  },
  {
    promise: 'S6',
    says: 'the timers of other kinds of owners are rows like any other',
    async run({ commit, claimedTimers }) {
      const row = { kind: 'step', armedSeq: 1, dueAt: T0 - 1 };
      const timers = ['incident', 'silence'].map((ownerKind) => ({
        type: 'arm' as const,
        ownerKind,
        ownerId: 'i1',
        ...row,
      }));
      await commit({ timers });
      await commit({ timers: [{ type: 'cancel', ownerKind: 'incident', ownerId: 'i1', kind: 'step' }] });
      same(await claimedTimers(), [{ tenant: 'acme', ownerKind: 'silence', ownerId: 'i1', ...row }]);
    },
  },
  {
    promise: 'S6',
    says: 'the figures count what is due, what is in somebody’s hands and what is dead',
    async run({ storage, setNow, commit, claimed, claimedTimers, settle }) {
      const figures = async () => storage.figures(['acme']);
      const none = { dueTimers: 0, dueDeliveries: 0, leasedDeliveries: 0, deadDeliveries: 0, missedWakeUps: 0 };
      matches(await figures(), { now: T0, ...none });
      same((await figures()).oldestDueAt, undefined);
      await commit({
        timers: [arm('step', { dueAt: T0 - 5 }), arm('hold', { dueAt: T0 + 1 })],
        deliveries: [1, 2, 3].map((n) => delivery(`d${n}`, { dueAt: T0 - n })),
      });
      await commit({ tenant: 'globex', deliveries: [delivery('theirs', { tenant: 'globex', dueAt: T0 - 9 })] });
      matches(await figures(), { ...none, oldestDueAt: T0 - 5, dueTimers: 1, dueDeliveries: 3 });
      matches(await storage.figures(['acme', 'globex']), { oldestDueAt: T0 - 9, dueTimers: 1, dueDeliveries: 4 });
      await claimedTimers();
      const [dead] = await claimed({ limit: 2 });
      matches(await figures(), { ...none, oldestDueAt: T0 - 5, dueDeliveries: 1, leasedDeliveries: 2 });
      await settle('d3', present(dead, 'delivery').token, { state: 'dead', error: 'gone' });
      matches(await figures(), { ...none, dueDeliveries: 1, leasedDeliveries: 1, deadDeliveries: 1 });
      await claimed();
      matches(await figures(), { ...none, oldestDueAt: T0 - 5, leasedDeliveries: 2, deadDeliveries: 1 });
      await setNow(T0 + LEASE_MS);
      matches(await figures(), { dueTimers: 2, dueDeliveries: 2, leasedDeliveries: 0, deadDeliveries: 1 });
      await commit({ timers: [cancel('step'), cancel('hold')] });
      matches(await figures(), { oldestDueAt: T0 - 2, dueTimers: 0, dueDeliveries: 2 });
      same((await storage.figures([])).oldestDueAt, undefined);
      // What would have brought a message up to date is no dead letter.
      await commit({ tenant: 'initech', deliveries: [delivery('u1', { tenant: 'initech', purpose: 'update' })] });
      const { deliveries } = await storage.claimDeliveries({ tenants: ['initech'], limit: 1, leaseMs: LEASE_MS });
      const { token } = present(deliveries[0], 'update');
      await storage.settleDelivery('initech', 'u1', token, { state: 'dead', error: 'too old' });
      matches(await storage.figures(['initech']), { dueDeliveries: 0, deadDeliveries: 0 });
      // Nobody who responds waits for an announcement.
      const waiting = delivery('a1', { tenant: 'umbrella', purpose: 'announcement', dueAt: T0 - 5 });
      await commit({ tenant: 'umbrella', deliveries: [waiting] });
      matches(await storage.figures(['umbrella']), { dueDeliveries: 1 });
      same((await storage.figures(['umbrella'])).oldestDueAt, undefined);
    },
  },
];
