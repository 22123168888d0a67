import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cleanText } from '../../../src/core/text/clean.ts';
import {
  incidentsCsv,
  incidentsCsvHeader,
  incidentsCsvRow,
  numbersCsv,
  offendersCsv,
  peopleCsv,
  totalsCsv,
} from '../../../src/render/index.ts';
import { hostileTexts } from '../status/hostile-texts.ts';
import { readCsv, readTable } from './read-csv.ts';
import { EMPTY, hostileReport, incidentOf, MONTH, YEAR } from './reports.ts';

/** Whether a spreadsheet would reckon with it. */
const isFormula = (cell: string) => /^[\t\s]*[=+@＝＋－＠]/.test(cell) || /^\s*-/.test(cell);

describe('incidents as CSV', () => {
  test('say of each number what it is, and where it came from', () => {
    expect(readTable(incidentsCsv([incidentOf()]))).toEqual([
      {
        id: 'inc-1',
        title: 'Payments fail',
        service: 'checkout',
        severity: 'SEV1',
        kind: 'real',
        visibility: 'public',
        outcome: 'resolved',
        opened_at: '2026-11-03T02:14:00.000Z',
        ended_at: '2026-11-03T03:14:00.000Z',
        detect_status: 'invalid',
        detect_ms: '',
        detect_why: 'endsBeforeItBegins',
        detect_from_seq: '7',
        detect_to_seq: '1',
        acknowledge_status: 'recorded',
        acknowledge_ms: '240000',
        acknowledge_why: '',
        acknowledge_from_seq: '1',
        acknowledge_to_seq: '4',
        engage_status: 'recorded',
        engage_ms: '360000',
        engage_why: '',
        engage_from_seq: '1',
        engage_to_seq: '5',
        mitigate_status: 'notApplicable',
        mitigate_ms: '',
        mitigate_why: 'notMitigated',
        mitigate_from_seq: '1',
        mitigate_to_seq: '',
        resolve_status: 'recorded',
        resolve_ms: '3600000',
        resolve_why: '',
        resolve_from_seq: '1',
        resolve_to_seq: '9',
        close_status: 'pending',
        close_ms: '',
        close_why: 'notYet',
        close_from_seq: '1',
        close_to_seq: '',
        offender: 'PaymentLatency',
        alerts: '3',
        pages: '2',
        escalations: '1',
        reopenings: '0',
        auto_resolved: 'false',
        people: '1',
        engaged_ms: '3360000',
      },
    ]);
  });

  test('leave empty what an incident that was written down later asked of people', () => {
    const [row] = readTable(incidentsCsv([incidentOf({ kind: 'backfilled', people: [] })]));
    expect([row?.people, row?.engaged_ms]).toEqual(['', '']);
  });

  test('have a header when there is none of them, and an open one has no end', () => {
    expect(readTable(incidentsCsv([]))).toEqual([]);
    const { endedAt: _, offender: __, ...open } = incidentOf({ outcome: 'open' });
    const [row] = readTable(incidentsCsv([open]));
    expect(row).toMatchObject({ ended_at: '', offender: '', outcome: 'open' });
  });

  test('are the same line by line', () => {
    const incidents = [incidentOf(), incidentOf({ id: 'inc-2' })];
    expect(incidentsCsvHeader() + incidents.map(incidentsCsvRow).join('')).toBe(incidentsCsv(incidents));
  });

  test('are never a formula, and lose nothing but what no display should be given', () => {
    fc.assert(
      fc.property(hostileTexts, hostileTexts, (title, offender) => {
        const csv = incidentsCsv([incidentOf({ title, offender }), incidentOf({ title: `=${title}` })]);
        const rows = readTable(csv);
        expect(rows).toHaveLength(2);
        for (const cell of [rows[0]!.title!, rows[0]!.offender!, rows[1]!.title!]) expect(isFormula(cell)).toBe(false);
        expect(rows[0]!.title!.replace(/^'/, '')).toBe(cleanText(title).replace(/^'/, ''));
        expect(rows[1]!.title).toBe(`'${cleanText(`=${title}`)}`);
      }),
      { numRuns: 150 },
    );
  });
});

describe('a report as CSV', () => {
  test('has a row for each group and number, those of all incidents first', () => {
    const rows = readTable(numbersCsv(MONTH));
    expect(rows).toHaveLength(6 * (1 + 3 + 2 + 3 + 5));
    expect(rows[1]).toEqual({
      grouping: 'all',
      key: '',
      incidents: '38',
      alerts: '131',
      pages: '76',
      measurement: 'acknowledge',
      recorded: '31',
      pending: '2',
      not_applicable: '5',
      invalid: '0',
      median_ms: '240000',
      p90_ms: '1488000',
      mean_ms: '504000',
      survival_events: '31',
      survival_censored: '7',
      survival_median_ms: '259200',
      survival_p90_ms: '',
    });
    expect(
      rows.filter(({ measurement }) => measurement === 'resolve').map(({ grouping, key }) => `${grouping} ${key}`),
    ).toEqual([
      'all ',
      'service checkout',
      'service search',
      'service warehouse',
      'team shop',
      'team logistics',
      'severity SEV1',
      'severity SEV2',
      'severity SEV3',
      'week 2026-10-26',
      'week 2026-11-02',
      'week 2026-11-09',
      'week 2026-11-16',
      'week 2026-11-23',
    ]);
  });

  test('of nothing has no durations, and no zero in their place', () => {
    const rows = readTable(numbersCsv(EMPTY));
    expect(rows).toHaveLength(6);
    for (const row of rows) expect(row).toMatchObject({ incidents: '0', median_ms: '', p90_ms: '', mean_ms: '' });
  });

  test('says of each person what being on call asked', () => {
    expect(readTable(peopleCsv(MONTH))[0]).toEqual({
      user: 'ana',
      pages: '26',
      interruptions: '21',
      during_business: '9',
      during_evenings: '4',
      during_weekends: '3',
      during_sleep: '5',
      nights: '4',
      acknowledgements: '18',
      engaged_ms: '57720000',
      on_call_hours: '336',
    });
    const [{ onCallHours: _, ...rest }] = MONTH.people as [(typeof MONTH.people)[number]];
    expect(readTable(peopleCsv({ people: [rest] }))[0]).toMatchObject({ on_call_hours: '' });
  });

  test('says how many there were, and leaves empty what is a share of nothing', () => {
    const figures = (csv: string) =>
      Object.fromEntries(readTable(csv).map(({ of, figure, value }) => [`${of} ${figure}`, value]));
    expect(figures(totalsCsv(MONTH))).toMatchObject({
      'incidents incidents': '38',
      'incidents open': '2',
      'noise auto_resolved': '9',
      'action_items created': '11',
      'action_items closed_in_time': '5',
    });
    expect(figures(totalsCsv(EMPTY))).toMatchObject({
      'incidents incidents': '0',
      'noise alerts_per_incident': '',
      'noise auto_resolved_share': '',
      'action_items in_time_share': '',
    });
  });

  test('says what fires most', () => {
    expect(readTable(offendersCsv(MONTH))[0]).toEqual({
      service: 'search',
      alert: 'IndexLagHigh',
      incidents: '8',
      alerts: '51',
      auto_resolved: '6',
    });
    expect(readTable(offendersCsv(EMPTY))).toEqual([]);
  });

  test('stays a table whatever services and people are called', () => {
    fc.assert(
      fc.property(fc.array(hostileTexts, { minLength: 4, maxLength: 6 }), (names) => {
        const report = hostileReport(names);
        for (const csv of [numbersCsv(report), peopleCsv(report), totalsCsv(report), offendersCsv(report)]) {
          for (const record of readCsv(csv)) expect(record.some(isFormula)).toBe(false);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('is the same bytes for the same report', () => {
    expect(numbersCsv(structuredClone(YEAR))).toBe(numbersCsv(YEAR));
  });
});
