// The other implementations, as a program: a JSON request on standard input, a
// JSON answer on standard output. Run in a folder where package.json is
// installed.
import { readFileSync } from 'node:fs';
import { ES256, digest, generateSalt } from '@sd-jwt/crypto-nodejs';
import { SDJwtVcInstance } from '@sd-jwt/sd-jwt-vc';
import { StatusList } from '@sd-jwt/jwt-status-list';
import * as jose from 'jose';

const audience = 'https://counter.example';
const nonce = 'a fresh nonce';

// Tokens by the others, for ours to verify.
async function issue({ claims, frame, shows, now, uri }) {
  const issuer = await ES256.generateKeyPair();
  const holder = await ES256.generateKeyPair();
  const sdjwt = new SDJwtVcInstance({
    signer: await ES256.getSigner(issuer.privateKey), signAlg: 'ES256',
    kbSigner: await ES256.getSigner(holder.privateKey), kbSignAlg: 'ES256',
    hasher: digest, hashAlg: 'sha-256', saltGenerator: generateSalt,
  });
  const { crv, kty, x, y } = holder.publicKey;
  const token = await sdjwt.issue({ ...claims, cnf: { jwk: { crv, kty, x, y } } }, frame);
  const presentations = [];
  for (const show of shows) {
    presentations.push(await sdjwt.present(token, show, { kb: { payload: { iat: now, aud: audience, nonce } } }));
  }
  return { issuer: issuer.publicKey, token, presentations, jws: await signAll(), lists: await statusLists(uri, now) };
}

async function signAll() {
  const out = [];
  for (const alg of ['ES256', 'ES384', 'ES512', 'EdDSA']) {
    const { publicKey, privateKey } = await jose.generateKeyPair(alg, { extractable: true });
    const text = await new jose.CompactSign(new TextEncoder().encode('payload ' + alg))
      .setProtectedHeader({ alg, kid: 'k', typ: 'test+jwt' }).sign(privateKey);
    const jwk = await jose.exportJWK(publicKey);
    out.push({ alg, jwk, thumbprint: await jose.calculateJwkThumbprint(jwk), text });
  }
  return out;
}

async function statusLists(uri, now) {
  const { publicKey, privateKey } = await jose.generateKeyPair('ES256', { extractable: true });
  const lists = [];
  for (const bits of [1, 2, 4, 8]) {
    const states = new Array(4096).fill(0);
    states[7] = 1;
    states[4095] = (1 << bits) - 1;
    const lst = new StatusList(states, bits).compressStatusList();
    lists.push(await new jose.SignJWT({ status_list: { bits, lst }, ttl: 43200 })
      .setProtectedHeader({ alg: 'ES256', typ: 'statuslist+jwt' })
      .setSubject(uri).setIssuedAt(now).setExpirationTime(now + 86400).sign(privateKey));
  }
  return { jwk: await jose.exportJWK(publicKey), lists };
}

// Tokens by ours, for the others to verify.
async function verify({ issuer, holder, tokens, bad, jws, list, now }) {
  const sdjwt = new SDJwtVcInstance({
    verifier: await ES256.getVerifier(issuer), kbVerifier: await ES256.getVerifier(holder),
    hasher: digest, hashAlg: 'sha-256',
    statusListFetcher: async () => list,
    statusVerifier: await ES256.getVerifier(issuer),
    statusValidator: async (state) => { if (state !== 0) throw new Error('state ' + state); },
  });
  const options = { keyBindingNonce: nonce, currentDate: now };
  const claims = [];
  for (const token of tokens) claims.push((await sdjwt.verify(token, options)).payload);
  const refused = [];
  for (const token of bad) {
    refused.push(await sdjwt.verify(token, options).then(() => false, () => true));
  }
  const payloads = [];
  for (const { jwk, text } of jws) {
    const { payload } = await jose.compactVerify(text, await jose.importJWK(jwk));
    payloads.push(new TextDecoder().decode(payload));
  }
  return { claims, refused, payloads };
}

// Loops for the benchmark: how many a second, by processor time.
async function bench({ seconds }) {
  const now = Math.floor(Date.now() / 1000);
  const issuer = await ES256.generateKeyPair();
  const holder = await ES256.generateKeyPair();
  const sdjwt = new SDJwtVcInstance({
    signer: await ES256.getSigner(issuer.privateKey), signAlg: 'ES256', verifier: await ES256.getVerifier(issuer.publicKey),
    kbSigner: await ES256.getSigner(holder.privateKey), kbSignAlg: 'ES256', kbVerifier: await ES256.getVerifier(holder.publicKey),
    hasher: digest, hashAlg: 'sha-256', saltGenerator: generateSalt,
  });
  const { claims, frame } = JSON.parse(readFileSync(new URL('./licence.json', import.meta.url)));
  claims.exp = now + 86400;
  const token = await sdjwt.issue(claims, frame);
  const keys = await jose.generateKeyPair('ES256');
  const payload = new TextEncoder().encode(JSON.stringify(claims));
  const sign = () => new jose.CompactSign(payload).setProtectedHeader({ alg: 'ES256' }).sign(keys.privateKey);
  const text = await sign();
  return {
    '@sd-jwt issue': await rate(seconds, () => sdjwt.issue(claims, frame)),
    '@sd-jwt verify': await rate(seconds, () => sdjwt.verify(token)),
    'jose sign': await rate(seconds, sign),
    'jose verify': await rate(seconds, () => jose.compactVerify(text, keys.publicKey)),
    characters: token.length,
  };
}

async function rate(seconds, work) {
  for (let i = 0; i < 20; i++) await work();
  const start = process.cpuUsage();
  let n = 0;
  let used = 0;
  while (used < seconds * 1e6) {
    for (let i = 0; i < 10; i++, n++) await work();
    const u = process.cpuUsage(start);
    used = u.user + u.system;
  }
  return n / (used / 1e6);
}

const request = JSON.parse(readFileSync(0));
const answer = await { issue, verify, bench }[request.op](request);
process.stdout.write(JSON.stringify(answer));
