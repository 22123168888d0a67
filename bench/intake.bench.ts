/**
 * Intake: what an event costs before anything is stored, and what the engine keeps in process for open alerts.
 *
 * The pure part is the whole decision about triggers of new keys, from an event as a source hands it in; it is given the rules of the
 * rules measurement as severity rules. The memory is what is left on the heap after a collection, the storage's own file aside.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { checkConfig } from '../src/core/config/check.ts';
import { type CompiledConfig, compileConfig } from '../src/core/config/compile.ts';
import { cleanEvent } from '../src/core/intake/clean-event.ts';
import { decideIntake } from '../src/core/intake/decide.ts';
import type { IngestOutcome, Stored } from '../src/core/intake/decision.ts';
import { routeEvent } from '../src/core/intake/routed.ts';
import { type AlertEvent, type Condition, type ConfigInput, createTocsin } from '../src/index.ts';
import { sqliteStorage } from '../src/storage/sqlite.ts';
import { atLeast, type Figure, fine, median, whole } from './figure.ts';
import type { Ground } from './ground.ts';
import { type FieldTest, type SampleFact, type SampleRule, samplesOf } from './rule-samples.ts';

const SILENCES = 200;
const ROUTES = 50;
const ROUNDS = 7;
const OPEN_ALERTS = 100_000;
const AT = Date.UTC(2026, 0, 6, 10);

/** Events a second of the pure intake, and the memory of a hundred thousand open alerts. */
export async function intake(ground: Ground): Promise<readonly Figure[]> {
  return [...pureIntake(ground), await openAlerts(ground)];
}

function pureIntake(ground: Ground): readonly Figure[] {
  ground.say('the pure intake');
  const { rules, facts } = samplesOf({ rules: 1_000, regexes: 'literal', beside: 'service' });
  const config = compileConfig(checkConfig(configOf(rules)), 'bench');
  const events = facts.map(eventOf);
  const cleaned = events.map((event) => cleanEvent(event));
  const outcomes = new Map<IngestOutcome, number>();
  for (const event of cleaned) {
    const { outcome } = decide(event, config);
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  }
  const seen = [...outcomes].map(([outcome, count]) => `${whole(count)} ${outcome}`).join(', ');
  const rateOf = (work: (index: number) => unknown): number => {
    const rates = Array.from({ length: ROUNDS + 1 }, () => {
      const begun = performance.now();
      for (let index = 0; index < events.length; index++) work(index);
      return (1_000 * events.length) / (performance.now() - begun);
    });
    return median(rates.slice(1));
  };
  const pure = rateOf((index) => decide(cleaned[index] ?? cleanEvent({}), config));
  const whole_ = rateOf((index) => decide(cleanEvent(events[index]), config));
  const beside = `${SILENCES} silences, 1,000 severity rules, ${ROUTES} routes, a grouping; of ${whole(events.length)} distinct events ${seen}`;
  return [
    atLeast('pure intake of clean events', pure, { least: 50_000, unit: ' events/s', beside }),
    { name: 'the same with the cleaning of each event', measured: `${whole(whole_)} events/s` },
  ];
}

/** Nothing is stored: every key is new, and so every step is taken. */
const NOTHING: Stored = {
  alert: () => undefined,
  incident: () => undefined,
  document: () => undefined,
  slot: () => undefined,
};

function decide(event: ReturnType<typeof cleanEvent>, config: CompiledConfig) {
  const moment = { at: AT, tenant: 'default', newIncidentId: 'i', newAlertId: 'a' };
  return decideIntake(routeEvent(event, config, AT), NOTHING, config, moment);
}

/** Of a hundred events one or two are silenced, and four of five belong to a group of their service. */
function configOf(rules: readonly SampleRule[]): ConfigInput {
  const span = { from: new Date(AT - 3_600_000).toISOString(), until: new Date(AT + 3_600_000).toISOString() };
  return {
    users: [{ id: 'ana', contacts: [{ notifier: 'sms', address: '+15550100' }] }],
    escalationPolicies: [{ id: 'default', steps: [{ targets: [{ user: 'ana' }] }], fallback: [{ user: 'ana' }] }],
    services: Array.from({ length: ROUTES }, (_, n) => ({ id: `service-${n}`, escalationPolicy: 'default' })),
    severity: {
      rules: rules.map(({ id, tests }, place) => ({
        id,
        when: { all: tests.map(conditionOf) },
        severity: `SEV${1 + (place % 3)}`,
      })),
    },
    routes: Array.from({ length: ROUTES }, (_, n) => ({
      when: { field: 'labels.team', op: 'in', value: [`payments-${n}`, `platform-${n}`, `growth-${n}`, `data-${n}`] },
      service: `service-${n}`,
      dedupFields: ['labels.service', 'title'],
    })),
    grouping: [{ id: 'service', by: ['labels.service', 'labels.env'], window: '10m' }],
    suppression: {
      silences: Array.from({ length: SILENCES }, (_, n) => ({
        id: `silence-${n}`,
        when: n % 4 === 0 ? `service=~"checkout-${n}.*",env="dev"` : `service="search-${n}",env!="prod"`,
        ...span,
        author: 'ana',
        comment: 'known',
      })),
    },
  };
}

function conditionOf({ field, op, value }: FieldTest): Condition {
  const path = field === 'load' ? 'details.load' : field;
  return op === 'in' ? { field: path, op, value: [...value] } : { field: path, op, value };
}

function eventOf({ labels, title, load }: SampleFact): AlertEvent {
  return { action: 'trigger', title, source: 'bench', labels: { ...labels }, details: { load }, body: `load ${load}` };
}

async function openAlerts(ground: Ground): Promise<Figure> {
  ground.say(`opening ${whole(OPEN_ALERTS)} alerts in SQLite`);
  const collect = collector();
  const storage = sqliteStorage({ path: ground.file('open.db') });
  const logger = { debug() {}, info() {}, warn() {}, error() {} };
  const tocsin = createTocsin({
    storage,
    logger,
    notifiers: [{ name: 'sms', async send() {} }],
    config: {
      users: [{ id: 'ana', contacts: [{ notifier: 'sms', address: '+15550100' }] }],
      escalationPolicies: [{ id: 'default', steps: [{ targets: [{ user: 'ana' }] }], fallback: [{ user: 'ana' }] }],
      services: [{ id: 'checkout', escalationPolicy: 'default' }],
      grouping: [{ id: 'rack', by: ['labels.rack'], window: '1h' }],
    },
  });
  await tocsin.ingest(alerts(0, 100));
  const before = await heap(collect);
  for (let from = 100; from < OPEN_ALERTS; from += 1_000)
    await tocsin.ingest(alerts(from, Math.min(1_000, OPEN_ALERTS - from)));
  const grown = ((await heap(collect)) - before) / 1_048_576;
  await tocsin.stop();
  await storage.close();
  return {
    name: `memory for ${whole(OPEN_ALERTS)} open alerts (SQLite, 100 to an incident)`,
    measured: `${fine(grown)} MB of heap and buffers more than for 100`,
    target: '< 50 MB',
    isMet: grown < 50,
  };
}

function alerts(from: number, count: number): AlertEvent[] {
  return Array.from({ length: count }, (_, n): AlertEvent => {
    const number = from + n;
    const labels = { rack: `rack-${Math.floor(number / 100)}`, host: `host-${number}` };
    return {
      action: 'trigger',
      dedupKey: `host-${number}`,
      title: `Host ${number} is down`,
      severity: 'critical',
      labels,
    };
  });
}

async function heap(collect: () => void): Promise<number> {
  for (let turn = 0; turn < 3; turn++) {
    collect();
    await pause(50);
  }
  const { heapUsed, external, arrayBuffers } = process.memoryUsage();
  return heapUsed + external + arrayBuffers;
}

/** A collection on demand, which a process has to ask for. */
function collector(): () => void {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  return () => {
    if (typeof collect === 'function') collect();
  };
}
