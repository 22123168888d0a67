/**
 * Words: every text of the pages behind links, in English, as data that can be translated.
 *
 * `{...}` stands for what is put in. Nothing here decides which text is shown; German is in german.ts.
 */

const PLAIN = {
  // what is asked, what the button does, and what is true once it did
  acknowledgeQuestion: 'Do you take it? Then nobody else is asked.',
  acknowledgeButton: 'Acknowledge: I am on it',
  acknowledgeDone: 'It is yours. Nobody else is being asked.',
  unacknowledgeQuestion: 'Do you hand it back? Then people are asked again.',
  unacknowledgeButton: 'Hand it back: ask again',
  unacknowledgeDone: 'Handed back. People are being asked again.',
  resolveQuestion: 'Is it over? Then nobody is asked any more.',
  resolveButton: 'Resolve: it is over',
  resolveDone: 'Resolved. Nobody is being asked any more.',
  escalateQuestion: 'Should the next people be asked now?',
  escalateButton: 'Escalate: ask the next people',
  escalateDone: 'Escalated. The next people are being asked.',
  snoozeQuestion: 'Should nobody be asked for an hour?',
  snoozeButton: 'Snooze: ask again in an hour',
  snoozeDone: 'Snoozed. It is asked again in an hour.',
  acceptQuestion: 'You are asked to help. Do you join?',
  acceptButton: 'Join: I am helping',
  acceptDone: 'You have joined.',
  declineQuestion: 'You are asked to help. Can you not?',
  declineButton: 'Decline: I cannot help',
  declineDone: 'Declined. Somebody else has to help.',
  notOpen: 'There is nothing left to do with this link: it was used, or the incident has moved on.',
  nothingYet: 'Nothing happens until you press.',
  mayClose: 'You can close this page.',
  // facts
  privateTitle: 'A private incident',
  test: 'TEST: {title}',
  drill: 'DRILL: {title}',
  service: 'Service',
  age: 'Open for',
  state: 'State',
  person: 'You answer as',
  unanswered: 'Nobody has answered yet',
  quiet: 'Nobody is being asked',
  taken: 'Taken by {people}',
  snoozed: 'Snoozed',
  resolved: 'Resolved',
  dismissed: 'Dismissed',
  merged: 'Merged into another incident',
  days: '{n} d',
  hours: '{n} h',
  minutes: '{n} min',
  // why nothing was done, and what to do
  malformedTitle: 'This link is not complete',
  malformedHint: 'Open it from the message again. If you copied it, copy all of it.',
  forgedTitle: 'This link does not count',
  forgedHint: 'It was changed, or is no longer accepted. Use the latest message.',
  expiredTitle: 'This link is too old',
  expiredHint: 'Links count for a day. Use the latest message.',
  usedTitle: 'This was already answered',
  usedHint: 'A link counts once. If it was you, there is nothing left to do.',
  foreignTitle: 'This link belongs elsewhere',
  foreignHint: 'It is not about what is looked after here. Use the latest message.',
  unknownPersonTitle: 'It is not clear who you are',
  unknownPersonHint: 'This link was sent to several people at once. Answer a message that was sent to you alone.',
  overTitle: 'It is over already',
  overHint: 'The incident has ended, and there is nothing left to do. Thank you for looking.',
  movedOnTitle: 'It has moved on',
  movedOnHint: 'What this link does is not possible any more. Look at the latest message.',
  goneTitle: 'It is not kept any more',
  goneHint: 'The incident is too old, or was removed.',
  notAllowedTitle: 'You may not do this here',
  notAllowedHint: 'Somebody else has to answer. If nobody does, the next people are asked.',
  requestTitle: 'Nothing was done',
  requestHint: 'Open the link from the message and press the button there.',
  unavailableTitle: 'This does not work right now',
  unavailableHint: 'It is not certain that your answer was kept. Try again: answering twice does no harm.',
  failedTitle: 'Something went wrong',
  failedHint: 'Your answer may not have been kept. Try again, or answer in another way.',
  tryAgain: 'Try again',
} as const;

/** The texts of the pages in one language. */
export type LinkTexts = { readonly [name in keyof typeof PLAIN]: string };

/** Texts of a host, by language: `{ 'de-AT': { snoozeButton: '...' }, fr: { ... } }`. What is left out falls back. */
export type GivenLinkTexts = { readonly [locale: string]: Partial<LinkTexts> };

/** The texts that every other language falls back to. */
export const ENGLISH: LinkTexts = PLAIN;
