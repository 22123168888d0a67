/**
 * Schema: the numbered migrations.
 *
 * One that was released is never edited: what changes is a new one, and a new version of a function gets a new name, so
 * that nodes of both versions can work side by side.
 */
import { TocsinError } from '../../errors.ts';
import { alertColumns } from './alert-columns.ts';
import { commitFunction } from './commit-function.ts';
import { deliveryColumns } from './delivery-columns.ts';
import { loadFunction, pruneFunction } from './read-functions.ts';
import { tables } from './tables.ts';

/** One step of the schema: run its SQL once, in a transaction, in the order of the versions. */
export type PostgresMigration = { readonly version: number; readonly sql: string };

/** What every object of a schema is made of. */
const STEPS: readonly ((schema: string) => string)[] = [
  (s) => [tables(s), commitFunction(s, 1), loadFunction(s, 1), pruneFunction(s, 1)].join(''),
  (s) => [alertColumns(s), commitFunction(s, 2), loadFunction(s, 2), pruneFunction(s, 2)].join(''),
  (s) => [deliveryColumns(s), pruneFunction(s, 3)].join(''),
];

/** The version that this code works with. */
export const SCHEMA_VERSION = STEPS.length;

/** Every migration of a schema; each ends by recording itself. */
export function migrationsOf(schema: string): readonly PostgresMigration[] {
  return STEPS.map((step, index) => {
    const version = index + 1;
    const record = `insert into ${schema}.migrations (version) values (${version}) on conflict do nothing;`;
    return { version, sql: `${step(schema).trim()}\n\n${record}\n` };
  });
}

/** @throws TocsinError INPUT_INVALID when `schema` is no plain name, since it becomes part of the SQL. */
export function checkSchemaName(doing: string, schema: unknown): void {
  if (typeof schema === 'string' && /^[a-z_][a-z0-9_]{0,40}$/.test(schema)) return;
  throw new TocsinError(
    'INPUT_INVALID',
    `Cannot ${doing}: \`schema\` is ${JSON.stringify(schema)}. Give a name of at most 41 lower-case letters, digits and \`_\` that begins with no digit.`,
    { details: { problems: [{ path: 'schema', message: 'expected a plain lower-case name' }] } },
  );
}
