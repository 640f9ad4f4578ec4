/**
 * The whole look of the built-in page: one column on a phone, two on a desk, nothing wider than the window, no entry
 * painting outside its box; paper and ink, one accent, serif for reading and sans for finding. It is always linked, before
 * planet.css: a skin of a few lines is enough, because it only has to say what is different.
 */
export const BASE_CSS = `/* The built-in look. For another one publish a planet.css: it comes after this file. */
:root {
  --paper: #fbf9f5;
  --card: #ffffff;
  --ink: #23252b;
  --soft: #5d6068;
  --line: #e4dfd5;
  --accent: #1f5f6b;
  --accent-strong: #174a54;
  --wash: #eef3f2;
  --warn: #8a4b12;
  --warn-wash: #fbf0e2;
  --code: #f3f0e9;
  --serif: "Iowan Old Style", "Palatino Linotype", Palatino, "URW Palladio L", P052, Charter, Georgia, "Noto Serif", serif;
  --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Helvetica Neue", Arial, sans-serif;
  --mono: ui-monospace, "SF Mono", "Cascadia Code", Menlo, Consolas, "DejaVu Sans Mono", monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #15171b;
    --card: #1c1f24;
    --ink: #e3e0d9;
    --soft: #a3a5ab;
    --line: #30343b;
    --accent: #83c5cf;
    --accent-strong: #a9dbe2;
    --wash: #1f2a2d;
    --warn: #e6b27a;
    --warn-wash: #2d251b;
    --code: #22262c;
  }
}

*, *::before, *::after { box-sizing: border-box; }
:root { color-scheme: light dark; -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body { margin: 0; overflow-wrap: anywhere; }
h1, h2, h3, h4, h5, h6, p, ul, ol, dl, dd, figure, blockquote { margin: 0; padding: 0; }
img, video, svg { max-width: 100%; }
img, video { height: auto; }
audio { width: 100%; }
main:focus, aside:focus { outline: none; }

.skip { position: absolute; inset-inline-start: 1rem; top: -6rem; z-index: 2; padding: .75rem 1.25rem; }
.skip:focus { top: 1rem; }

.masthead-inner, .columns { width: min(100% - 2.5rem, 68rem); margin-inline: auto; }
.masthead-inner { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: .75rem 2rem; }
.brand { display: flex; align-items: center; gap: .875rem; min-width: 0; }
.brand .logo { width: auto; max-height: 3.5rem; }
.brand .mark { flex: none; }
.quick { display: flex; flex-wrap: wrap; align-items: center; gap: .5rem 1.25rem; }

.columns { display: grid; grid-template-columns: minmax(0, 1fr); gap: 3.5rem; }
@media (min-width: 62rem) {
  .columns { grid-template-columns: minmax(0, 42rem) minmax(0, 17rem); justify-content: space-between; gap: 4rem; }
  aside { position: sticky; top: 0; align-self: start; max-height: 100vh; overflow-y: auto; scrollbar-width: thin; }
  .quick a[href="#subscriptions"] { display: none; }
}

.voice { display: flex; align-items: center; gap: .75rem; }
.face { flex: none; width: 3rem; height: 3rem; object-fit: cover; }
.initial { display: grid; place-items: center; }
.content { contain: layout paint; }
.content pre, .content table { overflow-x: auto; max-width: 100%; }
.content table { display: block; overflow-wrap: normal; }
.content > * + *, .content blockquote > * + *, .content li > p + *, .content figure > * + * { margin-top: 1em; }
.content ul, .content ol { padding-inline-start: 1.5em; }
.content dd { padding-inline-start: 1.5em; }
.tail { display: flex; flex-wrap: wrap; align-items: baseline; gap: .5rem 1rem; }
.topics, .channels, .formats { list-style: none; }
.topics { display: flex; flex-wrap: wrap; gap: .375rem; }
.formats { display: flex; flex-wrap: wrap; gap: .5rem; }
.channels li { display: grid; grid-template-columns: minmax(0, 1fr) auto; column-gap: .75rem; align-items: baseline; }
.channels .message { grid-column: 1 / -1; }
.byline .same { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

@media (prefers-reduced-motion: no-preference) { html { scroll-behavior: smooth; } }
@media print {
  aside, .quick, .skip { display: none; }
  .columns { display: block; }
}

html { background: var(--paper); color: var(--ink); }
body { font: 1.125rem/1.65 var(--serif); text-rendering: optimizeLegibility; }
a { color: var(--accent); text-decoration-thickness: .07em; text-underline-offset: .18em; }
a:hover { color: var(--accent-strong); text-decoration-thickness: .12em; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 3px; border-radius: 3px; }
::selection { background: var(--accent); color: var(--paper); }
.skip { background: var(--accent); color: var(--paper); font: 600 1rem/1 var(--sans); border-radius: .5rem; }
.skip:hover, .skip:focus { color: var(--paper); }

.masthead { border-bottom: 1px solid var(--line); background: var(--card); }
.masthead-inner { padding-block: 1.25rem; }
.brand { color: inherit; text-decoration: none; }
.brand:hover { color: var(--accent-strong); }
.brand h1 { font: 700 clamp(1.35rem, 1.1rem + 1.4vw, 1.9rem)/1.2 var(--serif); letter-spacing: -.012em; }
.mark-globe { fill: var(--accent); }
.mark-ring { stroke: var(--ink); }
.mark-moon { fill: var(--warn); }
.quick { font: 500 .9375rem/1 var(--sans); }
.quick a { text-decoration: none; padding-block: .5rem; }
.quick a:hover { text-decoration: underline; }
.pill { padding: .625rem 1.125rem; border-radius: 2rem; background: var(--accent); color: var(--paper); }
.quick .pill { padding: .625rem 1.125rem; }
.pill:hover { background: var(--accent-strong); color: var(--paper); }

.columns { padding-block: 1.5rem 5rem; }
.day > h2 {
  display: flex; align-items: center; gap: 1rem; margin-block: 1.5rem 1.75rem;
  color: var(--soft); font: 600 .875rem/1.3 var(--sans); letter-spacing: .04em;
}
.day > h2::after { content: ""; flex: 1; height: 1px; background: var(--line); }
.group { margin-bottom: 3.25rem; }
.voice { margin-bottom: .875rem; }
.voice-name { font: 600 1rem/1.3 var(--sans); color: var(--ink); text-decoration: none; }
a.voice-name:hover { color: var(--accent-strong); text-decoration: underline; }
.face { border-radius: 50%; background: var(--wash); }
.voice .face { width: 2.5rem; height: 2.5rem; }
.initial { font: 600 1.125rem/1 var(--sans); color: #fff; background: #4a6670; }
.tone-0 { background: #7a4b3a; }
.tone-1 { background: #35637a; }
.tone-2 { background: #5b5a8a; }
.tone-3 { background: #3d6b4f; }
.tone-4 { background: #8a4560; }
.tone-5 { background: #7a6228; }
.tone-6 { background: #2f6b6b; }
.tone-7 { background: #6a4f7d; }

.entry + .entry { margin-top: 2.5rem; padding-top: 2.25rem; border-top: 1px solid var(--line); }
.entry h3 { font: 700 clamp(1.45rem, 1.25rem + .9vw, 1.8rem)/1.25 var(--serif); letter-spacing: -.012em; text-wrap: balance; }
.entry h3 a { color: inherit; text-decoration: none; }
.entry h3 a:hover { color: var(--accent-strong); text-decoration: underline; text-decoration-thickness: .06em; }
.entry h3 code { font-size: .85em; }
.byline { margin-top: .375rem; color: var(--soft); font: 400 .9375rem/1.5 var(--sans); }
.byline > * + *:not(.same)::before { content: "·"; margin-inline: .3em .5em; display: inline-block; }
.byline .same + *::before { content: none; }
.byline a { color: inherit; text-decoration: none; }
.byline a:hover { color: var(--accent-strong); text-decoration: underline; }
.content { margin-top: 1.125rem; }
.untitled .byline { margin-top: 0; }
.untitled .content { margin-top: .25rem; font-size: 1.25rem; line-height: 1.5; }

.content h4, .content h5, .content h6 { line-height: 1.3; margin-top: 1.75em; }
.content h4 { font-size: 1.22em; }
.content h5 { font-size: 1.08em; }
.content h6 { font-size: 1em; }
.content > :first-child { margin-top: 0; }
.content img, .content video { border-radius: .375rem; }
.content figcaption, .content caption { color: var(--soft); font: .875rem/1.5 var(--sans); text-align: start; }
.content figure > * + figcaption { margin-top: .5em; }
.content blockquote { padding-inline-start: 1.25rem; border-inline-start: 3px solid var(--line); color: var(--soft); font-style: italic; }
.content pre { padding: 1rem 1.125rem; border-radius: .5rem; background: var(--code); font: .875rem/1.6 var(--mono); overflow-wrap: normal; tab-size: 4; }
.content code, .content kbd, .content samp { font-family: var(--mono); font-size: .86em; }
.content :not(pre) > code, .entry h3 code { padding: .1em .3em; border-radius: .25em; background: var(--code); }
.content pre code { font-size: inherit; }
.content hr { border: 0; border-top: 1px solid var(--line); margin-block: 2em; }
.content table { border-collapse: collapse; font: .9375rem/1.5 var(--sans); }
.content th, .content td { padding: .5rem 1.25rem .5rem 0; border-bottom: 1px solid var(--line); text-align: start; vertical-align: top; }
.content th { font-weight: 600; }
.content li + li { margin-top: .3em; }
.content mark { background: #f5e08c; color: #23252b; }

.tail { margin-top: 1.25rem; font: .875rem/1.5 var(--sans); color: var(--soft); }
.topics li { padding: .1rem .625rem; border-radius: 1rem; background: var(--wash); }
.enclosure { flex-basis: 100%; padding: .625rem .875rem; border: 1px solid var(--line); border-radius: .5rem; background: var(--card); }
.enclosure small { color: var(--soft); }
.empty { margin-top: 3rem; font-size: 1.25rem; color: var(--soft); text-wrap: balance; }

aside { font: .9375rem/1.5 var(--sans); padding-block: 1.5rem; border-top: 1px solid var(--line); }
@media (min-width: 62rem) { aside { border-top: 0; padding-inline: .25rem; } }
aside h2 { margin-bottom: .75rem; color: var(--soft); font: 600 .875rem/1.3 var(--sans); letter-spacing: .04em; }
aside ul + h2 { margin-top: 2.25rem; }
.channels li { padding-block: .4rem; }
.channels li + li { border-top: 1px solid var(--line); }
.channel a { color: var(--ink); text-decoration: none; }
.channel a:hover { color: var(--accent-strong); text-decoration: underline; }
.feed { font-size: .8125rem; }
.channels .message {
  margin-block: .25rem .125rem; padding: .25rem .625rem; border-radius: .375rem;
  background: var(--wash); color: var(--soft); font-size: .8125rem; line-height: 1.45;
}
.channels .failing .message, .channels .gone .message { background: var(--warn-wash); color: var(--warn); }
.channels .inactive .channel a { color: var(--soft); }
.formats a { display: inline-block; padding: .25rem .875rem; border: 1px solid var(--line); border-radius: 2rem; background: var(--card); text-decoration: none; }
.formats a:hover { border-color: currentColor; }
.colophon { margin-top: 2rem; color: var(--soft); font-size: .875rem; }
`;
