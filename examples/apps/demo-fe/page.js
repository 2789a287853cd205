/** Renders the page. Everything that other apps or the caller said is escaped. */
import escapeHtml from 'escape-html';

export function renderPage({ app, version, session, releases, downstream }) {
  const rows = releases.map(({ item, stage }) => `<li>${escapeHtml(item)}: ${escapeHtml(stage)}</li>`);
  const hops = [`${app} ${version}`, ...downstream.flatMap(describeHops)];
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8"><title>Releases</title></head><body>',
    '<h1>Releases</h1>',
    `<ul>${rows.join('')}</ul>`,
    `<p>Answered by ${hops.map((hop) => escapeHtml(hop)).join(' &rarr; ')}.</p>`,
    `<p>Session: ${escapeHtml(session ?? 'none')}</p>`,
    '</body></html>',
  ].join('\n');
}

function describeHops({ app, version, downstream = [] }) {
  return [`${app} ${version}`, ...downstream.flatMap(describeHops)];
}
