/**
 * The words of a status page in German.
 *
 * Words only: nothing of it is markup.
 */
import type { WallDay, Words } from './words.ts';

const MONTHS = [
  'Januar',
  'Februar',
  'März',
  'April',
  'Mai',
  'Juni',
  'Juli',
  'August',
  'September',
  'Oktober',
  'November',
  'Dezember',
];
const SHORT = ['Jan.', 'Feb.', 'März', 'Apr.', 'Mai', 'Juni', 'Juli', 'Aug.', 'Sept.', 'Okt.', 'Nov.', 'Dez.'];
const date = ({ day, month }: WallDay) => `${day}. ${SHORT[month - 1] ?? ''}`;

/** What the page says in German. */
export const GERMAN: Words = {
  skip: 'Zum Zustand der Systeme springen',
  indicator: {
    none: 'Alle Systeme in Betrieb',
    minor: 'Geringfügige Störung',
    major: 'Teilweiser Ausfall',
    critical: 'Schwerwiegender Ausfall',
    maintenance: 'Wartung im Gange',
  },
  impact: {
    operational: 'In Betrieb',
    under_maintenance: 'In Wartung',
    degraded_performance: 'Eingeschränkte Leistung',
    partial_outage: 'Teilausfall',
    major_outage: 'Ausfall',
  },
  unknown: 'Keine Daten',
  status: {
    investigating: 'Wird untersucht',
    identified: 'Ursache gefunden',
    monitoring: 'Wird beobachtet',
    resolved: 'Behoben',
    scheduled: 'Geplant',
    in_progress: 'Im Gange',
    verifying: 'Wird geprüft',
    completed: 'Abgeschlossen',
  },
  audience: { internal: 'Intern', public: 'Öffentlich' },
  internalPage: 'Interne Seite: Sie enthält Texte, die nicht für die Öffentlichkeit bestimmt sind.',
  stale: 'Diese Seite ist nicht aktuell',
  staleSince: (moment, age) => `Sie konnte nicht erneuert werden. Gezeigt wird der Stand von vor ${age} (${moment}).`,
  stateOf: (moment) => `Stand: ${moment}`,
  openIncidents: 'Offene Störungen',
  maintenance: 'Wartung',
  systems: 'Systeme',
  otherSystems: 'Weitere Systeme',
  past: 'Frühere Störungen und Wartungen',
  nothingPast: 'Keine Vorkommnisse.',
  nothingIn: (month) => `Keine Vorkommnisse im ${month}.`,
  affects: 'Betrifft',
  noUpdates: 'Noch keine Einzelheiten.',
  nothingPosted: 'Es wurden keine Einzelheiten veröffentlicht.',
  untitled: 'Ohne Titel',
  since: (moment, length) => `seit ${moment} (${length})`,
  span: (from, until) => `${from} – ${until}`,
  lastChange: (moment) => `Letzte Änderung: ${moment}`,
  zone: (name, offset) => `Alle Zeiten in ${name} (UTC${offset})`,
  subscribe: 'Neuigkeiten abonnieren',
  atom: 'Atom-Feed',
  ics: 'Wartungskalender',
  json: 'JSON',
  links: 'Feeds und Abonnements',
  daysAgo: (days) => (days === 1 ? 'vor 1 Tag' : `vor ${days} Tagen`),
  today: 'Heute',
  monthInFull: (month) => `${month} vollständig`,
  uptime: (percent) => `${percent} verfügbar`,
  noUptime: 'Verfügbarkeit noch unbekannt',
  badDays: (count) => (count === 1 ? '1 Tag im Einzelnen' : `${count} Tage im Einzelnen`),
  howTitle: 'So wird die Verfügbarkeit berechnet',
  how: (days) =>
    `Verfügbarkeit ist der Anteil der ${days === undefined ? 'gezeigten' : `letzten ${days}`} Tage, in dem ein System funktioniert hat.`,
  howWeights: 'Von jeder Minute zählt als Ausfall:',
  weight: (impact, percent) => `${impact}: ${percent}`,
  howRest:
    'Wartungen zählen nicht mit, ebenso wenig die Zeit, bevor ein System beobachtet wurde. Die Zahlen sind abgeschnitten, nie aufgerundet.',
  date,
  dateWithYear: (on) => `${date(on)} ${on.year}`,
  month: (month, year) => `${MONTHS[month - 1] ?? ''} ${year}`,
  days: 'Tg.',
  hours: 'Std.',
  minutes: 'Min.',
  percent: (number) => `${number} %`,
  decimal: ',',
};
