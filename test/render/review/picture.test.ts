import { describe, expect, test } from 'vitest';
import type { BuiltReview } from '../../../src/model/review.ts';
import { incidentPicture } from '../../../src/render/index.ts';
import { PAINTS, type Paint, PHASES, severityLook } from '../../../src/render/review/picture/colours.ts';
import { boldPixels, pixels, widthOf } from '../../../src/render/text-width.ts';
import { everyElement, ofClass, readXml, type Xml } from '../read-xml.ts';
import { wellFormed } from '../status/read-feed.ts';
import { BEGAN_AT, DAY, HOUR, longReview, MINUTE, REVIEWS, reviewOf, SECOND } from './reviews.ts';

const draw = (review: BuiltReview) => readXml(incidentPicture(review));
const textsOf = (root: Xml) => everyElement(root).filter(({ name }) => name === 'text');
const tipsOf = (lane: Xml) => everyElement(lane).flatMap(({ name, text }) => (name === 'title' ? [text] : []));
const nameOf = (lane: Xml) => lane.children[0]!.text;
const lanesOf = (review: BuiltReview) => ofClass(draw(review), 'tcr-lane');
const laneCalled = (review: BuiltReview, name: string) => lanesOf(review).find((lane) => nameOf(lane) === name)!;
const namedReviews = Object.entries(REVIEWS);
const withPicture = (changes: Partial<BuiltReview['picture']>) => {
  const { impact, picture } = REVIEWS.short;
  const { startedAt: _, ...rest } = impact;
  const measurements = REVIEWS.open.numbers.measurements;
  const numbers = {
    ...REVIEWS.short.numbers,
    measurements: { ...measurements, acknowledge: measurements.detect, engage: measurements.detect },
  };
  return reviewOf({ impact: rest, numbers, picture: { ...picture, ...changes } });
};

describe('the picture of an incident', () => {
  test.each(namedReviews)('is a whole document of its own: %s', (_, review) => {
    const svg = incidentPicture(review);
    expect(wellFormed(svg).name).toBe('svg');
    const { attributes, children } = readXml(svg);
    const [title, desc] = ['title', 'desc'].map((name) => children.find((child) => child.name === name)!);
    expect(attributes).toMatchObject({ role: 'img', xmlns: 'http://www.w3.org/2000/svg' });
    expect(attributes['aria-labelledby']).toBe(title!.attributes.id);
    expect(attributes['aria-describedby']).toBe(desc!.attributes.id);
    expect(children.find(({ name }) => name === 'style')!.text).toMatch(/^@media \(prefers-color-scheme:dark\)\{/);
    expect(incidentPicture(structuredClone(review))).toBe(svg);
  });

  test('has a lane for everything that happened, in one order', () => {
    expect(lanesOf(REVIEWS.reopened).map(nameOf)).toEqual([
      ...['Alerts', 'Severity', 'Pages', 'Missed pages', 'Acknowledged', 'Snoozed', 'Phase'],
      ...['Public updates', 'Internal updates', 'Timeline'],
    ]);
    expect(lanesOf(REVIEWS.quiet).map(nameOf)).toEqual(['Alerts', 'Phase', 'Timeline']);
  });

  test('counts only entries from its own time: a review that is written later did not happen at the end', () => {
    const { entries, picture } = REVIEWS.short;
    const later = {
      at: picture.untilAt + 5 * HOUR,
      kind: 'review',
      text: 'Published.',
      isPinned: false,
      isAlarming: false,
    } as const;
    const counted = (all: BuiltReview['entries']) =>
      textsOf(laneCalled(reviewOf({ entries: all }), 'Timeline')).map(({ text }) => text)[1];
    const within = entries.filter(({ at }) => at <= picture.untilAt);
    expect(counted([...within, later])).toBe(`${within.length} entries`);
  });

  test('says of each bar and mark what it was, when and how long', () => {
    expect(tipsOf(laneCalled(REVIEWS.short, 'Alerts'))).toContain(
      'Database connections above 95 %: 02:36 to 03:15, 39m',
    );
    expect(tipsOf(laneCalled(REVIEWS.short, 'Missed pages'))).toEqual(['02:34: primary on call']);
    expect(tipsOf(laneCalled(REVIEWS.reopened, 'Snoozed'))).toEqual(['Ana Lima: 28 Nov 02:31 to 28 Nov 10:31, 8h']);
  });

  test('tells people who do not see it the same in words', () => {
    const description = draw(REVIEWS.short).children.find(({ name }) => name === 'desc')!.text;
    expect(description).toContain('It was acknowledged at 26 Nov 2026 02:42.');
    expect(description).toContain('3 pages, 1 of which reached nobody.');
    expect(description).toContain('3 public updates and 1 internal update.');
    expect(draw(REVIEWS.quiet).children.find(({ name }) => name === 'desc')!.text).toContain('Nobody was paged.');
  });

  test('ends in an arrow what is not over, and nothing else', () => {
    const arrows = (lane: Xml) => everyElement(lane).filter(({ attributes }) => /l6 /.test(attributes.d ?? '')).length;
    expect(arrows(laneCalled(REVIEWS.open, 'Alerts'))).toBe(3);
    expect(arrows(laneCalled(REVIEWS.short, 'Alerts'))).toBe(0);
    expect(arrows(laneCalled(REVIEWS.short, 'Phase'))).toBe(1);
  });

  test('draws what is worse higher, and all alike when nobody knows what is worse', () => {
    const heights = (review: BuiltReview) =>
      everyElement(laneCalled(review, 'Severity')).flatMap(({ attributes }) => {
        const height = /h[\d.]+[lv][\d.]*\s?([\d.]+)?/.exec(attributes.d ?? '');
        return height === null ? [] : [Number(/(?:v|l[\d.]+ )([\d.]+)/.exec(attributes.d!)![1])];
      });
    const [sev2, sev1, sev3] = heights(REVIEWS.short);
    expect(sev1).toBeGreaterThan(sev2!);
    expect(sev2).toBeGreaterThan(2 * sev3!);
    const severities = REVIEWS.short.picture.severities.map(({ rank: _, ...one }) => one);
    const [first, second] = heights(withPicture({ severities }));
    expect(first).toBe(second);
  });
});

describe('whatever happened, the picture stays small', () => {
  test('two thousand entries, four hundred pages and two hundred alerts are less than 60 kB', () => {
    expect(Buffer.byteLength(incidentPicture(REVIEWS.long))).toBeLessThan(60_000);
    expect(Buffer.byteLength(incidentPicture(longReview(8_000)))).toBeLessThan(60_000);
  });

  test('marks that would touch are one, with their number, and none is lost', () => {
    const lane = laneCalled(REVIEWS.long, 'Pages');
    const numbers = textsOf(lane)
      .slice(2)
      .map(({ text }) => Number(text));
    const single = tipsOf(lane).filter((tip) => !/^\d+ pages, /.test(tip)).length;
    const asked = REVIEWS.long.picture.pages.filter(({ isAlarming }) => !isAlarming).length;
    expect(numbers.reduce((sum, count) => sum + count, single)).toBe(asked);
    const at = BEGAN_AT + 20 * MINUTE;
    const together = withPicture({
      pages: Array.from({ length: 2_000 }, () => ({ at, label: 'ana', isAlarming: true })),
    });
    expect(textsOf(laneCalled(together, 'Missed pages')).at(-1)!.text).toBe('2000');
  });

  test('what is written beside a mark is left out when next to nothing of it would be left', () => {
    const written = (minutes: number) => {
      const label = 'the secondary on call of payments';
      const pages = [0, minutes].map((after) => ({ at: BEGAN_AT + after * MINUTE, label, isAlarming: false }));
      return textsOf(laneCalled(withPicture({ pages }), 'Pages')).map(({ text }) => text.replace(/…$/, ''));
    };
    expect(written(30)).toEqual([
      'Pages',
      '2',
      'the secondary on call of payments',
      'the secondary on call of payments',
    ]);
    expect(written(15)[2]).toMatch(/^the secondary/);
    expect(written(5)).toEqual(['Pages', '2', 'the secondary on call of payments']);
  });

  test('more than eight alerts at once are a band that says how many', () => {
    const alert = { fromAt: BEGAN_AT, untilAt: BEGAN_AT + HOUR, label: 'disk full' };
    const texts = (count: number) =>
      textsOf(laneCalled(withPicture({ alerts: Array.from({ length: count }, () => alert) }), 'Alerts')).map(
        ({ text }) => text,
      );
    expect(texts(8).filter((text) => text === 'disk full')).toHaveLength(8);
    expect(texts(9)).toEqual(['Alerts', '9, 9 at once']);
  });
});

describe('the axis of time', () => {
  const ticksOf = (fromAt: number, length: number, timeZone = 'Europe/Berlin') => {
    const review = { ...withPicture({ fromAt, untilAt: fromAt + length }), timeZone };
    return textsOf(draw(review)).flatMap(({ attributes, text }) =>
      attributes['text-anchor'] === 'middle' ? [{ x: Number(attributes.x), text }] : [],
    );
  };

  test.each([
    ['a minute', MINUTE, ['02:31:20', '02:31:25']],
    ['ten minutes', 10 * MINUTE, ['02:32', '02:33']],
    ['an hour', HOUR, ['02:35', '02:40']],
    ['a day', DAY, ['04:00', '06:00']],
    ['three days', 3 * DAY, ['06:00', '12:00']],
    ['a week', 7 * DAY, ['Fri 27 Nov', 'Sat 28 Nov']],
    ['a month', 30 * DAY, ['Mon 30 Nov', 'Mon 7 Dec']],
    ['a year', 365 * DAY, ['Mon 18 Jan', 'Mon 19 Apr']],
  ])('has round moments of the wall over %s', (_, length, expected) => {
    const ticks = ticksOf(BEGAN_AT, length);
    expect(ticks.slice(0, 2).map(({ text }) => text)).toEqual(expected);
    expect(ticks.length).toBeLessThan(16);
    expect(ticks.every(({ x }, index) => index === 0 || x - ticks[index - 1]!.x >= 60)).toBe(true);
  });

  test('is in the zone of the review, and says where days change', () => {
    const review = { ...REVIEWS.reopened, timeZone: 'America/New_York' };
    const days = textsOf(draw(review)).flatMap(({ text }) => (/^\w{3} \d+ Nov$/.test(text) ? [text] : []));
    expect(days).toEqual(['Thu 26 Nov', 'Fri 27 Nov', 'Sat 28 Nov', 'Sun 29 Nov']);
  });

  test('leaves out the hour that clocks skip, and goes on evenly', () => {
    const ticks = ticksOf(Date.UTC(2026, 2, 28, 22), 6 * HOUR);
    const round = ['00:00', '00:30', '01:00', '01:30', '03:00', '03:30', '04:00', '04:30', '05:00', '05:30', '06:00'];
    expect(ticks.map(({ text }) => text)).toEqual(['23:00', '23:30', ...round]);
    const steps = ticks.map(({ x }, index) => x - (ticks[index - 1]?.x ?? x)).slice(1);
    expect(Math.max(...steps) - Math.min(...steps)).toBeLessThan(1.1);
  });

  test('shows the hour that comes twice both times', () => {
    const ticks = ticksOf(Date.UTC(2026, 9, 24, 23), 4 * HOUR);
    const texts = ticks.map(({ text }) => text);
    expect(texts.slice(0, 7)).toEqual(['01:00', '01:30', '02:00', '02:30', '02:00', '02:30', '03:00']);
  });

  test('is drawn also of an incident of one moment', () => {
    expect(ticksOf(BEGAN_AT, 0).length).toBeGreaterThan(2);
    expect(ticksOf(BEGAN_AT, SECOND).length).toBeGreaterThan(2);
  });

  test('a zone that is none is refused', () => {
    expect(() => incidentPicture(reviewOf({ timeZone: 'Mars/Olympus' }))).toThrow(
      expect.objectContaining({ code: 'INPUT_INVALID' }),
    );
  });
});

describe('what is written', () => {
  type Box = { readonly left: number; readonly right: number; readonly top: number };
  const platesOf = (root: Xml): readonly Box[] =>
    everyElement(root).flatMap(({ name, attributes: { rx, x, y, width } }) =>
      name === 'rect' && rx === '9' ? [{ left: Number(x), right: Number(x) + Number(width), top: Number(y) }] : [],
    );

  test.each(namedReviews)('labels of milestones never touch: %s', (_, review) => {
    const plates = platesOf(draw(review));
    const touching = plates.filter((a, index) =>
      plates.slice(index + 1).some((b) => a.top === b.top && a.left < b.right && b.left < a.right),
    );
    expect(touching).toEqual([]);
    expect(plates.every(({ left, right }) => left >= 146 && right <= 940)).toBe(true);
  });

  test('what is known to be resolved says when, also when nobody knows how long it took', () => {
    const { measurements } = REVIEWS.short.numbers;
    const unknown = { status: 'notApplicable', why: 'unknown' } as const;
    const numbers = { ...REVIEWS.short.numbers, measurements: { ...measurements, resolve: unknown } };
    const labels = (review: BuiltReview) => textsOf(draw(review)).map(({ text }) => text);
    expect(labels(reviewOf({ numbers }))).toContain('Resolved 03:44');
    const incident = { ...REVIEWS.short.incident, phase: 'dismissed' } as const;
    expect(labels(reviewOf({ numbers, incident }))).not.toContain('Resolved 03:44');
  });

  test('milestones on one pixel share a line and a label', () => {
    const labels = textsOf(draw(REVIEWS.reopened)).map(({ text }) => text);
    expect(labels).toContain('Impact began, detected 26 Nov 02:31');
  });

  test.each(namedReviews)('nothing is wider than its room: %s', (_, review) => {
    const tooWide: string[] = [];
    const look = (element: Xml, width: number) => {
      for (const child of element.children) {
        const { x = '0', 'font-size': size, 'text-anchor': anchor } = child.attributes;
        if (child.name === 'text') {
          const isBold = Number(child.attributes['font-weight'] ?? 400) >= 600;
          const wide = widthOf(child.text, (isBold ? boldPixels : pixels)(Number(size)));
          const end = Number(x) + (anchor === 'middle' ? wide / 2 : wide);
          if (end > width) tooWide.push(child.text);
        }
        look(child, child.name === 'svg' ? Number(child.attributes.width) : width);
      }
    };
    look(draw(review), 960);
    expect(tooWide).toEqual([]);
  });

  test('a title is cut where its bold letters would leave the picture', () => {
    const title = 'Nobody answers this very long title, which goes on and on about a pool of connections in eu-1';
    const { text, attributes } = textsOf(draw(reviewOf({ incident: { ...REVIEWS.short.incident, title } })))[0]!;
    expect(text).toMatch(/pool of connect.*…$/);
    expect(widthOf(text, boldPixels(Number(attributes['font-size'])))).toBeLessThanOrEqual(920);
  });

  test('text of strangers is never markup', () => {
    const names = new Set(everyElement(draw(REVIEWS.hostile)).map(({ name }) => name));
    expect([...names].toSorted()).toEqual(['desc', 'g', 'line', 'path', 'rect', 'style', 'svg', 'text', 'title']);
    const keys = new Set(everyElement(draw(REVIEWS.hostile)).flatMap(({ attributes }) => Object.keys(attributes)));
    expect([...keys].filter((key) => /^on|href|style/i.test(key))).toEqual([]);
  });
});

describe('colours', () => {
  const looks = [...Object.values(PHASES), ...[0, 1, 2, 3, undefined].map(severityLook)];
  const lines: readonly Paint[] = ['began', 'detected', 'acknowledged', 'mitigated', 'over'];

  test.each([
    ['light', 0],
    ['dark', 1],
  ] as const)('can be read and seen: %s', (_, mode) => {
    const contrast = (a: Paint, b: Paint) => ratio(PAINTS[a][mode], PAINTS[b][mode]);
    expect(looks.filter(({ fill, ink }) => contrast(fill, ink) < 4.5)).toEqual([]);
    expect(looks.filter(({ edge }) => contrast(edge, 'lane') < 3)).toEqual([]);
    expect((['ink', 'soft', ...lines] as const).filter((paint) => contrast(paint, 'ground') < 4.5)).toEqual([]);
    expect(
      (['page', 'alarm', 'told', 'alertEdge', 'ownedEdge', 'snoozedEdge'] as const).filter(
        (paint) => contrast(paint, 'lane') < 3,
      ),
    ).toEqual([]);
  });

  test.each([
    ['everybody', [1, 0, 0, 0, 1, 0, 0, 0, 1]],
    ['protanopia', [0.152, 1.053, -0.205, 0.115, 0.786, 0.099, -0.004, -0.048, 1.052]],
    ['deuteranopia', [0.367, 0.861, -0.228, 0.28, 0.673, 0.047, -0.012, 0.043, 0.969]],
    ['tritanopia', [1.256, -0.077, -0.179, -0.078, 0.931, 0.148, 0.005, 0.691, 0.304]],
  ] as const)('phases that follow each other can be told apart: %s', (_, matrix) => {
    const order = ['triage', 'investigating', 'identified', 'monitoring', 'resolved', 'investigating'] as const;
    for (const mode of [0, 1] as const) {
      const seen = order.map((phase) => throughEyes(PAINTS[PHASES[phase].fill][mode], matrix));
      const apart = seen.slice(1).map((colour, index) => distance(colour, seen[index]!));
      expect(Math.min(...apart)).toBeGreaterThan(0.1);
    }
  });

  test('the picture carries both', () => {
    const root = draw(REVIEWS.reopened);
    const style = everyElement(root).find(({ name }) => name === 'style')!.text;
    const classes = everyElement(root).flatMap(({ attributes }) => attributes.class?.split(' ') ?? []);
    const painted = new Set(classes.filter((name) => /^tcr-[fe]-/.test(name)));
    expect(painted.size).toBeGreaterThan(20);
    expect([...painted].filter((name) => !style.includes(`.${name}{`))).toEqual([]);
  });

  function linear(hex: string): readonly number[] {
    return [1, 3, 5].map((at) => {
      const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
      return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    });
  }

  /** @see WCAG 2.2, contrast ratio */
  function ratio(a: string, b: string): number {
    const luminance = (hex: string) =>
      linear(hex).reduce((sum, value, index) => sum + value * [0.2126, 0.7152, 0.0722][index]!, 0);
    const [high, low] = [luminance(a), luminance(b)].toSorted((x, y) => y - x);
    return (high! + 0.05) / (low! + 0.05);
  }

  /** @see Machado, Oliveira, Fernandes: A Physiologically-based Model for Simulation of Color Vision Deficiency, 2009 */
  function throughEyes(hex: string, matrix: readonly number[]): readonly number[] {
    const rgb = linear(hex);
    return [0, 3, 6].map((row) => rgb.reduce((sum, value, index) => sum + value * matrix[row + index]!, 0));
  }

  /** In Oklab. */
  function distance(a: readonly number[], b: readonly number[]): number {
    const [x, y] = [oklab(a), oklab(b)];
    return Math.hypot(...x.map((value, index) => value - y[index]!));
  }

  function oklab([r, g, b]: readonly number[]): readonly number[] {
    const l = Math.cbrt(0.4122 * r! + 0.5363 * g! + 0.0514 * b!);
    const m = Math.cbrt(0.2119 * r! + 0.6807 * g! + 0.1074 * b!);
    const s = Math.cbrt(0.0883 * r! + 0.2817 * g! + 0.63 * b!);
    return [
      0.2105 * l + 0.7936 * m - 0.0041 * s,
      1.978 * l - 2.4286 * m + 0.4506 * s,
      0.0259 * l + 0.7828 * m - 0.8087 * s,
    ];
  }
});
