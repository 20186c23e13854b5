// Starts the built binary with the demo practice on a free port, over data of its own that are gone afterwards.
// PRACTICE_URL points the stories at a practice that runs already instead; SERVER_BINARY at another binary, and
// ANTEROOM_ASSETS at the browser's files built for it.
import { spawn } from 'node:child_process'
import { createWriteStream, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '../..')

/** @returns {Promise<number>} */
const freePort = () =>
  new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })

/**
 * @param {Record<string, string>} [settings] what differs from a demo practice
 * @param {string} [command] what the binary is told to do
 * @returns {Promise<{ url: string, data: string, said: () => string, stop: () => Promise<void> }>} its address, the
 *   folder of its data, what it has written so far, and how to end it
 */
export async function startPractice(settings = {}, command = 'demo') {
  if (process.env.PRACTICE_URL) return { url: process.env.PRACTICE_URL, data: '', said: () => '', stop: async () => {} }

  const binary = process.env.SERVER_BINARY ?? join(process.env.CARGO_TARGET_DIR ?? join(root, 'target'), 'debug/anteroom')
  if (!existsSync(binary)) throw new Error(`${binary} is not built yet: run "cargo build -p anteroom" first`)

  const port = await freePort()
  const url = `http://localhost:${port}`
  const data = mkdtempSync(join(tmpdir(), 'anteroom-e2e-'))
  const results = join(root, 'e2e/test-results')
  mkdirSync(results, { recursive: true })
  const log = join(results, `server-${port}.log`)

  // Nothing else of a developer's own settings reaches the practice under test.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(ANTEROOM_(?!ASSETS$)|DATABASE_URL$)/.test(name)))
  const said = () => readFileSync(log, 'utf8')
  const child = spawn(binary, [command], {
    cwd: root,
    env: { ...env, ANTEROOM_LISTEN: `127.0.0.1:${port}`, ANTEROOM_BASE_URL: url, ANTEROOM_DATA: data, ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const file = createWriteStream(log)
  child.stdout.pipe(file, { end: false })
  child.stderr.pipe(file, { end: false })

  let gone = false
  const ended = new Promise((resolve) => child.once('close', resolve)).then(() => (gone = true))
  const last = () => kill(child)
  process.once('exit', last)

  const stop = async () => {
    if (!gone) child.kill('SIGTERM')
    await Promise.race([ended, wait(10_000, undefined, { ref: false })])
    kill(child)
    process.removeListener('exit', last)
    file.end()
    rmSync(data, { recursive: true, force: true, maxRetries: 5 })
  }

  const patience = Date.now() + 90_000
  while (Date.now() < patience && !gone) {
    const answer = await fetch(`${url}/ready`).catch(() => undefined)
    await answer?.arrayBuffer()
    if (answer?.ok) return { url, data, said, stop }
    await wait(100)
  }
  await stop()
  const words = said().trim().split('\n').slice(-30).join('\n')
  throw new Error(`The practice ${gone ? 'ended' : 'was not ready after 90 s'}. Its last words:\n${words}`)
}

/** @param {import('node:child_process').ChildProcess} child */
function kill(child) {
  if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
}
