/**
 * What holds the page together whatever skin it has: one column on a phone, two on a desk, nothing wider than the window,
 * no entry painting outside its box. An operator's planet.css comes after it and replaces only the skin.
 */
export const BASE_CSS = `/* Layout of the built-in page. To change how it looks, publish your own planet.css. */
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
.content table { display: block; }
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
`;
