import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { linkLabel } from '../../../src/core/text/link-label.ts';

const MAX = 80;
const address = 'https://runbooks.example:8443/disk.html';

describe('the label of a link', () => {
  test.each([
    'Runbook',
    '',
    'Disk at 99 %',
    'runbooks.example',
    'See RUNBOOKS.example',
    address,
    'https://runbooks.example/',
  ])('stays as it is: %j', (label) => {
    expect(linkLabel(label, address, MAX)).toBe(label);
  });

  test.each([
    'https://bank.example/login',
    'bank.example',
    'Login:bank.example',
    'runbooks.example → bank.example',
    'https://runbooks.example@bank.example',
    'https://bank.example@runbooks.example',
    'runbooks.example.bank.example',
    'x-runbooks.example',
    '10.0.0.1',
    'BANK．EXAMPLE',
    'bank。example',
    'bank\u200b.example',
    'b\u00adank.\u2060example',
    'bänk.example',
    '𝐛𝐚𝐧𝐤.𝐞𝐱𝐚𝐦𝐩𝐥𝐞',
  ])('has the host behind it when it names another: %j', (label) => {
    expect(linkLabel(label, address, MAX)).toBe(`${label} (runbooks.example:8443)`);
  });

  test('is within its limit, and never loses where it leads', () => {
    const long = `https://bank.example/${'a'.repeat(200)}`;
    expect(linkLabel(long, address, 50)).toBe('https://bank.example/aaaa… (runbooks.example:8443)');
    expect(linkLabel(long, address, 20)).toBe(' (ooks.example:8443)');
    expect(linkLabel('a'.repeat(90), address, MAX)).toHaveLength(MAX);
    expect(linkLabel(long, long, MAX)).toHaveLength(MAX);
  });

  test('has the whole address behind it when that has no host', () => {
    expect(linkLabel('bank.example', 'https://[x', MAX)).toBe('bank.example (https://[x)');
  });

  test('never shows one host and leads to another', () => {
    fc.assert(
      fc.property(fc.domain(), fc.domain(), fc.string(), fc.string(), (shown, led, before, after) => {
        fc.pre(shown !== led);
        const label = linkLabel(`${before} ${shown} ${after}`, `https://${led}/`, 600);
        expect(label.endsWith(` (${led})`)).toBe(true);
      }),
    );
  });
});
