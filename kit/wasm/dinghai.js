// Verification of what a bureau publishes, in the reader's own browser.
//
//   import { load } from './dinghai.js';
//   const dinghai = await load();
//   const answer = dinghai.verifyLicence({ text, keys, at: Math.floor(Date.now() / 1000) });
//   if (!answer.ok) show(answer.error);
//
// Requests and results are the types of the Go package of the same name. Calls
// do not return before they are done: run a large draw in a worker. The page
// needs 'wasm-unsafe-eval' in the script-src of its policy.
export async function load({ module = new URL('./dinghai.wasm', import.meta.url), runtime = new URL('./wasm_exec.js', import.meta.url) } = {}) {
  await import(runtime);
  const go = new globalThis.Go();
  const { instance } = await WebAssembly.instantiateStreaming(fetch(module), go.importObject);
  go.run(instance);
  const call = globalThis.dinghaiCall;
  return Object.fromEntries(call.names.map((name) => [name, (request) => JSON.parse(call(name, JSON.stringify(request)))]));
}
