/**
 * The graphile-worker runner on a real Postgres: what a commit tells reaches a worker, and nothing that happens to the
 * queue hurts a commit or stops the work.
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { graphileWorkerRunner } from '../../src/runners/graphile-worker.ts';
import { testRunner } from '../../src/testing/test-runner.ts';
import { virtualClock } from '../../src/testing/virtual-clock.ts';
import { postgresForTests, type TestPostgres } from '../support/postgres.ts';
import { countingWork, type QueueBench, queueBench, until } from './queue-bench.ts';

let server: TestPostgres;
let bench: QueueBench;
beforeAll(async () => {
  server = await postgresForTests({ fsync: false });
}, 60_000);
afterAll(() => server?.stop());
beforeEach(async () => {
  bench = await queueBench(server);
});
afterEach(() => bench.close());

/** A runner that has looked once, as every runner does at its start. */
async function started(options = {}, counted = countingWork()) {
  const runner = bench.runner(options);
  await runner.start(counted.work);
  await counted.ran(1);
  return { runner, ...counted };
}

/** A queue that does something else with its jobs. */
const breakQueue = (body: string) =>
  bench.pool.query(`
    create or replace function graphile_worker.add_jobs(specs graphile_worker.job_spec[], job_key_preserve_run_at boolean default false)
    returns setof graphile_worker._private_jobs language plpgsql as $$ begin ${body} end $$`);

describe('a commit wakes', () => {
  test('a worker at once, and its job is gone afterwards', async () => {
    const { ran } = await started();
    await bench.wake(['a']);
    await ran(2);
    await until(async () => (await bench.jobs()).length === 0);
  });

  test('only when it has landed: a transaction that rolls back leaves no job', async () => {
    await started();
    await bench.pool.query(`do $$ begin perform tocsin.wake(array['a'], array[0]); raise 'no'; end $$`).catch(() => {});
    expect(await bench.jobs()).toEqual([]);
    expect(await bench.missed()).toBe(0);
  });

  test('once for each key: a later moment replaces the earlier one, under a key of our own', async () => {
    await started();
    await bench.wake(['a', 'b'], 3_600_000);
    await bench.wake(['a'], 7_200_000);
    const jobs = await bench.jobs();
    expect(jobs.map(({ key, task_identifier }) => [key, task_identifier])).toEqual([
      ['tocsin:a', 'tocsin_wake'],
      ['tocsin:b', 'tocsin_wake'],
    ]);
    expect(jobs[0]!.run_at.getTime() - jobs[1]!.run_at.getTime()).toBeGreaterThan(3_500_000);
  });

  test('at the first of the moments that one call names for a key', async () => {
    await started();
    await bench.pool.query(`select tocsin.wake(array['a', 'a'], array[4102448400000, 4102444800000])`);
    expect((await bench.jobs()).map(({ run_at }) => run_at.toISOString())).toEqual(['2100-01-01T00:00:00.000Z']);
  });

  test('under a short name when the key is longer than a queue takes', async () => {
    await started();
    await bench.wake(['long'.repeat(200), 'short'], 3_600_000);
    expect((await bench.jobs()).map(({ key }) => key?.length)).toEqual([39, 12]);
    expect(await bench.missed()).toBe(0);
  });

  test('for no moment that a timestamp cannot hold', async () => {
    const { ran } = await started();
    await bench.pool.query(`select tocsin.wake(array['far'], array[9223372036854775807])`);
    expect((await bench.jobs()).map(({ run_at }) => run_at.getUTCFullYear())).toEqual([9999]);
    await bench.pool.query(`select tocsin.wake(array['past', 'none'], array[-9223372036854775808, null])`);
    await ran(2);
    await bench.pool.query('select tocsin.wake(null, null), tocsin.wake(array[]::text[], array[]::bigint[])');
    expect(await bench.missed()).toBe(0);
  });

  test('again, when its job is running already: the run that follows sees what was committed', async () => {
    let finish = () => {};
    const counted = countingWork(() => new Promise((resolve) => (finish = () => resolve(undefined))));
    const runner = bench.runner();
    await runner.start(counted.work);
    await counted.ran(1);
    finish();
    await bench.wake(['a']);
    await counted.ran(2);
    await bench.wake(['a']);
    expect((await bench.jobs()).map(({ key }) => key)).toEqual(['tocsin:a', null]);
    finish();
    await counted.ran(3);
    finish();
    await until(async () => (await bench.jobs()).length === 0);
  });
});

describe('a queue that is broken', () => {
  test('is counted when it takes a job and drops it, and the commit lands', async () => {
    await started();
    await breakQueue('return;');
    await bench.pool.query('create table host as select 1 as a, tocsin.wake(array[$1, $2], array[0, 0]) is null', [
      'a',
      'b',
    ]);
    expect(await bench.all('select a from host')).toEqual([{ a: 1 }]);
    expect(await bench.missed()).toBe(2);
  });

  test('is asked twice: a job that starts in the very moment in which it is replaced is not missed', async () => {
    await started();
    await bench.pool.query('create sequence public.asked');
    await breakQueue(`declare job graphile_worker._private_jobs;
      begin
        if nextval('public.asked') > 1 then
          job.key := specs[1].job_key;
          return next job;
        end if;
      end;`);
    await bench.wake(['a']);
    expect(await bench.missed()).toBe(0);
    expect(await bench.all('select last_value::int as n from public.asked')).toEqual([{ n: 2 }]);
  });

  test.each([
    ['raises', `raise 'broken';`],
    ['deadlocks', `raise 'broken' using errcode = '40P01';`],
    ['is out of disk', `raise 'broken' using errcode = '53100';`],
  ])('is counted when it %s, and the commit lands', async (_, body) => {
    await started();
    await breakQueue(body);
    await bench.wake(['a', 'b', 'c']);
    expect(await bench.missed()).toBe(3);
  });

  test('is counted when it is gone altogether, and when nothing can be counted the commit lands all the same', async () => {
    const { runner } = await started();
    await runner.stop();
    await bench.pool.query('drop schema graphile_worker cascade');
    await bench.wake(['a']);
    expect(await bench.missed()).toBe(1);
    await bench.pool.query('drop sequence tocsin.missed_wake_ups');
    await bench.wake(['a']);
  });

  test('holds a commit up for a second at most when somebody has locked it', async () => {
    await started();
    const other = await bench.pool.connect();
    await other.query('begin; lock table graphile_worker._private_jobs');
    await bench.wake(['a']);
    expect(await bench.missed()).toBe(1);
    await other.query('rollback');
    other.release();
  });
});

describe('starting', () => {
  test('is refused before the storage has been migrated, and works afterwards', async () => {
    const empty = await queueBench(server, { migrate: false });
    const runner = empty.runner();
    const { work, ran } = countingWork();
    await expect(runner.start(work)).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: expect.stringContaining('Run storage.migrate()'),
    });
    await empty.pool.query('create schema tocsin; create sequence tocsin.missed_wake_ups');
    await empty.pool.query(
      `create function tocsin.wake(keys text[], dues bigint[]) returns void language sql as 'select'`,
    );
    await runner.start(work);
    await ran(1);
    await empty.close();
  });

  test('is safe when many nodes do it at once, and twice', async () => {
    const nodes = [1, 2, 3, 4].map(() => ({ runner: bench.runner(), ...countingWork() }));
    await Promise.all(nodes.map(({ runner, work }) => runner.start(work)));
    await Promise.all(nodes.map(({ ran }) => ran(1)));
    await nodes[0]!.runner.stop();
    await nodes[0]!.runner.start(nodes[0]!.work);
    await bench.wake(['a'], 3_600_000);
    expect(await bench.jobs()).toHaveLength(1);
  });

  test('leaves a function alone that is the right one already, so that whoever does not own it may start', async () => {
    await started();
    const before = await bench.all('select xmin::text from pg_proc where proname = $1', ['wake']);
    await started();
    expect(await bench.all('select xmin::text from pg_proc where proname = $1', ['wake'])).toEqual(before);
  });

  test('is refused when the pool is too narrow, when the database is away, and for a second engine', async () => {
    const { work } = countingWork();
    const pg = await import('pg');
    const narrow = new pg.default.Pool({ connectionString: bench.url, max: 2 });
    await expect(bench.runner({ pool: narrow }).start(work)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    await narrow.end();
    const away = graphileWorkerRunner({ connectionString: 'postgres://127.0.0.1:1/none' });
    await expect(away.start(work)).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE', retryable: true });
    const { runner } = await started();
    await expect(runner.start(work)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });

  test('stopped meanwhile it wakes nobody', async () => {
    const { work, runs } = countingWork();
    const runner = bench.runner();
    const starting = runner.start(work);
    await Promise.all([runner.stop(), runner.stop(), starting]);
    await bench.wake(['a']);
    expect(runs()).toBe(0);
    await until(async () => (await bench.connections()) === 0);
  });
});

describe('a worker', () => {
  test('that was killed keeps its job locked, and the sweep of another process does what was due', async () => {
    const { ran } = await started({ sweepIntervalMs: 200 });
    await bench.pool.query('select tocsin.wake(array[$1], array[$2::bigint])', ['a', Date.now() + 3_600_000]);
    await bench.pool.query(
      `update graphile_worker._private_jobs set run_at = now(), locked_at = now(), locked_by = 'killed', attempts = 1`,
    );
    await ran(4);
    expect((await bench.jobs()).map(({ key, locked_at }) => [key, locked_at !== null])).toEqual([['tocsin:a', true]]);
    await bench.wake(['a'], 3_600_000);
    expect((await bench.jobs()).map(({ key }) => key)).toEqual(['tocsin:a', null]);
  });

  test('shares with the workers of other processes: while one is at work, the other one is woken', async () => {
    const finish: (() => void)[] = [];
    const atWork: number[] = [];
    const node = (id: number) => {
      let runs = 0;
      return countingWork(() => {
        runs += 1;
        if (runs === 1) return Promise.resolve(undefined);
        atWork.push(id);
        return new Promise((resolve) => finish.push(() => resolve(undefined)));
      });
    };
    await started({}, node(1));
    await started({}, node(2));
    await bench.wake(['a']);
    await until(() => atWork.length === 1);
    await bench.wake(['b']);
    await until(() => atWork.length === 2);
    expect(atWork.toSorted()).toEqual([1, 2]);
    for (const end of finish) end();
  });

  test('takes the jobs that its run covers with it, in a schema of any name', async () => {
    let finish = () => {};
    const work = countingWork(() => {
      if (work.runs() === 1) return Promise.resolve(undefined);
      return new Promise((resolve) => {
        finish = () => resolve(undefined);
      });
    });
    await started({ workerSchema: 'My_Queue' }, work);
    await bench.wake(['a', 'b', 'c', 'd']);
    await work.ran(2);
    expect(await bench.all('select locked_at is not null as is_taken from "My_Queue"._private_jobs')).toEqual([
      { is_taken: true },
    ]);
    finish();
  });

  test.each(['connectionString', 'pool'])(
    'whose connections are cut off is at work again by itself, and the host lives on (%s)',
    async (kind) => {
      const pg = await import('pg');
      const options = { connectionString: bench.url, max: 4, application_name: 'tocsin graphile-worker' };
      const pool = new pg.default.Pool(options);
      const { runner, ran, runs } = await started(kind === 'pool' ? { pool } : {});
      for (let round = 0; round < 3; round++) {
        expect(await bench.cutOff()).toBeGreaterThan(0);
        const before = runs();
        await bench.wake([`after ${round}`]);
        await ran(before + 1);
        await until(async () => (await bench.jobs()).length === 0);
      }
      await runner.stop();
      await pool.end();
    },
  );

  test('that is cut off while it ends a job is told of, and another one takes its place', async () => {
    const { ran, failures } = await started();
    await bench.pool.query(`create function public.cut() returns trigger language plpgsql as
      $$ begin perform pg_terminate_backend(pg_backend_pid()); return old; end $$`);
    await bench.pool.query(
      'create trigger cut before delete on graphile_worker._private_jobs for each row execute function public.cut()',
    );
    await bench.wake(['a']);
    await until(() => failures.length > 0);
    await bench.pool.query('drop trigger cut on graphile_worker._private_jobs');
    await bench.wake(['b']);
    await ran(3);
    await until(async () => (await bench.jobs()).filter(({ locked_at }) => locked_at === null).length === 0);
  });

  // To a server that is still starting up the worker comes back after 3 s, and later each time: until then the sweep is what
  // does due work.
  test('whose database has a power cut is at work again when it is back, and can be stopped while it is away', async () => {
    const own = await postgresForTests({ isOwn: true });
    const there = await queueBench(own);
    const { work, runs, ran } = countingWork();
    const runner = there.runner({ sweepIntervalMs: 1_000 });
    await runner.start(work);
    await ran(1);
    await own.crash();
    await own.restart();
    const before = runs();
    await there.wake(['a']);
    await ran(before + 1);
    await own.crash();
    await runner.stop();
    await own.restart();
    await there.close();
    await own.stop();
  }, 60_000);

  test('is stopped while it is at work, and its job is done', async () => {
    let finish = () => {};
    let isFirst = true;
    const counted = countingWork(() => {
      if (isFirst) {
        isFirst = false;
        return Promise.resolve(undefined);
      }
      return new Promise((resolve) => (finish = () => resolve(undefined)));
    });
    const { runner, ran, runs } = await started({}, counted);
    await bench.wake(['a']);
    await ran(2);
    let isStopped = false;
    const stopping = runner.stop().then(() => {
      isStopped = true;
    });
    await bench.wake(['b']);
    expect(isStopped).toBe(false);
    finish();
    await stopping;
    expect(runs()).toBe(2);
    expect((await bench.jobs()).map(({ key }) => key)).toEqual(['tocsin:b']);
  });
});

describe('the promises of a runner', () => {
  testRunner(test, () => {
    const clock = virtualClock({ start: '2026-01-06T10:00:00Z' });
    const runner = bench.runner({ clock, sweepIntervalMs: 5_000 });
    return { runner, advance: clock.advance, close() {} };
  });
});

test.each([
  [{}, 'connectionString'],
  [{ connectionString: 'postgres://a', pool: { connect() {} } }, 'pool'],
  [{ connectionString: '' }, 'connectionString'],
  [{ connectionString: 'postgres://a', schema: 'a"; drop' }, 'schema'],
  [{ connectionString: 'postgres://a', workerSchema: '' }, 'workerSchema'],
  [{ connectionString: 'postgres://a', pollIntervalMs: Number.NaN }, 'pollIntervalMs'],
  [{ connectionString: 'postgres://a', sweepIntervalMs: 0 }, 'sweepIntervalMs'],
  [{ connectionString: 'postgres://a', concurrency: 2 }, 'concurrency'],
])('options that cannot be meant are refused: %j', (options, path) => {
  const make = graphileWorkerRunner as unknown as (options: object) => unknown;
  expect(() => make(options)).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
  expect(() => make(options)).toThrow(path);
});
