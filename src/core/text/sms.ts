/**
 * SMS: text as a phone gets it, and how many messages that takes.
 *
 * Pure. One character outside the GSM alphabet more than halves what fits; it never translates letters, only punctuation.
 *
 * @see 3GPP TS 23.038 6.2.1
 */
import { oneLine } from './clean.ts';
import { cutTo } from './cut-units.ts';

/** How a text is sent, and what it takes. */
export type SmsLength = {
  readonly encoding: 'gsm-7' | 'ucs-2';
  /** Septets of the GSM alphabet, or UTF-16 code units. */
  readonly units: number;
  readonly segments: number;
};

const GSM_ONLY = /^[@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&'()*+,\-./0-9:;<=>?¡A-ZÄÖÑÜ§¿a-zäöñüà^{}\\[~\]|€\f]*$/;
const EXTENDED = /[\^{}\\[~\]|€\f]/;
const GSM = { alone: 160, joined: 153 };
const UCS = { alone: 70, joined: 67 };
const DEAR = /[‘’‚‛′“”„‟«»″‐‑‒–—―−…·•\u200b-\u200d\u2060\ufeff]/g;
const CHEAP: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Array.from('‘’‚‛′', (char) => [char, "'"])),
  ...Object.fromEntries(Array.from('“”„‟«»″', (char) => [char, '"'])),
  ...Object.fromEntries(Array.from('‐‑‒–—―−·•', (char) => [char, '-'])),
  '…': '...',
};

/**
 * `text` on one line. Punctuation that would make every message of it dear is written plainly, when nothing else is in it
 * that a phone's own alphabet lacks.
 *
 * @example
 * ```ts
 * import { smsText } from 'tocsin';
 * smsText('“Disk” full…\nSEV1 – Checkout'); // => '"Disk" full... SEV1 - Checkout'
 * ```
 */
export function smsText(text: string): string {
  const line = oneLine(text);
  if (GSM_ONLY.test(line)) return line;
  const plain = oneLine(line.replace(DEAR, (char) => CHEAP[char] ?? ''));
  return GSM_ONLY.test(plain) ? plain : line;
}

/**
 * How `text` is sent as it is, and how many messages that takes: 160 septets in one, 153 in each of several; beyond the
 * GSM alphabet 70 and 67.
 *
 * @example
 * ```ts
 * import { smsLength } from 'tocsin';
 * smsLength('Disk full'); // => { encoding: 'gsm-7', units: 9, segments: 1 }
 * smsLength('Диск полон'.repeat(8)); // => { encoding: 'ucs-2', units: 80, segments: 2 }
 * ```
 */
export function smsLength(text: string): SmsLength {
  return GSM_ONLY.test(text)
    ? packed(
        'gsm-7',
        Array.from(text, (char) => (EXTENDED.test(char) ? 2 : 1)),
        GSM,
      )
    : packed(
        'ucs-2',
        Array.from(text, (char) => char.length),
        UCS,
      );
}

/**
 * {@link smsText} in at most `maxSegments` messages, never cut inside a character as people see it.
 *
 * @example
 * ```ts
 * import { smsLength, cutSms } from 'tocsin';
 * smsLength(cutSms('Disk full on db-1. '.repeat(40), 2)).segments; // => 2
 * ```
 */
export function cutSms(text: string, maxSegments: number): string {
  return smsText(cutTo(smsText(text), maxSegments, (part) => smsLength(smsText(part)).segments));
}

/** Neither two septets of one character nor the halves of a pair are parted between two messages. */
function packed(
  encoding: SmsLength['encoding'],
  sizes: readonly number[],
  { alone, joined }: { readonly alone: number; readonly joined: number },
): SmsLength {
  const units = sizes.reduce((sum, size) => sum + size, 0);
  if (units <= alone) return { encoding, units, segments: 1 };
  let segments = 1;
  let used = 0;
  for (const size of sizes) {
    if (used + size > joined) {
      segments += 1;
      used = 0;
    }
    used += size;
  }
  return { encoding, units, segments };
}
