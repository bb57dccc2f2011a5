// Reads TAP from standard input, strictly, and says as JSON what it read.
// Owns: the call of tap-parser. Must not: judge.

import { Parser } from 'tap-parser'

const points = []
const extras = []
const versions = []
const parser = new Parser({ strict: true }, results => {
  const { ok, count, pass, fail, bailout, plan } = results
  const faults = results.failures.flatMap(failure => failure.tapError ?? [])
  process.stdout.write(JSON.stringify({ ok, count, pass, fail, bailout, plan, faults, points, extras, versions }))
})
parser.on('assert', ({ ok, id, name, skip, todo, diag }) => points.push({ ok, id, name, skip, todo, diag }))
parser.on('extra', text => extras.push(text))
parser.on('version', version => versions.push(version))
process.stdin.pipe(parser)
