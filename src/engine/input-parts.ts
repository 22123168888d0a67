/**
 * Parts of input: what the input of several commands is made of.
 */
import * as z from 'zod';
import { cleanText, oneLine } from '../core/text/clean.ts';
import { actorSchema, idSchema } from '../model/identity.ts';

/** Whoever does something. */
export const by = z.union([idSchema, actorSchema]);
// What people paste holds what no display should be given, as what sources send does.
/** One line of text. */
export const line = z.string().overwrite(oneLine).min(1).max(1_024);
/** Text of several lines. */
export const text = z.string().overwrite(cleanText).trim().min(1).max(65_536);
/** Why something is done. */
export const reason = text.optional();
/** A word of the host for impact or time pressure. */
export const factor = z.string().min(1).max(100);
/** A moment: a `Date`, epoch ms, or ISO 8601 with an offset. */
export const moment = z.union([z.date(), z.number(), z.string().min(1).max(64)]);
