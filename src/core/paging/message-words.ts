/**
 * Words: every text that a message can hold beside those of its incident, as data that can be translated.
 *
 * `{...}` stands for what is put in. Nothing here decides which text is used; German, the proof that all of it can be
 * translated, is in message-german.ts.
 */

/** A text that depends on a number `{n}`, with the forms of `Intl.PluralRules`. */
export type PluralText = { readonly other: string } & {
  readonly [form in 'zero' | 'one' | 'two' | 'few' | 'many']?: string | undefined;
};

/** The texts of messages in one language. */
export type MessageTexts = { readonly [name in keyof typeof PLAIN]: string } & {
  readonly [name in keyof typeof COUNTED]: PluralText;
};

const PLAIN = {
  // titles
  reminderTitle: 'Still open: {title}',
  monitoringTitle: 'Monitoring: {title}',
  acknowledgedTitle: 'Acknowledged: {title}',
  resolvedTitle: 'Resolved: {title}',
  dismissedTitle: 'Dismissed: {title}',
  reopenedTitle: 'Reopened: {title}',
  severityTitle: 'Now {severity}: {title}',
  roleTitle: 'You are {role}: {title}',
  roleGivenTitle: '{person} is {role} now: {title}',
  roleLeftTitle: 'Nobody is {role} now: {title}',
  roleVacantTitle: 'Still nobody is {role}: {title}',
  taskTitle: 'To be done now: {title}',
  declinedTitle: '{person} cannot join: {title}',
  testTitle: 'TEST: {title}',
  drillTitle: 'DRILL: {title}',
  updateDueTitle: 'Update due: {title}',
  unreadableTitle: 'Incident {id}',
  privateTitle: 'Private incident',
  shiftStartTitle: 'You are on call: {schedule}',
  shiftEndTitle: 'You are no longer on call: {schedule}',
  shiftSoonTitle: 'On call in {age}: {schedule}',
  overdueTitle: 'Overdue: {title}',
  unownedTitle: 'Overdue, and nobody has it: {title}',
  verificationTitle: 'Your code is {code}',
  canaryTitle: 'Test of this channel: nothing to do',
  updateTitle: '{status}: {title}',
  cancelledTitle: 'Cancelled: {title}',
  confirmTitle: 'Confirm that you want to hear of updates',
  // bodies
  unreadableBody: 'What is stored of this incident cannot be read. Somebody was to be asked about it.',
  verificationBody: 'Enter it where you added this contact. Nobody will ever ask you for it.',
  // what the public reads when nobody has written it
  publicTitle: 'Incident',
  publicResolvedText: 'This incident is resolved.',
  publicReopenedText: 'This incident is open again. It is being investigated.',
  degradedPerformance: 'degraded performance',
  partialOutage: 'partial outage',
  majorOutage: 'major outage',
  underMaintenance: 'maintenance',
  confirmBody:
    'Somebody, most likely you, asked for updates to this address. Without your confirmation nothing is sent.',
  // how far something is
  statusInvestigating: 'Investigating',
  statusIdentified: 'Identified',
  statusMonitoring: 'Monitoring',
  statusResolved: 'Resolved',
  statusScheduled: 'Scheduled',
  statusInProgress: 'In progress',
  statusVerifying: 'Verifying',
  statusCompleted: 'Completed',
  // why it comes
  fallbackLine: 'Nobody has answered yet: you are the fallback',
  handoffLine: 'You are on call now, and nobody has answered yet',
  responderLine: 'You are asked to join',
  emergencyLine: 'Sent while the database is down; it may come again',
  // facts
  factsLine: '{severity} · {service}',
  ageLine: 'Open for {age}',
  lateLine: 'Asked {age} ago',
  lateNewsLine: 'From {age} ago',
  stepLine: 'Step {step}',
  roundLine: 'Step {step}, round {round}',
  askedLine: 'Also asked: {people}',
  acknowledgedLine: 'Acknowledged by {people}',
  taskLine: 'Due: {task}',
  dueSinceLine: 'Due since {due}',
  // pieces
  days: '{n} d',
  hours: '{n} h',
  minutes: '{n} min',
  more: 'and {n} more',
  confirmLink: 'Confirm',
  unsubscribeLink: 'Unsubscribe',
  // what can be answered
  acknowledge: 'Acknowledge',
  unacknowledge: 'Unacknowledge',
  resolve: 'Resolve',
  escalate: 'Escalate',
  snooze: 'Snooze',
  accept: 'Join',
  decline: 'Decline',
} as const;

const COUNTED = {
  alertsLine: { one: '{n} alert', other: '{n} alerts' },
  bundleLine: { one: '{n} more below', other: '{n} more below' },
  bundleTitle: { one: '{n} page', other: '{n} pages at once' },
  updatesTitle: { one: '{n} update', other: '{n} updates' },
  summaryTitle: { one: '{n} incident is open', other: '{n} incidents are open' },
} as const;

/** The texts that every other language falls back to. */
export const ENGLISH: MessageTexts = { ...PLAIN, ...COUNTED };
