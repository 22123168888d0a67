/**
 * The words of a status page in English.
 *
 * Words only: nothing of it is markup.
 */
import type { WallDay, Words } from './words.ts';

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
const nameOf = (month: number) => MONTHS[month - 1] ?? '';
const date = ({ day, month }: WallDay) => `${day} ${nameOf(month).slice(0, 3)}`;

/** What the page says in English. */
export const ENGLISH: Words = {
  skip: 'Skip to the state of the systems',
  indicator: {
    none: 'All systems operational',
    minor: 'Minor service disruption',
    major: 'Partial service outage',
    critical: 'Major service outage',
    maintenance: 'Maintenance under way',
  },
  impact: {
    operational: 'Operational',
    under_maintenance: 'Under maintenance',
    degraded_performance: 'Degraded performance',
    partial_outage: 'Partial outage',
    major_outage: 'Major outage',
  },
  unknown: 'No data',
  status: {
    investigating: 'Investigating',
    identified: 'Identified',
    monitoring: 'Monitoring',
    resolved: 'Resolved',
    scheduled: 'Scheduled',
    in_progress: 'In progress',
    verifying: 'Verifying',
    completed: 'Completed',
  },
  audience: { internal: 'Internal', public: 'Public' },
  internalPage: 'Internal page: it holds texts that are not for the public.',
  stale: 'This page is out of date',
  staleSince: (moment, age) => `It could not be renewed. What you see is the state of ${moment}, ${age} ago.`,
  stateOf: (moment) => `State of ${moment}`,
  openIncidents: 'Open incidents',
  maintenance: 'Maintenance',
  systems: 'Systems',
  otherSystems: 'Other systems',
  past: 'Past incidents and maintenance',
  nothingPast: 'Nothing to report.',
  nothingIn: (month) => `Nothing to report in ${month}.`,
  affects: 'Affects',
  noUpdates: 'No details yet.',
  nothingPosted: 'No details were posted.',
  untitled: 'Untitled',
  since: (moment, length) => `since ${moment} (${length})`,
  span: (from, until) => `${from} – ${until}`,
  lastChange: (moment) => `Last change: ${moment}`,
  zone: (name, offset) => `All times in ${name} (UTC${offset})`,
  subscribe: 'Subscribe to updates',
  atom: 'Atom feed',
  ics: 'Calendar of maintenance',
  json: 'JSON',
  links: 'Feeds and subscriptions',
  daysAgo: (days) => (days === 1 ? '1 day ago' : `${days} days ago`),
  today: 'Today',
  monthInFull: (month) => `${month} in full`,
  uptime: (percent) => `${percent} uptime`,
  noUptime: 'No uptime known yet',
  badDays: (count) => (count === 1 ? '1 day in detail' : `${count} days in detail`),
  howTitle: 'How uptime is worked out',
  how: (days) =>
    `Uptime is the share of ${days === undefined ? 'the days shown' : `the last ${days} days`} in which a system worked.`,
  howWeights: 'Of each minute counts as down:',
  weight: (impact, percent) => `${impact}: ${percent}`,
  howRest:
    'Maintenance is left out of the reckoning, and so is the time before a system was watched. Figures are cut off and never rounded up.',
  date,
  dateWithYear: (on) => `${date(on)} ${on.year}`,
  month: (month, year) => `${nameOf(month)} ${year}`,
  days: 'd',
  hours: 'h',
  minutes: 'min',
  percent: (number) => `${number}%`,
  decimal: '.',
};
