// A second implementation of steps 4 to 6 of dinghai-draw-v1, written from the
// design in another language. It reads a plan and the files of a draw from a
// folder and prints the roots and the lines of the result.
import { createHash, createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'

const dir = process.argv[2]
const text = name => readFileSync(`${dir}/${name}`, 'utf8')
const lines = name => text(name).split('\n').slice(0, -1)
const sha = (...parts) => parts.reduce((h, p) => h.update(p), createHash('sha256')).digest()
const mac = (key, message) => createHmac('sha256', key).update(message).digest()

// RFC 6962 section 2.1, by its recursive definition.
const tree = leaves => {
  if (leaves.length === 0) return sha('')
  if (leaves.length === 1) return leaves[0]
  let k = 1
  while (2 * k < leaves.length) k *= 2
  return sha(Buffer.from([1]), tree(leaves.slice(0, k)), tree(leaves.slice(k)))
}
const root = list => tree(list.map(l => sha(Buffer.from([0]), l))).toString('hex')

const plan = JSON.parse(text('plan.json'))
const seed = Buffer.from(text('seed').trim(), 'hex')
const objects = lines('objects').map(l => l.split(','))
const people = lines('inspectors').map(l => {
  const [no, area, held, available, most] = l.split(',')
  return { no, area, held: held.split('+'), available: available === '1', left: Number(most) }
})
const conflicts = lines('conflicts')
const barred = new Set(lines('openings').map(l => {
  const [salt, no, id] = l.split(',')
  const leaf = sha(Buffer.from([0]), Buffer.from(salt, 'hex'), no, id).toString('hex')
  if (!conflicts.includes(leaf)) throw new Error(`not frozen: ${l}`)
  return no + '\0' + id
}))

const team = (id, area, need) => {
  const key = mac(seed, `insp\0${plan.draw_no}`)
  const may = people
    .filter(p => p.available && p.left > 0 && !barred.has(p.no + '\0' + id))
    .filter(p => plan.area_rule === 'any' || !p.area || !area || p.area === area)
    .filter(p => need.every(n => p.held.includes(n)))
    .map(p => ({ p, ticket: mac(key, `${id}\0${p.no}`) }))
    .sort((a, b) => Buffer.compare(a.ticket, b.ticket))
  if (may.length < plan.team) return []
  return may.slice(0, plan.team).map(({ p }) => { p.left--; return p.no })
}

const result = plan.strata.flatMap(s => {
  const key = mac(seed, `obj\0${plan.draw_no}\0${s.code}`)
  const pool = objects.filter(o => o[1] === s.code && o[3] === '')
  const n = Number((BigInt(pool.length) * BigInt(s.p) + BigInt(s.q) - 1n) / BigInt(s.q))
  return pool
    .map(o => ({ o, ticket: mac(key, o[0]) }))
    .sort((a, b) => Buffer.compare(a.ticket, b.ticket))
    .slice(0, n)
    .map(({ o, ticket }) => [o[0], s.code, ticket.toString('hex'), team(o[0], o[2], s.need ?? []).join('+')].join(','))
})

console.log(JSON.stringify({
  objects: root(lines('objects')),
  inspectors: root(lines('inspectors')),
  conflicts: tree(conflicts.map(c => Buffer.from(c, 'hex'))).toString('hex'),
  result: root(result),
  lines: result,
}))
