/**
 * S11: what is returned is a copy, and what was stored comes back as it was.
 */
import type { AlertContent } from '../../model/alert.ts';
import { CLAIM, type StorageTest } from './bench.ts';
import { matches, present, same } from './compare.ts';
import { alert, delivery, incidentChange, MINUTE, newIncident, note, open, repeat, T0, wholeChange } from './rows.ts';

/** Texts that databases are known to change or to refuse. */
const TEXTS: readonly (readonly [what: string, text: string])[] = [
  ['NUL', 'before\u0000after'],
  ['lone surrogates', 'high \ud800 low \udc00 end \ud83d'],
  ['a hundred thousand characters', 'ä'.repeat(100_000)],
  ['thousands of characters that nothing makes shorter', noise(9_000)],
  ['quotes, backslashes and SQL', `'";--\\\\ \\ \\u0000 \\x00 $1 ? :a %s %_ {} [] \`\${x}\``],
  ['other scripts and pictures', 'ﷺ 👩‍👩‍👧 Ǆ ſ İ e\u0301 é \u202e \ufeff \u2028'],
  ['white space', ' \t\r\n trailing  '],
  ['nothing in it', ''],
];

const KEY = { collection: 'c', id: 'd' };

export const COPIES: readonly StorageTest[] = [
  {
    promise: 'S11',
    says: 'changing what was read never changes the store',
    async run({ storage, setNow, claimed, everything, settle }) {
      await storage.commit([wholeChange()]);
      const query = {
        tenant: 'acme',
        incidents: ['i1'],
        alertKeys: [{ routeKey: 'r', dedupKey: 'disk' }],
        documents: [KEY],
        slots: [{ kind: 'group', key: 'k' }],
      };
      const reads: readonly (() => Promise<unknown>)[] = [
        () => everything(),
        () => storage.load(query),
        () => storage.listDocuments('acme', KEY),
      ];
      for (const read of reads) {
        const before = JSON.stringify(await read());
        spoil(await read());
        same(JSON.stringify(await read()), before);
      }

      await setNow(T0 + 5 * MINUTE);
      spoil(await storage.claimTimers(CLAIM));
      const [one] = await claimed();
      const { token } = present(one, 'delivery');
      spoil(one);
      spoil(await storage.settleDelivery('acme', 'i1:2:0', token, { state: 'retry', afterMs: 0, error: 'busy' }));
      const [again] = await claimed();
      same(await settle('i1:2:0', present(again, 'delivery').token, { state: 'sent' }), true);
      matches(await storage.listDeliveries('acme', {}), [{ id: 'i1:2:0', user: 'ana', state: 'sent' }]);
    },
  },
  {
    promise: 'S11',
    says: 'changing what was handed in never changes the store',
    async run({ storage, everything }) {
      const given = structuredClone(wholeChange());
      await storage.commit([given]);
      const before = await everything();
      spoil(given);
      same(await everything(), before);
    },
  },
  {
    promise: 'S11',
    says: 'changing what was handed in changes nothing while it is being stored',
    async run({ storage }) {
      const given = structuredClone(wholeChange());
      const { snapshot, events } = newIncident('i1');
      const answer = storage.commit([given]);
      spoil(given);
      same(await answer, ['applied']);
      matches((await storage.listIncidents('acme', {})).items, [{ id: 'i1', version: 1, snapshot }]);
      same(await storage.timeline('acme', 'i1'), events);
      matches(await storage.listAlerts('acme', {}), [{ id: 'a1', title: 'Disk full' }]);
    },
  },
  ...TEXTS.map(
    ([what, text]): StorageTest => ({
      promise: 'S11',
      says: `a text with ${what} comes back as it was, wherever it stands`,
      async run({ storage, commit, incident, claimOne }) {
        const change = newIncident('i1', { title: text });
        const labels = { [text]: text };
        const links = [{ href: 'https://example.com', text }];
        const parts = {
          incidents: [change],
          alerts: [open('a1', { title: text, body: text, source: text, labels, links })],
          deliveries: [delivery('d', { address: text })],
          documents: [{ ...KEY, expectedVersion: 0, data: { [text]: [text, { deep: text }] } }],
        };
        same(await commit(parts), 'applied');
        same((await incident()).snapshot, change.snapshot);
        same(await storage.listAlerts('acme', {}), [
          alert('a1', { title: text, body: text, source: text, labels, links }),
        ]);
        same(await storage.listDocuments('acme', KEY), [
          { ...KEY, version: 1, data: { [text]: [text, { deep: text }] } },
        ]);
        const noted = incidentChange(await incident(), [note(text)]);
        await commit({ incidents: [noted] });
        matches(await storage.timeline('acme', 'i1'), [{ title: text }, { text }]);

        const { token, delivery: claimed } = await claimOne();
        same(claimed.address, text);
        matches(await storage.settleDelivery('acme', 'd', token, { state: 'dead', error: text }), { error: text });
        await storage.revive('acme', 'd');
        const again = await claimOne();
        const carried = { externalId: text, via: text, bundledIn: text };
        const sent = await storage.settleDelivery('acme', 'd', again.token, { state: 'sent', ...carried });
        matches(sent, carried);
        matches(await storage.receiveDelivery('acme', 'd', { status: 'failed', error: text }), { error: text });
        await commit({
          deliveries: [delivery('e', { requestedAt: T0 + 1 })],
          withdrawals: [],
        });
        await commit({ withdrawals: [{ incidentId: 'i1', beforePage: 9, because: text }] });
        const failed = { ...carried, error: text, receipt: { status: 'failed', at: T0 } };
        matches(await storage.listDeliveries('acme', {}), [failed, { withdrawnBecause: text }]);
      },
    }),
  ),
  {
    promise: 'S11',
    says: 'what an alert is set to say comes back as it was, replaces all that it said, and leaves the rest of it',
    async run({ storage, commit }) {
      const before = { body: 'as it was', source: 'probe', occurredAt: T0 - 1 };
      await commit({ incidents: [newIncident('i1')], alerts: [open('a1', before)] });
      const set = (content: AlertContent) => commit({ alerts: [{ type: 'set', id: 'a1', content }] });
      const found = async () =>
        await storage.load({ tenant: 'acme', alertKeys: [{ routeKey: 'r', dedupKey: 'disk' }] });
      for (const [, text] of TEXTS) {
        const links = [{ href: 'https://example.com', text }];
        const content = { title: text, body: text, labels: { [text]: text }, links };
        same(await set(content), 'applied');
        const expected = alert('a1', { ...before, ...content });
        same(await storage.listAlerts('acme', {}), [expected]);
        same((await found()).alerts, [expected]);
      }
      const bare = { title: 'Nothing else', labels: {}, links: [] };
      same(await set(bare), 'applied');
      const { body, ...rest } = before;
      same(await storage.listAlerts('acme', {}), [alert('a1', { ...rest, ...bare })]);
      const other = { type: 'set', id: 'a1', severity: 'SEV3' } as const;
      same(await commit({ alerts: [other, repeat('a1', T0 + 1)] }), 'applied');
      const counted = { severity: 'SEV3', count: 2, lastSeenAt: T0 + 1 };
      same(await storage.listAlerts('acme', {}), [alert('a1', { ...rest, ...bare, ...counted })]);
      same((await found()).alerts, [alert('a1', { ...rest, ...bare, ...counted })]);
    },
  },
  {
    promise: 'S11',
    says: 'any JSON comes back as it was: every kind of value, names of Object’s own, large and small numbers',
    async run({ storage, commit }) {
      const text =
        '{"__proto__":{"polluted":true},"constructor":1,"toString":null,"":{"":[]},"z":1,"a":2,"10":3,"9":4,' +
        '"numbers":[0,-1,1.5,1e21,1e-7,9007199254740991,-9007199254740991,1.7976931348623157e308,5e-324],' +
        '"nested":[[[[{"x":[true,false,null,"",{}]}]]]]}';
      const values: readonly unknown[] = [JSON.parse(text), null, false, 0, '', [], {}, 'text', 1.5];
      for (const [index, data] of values.entries()) {
        const key = { collection: 'c', id: `d${index}` };
        same(await commit({ documents: [{ ...key, expectedVersion: 0, data }] }), 'applied');
        const [found] = (await storage.load({ tenant: 'acme', documents: [key] })).documents;
        same(JSON.stringify(sorted(present(found, 'document').data)), JSON.stringify(sorted(data)));
      }
      same(Object.hasOwn(Object.prototype, 'polluted'), false);
      same(JSON.stringify({}), '{}');
    },
  },
  {
    promise: 'S11',
    says: 'ids differ when any character does: case, accents, white space, signs',
    async run({ storage, commit }) {
      const ids = [
        'id',
        'ID',
        'Id',
        ' id',
        'id ',
        'é',
        'e\u0301',
        'i:d',
        'i%',
        'i_',
        "i'd",
        'i"d',
        'i\\d',
        '😀',
        '-1',
        '01',
        '1',
      ];
      for (const id of ids) {
        const document = { collection: 'c', id, expectedVersion: 0, data: id };
        same(await commit({ documents: [document], deliveries: [delivery(id)] }), 'applied');
      }
      const { documents } = await storage.load({
        tenant: 'acme',
        documents: ids.map((id) => ({ collection: 'c', id })),
      });
      same(documents.map(({ id }) => id).toSorted(), ids.toSorted());
      for (const { id, data } of documents) same(data, id);
      same((await storage.listDeliveries('acme', {})).map(({ id }) => id).toSorted(), ids.toSorted());
    },
  },
];

/** A text of that many characters in no order, the same each time. */
function noise(length: number): string {
  let seed = 1;
  const next = () => {
    seed = (seed * 48_271) % 2_147_483_647;
    return String.fromCodePoint(0x4e00 + (seed % 20_000));
  };
  return Array.from({ length }, next).join('');
}

/** Overwrites every part of a value that a caller could reach. */
function spoil(value: unknown): void {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return;
  for (const key of Object.keys(value)) {
    spoil(Reflect.get(value, key));
    Reflect.set(value, key, 'spoilt');
  }
}

/** The same value with the names of each object in order: which name comes first is not promised. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, part]) => [key, sorted(part)]);
}
