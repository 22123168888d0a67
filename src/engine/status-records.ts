/**
 * What is stored of incidents for people outside: one record for each incident that touches a page.
 *
 * A record is written in the commit of the events that it tells of, so that what was taken back is never still on a page.
 * Here they are read; what did not change since the last look is not read again.
 */
import { readStatusRecord, type StatusRecord } from '../core/status/stored-record.ts';
import type { Storage, StoredDocument } from '../ports/storage.ts';
import { STATUS } from './status-rows.ts';
import { reaching } from './transact.ts';

/** Reads the records of a tenant. */
export type StatusRecords = {
  /** Every record, as it is stored now; one that cannot be read shows nothing. */
  read(tenant: string): Promise<readonly StatusRecord[]>;
};

type Known = { readonly version: number; readonly record: StatusRecord | undefined };

/** How many documents are read at once. */
const PAGE = 1_000;
/** How many that changed are read by their names; beyond that everything is read anew. */
const FEW = 200;

/** Nothing was read yet. */
export function createStatusRecords(
  storage: Pick<Storage, 'load' | 'listDocuments' | 'documentVersions'>,
): StatusRecords {
  const remembered = new Map<string, ReadonlyMap<string, Known>>();

  return {
    async read(tenant) {
      const before = remembered.get(tenant);
      const known = before === undefined ? await readAll(tenant) : await readChanged(tenant, before);
      remembered.set(tenant, known);
      return [...known.values()].flatMap(({ record }) => record ?? []);
    },
  };

  async function readAll(tenant: string): Promise<ReadonlyMap<string, Known>> {
    const known = new Map<string, Known>();
    for (let after: string | undefined; ; ) {
      const filter = { collection: STATUS, limit: PAGE, ...(after !== undefined && { after }) };
      const documents = await reaching(() => storage.listDocuments(tenant, filter));
      for (const document of documents) known.set(document.id, knownOf(document));
      after = documents.at(-1)?.id;
      if (documents.length < PAGE || after === undefined) return known;
    }
  }

  async function readChanged(tenant: string, before: ReadonlyMap<string, Known>): Promise<ReadonlyMap<string, Known>> {
    const versions = await reaching(() => storage.documentVersions([tenant], STATUS));
    const changed = versions.filter(({ id, version }) => before.get(id)?.version !== version);
    if (changed.length > FEW) return readAll(tenant);
    const documents = changed.map(({ id }) => ({ collection: STATUS, id }));
    const loaded = documents.length === 0 ? [] : (await reaching(() => storage.load({ tenant, documents }))).documents;
    const fresh = new Map(loaded.map((document) => [document.id, knownOf(document)]));
    return new Map(versions.flatMap(({ id }) => pair(id, fresh.get(id) ?? before.get(id))));
  }
}

function pair<T>(id: string, value: T | undefined): readonly (readonly [string, T])[] {
  return value === undefined ? [] : [[id, value]];
}

function knownOf({ version, data }: StoredDocument): Known {
  return { version, record: readStatusRecord(data) };
}
