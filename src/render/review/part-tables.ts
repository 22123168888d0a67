/**
 * The tables of a review: who took part, what contributed, what is to be done, and what was like it.
 *
 * An empty one is a sentence that says so. Nobody is called anything but what the review calls them.
 */
import { formatDuration } from '../../model/duration.ts';
import type { BuiltReview, ReviewActionItem } from '../../model/review.ts';
import { type Block, type Inline, type Line, plain } from './document.ts';
import type { ReviewClock } from './review-clock.ts';
import { incidentAddress, type ReviewLinks } from './review-links.ts';
import { ITEM_WORDS, thousands } from './review-words.ts';

/** Who took part. */
export function peopleBlocks({ people }: BuiltReview): readonly Block[] {
  if (people.length === 0) return [sentence('Nobody took part.')];
  return [
    {
      kind: 'table',
      label: 'Who took part',
      head: ['Who', 'Part', 'Pages', 'Worked on it'],
      numbers: [2, 3],
      rows: people.map(({ name, parts, pages, engagedMs }) => [
        [{ kind: 'strong', text: name }],
        plain(parts.join(', ')),
        plain(thousands(pages)),
        plain(engagedMs === 0 ? '–' : formatDuration(engagedMs)),
      ]),
    },
  ];
}

/** What contributed. */
export function factorBlocks({ factors }: BuiltReview): readonly Block[] {
  if (factors.length === 0)
    return [sentence('Nobody has written down yet what contributed. There is rarely one factor alone.')];
  const items = factors.map(({ text, category, categoryName }): Line => {
    const kind = categoryName ?? category;
    return kind === undefined
      ? plain(text)
      : [
          { kind: 'strong', text: `${kind}: ` },
          { kind: 'text', text },
        ];
  });
  return [{ kind: 'list', items }];
}

/** What was decided to be done, and what was left undone. */
export function actionBlocks(review: BuiltReview, { clock }: { readonly clock: ReviewClock }): readonly Block[] {
  const { actionItems, openTasks } = review;
  const items: Block =
    actionItems.length === 0
      ? sentence('There are no action items.')
      : {
          kind: 'table',
          label: 'Action items',
          head: ['What', 'Owner', 'Priority', 'Due', 'State'],
          numbers: [],
          rows: actionItems.map((item) => itemCells(item, clock)),
        };
  if (openTasks.length === 0) return [items];
  const title: Block = {
    kind: 'line',
    line: [{ kind: 'strong', text: 'Tasks of the incident that nobody has done:' }],
  };
  return [items, title, { kind: 'list', items: openTasks.map(plain) }];
}

function itemCells({ title, url, owner, priority, dueAt, status, isOverdue }: ReviewActionItem, clock: ReviewClock) {
  const state: Inline = { kind: 'text', text: ITEM_WORDS[status] };
  const overdue: Inline = { kind: 'alarm', text: 'overdue' };
  return [
    url === undefined ? plain(title) : [{ kind: 'link', of: 'stranger', href: url, text: title } as const],
    owner === undefined ? [{ kind: 'alarm', text: 'nobody yet' } as const] : plain(owner),
    plain(priority ?? '–'),
    plain(dueAt === undefined ? '–' : clock.date(dueAt)),
    isOverdue ? [state, { kind: 'text', text: ', ' } as const, overdue] : [state],
  ];
}

/** What was like it. */
export function similarBlocks(
  { similar }: BuiltReview,
  { clock, links }: { readonly clock: ReviewClock; readonly links: ReviewLinks },
): readonly Block[] {
  if (similar.length === 0) return [sentence('No past incident resembles this one.')];
  return [
    {
      kind: 'table',
      label: 'Similar incidents',
      head: ['Incident', 'When', 'Severity', 'Service', 'Alike', 'Because of'],
      numbers: [4],
      rows: similar.map(({ id, title, openedAt, severity, service, score, because }) => {
        const href = incidentAddress(links, id);
        return [
          href === undefined ? plain(title) : [{ kind: 'link', of: 'host', href, text: title }],
          plain(clock.date(openedAt)),
          plain(severity),
          plain(service),
          plain(`${Math.round(100 * score)} %`),
          plain(because.join('; ')),
        ];
      }),
    },
  ];
}

function sentence(text: string): Block {
  return { kind: 'line', line: [{ kind: 'soft', text }] };
}
