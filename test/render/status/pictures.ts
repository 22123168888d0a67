/**
 * Pictures of status pages that tests and measurements draw: quiet and stormy ones, a large one, and a hostile one.
 *
 * All are plain data, the same in every run; none is made from a clock.
 */
import type {
  Impact,
  PictureComponent,
  PictureIncident,
  PictureMaintenance,
  PictureUpdate,
  StatusPicture,
  UptimeDay,
} from '../../../src/model/status.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** The moment that all of them show: a Sunday, in winter time. */
export const SHOWN_AT = Date.UTC(2026, 10, 29, 13, 58);
const WEIGHTS = { degraded_performance: 0, partial_outage: 0.3, major_outage: 1 };

/** Strangers' texts of every bad kind. */
export const HOSTILE_TEXTS = [
  '</style><script>alert(1)</script><img src=x onerror=alert(1)>',
  '"><a href="javascript:alert(1)">click</a>\' onmouseover=\'alert(1)',
  '&lt;b&gt; &amp; &#60;i&#62; <!-- --> ]]> <![CDATA[ <?php',
  '\u202eסודי مرحبا שלום\u202c \u2067abc\u2069',
  '\u0000\u0007\u001b[31m\u0085\ufffe\uffff\ud800 x \udfff\u{1fffe}\ufdd0',
  '👩‍👩‍👧‍👦🔥🇩🇪'.repeat(150),
  `z${'\u0335\u0321\u0489'.repeat(400)}`,
  'w'.repeat(10_000),
  `${'Ein langer Satz, der nie endet. '.repeat(320)}`.slice(0, 10_000),
  'see javascript:alert(1) or https://evil.example/"onmouseover="alert(1) (http://ok.example/a_(b)?c=d&e=f), HTTPS://UP.example/. data:text/html,x',
  `${'a\n'.repeat(100)}\r\nend\u2028next\r`,
  '   ',
] as const;

/** A picture in which nothing ever happened, with `changes` on top. */
export function pictureOf(changes: Partial<StatusPicture> = {}): StatusPicture {
  return {
    page: {
      id: 'public',
      name: 'Acme Status',
      description: 'The state of the shop, its payments and its API.',
      url: 'https://status.acme.example/',
      audience: 'public',
      access: 'open',
      locale: 'en',
      timeZone: 'Europe/Berlin',
      uptime: { days: 90, weights: WEIGHTS },
    },
    at: SHOWN_AT,
    updatedAt: SHOWN_AT - 3 * HOUR,
    indicator: 'none',
    groups: [
      { id: 'shop', name: 'Shop', description: 'Everything that buyers see' },
      { id: 'platform', name: 'Platform' },
    ],
    components: COMPONENTS,
    incidents: [],
    maintenance: [],
    past: PAST,
    pastMaintenance: PAST_MAINTENANCE,
    ...changes,
  };
}

/** One update. */
export function updateOf(at: number, status: PictureUpdate['status'], text: string): PictureUpdate {
  return { id: `u${at}`, status, text, at, audience: 'public' };
}

/** An incident that has ended, with `changes` on top. */
export function incidentOf(changes: Partial<PictureIncident> = {}): PictureIncident {
  const startedAt = changes.startedAt ?? SHOWN_AT - 2 * HOUR;
  return {
    id: 'i1',
    title: 'Payments fail',
    status: 'investigating',
    impact: 'partial_outage',
    components: { payments: 'partial_outage' },
    startedAt,
    updatedAt: startedAt,
    updates: [updateOf(startedAt, 'investigating', 'We are looking into failing payments.')],
    ...changes,
  };
}

/** A maintenance that is to come, with `changes` on top. */
export function maintenanceOf(changes: Partial<PictureMaintenance> = {}): PictureMaintenance {
  const startsAt = changes.startsAt ?? SHOWN_AT + 2 * DAY;
  return {
    id: 'm1',
    title: 'New database servers',
    status: 'scheduled',
    components: ['payments', 'orders'],
    startsAt,
    endsAt: startsAt + 2 * HOUR,
    createdAt: SHOWN_AT - DAY,
    updatedAt: SHOWN_AT - DAY,
    updates: [
      updateOf(SHOWN_AT - DAY, 'scheduled', 'We move payments to larger machines. Orders wait for up to five minutes.'),
    ],
    ...changes,
  };
}

/** The days up to the moment shown; `bad` by how many days ago. */
export function daysOf(count: number, bad: Readonly<Record<number, Omit<UptimeDay, 'date'>>> = {}): UptimeDay[] {
  return Array.from({ length: count }, (_, index) => {
    const ago = count - 1 - index;
    const date = new Date(SHOWN_AT - ago * DAY).toISOString().slice(0, 10);
    return { date, ...(bad[ago] ?? { worst: 'operational', minutes: {} }) };
  });
}

function component(id: string, name: string, rest: Partial<PictureComponent> = {}): PictureComponent {
  return { id, name, impact: 'operational', uptime: { days: daysOf(90), ratio: 1 }, ...rest };
}

/** Some components at these impacts. */
export function componentsAt(impacts: Readonly<Record<string, Impact>>): PictureComponent[] {
  return COMPONENTS.map((one) => {
    const impact = impacts[one.id];
    if (impact === undefined) return one;
    const minutes = impact === 'operational' ? {} : { [impact]: 118 };
    const days = one.uptime?.days.map((day, index, { length }) =>
      index === length - 1 ? { ...day, worst: impact, minutes } : day,
    );
    return {
      ...one,
      impact,
      since: SHOWN_AT - 2 * HOUR,
      ...(days !== undefined && { uptime: { days, ratio: 0.99871 } }),
    };
  });
}

const COMPONENTS: readonly PictureComponent[] = [
  component('website', 'Website', { description: 'Pages, search and the basket', group: 'shop' }),
  component('payments', 'Payments', {
    group: 'shop',
    uptime: {
      days: daysOf(90, {
        12: { worst: 'partial_outage', minutes: { partial_outage: 47, degraded_performance: 20 } },
        31: { worst: 'under_maintenance', minutes: { under_maintenance: 120 } },
        55: { worst: 'major_outage', minutes: { major_outage: 94 } },
      }),
      ratio: 0.999166,
    },
  }),
  component('orders', 'Orders', {
    group: 'shop',
    uptime: {
      days: daysOf(90, { 31: { worst: 'under_maintenance', minutes: { under_maintenance: 120 } } }),
      ratio: 1,
    },
  }),
  component('api', 'API', {
    description: 'REST and webhooks',
    group: 'platform',
    uptime: {
      days: daysOf(90, {
        3: { worst: 'degraded_performance', minutes: { degraded_performance: 35 } },
        4: { worst: 'degraded_performance', minutes: { degraded_performance: 210 } },
        ...Object.fromEntries(
          Array.from({ length: 20 }, (_, index) => [70 + index, { worst: undefined, minutes: {} }]),
        ),
      }),
      ratio: 0.99999,
    },
  }),
  component('sign-in', 'Sign-in', { group: 'platform' }),
  { id: 'support', name: 'Support desk', impact: 'operational' },
];

const PAST: readonly PictureIncident[] = [
  incidentOf({
    id: 'p1',
    title: 'Slow answers of the API',
    status: 'resolved',
    impact: 'degraded_performance',
    components: { api: 'degraded_performance' },
    startedAt: SHOWN_AT - 4 * DAY,
    resolvedAt: SHOWN_AT - 3 * DAY - 20 * HOUR,
    updates: [
      updateOf(SHOWN_AT - 3 * DAY - 20 * HOUR, 'resolved', 'All answers are as fast as before. We are sorry.'),
      updateOf(SHOWN_AT - 4 * DAY + HOUR, 'identified', 'A slow query was found; we are adding an index.'),
      updateOf(SHOWN_AT - 4 * DAY, 'investigating', 'Some answers take several seconds.'),
    ],
  }),
  incidentOf({
    id: 'p2',
    title: 'Card payments in Europe declined',
    status: 'resolved',
    components: { payments: 'partial_outage', orders: 'degraded_performance' },
    startedAt: SHOWN_AT - 12 * DAY,
    resolvedAt: SHOWN_AT - 12 * DAY + 67 * MINUTE,
    updates: [
      updateOf(
        SHOWN_AT - 12 * DAY + 67 * MINUTE,
        'resolved',
        'Payments work again.\nWhat happened: https://acme.example/blog/payments-in-november',
      ),
      updateOf(SHOWN_AT - 12 * DAY, 'investigating', 'One of our card processors declines every card.'),
    ],
  }),
  incidentOf({
    id: 'p3',
    title: 'Payments down',
    status: 'resolved',
    impact: 'major_outage',
    components: { payments: 'major_outage' },
    startedAt: SHOWN_AT - 55 * DAY,
    resolvedAt: SHOWN_AT - 55 * DAY + 94 * MINUTE,
    updates: [
      updateOf(SHOWN_AT - 55 * DAY + 94 * MINUTE, 'resolved', 'Payments work again.'),
      updateOf(SHOWN_AT - 55 * DAY, 'investigating', 'No payment goes through.'),
    ],
  }),
];

const PAST_MAINTENANCE: readonly PictureMaintenance[] = [
  maintenanceOf({
    id: 'pm1',
    title: 'Database upgrade',
    status: 'completed',
    startsAt: SHOWN_AT - 31 * DAY,
    updates: [updateOf(SHOWN_AT - 31 * DAY + 2 * HOUR, 'completed', 'The upgrade is done.')],
  }),
];

const MAJOR = incidentOf({
  id: 'i2',
  title: 'The shop cannot be reached from parts of Europe',
  status: 'identified',
  impact: 'major_outage',
  components: { website: 'major_outage', orders: 'partial_outage', payments: 'partial_outage' },
  startedAt: SHOWN_AT - 118 * MINUTE,
  updatedAt: SHOWN_AT - 11 * MINUTE,
  updates: [
    updateOf(
      SHOWN_AT - 11 * MINUTE,
      'identified',
      'A broken fibre near Frankfurt was found. Traffic moves to our second line, which takes about 30 minutes.\n\nOrders that were placed are safe. Progress of the carrier: https://carrier.example/tickets/8812?lang=en&view=full.',
    ),
    updateOf(SHOWN_AT - 80 * MINUTE, 'investigating', 'The reason lies outside of our data centre.'),
    updateOf(SHOWN_AT - 118 * MINUTE, 'investigating', 'We are looking into reports that pages do not load.'),
  ],
});
const SIGN_IN = incidentOf({
  id: 'i3',
  title: 'Codes for sign-in arrive late',
  status: 'monitoring',
  impact: 'degraded_performance',
  components: { 'sign-in': 'degraded_performance' },
  startedAt: SHOWN_AT - 5 * HOUR,
  monitoringAt: SHOWN_AT - HOUR,
  updates: [
    updateOf(SHOWN_AT - HOUR, 'monitoring', 'Codes are on time again. We keep watching.'),
    updateOf(SHOWN_AT - 5 * HOUR, 'investigating', 'Text messages take up to four minutes.'),
  ],
});

const partialOutage = pictureOf({
  indicator: 'minor',
  updatedAt: SHOWN_AT - 2 * HOUR,
  components: componentsAt({ payments: 'partial_outage' }),
  incidents: [incidentOf()],
});

const majorOutage = pictureOf({
  indicator: 'critical',
  updatedAt: SHOWN_AT - 11 * MINUTE,
  components: componentsAt({
    website: 'major_outage',
    orders: 'partial_outage',
    payments: 'partial_outage',
    'sign-in': 'degraded_performance',
  }),
  incidents: [MAJOR, SIGN_IN, incidentOf({ id: 'i4', title: 'Nothing posted yet', updates: [] })],
  maintenance: [maintenanceOf()],
});

const maintenance = pictureOf({
  indicator: 'maintenance',
  components: componentsAt({ payments: 'under_maintenance', orders: 'under_maintenance' }),
  maintenance: [
    maintenanceOf({
      id: 'm0',
      title: 'Payments move to new servers',
      status: 'in_progress',
      startsAt: SHOWN_AT - 40 * MINUTE,
      updates: [
        updateOf(SHOWN_AT - 40 * MINUTE, 'in_progress', 'The work has begun. Payments wait for up to ten minutes.'),
        updateOf(SHOWN_AT - 3 * DAY, 'scheduled', 'We move payments to new servers.'),
      ],
    }),
    maintenanceOf(),
    maintenanceOf({ id: 'm2', title: 'New certificates', startsAt: Date.UTC(2027, 0, 4, 22, 30), updates: [] }),
  ],
});

const internal = pictureOf({
  ...majorOutage,
  page: {
    ...majorOutage.page,
    id: 'internal',
    name: 'Acme, from inside',
    audience: 'internal',
    access: 'authorized',
    locale: 'de',
  },
  incidents: [
    {
      ...MAJOR,
      updates: [
        {
          ...updateOf(SHOWN_AT - 5 * MINUTE, 'identified', 'Ana talks to the carrier, Ben watches the queues.'),
          audience: 'internal',
        },
        ...MAJOR.updates,
      ],
    },
    SIGN_IN,
  ],
});

const stale = { ...partialOutage, stale: { askedAt: SHOWN_AT + 97 * MINUTE } };

const empty = pictureOf({
  page: { id: 'p', name: 'Empty', audience: 'public', access: 'open', locale: 'en', timeZone: 'UTC' },
  groups: [],
  components: [],
  past: [],
  pastMaintenance: [],
});

/** Pictures by what they show. */
export const PICTURES = {
  operational: pictureOf(),
  'partial-outage': partialOutage,
  'major-outage': majorOutage,
  maintenance,
  internal,
  stale,
  empty,
  large: large(),
  hostile: hostile(),
} as const satisfies Readonly<Record<string, StatusPicture>>;

/** 50 components in 6 groups, 90 days, 200 incidents of the past with two or three updates each. */
function large(): StatusPicture {
  const random = randomOf(20_261_129);
  const pick = <T>(of: readonly T[]): T => of[Math.floor(random() * of.length)]!;
  const hex = (length: number) => Array.from({ length }, () => Math.floor(random() * 16).toString(16)).join('');
  // As long and as hard to shorten as those that incidents have.
  const uuid = () => `019${hex(5)}-${hex(4)}-7${hex(3)}-8${hex(3)}-${hex(12)}`;
  const bad = ['degraded_performance', 'partial_outage', 'major_outage', 'under_maintenance'] as const;
  const groups = ['Shop', 'Payments', 'Platform', 'Data', 'Europe', 'America'].map((name, index) => ({
    id: `g${index}`,
    name,
  }));
  const things = ['API', 'Search', 'Webhooks', 'Reports', 'Sign-in', 'Images', 'E-mail', 'Exports', 'Console'];
  const components = Array.from({ length: 50 }, (_, index): PictureComponent => {
    const days = daysOf(
      90,
      Object.fromEntries(
        Array.from({ length: 1 + Math.floor(random() * 4) }, () => {
          const worst = pick(bad);
          return [Math.floor(random() * 90), { worst, minutes: { [worst]: 5 + Math.floor(random() * 180) } }];
        }),
      ),
    );
    const name = `${groups[index % 6]!.name} ${things[Math.floor(index / 6)]}`;
    return component(`c${index}`, name, { group: `g${index % 6}`, uptime: { days, ratio: 0.99 + random() / 100 } });
  });
  const past = Array.from({ length: 200 }, (_, index): PictureIncident => {
    const startedAt = SHOWN_AT - Math.floor((index + 1) * 1.8 * DAY - random() * DAY);
    const [one, two] = [pick(components), pick(components)];
    const impact = pick(bad.slice(0, 3));
    const minutes = 10 + Math.floor(random() * 200);
    const resolvedAt = startedAt + minutes * MINUTE;
    const identified = updateOf(
      startedAt + Math.floor(minutes / 2) * MINUTE,
      'identified',
      pick([
        'A faulty release is the cause. We are taking it back.',
        'A queue is full; we are adding machines to work it off.',
        'The network of a provider is slow; we are leaving it.',
      ]),
    );
    return {
      id: uuid(),
      title: `${one.name} ${pick(['answers slowly', 'is not available', 'returns errors', 'is behind'])}`,
      status: 'resolved',
      impact,
      components: { [one.id]: impact, ...(random() < 0.4 && { [two.id]: 'degraded_performance' as const }) },
      startedAt,
      resolvedAt,
      updatedAt: resolvedAt,
      updates: [
        updateOf(resolvedAt, 'resolved', pick(['Everything works again.', 'This is over. We are sorry.'])),
        ...(random() < 0.5 ? [identified] : []),
        updateOf(
          startedAt,
          'investigating',
          `We look into ${pick(['errors', 'delays', 'reports of users'])} at ${one.name}.`,
        ),
      ],
    };
  });
  return pictureOf({ groups, components, past, pastMaintenance: [] });
}

/** Markup, other directions of writing, emoji and endless texts in every field that a person may have written. */
function hostile(): StatusPicture {
  const text = (index: number) => HOSTILE_TEXTS[index % HOSTILE_TEXTS.length]!;
  const ids = HOSTILE_TEXTS.map((_, index) => `${text(index).slice(0, 40)}${index}`);
  const updates = HOSTILE_TEXTS.map((written, index) => ({
    ...updateOf(SHOWN_AT - index * HOUR, 'investigating', written),
    id: ids[index]!,
  }));
  return pictureOf({
    page: {
      id: text(0),
      name: text(0),
      description: text(3) + text(1),
      url: 'javascript:alert(1)',
      audience: 'internal',
      access: 'authorized',
      locale: 'en"><script>',
      timeZone: 'Mars/"><script>',
    },
    indicator: 'critical',
    groups: ids.slice(0, 6).map((id, index) => ({ id, name: text(index + 2), description: text(index) })),
    components: ids.map((id, index) =>
      component(id, text(index), { description: text(index + 1), group: ids[index % 6]!, impact: 'major_outage' }),
    ),
    incidents: HOSTILE_TEXTS.map((title, index) =>
      incidentOf({
        id: title,
        title,
        impact: 'major_outage',
        components: { [ids[index]!]: 'major_outage', [text(0)]: 'partial_outage' },
        updates: index === 0 ? updates : updates.slice(index, index + 1),
      }),
    ),
    maintenance: [maintenanceOf({ id: text(0), title: text(8), components: ids, updates: updates.slice(0, 2) })],
    past: HOSTILE_TEXTS.map((title) =>
      incidentOf({ id: title, title, status: 'resolved', resolvedAt: SHOWN_AT, updates }),
    ),
    pastMaintenance: [maintenanceOf({ title: text(1), status: 'completed', startsAt: SHOWN_AT - DAY })],
  });
}

/** Numbers from 0 to 1, the same for the same seed. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
