// Builds what the browser gets besides the bundles: node script/look.mjs <node_modules> <output folder>
//   style/*.css        one minified style.css, in a fixed order
//   style/fonts.list   one line per font file: <package> <path in package> <name in dist/fonts>
//   public/            as it is
//   explorer/          the API explorer, self-hosted
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, join, resolve } from 'node:path'

const [modules, out] = process.argv.slice(2).map((path) => resolve(path))
const require = createRequire(join(modules, 'none.js'))

const stop = (problem) => {
  console.error(problem)
  process.exit(1)
}

const copy = (from, to) => {
  if (!existsSync(join(modules, from))) stop(`${from} is not installed; is it in script/assets/package.json?`)
  mkdirSync(join(out, to, '..'), { recursive: true })
  cpSync(join(modules, from), join(out, to))
}

const licence = (name) => {
  const file = readdirSync(join(modules, name)).find((file) => /^licen[cs]e/i.test(file))
  if (!file) stop(`${name} comes without its licence`)
  return join(name, file)
}

mkdirSync(out, { recursive: true })

if (existsSync('public')) cpSync('public', out, { recursive: true })

if (existsSync('style')) {
  const { transform } = require('lightningcss')
  const first = ['tokens.css', 'base.css', 'components.css', 'surfaces.css']
  const sheets = readdirSync('style').filter((name) => name.endsWith('.css'))
  const rest = sheets.filter((name) => !first.includes(name)).sort()
  const source = [...first.filter((name) => sheets.includes(name)), ...rest]
    .map((name) => readFileSync(join('style', name), 'utf8'))
    .join('\n')
  const { code, warnings } = transform({ filename: 'style.css', code: Buffer.from(source), minify: true })
  for (const warning of warnings) stop(`style: ${warning.message} (line ${warning.loc?.line} of the joined sheets)`)
  writeFileSync(join(out, 'style.css'), code)
}

if (existsSync('style/fonts.list')) {
  const families = new Set()
  for (const line of readFileSync('style/fonts.list', 'utf8').split('\n')) {
    const [name, path, target] = line.replace(/#.*/, '').trim().split(/\s+/)
    if (!name) continue
    if (!path || !target) stop(`style/fonts.list: "${line}" is not "package path-in-package target-name"`)
    copy(join(name, path), join('fonts', target))
    families.add(name)
  }
  for (const name of families) copy(licence(name), join('fonts', `LICENSE-${basename(name)}.txt`))
}

for (const [from, to] of [
  ['graphiql/graphiql.min.js', 'graphiql.min.js'],
  ['graphiql/graphiql.min.css', 'graphiql.min.css'],
  ['react/umd/react.production.min.js', 'react.production.min.js'],
  ['react-dom/umd/react-dom.production.min.js', 'react-dom.production.min.js'],
  ['graphql-ws/umd/graphql-ws.min.js', 'graphql-ws.min.js'],
]) {
  copy(from, join('explorer', to))
}
for (const name of ['graphiql', 'react', 'react-dom', 'graphql-ws']) copy(licence(name), join('explorer', `LICENSE-${name}.txt`))
