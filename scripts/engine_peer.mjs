// Measures @getodk/xforms-engine without a browser, for bench_engine.py.
// usage: node --conditions=browser engine_peer.mjs AUDIT.xml REPEAT.xml ROWS
// Prints {"open_ms", "answer_ms": [...], "total", "add_ms": [...]} on one line.
import { readFileSync } from 'node:fs';
import { JSDOM } from 'jsdom';

const window = new JSDOM('<!doctype html><html><body></body></html>').window;
for (const name of Object.getOwnPropertyNames(window)) {
  // The engine wants the classes of the DOM; Node has the rest itself.
  if (/^(DOMParser|XML|XPath|Node|Element|Document|Attr|Text|CDATA|Comment|Processing|HTMLElement)/.test(name))
    globalThis[name] ??= window[name];
}
globalThis.document = window.document;
globalThis.window = window;

// Its loader of WebAssembly must take this for a browser while it starts.
const { process } = globalThis;
globalThis.process = { versions: {}, argv: [], env: {} };
const { createInstance } = await import('@getodk/xforms-engine');
globalThis.process = process;

const [audit, repeat, rows] = process.argv.slice(2);
const options = {
  form: { fetchFormAttachment: async () => { throw new Error('there are no attachments'); } },
  instance: { stateFactory: (state) => state },
};
const open = (path) => createInstance(readFileSync(path, 'utf8'), options);

const timed = (act) => {
  const begin = performance.now();
  act();
  return performance.now() - begin;
};

function* leaves(node) {
  for (const child of node.currentState.children ?? []) {
    if (child.currentState.children && child.nodeType !== 'input') yield* leaves(child);
    else yield child;
  }
}

function answer(node) {
  const name = node.currentState.reference.split('/').pop();
  if (node.nodeType === 'select') node.selectValue(name.endsWith('_0') ? 'no' : 'yes');
  else if (node.valueType === 'int') node.setValue(3n);
  else node.setValue('remark');
}

const xml = readFileSync(audit, 'utf8');
const begin = performance.now();
const { root } = await createInstance(xml, options);
const open_ms = performance.now() - begin;

const all = [...leaves(root)];
const answer_ms = [];
for (const node of all)
  if (node.nodeType !== 'model-value' && node.currentState.relevant)
    answer_ms.push(timed(() => answer(node)));
const total = all.find((node) => node.currentState.reference === '/data/total').currentState.instanceValue;

const lines = (await open(repeat)).root.currentState.children.find((node) => node.nodeType.startsWith('repeat-range'));
const add_ms = [];
while (lines.currentState.children.length < Number(rows))
  add_ms.push(timed(() => lines.addInstances(undefined, 1)));

console.log(JSON.stringify({ open_ms, answer_ms, total, add_ms }));
process.exit(0);
