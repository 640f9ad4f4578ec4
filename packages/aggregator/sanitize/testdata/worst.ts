/** What makes parsers slow, as one piece to repeat. */
export const WORST: Readonly<Record<string, string>> = {
  "open blocks": "<div>",
  "open formatting": "<b><i a>",
  "formatting with attributes of its own": "<font color=1><b x=2><p>",
  links: "<a href=x>",
  "links in tables": "<table><a href=x>",
  attributes: "<p a=b ",
  "less-than signs": "<",
  tables: "<table><td>",
  "text before a table's rows": "<table>x<br>",
  "open frames": "<iframe ",
  frames: "<iframe src=//a.test></iframe>",
  candidates: '<img srcset="a 1x, ',
  references: "&amp",
  comments: "<!-- -",
  headings: "<h1><h2>",
  "blocks in paragraphs in formatting": "<p><b><div></b>",
  selects: "<select><option>",
  "foreign content": "<svg><foreignObject><math>",
  "hidden text": '<p style="display:none;a',
  spaces: " ",
};

