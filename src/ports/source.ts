/**
 * Source: what we need from a reader of one monitoring tool's webhooks, and nothing more.
 *
 * To support a tool, turn the body of its HTTP request into alert events. Checking who sent it, and answering,
 * is the business of whoever received the request.
 *
 *  P1. `parse` is pure: the same body and headers give the same events, without clock, chance or I/O.
 *  P2. A body that is not of this format throws TocsinError PAYLOAD_INVALID naming what was found, and nothing else.
 *  P3. One body may hold many events; each follows the state of its own alert, never that of its group.
 *  P4. One unreadable alert never costs the others: it becomes an event that says so.
 *  P5. Every event passes `alertEventSchema`, and every alert that resolves has the key under which it fired.
 */
import type { AlertEvent } from '../model/alert.ts';

/** The headers of a request, by lower-case name. */
export type SourceHeaders = Readonly<Record<string, string | undefined>>;

/** A reader of one monitoring tool's webhooks. */
export type Source = {
  /** The name of the tool, in lower case. */
  readonly name: string;
  /** Reads a body: the text or bytes as received, or JSON that was already parsed. */
  parse(body: unknown, headers?: SourceHeaders): AlertEvent[];
};
