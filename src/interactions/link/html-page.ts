/**
 * The frame of every page behind a link: its style, and the headers under which it may do nothing but be read and pressed.
 *
 * Pure. There is no script in it, nothing is loaded from anywhere, and no page is kept by whatever it passes through.
 */
import { htmlText } from '../../core/text/html.ts';

/** A page as a server answers with it. */
export type LinkPage = {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** HTML. A `HEAD` is answered without it. */
  readonly body: string;
};

/** What stands on a page. `content` is HTML that is escaped already; `title` is not. */
export type PageParts = {
  readonly status: number;
  readonly lang: string;
  /** What the tab is called: of the incident it says nothing, because previews of links show it. */
  readonly title: string;
  readonly content: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
};

export const STYLE = `
:root{color-scheme:light dark;--page:#f3f4f7;--card:#fff;--ink:#14181f;--soft:#525b69;--line:#dfe3e9;--go:#0a58ca;--on-go:#fff;--high:#b3261e;--low:#52606d;--on-badge:#fff;--good:#146c43}
@media(prefers-color-scheme:dark){:root{--page:#0d1014;--card:#171b21;--ink:#eef1f5;--soft:#a5afbd;--line:#2b323c;--go:#8ab8ff;--on-go:#06152e;--high:#ff8a80;--low:#b4bfcc;--on-badge:#1a0605;--good:#7fd8a8}}
*{box-sizing:border-box;margin:0}
body{background:var(--page);color:var(--ink);font:18px/1.45 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;min-height:100vh;min-height:100svh;display:flex;justify-content:center}
main{width:100%;max-width:30rem;padding:1.25rem 1rem max(1.25rem,env(safe-area-inset-bottom));display:flex;flex-direction:column;gap:1rem}
.card{background:var(--card);border:1px solid var(--line);border-radius:1rem;padding:1.25rem}
.badge{display:inline-block;background:var(--low);color:var(--on-badge);border-radius:.5rem;padding:.1rem .6rem;font-weight:700;max-width:100%;overflow-wrap:anywhere}
.high{background:var(--high)}
h1{font-size:1.5rem;line-height:1.25;overflow-wrap:anywhere}
.badge+*{margin-top:.75rem}
.badge+p{font-weight:600}
h1+p{margin-top:.75rem}
dl{margin-top:1rem;border-top:1px solid var(--line)}
dl div{display:flex;gap:1rem;justify-content:space-between;padding:.6rem 0;border-bottom:1px solid var(--line)}
dl div:last-child{border:0;padding-bottom:0}
dt{color:var(--soft);flex:none}
dd{text-align:end;font-weight:600;min-width:0;overflow-wrap:anywhere}
form,.again{margin-top:auto}
form{background:var(--page);padding-top:.75rem}
@media(min-height:34rem){form{position:sticky;bottom:0;padding-bottom:.5rem}}
form p{font-size:1.15rem;margin-bottom:.75rem}
button,.again{display:flex;align-items:center;justify-content:center;width:100%;min-height:4.5rem;padding:1rem;border:0;border-radius:1rem;background:var(--go);color:var(--on-go);font:inherit;font-size:1.3rem;font-weight:700;line-height:1.25;text-align:center;text-decoration:none;cursor:pointer;touch-action:manipulation}
button:active,.again:active{filter:brightness(.9)}
:focus-visible{outline:4px solid var(--ink);outline-offset:3px}
small{display:block;color:var(--soft);font-size:.95rem;text-align:center}
.done h1::before{content:"\\2713";content:"\\2713" / "";display:flex;align-items:center;justify-content:center;width:3.5rem;height:3.5rem;margin-bottom:1rem;border-radius:50%;background:var(--good);color:var(--card);font-size:2rem}
`;

// Written down, since a page is a plain function of its input: the tests compute it anew.
export const STYLE_HASH = 'sha256-y06ZEJj8HSdCr/RaZpo+4F/Qu8yVYI58TcE0GDKf7Ic=';

const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': `default-src 'none'; style-src '${STYLE_HASH}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`,
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-robots-tag': 'noindex, nofollow',
};

/** The page. */
export function htmlPage({ status, lang, title, content, headers }: PageParts): LinkPage {
  const head = `<meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="color-scheme" content="light dark"><title>${htmlText(title)}</title><style>${STYLE}</style>`;
  const body = `<!doctype html><html lang="${htmlText(lang)}"><head>${head}</head><body><main>${content}</main></body></html>`;
  return { status, headers: { ...HEADERS, ...headers }, body };
}
