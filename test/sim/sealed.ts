/**
 * The seal: while a simulation runs, nothing may ask the real clock, real chance or a real timer.
 *
 * Only calls out of this project count; the test runner around it has a life of its own.
 */
import { syncBuiltinESMExports } from 'node:module';
import hooks from 'node:perf_hooks';

const OWN = /\/(src|test\/sim)\/[\w./-]+\.ts/;
const NOT_OWN = /\/node_modules\/|\/test\/sim\/sealed\.ts|^\s*at async /;

/** Runs `work`; whoever of this project touches what would make two runs differ is told to `broken`. */
export async function sealed<T>(broken: (what: string) => void, work: () => Promise<T>): Promise<T> {
  const real = {
    Date,
    random: Math.random,
    setTimeout,
    setInterval,
    randomUUID: crypto.randomUUID,
    now: performance.now,
  };
  const { monitorEventLoopDelay } = hooks;
  const report = (what: string) => {
    const caller = callerOf();
    if (caller !== undefined) broken(`${what} was used by ${caller}`);
  };
  const guarded = <A extends unknown[], R>(what: string, original: (...args: A) => R) =>
    function (this: unknown, ...args: A): R {
      report(what);
      return original.apply(this, args);
    };
  globalThis.Date = new Proxy(real.Date, {
    construct(target, args) {
      if (args.length === 0) report('new Date()');
      return Reflect.construct(target, args);
    },
    get: (target, name) => (name === 'now' ? guarded('Date.now', target.now) : Reflect.get(target, name)),
  });
  Math.random = guarded('Math.random', real.random);
  globalThis.setTimeout = guarded('setTimeout', real.setTimeout) as typeof setTimeout;
  globalThis.setInterval = guarded('setInterval', real.setInterval) as typeof setInterval;
  crypto.randomUUID = guarded('crypto.randomUUID', real.randomUUID);
  performance.now = guarded('performance.now', real.now);
  // It is a timer of the process, and nodes that die never stop theirs.
  hooks.monitorEventLoopDelay = unmeasured;
  syncBuiltinESMExports();
  try {
    return await work();
  } finally {
    globalThis.Date = real.Date;
    Math.random = real.random;
    globalThis.setTimeout = real.setTimeout;
    globalThis.setInterval = real.setInterval;
    crypto.randomUUID = real.randomUUID;
    performance.now = real.now;
    hooks.monitorEventLoopDelay = monitorEventLoopDelay;
    syncBuiltinESMExports();
  }
}

/** An event loop that nobody looks at. */
const unmeasured = (() => ({
  count: 0,
  enable: () => true,
  disable: () => true,
})) as unknown as typeof hooks.monitorEventLoopDelay;

/** The file of this project that called, if one did. */
function callerOf(): string | undefined {
  const lines = (new Error().stack ?? '').split('\n');
  const own = lines.find((line) => OWN.test(line) && !NOT_OWN.test(line));
  return own?.match(/(src|test\/sim)\/[\w./-]+\.ts:\d+/)?.[0];
}
