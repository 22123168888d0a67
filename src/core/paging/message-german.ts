/**
 * German: the texts of messages, complete.
 *
 * Data only; what a text of its own lacks is never looked for here (see message-texts.ts).
 */
import type { MessageTexts } from './message-words.ts';

/** The texts of messages in German. */
export const GERMAN: MessageTexts = {
  reminderTitle: 'Noch offen: {title}',
  monitoringTitle: 'Wird beobachtet: {title}',
  acknowledgedTitle: 'Übernommen: {title}',
  resolvedTitle: 'Behoben: {title}',
  dismissedTitle: 'Verworfen: {title}',
  reopenedTitle: 'Wieder offen: {title}',
  severityTitle: 'Jetzt {severity}: {title}',
  updateDueTitle: 'Update fällig: {title}',
  unreadableTitle: 'Vorfall {id}',
  privateTitle: 'Vertraulicher Vorfall',
  shiftStartTitle: 'Du hast Bereitschaft: {schedule}',
  shiftEndTitle: 'Deine Bereitschaft ist zu Ende: {schedule}',
  shiftSoonTitle: 'Bereitschaft in {age}: {schedule}',
  verificationTitle: 'Dein Code ist {code}',
  canaryTitle: 'Test dieses Kanals: nichts zu tun',
  unreadableBody: 'Was zu diesem Vorfall gespeichert ist, lässt sich nicht lesen. Jemand sollte danach gefragt werden.',
  verificationBody: 'Gib ihn dort ein, wo du diesen Kontakt angelegt hast. Niemand wird dich je danach fragen.',
  fallbackLine: 'Bisher hat niemand geantwortet: du bist die letzte Instanz',
  handoffLine: 'Du hast jetzt Bereitschaft, und bisher hat niemand geantwortet',
  responderLine: 'Du wirst um Hilfe gebeten',
  emergencyLine: 'Gesendet, während die Datenbank ausgefallen ist; es kann noch einmal kommen',
  factsLine: '{severity} · {service}',
  ageLine: 'Seit {age} offen',
  lateLine: 'Angefragt vor {age}',
  lateNewsLine: 'Von vor {age}',
  stepLine: 'Stufe {step}',
  roundLine: 'Stufe {step}, Runde {round}',
  askedLine: 'Auch gefragt: {people}',
  acknowledgedLine: 'Übernommen von {people}',
  days: '{n} T.',
  hours: '{n} Std.',
  minutes: '{n} Min.',
  more: 'und {n} weitere',
  acknowledge: 'Übernehmen',
  unacknowledge: 'Zurückgeben',
  resolve: 'Als behoben melden',
  escalate: 'Eskalieren',
  snooze: 'Zurückstellen',
  accept: 'Dazukommen',
  decline: 'Ablehnen',
  alertsLine: { one: '{n} Alarm', other: '{n} Alarme' },
  bundleLine: { one: 'Unten {n} weitere', other: 'Unten {n} weitere' },
  bundleTitle: { one: '{n} Anfrage', other: '{n} Anfragen auf einmal' },
  summaryTitle: { one: '{n} Vorfall ist offen', other: '{n} Vorfälle sind offen' },
};
