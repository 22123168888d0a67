/**
 * An account of Twilio for the tests of this folder, and a Twilio that answers each request as told.
 */
import type { Message, MessageAction } from '../../src/model/message.ts';
import { type Call, recording } from './channel.ts';
import { patient } from './message.ts';

export const accountSid = `AC${'0123456789abcdef'.repeat(2)}`;
export const authToken = 'f0e1d2c3b4a5968778695a4b3c2d1e0f';
export const account = { accountSid, authToken };
export const from = '+15550123';
export const options = { idempotencyKey: 'inc-1:4:1', signal: patient };
export const to: Message['to'] = { user: 'ana', name: 'Ana', contact: 'phone', address: '+15550100' };
export const actions: readonly MessageAction[] = [
  { id: 'acknowledge', label: 'Acknowledge', key: '1' },
  { id: 'escalate', label: 'Escalate', key: '3' },
];

export type Form = Readonly<Record<string, string>>;

export const taken = () => Response.json({ sid: 'SM42', status: 'queued', error_code: null }, { status: 201 });

export function formOf(body: unknown): Form {
  return Object.fromEntries(new URLSearchParams(String(body)));
}

export function twilio(answer: (call: Call<Form>) => Response = taken) {
  return recording(answer, formOf);
}
