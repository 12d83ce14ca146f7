// Measures the JavaScript peers: node peers.js FOLDER_OF_MODULES URI...
// Prints one JSON line for each: {"name", "perSecond"}.
'use strict';
const path = require('path');
const [, , modules, ...uris] = process.argv;
const folder = path.join(modules, 'digital-link.js');
const Toolkit = require(path.join(folder, 'lib/GS1DigitalLinkCompressionPrototype/GS1DigitalLinkToolkit.js'));
const { DigitalLink } = require(folder);

const toolkit = new Toolkit();

// cpu is the time that this process had on a processor, in seconds.
function cpu() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

function measure(name, seconds, uris, work) {
  for (const u of uris) work(u); // warm up, and fail early
  const start = cpu();
  let n = 0;
  let spent = 0;
  while (spent < seconds) {
    for (const u of uris) work(u);
    n += uris.length;
    spent = cpu() - start;
  }
  console.log(JSON.stringify({ name, perSecond: n / spent }));
}

measure('GS1DigitalLinkToolkit.js: parse, bracketed form (no content checks)', 2, uris, (u) => {
  if (!toolkit.gs1digitalLinkToGS1elementStrings(u, true)) throw new Error(u);
});
measure('digital-link.js: isValid (grammar)', 2, uris, (u) => {
  if (!DigitalLink(u).isValid()) throw new Error('refused: ' + u);
});
// Only the first: what it makes of the SSCC does not decompress, being beyond 2^53.
measure('GS1DigitalLinkToolkit.js: compress and decompress', 2, uris.slice(0, 1), (u) => {
  toolkit.decompressGS1DigitalLink(toolkit.compressGS1DigitalLink(u, false, 'https://id.gs1.org', false, true, true), false, 'https://id.gs1.org');
});
