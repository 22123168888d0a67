/**
 * A tally for tests, and numbers of incidents to put into it: everything is as plain as can be unless a test says otherwise.
 */
import { createTally, type TallyOptions } from '../../../src/core/review/tally.ts';
import {
  type IncidentNumbers,
  MEASUREMENT_NAMES,
  type Measurement,
  type MeasurementName,
  type MeasurementsByName,
  type NumbersReport,
} from '../../../src/model/measurement.ts';
import { MINUTE } from '../lifecycle/support.ts';
import { at } from './stories.ts';

/** How long it took in minutes, or still takes: `5` was recorded, `'5+'` is pending, anything else as it is. */
export type Took = number | `${number}+` | Measurement;

export type Given = Partial<Omit<IncidentNumbers, 'measurements'>> & {
  readonly took?: { [N in MeasurementName]?: Took };
};

export function numbers({ took = {}, ...more }: Given = {}): IncidentNumbers {
  const openedAt = more.openedAt ?? at('10:00:00');
  const from = { seq: 1, at: openedAt, isCorrected: false };
  const measured = (one: Took | undefined): Measurement => {
    if (one === undefined) return { status: 'pending', why: 'noImpactStart' };
    if (typeof one === 'object') return one;
    const ms = Number.parseFloat(String(one)) * MINUTE;
    if (typeof one === 'string') return { status: 'pending', why: 'notYet', from, elapsedMs: ms };
    return { status: 'recorded', ms, from, to: { seq: 2, at: openedAt + ms, isCorrected: false } };
  };
  return {
    id: 'i1',
    title: 'Checkout fails',
    service: 'checkout',
    severity: 'SEV2',
    kind: 'real',
    visibility: 'public',
    outcome: 'resolved',
    openedAt,
    alerts: 1,
    pages: 1,
    escalations: 0,
    reopenings: 0,
    isAutoResolved: false,
    people: [],
    measurements: Object.fromEntries(
      MEASUREMENT_NAMES.map((name) => [name, measured(took[name])]),
    ) as MeasurementsByName,
    ...more,
  };
}

export const OPTIONS: TallyOptions = {
  tenant: 'default',
  fromAt: at('00:00:00'),
  untilAt: at('23:00:00'),
  at: at('23:30:00'),
  timeZone: 'UTC',
  kinds: ['real'],
  teamOf: () => undefined,
  zoneOf: () => undefined,
  sleep: { from: '22:00', until: '08:00' },
  gapMs: 5 * MINUTE,
};

/** The report on these incidents. */
export function reportOn(given: readonly Given[], more: Partial<TallyOptions> = {}): NumbersReport {
  const tally = createTally({ ...OPTIONS, ...more });
  for (const one of given) tally.add(numbers(one));
  return tally.report();
}
