/**
 * A logger that never throws: what a host's logger does must not change what becomes of a page.
 */
import type { Logger } from '../ports/clock.ts';

/** `logger`, whose failures nobody hears of. */
export function safeLogger(logger: Logger): Logger {
  const safe =
    (level: keyof Logger) =>
    (facts: Record<string, unknown>, message: string): void => {
      try {
        logger[level](facts, message);
      } catch {
        // There is nobody left to tell.
      }
    };
  return { debug: safe('debug'), info: safe('info'), warn: safe('warn'), error: safe('error') };
}
