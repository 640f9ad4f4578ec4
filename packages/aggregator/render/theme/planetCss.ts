/** The built-in skin changes nothing; it shows what a planet.css of one's own can say. */
export const PLANET_CSS = `/*
 * Publish your own planet.css and it takes the place of this file. These are the colours of the page; to change one, say
 * for example
 *
 *   :root { --accent: #8a2f5d; --paper: #fdf8fb; }
 *
 * --paper --card --ink --soft --line --accent --accent-strong --wash --warn --warn-wash --code, and the fonts --serif
 * --sans --mono. Give dark values inside @media (prefers-color-scheme: dark).
 */
`;
