/**
 * XML: text of strangers as text in a document of XML, such as what Twilio is told to say.
 *
 * Pure. No markup comes of it, and no character that XML 1.0 forbids is left in it.
 *
 * @see https://www.w3.org/TR/xml/#charsets
 */
import { htmlText } from './html.ts';

/** All that cleaning leaves of what XML forbids. */
const NO_CHARACTERS = /[\ufffe\uffff]/g;

/** `text` for the inside of an element or of a quoted attribute. Escaped once only: twice shows the entities. */
export function xmlText(text: string): string {
  return htmlText(text.replace(NO_CHARACTERS, ''));
}
