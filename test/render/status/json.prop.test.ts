/**
 * JSON with any texts: what is read is what was written.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cleanText } from '../../../src/core/text/clean.ts';
import { STATUS_DOCUMENTS, statusJson } from '../../../src/render/index.ts';
import { hostileSayings } from './hostile-texts.ts';
import { pictureSaying } from './machine-pictures.ts';

test('every text comes back, but for what no display is given', () => {
  fc.assert(
    fc.property(hostileSayings, (saying) => {
      const picture = pictureSaying(saying);
      const summary = JSON.parse(statusJson(picture, 'summary'));
      const [title, text, name] = [saying.title, saying.text, saying.name].map(cleanText);
      expect(summary.page.name).toBe(name);
      for (const component of summary.components) {
        expect(component.name).toBe(name);
        expect(component.description).toBe(text);
      }
      for (const event of [...summary.incidents, ...summary.scheduled_maintenances]) {
        expect(event.name).toBe(title);
        for (const { body } of event.incident_updates) expect(body).toBe(text);
      }
    }),
  );
});

test('no document can end a script that it stands in, nor holds half a character', () => {
  fc.assert(
    fc.property(hostileSayings, fc.constantFrom(...STATUS_DOCUMENTS), (saying, document) => {
      const json = statusJson(pictureSaying(saying), document);
      expect(json).not.toMatch(/[<\n]/);
      expect(json.isWellFormed()).toBe(true);
      expect(json).not.toMatch(/\\ud[89a-f]/i);
      expect(JSON.stringify(JSON.parse(json)).replaceAll('<', '\\u003c')).toBe(json);
    }),
  );
});
