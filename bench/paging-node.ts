/**
 * A process that pages until it is killed: what its notifiers send is a line in a file, written before they answer.
 *
 * Its arguments are the address of the database and the path of the file. It says when it has started.
 */
import { openSync, writeSync } from 'node:fs';
import pg from 'pg';
import { createTocsin, defineNotifier } from '../src/index.ts';
import { graphileWorkerRunner } from '../src/runners/graphile-worker.ts';
import { postgresStorage } from '../src/storage/postgres.ts';
import { CONFIG, SILENT } from './incidents.ts';

const [url = '', log = ''] = process.argv.slice(2);
const file = openSync(log, 'a');
const notifiers = ['first', 'second'].map((name) =>
  defineNotifier({
    name,
    async send({ incidentId }) {
      writeSync(file, `${incidentId} ${Date.now()}\n`);
    },
  }),
);
const tocsin = createTocsin({
  config: CONFIG,
  storage: postgresStorage({ pool: new pg.Pool({ connectionString: url }) }),
  runner: graphileWorkerRunner({ connectionString: url }),
  notifiers,
  logger: SILENT,
});
await tocsin.start();
console.log('started');
