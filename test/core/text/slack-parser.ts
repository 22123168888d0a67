/**
 * A strict reader of Slack's mrkdwn, for tests: it takes for markup whatever Slack could take for markup.
 *
 * It knows nothing of how texts are escaped.
 */

/** What Slack would show that is not the text itself. */
export type SlackNode = { readonly kind: 'angle' | 'quote' | 'emphasis' | 'mention' | 'emoji'; readonly text: string };

const LETTER = /[\p{L}\p{N}]/u;

/** Every node of markup in `source`. */
export function slackNodes(source: string): SlackNode[] {
  const found: SlackNode[] = [];
  for (const [text] of source.matchAll(/<[^>]*>?/g)) found.push({ kind: 'angle', text });
  const plain = source.replaceAll(/<[^>]*>/g, '');
  for (const line of plain.split(/[\n\u2028\u2029]/)) {
    if (/^[ \t]*(?:>|&gt;)/.test(line)) found.push({ kind: 'quote', text: line });
    for (const mark of '*~`') if (line.includes(mark)) found.push({ kind: 'emphasis', text: line });
    for (let at = line.indexOf('_'); at >= 0; at = line.indexOf('_', at + 1)) {
      const isInWord = LETTER.test(line.charAt(at - 1)) && LETTER.test(line.charAt(at + 1));
      if (!isInWord) found.push({ kind: 'emphasis', text: line });
    }
  }
  for (const [text] of plain.matchAll(/@(?:channel|here|everyone)/gi)) found.push({ kind: 'mention', text });
  for (const [text] of plain.matchAll(/(?<!\w):[a-z][a-z0-9_+'-]*:(?!\w)/gi)) found.push({ kind: 'emoji', text });
  return found;
}

/** The text that Slack shows: entities are the only thing it decodes. */
export function slackShown(source: string): string {
  return source.replaceAll(/&(lt|gt|amp);/g, (_, name: string) => ({ lt: '<', gt: '>', amp: '&' })[name] ?? '');
}
