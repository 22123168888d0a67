/**
 * A browser's end of Web Push, by the letter of RFC 8291 and RFC 8188 and with nothing but node:crypto: it makes a
 * subscription, and opens what was encrypted for it. It knows nothing of the package that encrypts.
 */
import { createDecipheriv, createECDH, type ECDH, hkdfSync, randomBytes } from 'node:crypto';

export type Browser = {
  readonly curve: ECDH;
  readonly keys: { readonly p256dh: string; readonly auth: string };
  /** The subscription as JSON: the address of a contact. */
  readonly address: string;
};

/** A browser that has subscribed at `endpoint`. */
export function pushSubscription(endpoint: string): Browser {
  const curve = createECDH('prime256v1');
  const p256dh = curve.generateKeys('base64url');
  const keys = { p256dh, auth: randomBytes(16).toString('base64url') };
  return { curve, keys, address: JSON.stringify({ endpoint, expirationTime: null, keys }) };
}

/** What stands in `body`, one record of aes128gcm; throws when it is not for this browser. */
export function openPush({ curve, keys }: Browser, body: Buffer): string {
  const salt = body.subarray(0, 16);
  const recordSize = body.readUInt32BE(16);
  const sender = body.subarray(21, 21 + body.readUInt8(20));
  const record = body.subarray(21 + sender.length);
  if (record.length > recordSize) throw new Error('more than one record');
  const info = Buffer.concat([Buffer.from('WebPush: info\0'), curve.getPublicKey(), sender]);
  const shared = curve.computeSecret(sender);
  const secret = expanded(shared, Buffer.from(keys.auth, 'base64url'), info, 32);
  const key = expanded(secret, salt, Buffer.from('Content-Encoding: aes128gcm\0'), 16);
  const nonce = expanded(secret, salt, Buffer.from('Content-Encoding: nonce\0'), 12);
  const decipher = createDecipheriv('aes-128-gcm', key, nonce).setAuthTag(record.subarray(-16));
  const padded = Buffer.concat([decipher.update(record.subarray(0, -16)), decipher.final()]);
  const end = padded.lastIndexOf(2);
  if (end < 0 || padded.subarray(end + 1).some((byte) => byte !== 0)) throw new Error('no end of the last record');
  return padded.subarray(0, end).toString();
}

function expanded(secret: Buffer, salt: Buffer, info: Buffer, length: number): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, salt, info, length));
}
