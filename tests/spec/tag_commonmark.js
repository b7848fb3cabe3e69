// Makes tag_commonmark.jsonl: random documents and which of the tags in them (written as §) are not code, as the reference
// implementation of CommonMark sees it. `npm install commonmark@0.31`, then `node tag_commonmark.js > tag_commonmark.jsonl`.
// Indented code is left out: there the tags differ from CommonMark on purpose.
const commonmark = require('commonmark');

const pieces = ['§', '§ ', ' §', '§', 'a ', 'b', '`', '` ', '``', '```', '```x', '~~~', '~~~~', '\n', '\n', '\n\n', '\n',
  '> ', '>', '- ', '* ', '1. ', '2) ', '10. ', ' ', '  ', '   ', '    ', '\t', '## ', '---', '===', '***', '\\', '\\`',
  '\n```\n', '\n~~~\n', '\n> ', '\n- ', '\n  ', '\n   ', '\n> - ', '-\n', '\r\n'];

let state = 20;
function random(limit) {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return (state >>> 0) % limit;
}

function make() {
  let text = '';
  for (let left = 1 + random(40); left > 0; --left) text += pieces[random(pieces.length)];
  return text;
}

/// The numbers of the § that are not code; null when something is indented code.
function inProse(text) {
  let number = 0;
  const numbered = text.replace(/§/g, () => `§${number++}§`);
  const walker = new commonmark.Parser().parse(numbered).walker();
  let prose = '';
  for (let event = walker.next(); event; event = walker.next()) {
    const node = event.node;
    if (node.type === 'code_block' && !node._isFenced) return null;
    if (event.entering && node.type === 'text') prose += node.literal;
  }
  return [...prose.matchAll(/§(\d+)§/g)].map(match => Number(match[1]));
}

for (let made = 0; made < 400;) {
  const document = make();
  const tags = document.split('§').length - 1;
  const prose = inProse(document);
  if (prose === null || tags < 2 || (made % 4 > 0 && (prose.length === 0 || prose.length === tags))) continue;
  console.log(JSON.stringify({document, prose}));
  ++made;
}
