/**
 * Words: every text of the pages behind links of subscribers, in English and German.
 *
 * `{...}` stands for what is put in. A language that is not here falls back to English.
 */

const ENGLISH = {
  confirmQuestion: 'Do you want to hear of updates at this address?',
  confirmButton: 'Confirm: tell me',
  confirmDone: 'Confirmed. You will hear of updates.',
  confirmAlready: 'This was confirmed already. You hear of updates.',
  unsubscribeQuestion: 'Do you want to hear nothing any more at this address?',
  unsubscribeButton: 'Unsubscribe: tell me nothing any more',
  unsubscribeDone: 'Unsubscribed. You hear of nothing any more.',
  unsubscribeAlready: 'You are not subscribed (any more). Nothing is sent to you.',
  nothingYet: 'Nothing happens until you press.',
  mayClose: 'You can close this page.',
  address: 'Address',
  components: 'Only about',
  malformedTitle: 'This link is not complete',
  malformedHint: 'Open it from the message again. If you copied it, copy all of it.',
  forgedTitle: 'This link does not count',
  forgedHint: 'It was changed, or is no longer accepted. Use the latest message.',
  expiredTitle: 'This link is too old',
  expiredHint: 'Ask for updates again: you are then sent another one.',
  foreignTitle: 'This link belongs elsewhere',
  foreignHint: 'It is not about what is looked after here. Use the latest message.',
  requestTitle: 'Nothing was done',
  requestHint: 'Open the link from the message and press the button there.',
  unavailableTitle: 'That does not work right now',
  unavailableHint: 'It is not certain that it was done. Try again: twice does no harm.',
  failedTitle: 'Something went wrong',
  failedHint: 'It may not have been done. Try again.',
  tryAgain: 'Try again',
};

/** The texts of these pages in one language. */
export type SubscriptionTexts = { readonly [name in keyof typeof ENGLISH]: string };

const GERMAN: SubscriptionTexts = {
  confirmQuestion: 'Willst du an dieser Adresse von Neuigkeiten hören?',
  confirmButton: 'Bestätigen: sagt mir Bescheid',
  confirmDone: 'Bestätigt. Du hörst von Neuigkeiten.',
  confirmAlready: 'Das war schon bestätigt. Du hörst von Neuigkeiten.',
  unsubscribeQuestion: 'Willst du an dieser Adresse nichts mehr hören?',
  unsubscribeButton: 'Abmelden: sagt mir nichts mehr',
  unsubscribeDone: 'Abgemeldet. Du hörst nichts mehr.',
  unsubscribeAlready: 'Du bist nicht (mehr) angemeldet. Es wird dir nichts gesendet.',
  nothingYet: 'Es geschieht nichts, bevor du drückst.',
  mayClose: 'Du kannst diese Seite schließen.',
  address: 'Adresse',
  components: 'Nur zu',
  malformedTitle: 'Dieser Link ist nicht vollständig',
  malformedHint: 'Öffne ihn noch einmal aus der Nachricht. Wenn du ihn kopiert hast, kopiere ihn ganz.',
  forgedTitle: 'Dieser Link gilt nicht',
  forgedHint: 'Er wurde verändert oder wird nicht mehr angenommen. Nimm die neueste Nachricht.',
  expiredTitle: 'Dieser Link ist zu alt',
  expiredHint: 'Bitte noch einmal um Neuigkeiten: dann bekommst du einen anderen.',
  foreignTitle: 'Dieser Link gehört woandershin',
  foreignHint: 'Es geht um nichts, was hier betreut wird. Nimm die neueste Nachricht.',
  requestTitle: 'Es wurde nichts getan',
  requestHint: 'Öffne den Link aus der Nachricht und drücke dort den Knopf.',
  unavailableTitle: 'Das geht gerade nicht',
  unavailableHint: 'Es ist nicht sicher, dass es getan wurde. Versuche es noch einmal: doppelt schadet nicht.',
  failedTitle: 'Etwas ging schief',
  failedHint: 'Es wurde vielleicht nicht getan. Versuche es noch einmal.',
  tryAgain: 'Noch einmal versuchen',
};

/** The texts for `locale`, and the language that they are in. */
export function subscriptionTexts(locale: string | undefined): {
  readonly lang: string;
  readonly texts: SubscriptionTexts;
} {
  const language = typeof locale === 'string' ? locale.slice(0, 35).toLowerCase().split(/[-_]/, 1)[0] : undefined;
  return language === 'de' ? { lang: 'de', texts: GERMAN } : { lang: 'en', texts: ENGLISH };
}
