// Every crate that is compiled in comes from the registry, under a licence that deny.toml allows.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

const list = /^allow = \[([^\]]*)\]/m.exec(readFileSync('deny.toml', 'utf8'))?.[1] ?? ''
const allowed = new Set([...list.matchAll(/"([^"]+)"/g)].map((match) => match[1]))

/** Whether an SPDX expression leaves us a choice that is allowed. `/` is how it was written before SPDX. */
function isFine(/** @type {string} */ licence) {
  const words = licence.replaceAll('/', ' OR ').match(/\(|\)|[^\s()]+/g) ?? []
  let at = 0
  const one = () => {
    if (words[at] === '(') {
      at += 1
      const inner = any()
      at += 1
      return inner
    }
    let name = words[at++]
    if (words[at] === 'WITH') {
      name = `${name} WITH ${words[at + 1]}`
      at += 2
    }
    return allowed.has(name)
  }
  const all = () => {
    let fine = one()
    while (words[at] === 'AND') {
      at += 1
      fine = one() && fine
    }
    return fine
  }
  const any = () => {
    let fine = all()
    while (words[at] === 'OR') {
      at += 1
      fine = all() || fine
    }
    return fine
  }
  return any() && at === words.length
}

const text = execFileSync('cargo', ['metadata', '--locked', '--format-version', '1', '--all-features'], { maxBuffer: 1 << 28 })
const { packages, workspace_members: ours } = JSON.parse(String(text))
let checked = 0
let bad = 0
for (const { id, name, version, license, source } of packages) {
  if (ours.includes(id)) continue
  checked += 1
  if (!license || !isFine(license)) {
    bad += 1
    console.log(`${name} ${version} is under ${license ?? 'no named licence'}, which deny.toml does not allow.`)
  }
  if (!source?.startsWith('registry+')) {
    bad += 1
    console.log(`${name} ${version} comes from ${source ?? 'a folder'}, not from the registry.`)
  }
}
if (checked === 0 || allowed.size === 0) {
  bad += 1
  console.log('Nothing was checked: cargo named no crates, or deny.toml allows no licences.')
}
process.exit(bad ? 1 : 0)
