/**
 * Reviews that tests and measurements draw: a short one, a long one, and whatever else there can be.
 *
 * All are plain data, the same in every run; none is made from a clock.
 */
import type { Measurement, MeasurementsByName, Milestone } from '../../../src/model/measurement.ts';
import type {
  BuiltReview,
  BuiltSection,
  ReviewEntry,
  ReviewEntryKind,
  ReviewSpan,
  SectionKind,
} from '../../../src/model/review.ts';
import { HOSTILE_TEXTS } from '../status/pictures.ts';

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** When the incidents of the reviews began: a Thursday, half past two in the night in Berlin. */
export const BEGAN_AT = Date.UTC(2026, 10, 26, 1, 31, 20);
const at = (minutes: number) => BEGAN_AT + Math.round(minutes * MINUTE);
const milestone = (seq: number, minutes: number, isCorrected = false): Milestone => ({
  seq,
  at: at(minutes),
  isCorrected,
});
const recorded = (from: Milestone, to: Milestone): Measurement => ({
  status: 'recorded',
  ms: to.at - from.at,
  from,
  to,
});

const TITLES: Readonly<Record<SectionKind, string>> = {
  summary: 'Summary',
  impact: 'Impact',
  detection: 'Detection',
  measurements: 'In numbers',
  picture: 'The incident at a glance',
  timeline: 'Timeline',
  people: 'Who took part',
  wentWell: 'What went well',
  wentBadly: 'What did not go well',
  luck: 'Where we were lucky',
  factors: 'Contributing factors',
  actionItems: 'Action items',
  similar: 'Similar incidents',
  text: 'More',
};

/** A section of that kind, called and asking as sections of Tocsin do. */
export function sectionOf(kind: SectionKind, changes: Partial<BuiltSection> = {}): BuiltSection {
  return { id: kind, kind, title: TITLES[kind], isRequired: false, ...changes };
}

const ENTRIES: readonly (readonly [
  minutes: number,
  kind: ReviewEntryKind,
  text: string,
  marks?: string | undefined,
])[] = [
  [0, 'other', 'Nadia said that it began to hurt at 02:31.'],
  [3.5, 'alert', 'An alert fires: Checkout error ratio above 5 %.'],
  [3.5, 'phase', 'Opened by alertmanager: SEV2, high urgency, service checkout.'],
  [3.6, 'page', 'Paged the primary on call (step 1, round 1).'],
  [3.7, 'delivery', 'Reached the primary on call by push.'],
  [8.6, 'page', 'Nobody answered in time.', 'alarming'],
  [8.6, 'page', 'Paged the secondary on call (step 2, round 1).'],
  [8.8, 'delivery', 'Could not reach the secondary on call by sms: no such number.', 'alarming'],
  [9.1, 'delivery', 'Reached the secondary on call by voice.'],
  [11.2, 'acknowledgement', 'Acknowledged by the secondary on call.'],
  [13, 'phase', 'The secondary on call started to investigate.'],
  [14, 'people', 'The secondary on call became incident lead.'],
  [16, 'severity', 'The incident lead raised the severity to SEV1: cards of every bank fail.', 'pinned'],
  [16.1, 'page', 'Paged the database specialist (step 1, round 1).'],
  [17.5, 'people', 'The database specialist joined.'],
  [19, 'update', 'The incident lead posted a public update: Payments by card fail. We are looking into it.'],
  [24, 'note', 'Database specialist: 4,096 connections, all of them idle in transaction.', 'pinned'],
  [26, 'update', 'The incident lead posted an internal update: the pool is exhausted; no order is lost.'],
  [31, 'phase', 'The database specialist identified the cause: the new retry loop keeps its transaction open.'],
  [33, 'task', 'The incident lead added a task: roll back checkout to 2026.47.1.'],
  [36, 'chat', 'Database specialist: rollback is through in eu-1, eu-2 follows.'],
  [41, 'phase', 'Mitigated by the incident lead: rolled back.'],
  [43, 'update', 'The incident lead posted a public update: A fix is out. We are watching it.'],
  [46, 'severity', 'The incident lead lowered the severity to SEV3.'],
  [58, 'alert', 'An alert cleared, says alertmanager.'],
  [73, 'phase', 'Resolved by the incident lead: quiet for half an hour.'],
  [74, 'update', 'The incident lead posted a public update: Payments work again.'],
];

/** Entries with numbers of their own; deliveries have none. */
function entriesOf(rows: typeof ENTRIES): readonly ReviewEntry[] {
  let seq = 0;
  return rows.map(([minutes, kind, text, marks]) => {
    if (kind !== 'delivery') seq += 1;
    return {
      ...(kind === 'delivery' ? {} : { seq }),
      at: at(minutes),
      kind,
      text,
      isPinned: marks === 'pinned',
      isAlarming: marks === 'alarming',
    };
  });
}

const span = (from: number, until: number | undefined, label: string): ReviewSpan => ({
  fromAt: at(from),
  ...(until === undefined ? {} : { untilAt: at(until) }),
  label,
});

const MEASUREMENTS: MeasurementsByName = {
  detect: recorded(milestone(1, 0, true), milestone(2, 3.5)),
  acknowledge: recorded(milestone(2, 3.5), milestone(7, 11.2)),
  engage: recorded(milestone(2, 3.5), milestone(8, 13)),
  mitigate: recorded(milestone(2, 3.5), milestone(19, 41)),
  resolve: recorded(milestone(2, 3.5), milestone(23, 73)),
  close: { status: 'pending', why: 'notYet', from: milestone(2, 3.5), elapsedMs: 3 * DAY },
};

/** The review of an hour at night, with `changes` on top. */
export function reviewOf(changes: Partial<BuiltReview> = {}): BuiltReview {
  return {
    format: 1,
    incident: {
      id: '019ac000-0000-7000-8000-000000000001',
      title: 'Card payments fail with “pool exhausted”',
      body: 'checkout_errors_total / checkout_requests_total > 0.05\nfor 3 minutes in eu-1 and eu-2',
      service: 'checkout',
      serviceName: 'Checkout',
      severity: 'SEV1',
      kind: 'real',
      visibility: 'public',
      phase: 'resolved',
      openedAt: at(3.5),
      endedAt: at(73),
    },
    state: 'published',
    revision: 2,
    publishedAt: at(5 * 24 * 60),
    template: 'tocsin',
    isBlameless: true,
    timeZone: 'Europe/Berlin',
    sections: [
      sectionOf('summary', {
        isRequired: true,
        answer:
          'For 41 minutes nobody could pay by card. A new retry loop in checkout kept its transaction open while it waited, so that 64 instances took every connection of the pool.\n\nRolling back to 2026.47.1 freed the connections. No order was lost; 1,204 people had to try again.',
      }),
      sectionOf('impact', {
        answer: 'People who paid by card saw an error page after 30 seconds. Invoices and vouchers worked.',
      }),
      sectionOf('detection', {
        answer: 'The ratio of errors is looked at over three minutes: it could not have been much faster.',
      }),
      sectionOf('measurements'),
      sectionOf('picture'),
      sectionOf('timeline'),
      sectionOf('people'),
      sectionOf('wentWell', { answer: 'The rollback took five minutes and needed nobody who was asleep.' }),
      sectionOf('wentBadly', {
        answer: 'The first page was not heard, and the number of the secondary was an old one.',
      }),
      sectionOf('luck', { prompt: 'What could as well have gone wrong, and did not?' }),
      sectionOf('factors'),
      sectionOf('actionItems'),
      sectionOf('similar'),
      sectionOf('text', {
        id: 'customers',
        title: 'What we told customers',
        answer: 'See https://status.acme.example/ for every update.',
      }),
    ],
    missing: [],
    impact: {
      startedAt: at(0),
      endedAt: at(41),
      durationMs: 41 * MINUTE,
      services: ['Checkout', 'Billing'],
      components: [
        { id: 'card', name: 'Card payments', worst: 'major_outage' },
        { id: 'api', name: 'API', worst: 'degraded_performance' },
      ],
      publicUpdates: 3,
      fields: [
        { name: 'Customers', value: '1,204' },
        { name: 'Data lost', value: 'no' },
      ],
    },
    detection: { by: 'alert', what: 'Checkout error ratio above 5 %' },
    numbers: {
      id: '019ac000-0000-7000-8000-000000000001',
      title: 'Card payments fail with “pool exhausted”',
      service: 'checkout',
      severity: 'SEV1',
      kind: 'real',
      visibility: 'public',
      outcome: 'resolved',
      openedAt: at(3.5),
      endedAt: at(73),
      measurements: MEASUREMENTS,
      offender: 'CheckoutErrors',
      alerts: 3,
      pages: 3,
      escalations: 1,
      reopenings: 0,
      isAutoResolved: false,
      people: [{ user: 'ben', pagedAt: [at(8.6)], acknowledgements: 1, engagedMs: 62 * MINUTE }],
    },
    people: [
      { name: 'incident lead', parts: ['acknowledged', 'led', 'wrote updates'], pages: 1, engagedMs: 62 * MINUTE },
      { name: 'database specialist', parts: ['responded', 'found the cause'], pages: 1, engagedMs: 56 * MINUTE },
      { name: 'primary on call', parts: ['was paged'], pages: 1, engagedMs: 0 },
    ],
    entries: entriesOf(ENTRIES),
    picture: {
      fromAt: at(0),
      untilAt: at(75),
      alerts: [
        span(3.5, 58, 'Checkout error ratio above 5 %'),
        span(5, 44, 'Database connections above 95 %'),
        span(17, 39, 'Queue of orders grows'),
      ],
      phases: [
        { ...span(3.5, 13, 'Triage'), phase: 'triage' },
        { ...span(13, 31, 'Investigating'), phase: 'investigating' },
        { ...span(31, 41, 'Identified'), phase: 'identified' },
        { ...span(41, 73, 'Monitoring'), phase: 'monitoring' },
        { ...span(73, undefined, 'Resolved'), phase: 'resolved' },
      ],
      acknowledged: [span(11.2, 73, 'incident lead')],
      snoozed: [],
      severities: [
        { ...span(3.5, 16, 'SEV2'), severity: 'SEV2', rank: 1 },
        { ...span(16, 46, 'SEV1'), severity: 'SEV1', rank: 0 },
        { ...span(46, undefined, 'SEV3'), severity: 'SEV3', rank: 2 },
      ],
      pages: [
        { at: at(3.6), label: 'primary on call', isAlarming: true },
        { at: at(8.6), label: 'secondary on call', isAlarming: false },
        { at: at(16.1), label: 'database specialist', isAlarming: false },
      ],
      updates: [
        { at: at(19), label: 'Payments by card fail.', isPublic: true },
        { at: at(26), label: 'the pool is exhausted', isPublic: false },
        { at: at(43), label: 'A fix is out.', isPublic: true },
        { at: at(74), label: 'Payments work again.', isPublic: true },
      ],
    },
    factors: [
      { id: 'f1', text: 'The retry loop waits within its transaction.', category: 'code', categoryName: 'Code' },
      { id: 'f2', text: 'Nothing limits how many connections one service may take.', category: 'capacity' },
      { id: 'f3', text: 'The numbers of people on call are not tried out.' },
    ],
    actionItems: [
      {
        ...{ id: 'a1', title: 'Let the retry loop wait outside of its transaction', status: 'done' as const },
        ...{ owner: 'checkout lead', priority: 'High', dueAt: at(12 * 24 * 60), isOverdue: false },
        url: 'https://issues.acme.example/CHK-311',
      },
      {
        ...{ id: 'a2', title: 'Limit the connections of each service', status: 'inProgress' as const },
        ...{ owner: 'database specialist', priority: 'Medium', dueAt: at(30 * 24 * 60), isOverdue: true },
      },
      { id: 'a3', title: 'Try out every number once a month', status: 'open', isOverdue: false },
      { id: 'a4', title: 'Move checkout to its own database', status: 'dropped', isOverdue: false },
    ],
    openTasks: ['Tell the shops that had to close'],
    similar: [
      {
        ...{ id: '019a0000-0000-7000-8000-00000000000a', title: 'Card payments are slow', service: 'checkout' },
        ...{ severity: 'SEV3', openedAt: at(-61 * 24 * 60), score: 0.82 },
        because: ['the same service', 'the same alert', 'words in common: card, pool'],
      },
      {
        ...{ id: '019a0000-0000-7000-8000-00000000000b', title: 'Invoices are late', service: 'billing' },
        ...{ severity: 'SEV2', openedAt: at(-200 * 24 * 60), score: 0.41, because: ['the same label: db=orders'] },
      },
    ],
    ...changes,
  };
}

/** An incident that goes on, and of which nobody has written anything. */
export function openReview(): BuiltReview {
  const short = reviewOf();
  const { endedAt: _, ...incident } = short.incident;
  const seen = short.entries.filter((entry) => entry.at <= at(31));
  const isBegun = (one: { readonly fromAt: number }) => one.fromAt <= at(31);
  const goesOn = <S extends ReviewSpan>({ untilAt, ...one }: S) =>
    untilAt === undefined || untilAt > at(31) ? one : { ...one, untilAt };
  const notYet = (from: Milestone): Measurement => ({
    status: 'pending',
    why: 'notYet',
    from,
    elapsedMs: at(33) - from.at,
  });
  return reviewOf({
    incident: { ...incident, phase: 'identified' },
    state: 'draft',
    sections: short.sections.map(({ answer: _answer, ...section }) => ({
      prompt: 'What would you tell somebody who was not there?',
      ...section,
    })),
    missing: ['summary'],
    impact: { services: ['Checkout'], components: [], publicUpdates: 1, fields: [] },
    numbers: {
      ...short.numbers,
      outcome: 'open',
      measurements: {
        detect: { status: 'pending', why: 'noImpactStart' },
        acknowledge: MEASUREMENTS.acknowledge,
        engage: MEASUREMENTS.engage,
        mitigate: notYet(milestone(2, 3.5)),
        resolve: notYet(milestone(2, 3.5)),
        close: notYet(milestone(2, 3.5)),
      },
    },
    entries: seen,
    picture: {
      fromAt: at(3.5),
      untilAt: at(33),
      alerts: short.picture.alerts.filter(isBegun).map(goesOn),
      phases: short.picture.phases.filter(isBegun).map(goesOn) as BuiltReview['picture']['phases'],
      acknowledged: short.picture.acknowledged.map(goesOn),
      snoozed: [],
      severities: short.picture.severities.filter(isBegun).map(goesOn) as BuiltReview['picture']['severities'],
      pages: short.picture.pages,
      updates: short.picture.updates.slice(0, 2),
    },
    factors: [],
    actionItems: [],
    openTasks: [],
    similar: [],
  });
}

/** An incident that nobody was paged for, and that ended by itself. */
export function quietReview(): BuiltReview {
  const short = reviewOf();
  const endedBefore = (observed: number): Measurement => ({
    status: 'notApplicable',
    why: 'endedBefore',
    from: milestone(2, 3.5),
    observedMs: observed * MINUTE,
  });
  return reviewOf({
    state: 'pending',
    numbers: {
      ...short.numbers,
      isAutoResolved: true,
      pages: 0,
      escalations: 0,
      people: [],
      measurements: {
        detect: { status: 'notApplicable', why: 'unknown' },
        acknowledge: endedBefore(55),
        engage: endedBefore(55),
        mitigate: { status: 'notApplicable', why: 'notMitigated', from: milestone(2, 3.5), observedMs: 55 * MINUTE },
        resolve: recorded(milestone(2, 3.5), milestone(22, 58)),
        close: { status: 'invalid', why: 'endsBeforeItBegins', from: milestone(22, 58), to: milestone(2, 3.5) },
      },
    },
    people: [],
    entries: short.entries.filter(({ kind }) => ['alert', 'phase', 'other'].includes(kind)),
    picture: { ...short.picture, pages: [], acknowledged: [], updates: [], severities: [] },
  });
}

/** Four days with a night's rest in between: resolved, come back, snoozed, resolved again. Clocks changed on the way. */
export function reopenedReview(): BuiltReview {
  const short = reviewOf();
  const hours = (from: number, until: number | undefined, label: string) =>
    span(from * 60, until === undefined ? undefined : until * 60, label);
  return reviewOf({
    numbers: {
      ...short.numbers,
      reopenings: 1,
      measurements: {
        ...MEASUREMENTS,
        mitigate: recorded(milestone(2, 3.5), milestone(19, 20 * 60)),
        resolve: recorded(milestone(2, 3.5), milestone(23, 91 * 60)),
      },
    },
    picture: {
      fromAt: at(0),
      untilAt: at(94 * 60),
      alerts: [hours(0.1, 21, 'Replication lag above 30 s'), hours(40, 88, 'Replication lag above 30 s')],
      phases: [
        { ...hours(0.1, 2, 'Triage'), phase: 'triage' },
        { ...hours(2, 12, 'Investigating'), phase: 'investigating' },
        { ...hours(12, 20, 'Identified'), phase: 'identified' },
        { ...hours(20, 22, 'Monitoring'), phase: 'monitoring' },
        { ...hours(22, 40, 'Resolved'), phase: 'resolved' },
        { ...hours(40, 72, 'Investigating'), phase: 'investigating' },
        { ...hours(72, 91, 'Monitoring'), phase: 'monitoring' },
        { ...hours(91, undefined, 'Resolved'), phase: 'resolved' },
      ],
      acknowledged: [
        hours(0.2, 9, 'Ana Lima'),
        hours(8, 22, 'Ben Okafor'),
        hours(41, 48, 'Ana Lima'),
        hours(56, 91, 'Chi Nguyen'),
      ],
      snoozed: [hours(48, 56, 'Ana Lima')],
      severities: [
        { ...hours(0.1, 12, 'SEV2'), severity: 'SEV2', rank: 1 },
        { ...hours(12, 56, 'SEV3'), severity: 'SEV3', rank: 2 },
        { ...hours(56, undefined, 'SEV2'), severity: 'SEV2', rank: 1 },
      ],
      pages: [0.1, 8, 40, 40.2, 40.4, 56].map((hour, index) => ({
        at: at(hour * 60),
        label: ['Ana Lima', 'Ben Okafor', 'Chi Nguyen'][index % 3]!,
        isAlarming: index === 2 || index === 3,
      })),
      updates: [1, 6, 12, 22, 41, 60, 72, 91].map((hour, index) => ({
        at: at(hour * 60),
        label: 'Orders arrive late.',
        isPublic: index % 3 !== 1,
      })),
    },
  });
}

/** A bad week: two thousand entries, four hundred pages, two hundred alerts. */
export function longReview(count = 2_000): BuiltReview {
  const short = reviewOf();
  const length = 7 * 24 * 60;
  // Storms and quiet in turns, the same in every run.
  const minuteOf = (index: number) =>
    ((index + 0.5 * Math.sin(index / 9)) / count) * length + 200 * Math.sin((index / count) * 40);
  const kinds: readonly ReviewEntryKind[] = [
    ...(['alert', 'delivery', 'page', 'delivery', 'alert', 'note', 'chat', 'delivery', 'alert', 'other'] as const),
    ...(['delivery', 'task', 'alert', 'people', 'delivery', 'chat', 'chat', 'note', 'alert', 'delivery'] as const),
  ];
  const rows = Array.from({ length: count }, (_, index): (typeof ENTRIES)[number] => {
    const kind = index % 97 === 5 ? 'update' : index % 211 === 7 ? 'phase' : (kinds[index % kinds.length] ?? 'note');
    const marks = index % 173 === 11 ? 'pinned' : kind === 'page' && index % 60 === 2 ? 'alarming' : undefined;
    return [
      Math.max(0, minuteOf(index)),
      kind,
      `Entry ${index}: the database specialist wrote that replica ${index % 12} lags behind by ${(index * 37) % 600} seconds.`,
      marks,
    ];
  });
  const entries = entriesOf(rows.toSorted(([a], [b]) => a - b));
  const spans = <T>(many: number, make: (from: number, until: number, index: number) => T) =>
    Array.from({ length: many }, (_, index) => {
      const from = (index / many) * length;
      return make(from, from + (length / many) * (0.2 + ((index * 7) % 5) / 5), index);
    });
  const phases = ['investigating', 'identified', 'monitoring', 'resolved'] as const;
  const numbered = entries.flatMap(({ seq, at: when }) => (seq === undefined ? [] : [{ seq, at: when }]));
  const nth = (share: number): Milestone => ({
    ...numbered[Math.floor(share * (numbered.length - 1))]!,
    isCorrected: false,
  });
  return reviewOf({
    entries,
    numbers: {
      ...short.numbers,
      alerts: 210,
      pages: 400,
      measurements: {
        detect: recorded(nth(0), nth(0.001)),
        acknowledge: recorded(nth(0.001), nth(0.01)),
        engage: recorded(nth(0.001), nth(0.02)),
        mitigate: recorded(nth(0.001), nth(0.8)),
        resolve: recorded(nth(0.001), nth(0.99)),
        close: MEASUREMENTS.close,
      },
    },
    impact: { ...short.impact, startedAt: nth(0).at },
    picture: {
      fromAt: at(0),
      untilAt: at(length),
      alerts: spans(210, (from, until, index) => span(from, until + (index % 9) * 300, `Replica ${index % 12} lags`)),
      phases: spans(160, (from, _, index) => {
        const phase = phases[index % 4]!;
        return { ...span(from, from + length / 160, phase), phase };
      }),
      acknowledged: spans(120, (from, until, index) =>
        span(from, until, ['Ana Lima', 'Ben Okafor', 'Chi'][index % 3]!),
      ),
      snoozed: spans(30, (from, until) => span(from + 100, until + 10, 'Ana Lima')),
      severities: spans(90, (from, _, index) => {
        const rank = [1, 0, 1, 2][index % 4]!;
        return { ...span(from, from + length / 90, `SEV${rank + 1}`), severity: `SEV${rank + 1}`, rank };
      }),
      pages: spans(400, (from, _, index) => ({ at: at(from), label: 'Ana Lima', isAlarming: index % 11 === 3 })),
      updates: spans(150, (from, _, index) => ({ at: at(from), label: 'Still slow', isPublic: index % 4 === 0 })),
    },
  });
}

/** A review in which strangers wrote `text(n)` wherever they can; `n` counts the places. */
export function saying(text: (index: number) => string): BuiltReview {
  let place = 0;
  const any = () => text(place++);
  const short = reviewOf();
  const labelled = <T extends { readonly label: string }>(all: readonly T[]) =>
    all.map((one) => ({ ...one, label: any() }));
  return reviewOf({
    incident: {
      ...short.incident,
      id: any(),
      title: any(),
      body: any(),
      service: any(),
      serviceName: any(),
      severity: any(),
    },
    template: any(),
    sections: short.sections.map((section) => ({ ...section, id: any(), title: any(), prompt: any(), answer: any() })),
    missing: [any()],
    impact: {
      ...short.impact,
      services: [any(), any()],
      components: [{ id: any(), name: any(), worst: 'partial_outage' }],
      fields: [{ name: any(), value: any() }],
    },
    detection: { by: 'person', what: any() },
    numbers: { ...short.numbers, title: any(), service: any(), severity: any(), offender: any() },
    people: [{ name: any(), parts: [any(), any()], pages: 1, engagedMs: 1 }],
    entries: short.entries.map((entry) => ({ ...entry, text: any() })),
    picture: {
      ...short.picture,
      alerts: labelled(short.picture.alerts),
      phases: labelled(short.picture.phases),
      acknowledged: labelled(short.picture.acknowledged),
      snoozed: labelled(short.picture.acknowledged),
      severities: labelled(short.picture.severities).map((one) => ({ ...one, severity: any() })),
      pages: labelled(short.picture.pages),
      updates: labelled(short.picture.updates),
    },
    factors: [{ id: any(), text: any(), category: any(), categoryName: any() }],
    actionItems: [{ ...short.actionItems[0]!, id: any(), title: any(), owner: any(), priority: any(), url: any() }],
    openTasks: [any()],
    similar: [{ ...short.similar[0]!, id: any(), title: any(), service: any(), severity: any(), because: [any()] }],
  });
}

/** Every text of it is hostile. */
export function hostileReview(): BuiltReview {
  return saying((index) => HOSTILE_TEXTS[index % HOSTILE_TEXTS.length]!);
}

/** Every review, with what it shows. */
export const REVIEWS = {
  short: reviewOf(),
  long: longReview(),
  reopened: reopenedReview(),
  quiet: quietReview(),
  open: openReview(),
  hostile: hostileReview(),
} as const satisfies Record<string, BuiltReview>;
