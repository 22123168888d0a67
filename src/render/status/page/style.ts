/**
 * The style sheet of a status page, and the policy that lets a browser use nothing else.
 *
 * It is the same for every page: nothing in it comes from a picture, so that one hash allows it.
 */
import { BANNERS, BARS, GROUNDS, iconAddress, STATES } from './palette.ts';

/** How high the bar of a day is, by place: what is worse stands out. */
export const HEIGHTS = [26, 26, 29, 32, 36, 8] as const;
/** The height of the bars of a component, and the width of a day with the gap behind it. */
export const BAR = { height: 36, day: 4 } as const;

const each = <T>(of: readonly T[], rule: (one: T, place: number) => string) => of.map(rule).join('');
const paints = (side: 0 | 1) =>
  Object.entries(GROUNDS)
    .map(([name, pair]) => `--${name}:${pair[side]};`)
    .join('') +
  each(STATES, (pair, place) => `--k${place}:${pair[side]};`) +
  each(BARS, (pair, place) => `--b${place}:${pair[side]};`);

/** What stands in the one `<style>` of the page. */
export const STYLE = `
:root{color-scheme:light dark;${paints(0)}${each(STATES, (_, place) => `--i${place}:url("${iconAddress(place)}");`)}}
@media screen and (prefers-color-scheme:dark){:root{${paints(1)}}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;scroll-behavior:smooth}
body{margin:0;background:var(--bg);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,"Noto Sans",sans-serif;overflow-wrap:anywhere}
h1,h2,h3,p,ul,dl,dd{margin:0;padding:0}
ul{list-style:none}
a{color:var(--link);text-underline-offset:.15em}
:focus-visible{outline:3px solid var(--link);outline-offset:2px;border-radius:4px}
.skip{position:absolute;left:-999px}
.skip:focus{left:12px;top:12px;background:var(--card);padding:8px 14px;z-index:1}
main,footer{overflow-x:clip}
header,main,footer{max-width:864px;margin:0 auto;padding:0 20px}
header{display:flex;flex-wrap:wrap;gap:12px 24px;align-items:center;justify-content:space-between;padding-top:44px;padding-bottom:24px}
header div{flex:1 1 260px;min-width:0;overflow:hidden}
h1{font-size:1.75rem;line-height:1.25;letter-spacing:-.015em}
header p{color:var(--soft);margin-top:2px}
.go{flex:none;border:1px solid var(--line);background:var(--card);color:var(--ink);font-weight:600;text-decoration:none;padding:8px 16px;border-radius:8px}
.go:hover{border-color:var(--soft)}
h2{font-size:1.25rem;line-height:1.3;margin:44px 0 14px;letter-spacing:-.01em}
h3{font-size:1rem;line-height:1.4}
.now{position:relative;color:#fff;border-radius:12px;padding:20px 24px 20px 76px;print-color-adjust:exact;-webkit-print-color-adjust:exact}
.now h2{margin:0;font-size:1.375rem}
${each(BANNERS, (paint, place) => `.n${place}{background:${paint}}.n${place} h2::before{content:var(--i${place})/""}`)}
.now h2::before{position:absolute;left:24px;top:25px;line-height:0;background:#fff;border-radius:50%;padding:8px}
.now.old{padding-left:24px;background:#4b535d}
.note{border:1px solid var(--k3);border-left-width:6px;background:var(--card);border-radius:8px;padding:12px 18px;margin-bottom:16px}
.card,.group>ul,.past{background:var(--card);border:1px solid var(--line);border-radius:12px;overflow:hidden}
.card{padding:18px 24px 20px;margin-bottom:16px;border-left:6px solid var(--k1)}
${each(STATES, (_, place) => `.card.c${place}{border-left-color:var(--b${place})}`)}
.card h3{font-size:1.125rem}
.meta,.soft{color:var(--soft);font-size:.9375rem}
.hit{display:flex;flex-wrap:wrap;gap:4px 20px;margin-top:8px;font-size:.9375rem}
.card dl{margin-top:14px;border-top:1px solid var(--line)}
.card dt{margin-top:14px;font-weight:600}
dt small{font-size:.875rem;font-weight:400;color:var(--soft);margin-left:6px}
dd{white-space:pre-line}
.tag{font-style:normal;font-size:.75rem;font-weight:600;border:1px solid;border-radius:99px;padding:1px 8px;margin-left:8px;vertical-align:1px}
.tag.in{background:var(--ink);color:var(--card)}
${each(STATES, (_, place) => `.k${place}{color:var(--k${place})}.k${place}::before,.s${place}::before{content:var(--i${place})/""}`)}
[class^=k]::before,[class^=s]::before{display:inline-block;vertical-align:-3px;margin-right:7px;line-height:1}
.group{margin-bottom:20px}
.group h3{margin:0 0 2px}
.group .soft{margin-bottom:6px}
.group h3+ul{margin-top:8px}
.group li{padding:14px 24px 16px;border-top:1px solid var(--line)}
.group li:first-child{border:0}
.row{display:flex;flex-wrap:wrap;justify-content:space-between;gap:0 16px;align-items:baseline}
.row b{font-weight:600;min-width:0}
.row span{font-size:.9375rem;white-space:nowrap}
.group svg{display:block;width:100%;height:${BAR.height}px;margin-top:4px}
.group path{fill:none;stroke-dasharray:3 1}
${each(BARS, (_, place) => `.b${place}{stroke:var(--b${place});stroke-width:${2 * (HEIGHTS[place] ?? 0)}}`)}
.axis{display:flex;flex-wrap:wrap;justify-content:space-between;gap:0 8px;margin-top:4px;color:var(--soft);font-size:.875rem}
.axis b{color:var(--ink);font-weight:600}
details ul{margin-top:6px}
summary{cursor:pointer}
.group details{color:var(--soft);font-size:.875rem;margin-top:2px}
.card>.soft{margin-top:8px}
.group details li{padding:0;border:0}
.legend{display:flex;flex-wrap:wrap;gap:4px 20px;font-size:.875rem;color:var(--soft);margin-top:16px}
.legend li{display:flex;align-items:flex-end;gap:8px}
.legend svg{width:6px;height:18px;margin-bottom:3px;flex:none}
.how{margin-top:10px;font-size:.9375rem;color:var(--soft)}
.how p,.how ul{margin-top:8px}
.how li{list-style:disc;margin-left:1.3em}
.month{margin:26px 0 8px}
.past details{border-top:1px solid var(--line)}
.past details:first-child{border:0}
.past summary{display:block;position:relative;padding:12px 48px 12px 49px;list-style:none;color:var(--soft);font-size:.875rem}
.past summary::-webkit-details-marker{display:none}
.past summary::before{position:absolute;left:22px;top:14px}
.past summary::after{content:"";position:absolute;right:24px;top:20px;width:8px;height:8px;border:solid var(--soft);border-width:0 2px 2px 0;transform:rotate(45deg)}
.past [open] summary::after{transform:translateY(4px) rotate(225deg)}
.past summary:hover{background:var(--bg)}
.past b{display:block;font-size:1rem;font-weight:600;color:var(--ink)}
.past li{padding:8px 24px 8px 49px;color:var(--soft);font-size:.875rem}
.past>a{display:block;padding:8px 24px 14px 49px;font-size:.875rem}
.past dl,.none{padding:0 24px 16px 49px;font-size:.9375rem}
.past dt{font-weight:600;margin-top:8px}
footer{margin-top:48px;padding-top:20px;padding-bottom:40px;color:var(--soft);font-size:.875rem}
footer nav ul{display:flex;flex-wrap:wrap;gap:4px 20px;margin-top:8px}
:target{scroll-margin-top:20px;outline:3px solid var(--link);outline-offset:-3px}
main:target{outline:0}
@media (max-width:560px){.axis{font-size:.75rem}.now h2::before{left:16px;top:18px}header,main,footer{padding-left:14px;padding-right:14px}header{padding-top:28px}.card,.group li{padding-left:16px;padding-right:16px}.now{padding:14px 16px 14px 64px}.now.old{padding-left:16px}.past summary{padding-left:41px;padding-right:36px}.past summary::before{left:14px}.past summary::after{right:16px}.past dl{padding-left:41px;padding-right:16px}}
@media (prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
@media (forced-colors:active){.now,.group svg,.legend svg{forced-color-adjust:none}.now{border:2px solid}}
@media print{:root{color-scheme:light}body{background:#fff;font-size:10.5pt}header{padding-top:0}.skip,.go,footer nav,.past summary::after{display:none}.group li,.past details,.card,.now{break-inside:avoid}h2,h3{break-after:avoid}.group path,.legend path{print-color-adjust:exact;-webkit-print-color-adjust:exact}details::details-content{content-visibility:visible;block-size:auto}}
`;

/**
 * The `content-security-policy` to serve a status page with: no script, no frame, no form, nothing from elsewhere; only
 * its own style sheet and icons.
 */
export const STATUS_PAGE_CSP =
  "default-src 'none'; style-src 'sha256-pwxjlk/jZzLW/xKM47mi6cwBD+KYDYUDYSnd1HochBg='; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
