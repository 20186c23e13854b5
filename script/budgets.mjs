// Whether what the browser gets stays within its budgets, compressed: node script/budgets.mjs
// The stories in e2e/ weigh whole pages as they travel; this needs no server and names the file that grew.
import { existsSync, readFileSync, statSync } from 'node:fs'

const kilobyte = 1000

const weigh = (file) => {
  const path = [`dist/${file}.br`, `dist/${file}`].find((path) => existsSync(path))
  if (!path) {
    console.error(`dist/${file} is missing; run script/client first`)
    process.exit(1)
  }
  return statSync(path).size
}

// Of each family only the first subset is always loaded; the others wait for a letter they hold.
const fonts = existsSync('style/fonts.list')
  ? readFileSync('style/fonts.list', 'utf8')
      .split('\n')
      .map((line) => line.replace(/#.*/, '').trim().split(/\s+/))
      .filter(([name, path]) => name && !/-ext-|-ext\./.test(path))
      .map(([, , target]) => `fonts/${target}`)
  : []
const style = existsSync('style') ? ['style.css'] : []
const picker = ['pkg/public.js', 'pkg/public_bg.wasm']

const budgets = [
  { what: 'Booking page: script and WASM', files: picker, limit: 100 },
  // The page itself may weigh 15 kB.
  { what: 'Booking page: script, WASM, style and fonts', files: [...picker, ...style, ...fonts], limit: 180 - 15 },
  { what: 'Portal: script and WASM', files: ['pkg/portal.js', 'pkg/portal_bg.wasm'], limit: 450 },
  { what: 'Content page: style and fonts', files: [...style, ...fonts], limit: 90 - 15 },
]

let over = 0
for (const { what, files, limit } of budgets) {
  const bytes = files.map(weigh)
  const sum = bytes.reduce((all, one) => all + one, 0) / kilobyte
  const fits = sum <= limit
  if (!fits) over++
  console.log(`${fits ? 'ok  ' : 'OVER'}  ${sum.toFixed(1).padStart(6)} of ${String(limit).padStart(3)} kB  ${what}`)
  if (!fits) files.forEach((file, at) => console.log(`        ${(bytes[at] / kilobyte).toFixed(1).padStart(6)} kB  ${file}`))
}
process.exit(over ? 1 : 0)
