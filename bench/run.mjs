// Measures the practice beside a tuned Node server, on copies of one database, in the same run.
// node bench/run.mjs BINARY   What script/bench calls. SECONDS and ROUNDS make it shorter or longer.
import { spawn, execFileSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { Agent, request as send } from 'node:http'
import { cpus, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { isDeepStrictEqual } from 'node:util'
import { fileURLToPath } from 'node:url'
import WebSocket from 'ws'
import { fill } from './fixture.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const binary = process.argv[2]
const seconds = Number(process.env.SECONDS ?? 6)
const rounds = Number(process.env.ROUNDS ?? 3)
const connections = 16
const folder = mkdtempSync(join(tmpdir(), 'anteroom-bench-'))
const say = (text) => console.error(text)
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

// Their logs are written, as they would be.
const log = openSync(join(folder, 'log'), 'a')

const running = new Set()
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1))

// Starts a server; answers with its process, its address and how long its first answer took.
async function start(port, command, args, env) {
  const begun = performance.now()
  const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'ignore', log] })
  running.add(child)
  child.on('exit', () => running.delete(child))
  const url = `http://127.0.0.1:${port}`
  for (;;) {
    try {
      if ((await fetch(`${url}/health`)).ok) break
    } catch {
      if (performance.now() - begun > 60_000 || child.exitCode !== null) throw new Error(`${command} does not start`)
    }
    await pause(2)
  }
  return { child, url, took: performance.now() - begun }
}

async function stop({ child }) {
  if (child.exitCode !== null) return
  const ended = new Promise((resolve) => child.on('exit', resolve))
  child.kill('SIGTERM')
  await ended
}

const ours = (port, data) =>
  start(port, binary, ['demo'], {
    ANTEROOM_DATA: data, ANTEROOM_LISTEN: `127.0.0.1:${port}`, ANTEROOM_BASE_URL: `http://127.0.0.1:${port}`,
  })
const node = (port, database, ...cache) => start(port, process.execPath, [join(here, 'node.mjs'), database, port, ...cache], {})

// Memory that is a process's own, and its share of what it has in common with others, in MB.
function memory({ child }) {
  const pss = /^Pss: +(\d+) kB/m.exec(readFileSync(`/proc/${child.pid}/smaps_rollup`, 'utf8'))
  return Number(pss[1]) / 1024
}

// Processor time a server has taken so far, in ms.
function processor({ child }) {
  const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8').replace(/^.*\) /, '').split(' ')
  return (Number(fields[11]) + Number(fields[12])) * 10
}

function wrk(server, path, env) {
  const args = ['-t1', `-c${connections}`, `-d${seconds}s`, '-s', join(here, 'load.lua'), `${server.url}${path}`]
  const before = processor(server)
  const out = execFileSync('wrk', args, { env: { ...process.env, ...env }, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })
  const spent = processor(server) - before
  const result = JSON.parse(/^RESULT (.*)$/m.exec(out)[1])
  if (result.bad > 0) throw new Error(`${path}: ${result.bad} answers were bad`)
  return { ...result, each: spent / (result.perSecond * seconds) }
}

async function ask(server, body, token) {
  const headers = { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) }
  const answer = await (await fetch(`${server.url}/graphql`, { method: 'POST', headers, body })).json()
  if (answer.errors) throw new Error(JSON.stringify(answer.errors))
  return answer.data
}

// Signs in as somebody of the demo.
async function tokenOf(server, user) {
  const answer = await fetch(`${server.url}/sandbox/persona`, {
    method: 'POST', redirect: 'manual', body: `user_id=${user}`,
    headers: { 'content-type': 'application/x-www-form-urlencoded', origin: server.url },
  })
  return /__Host-access=([^;]+)/.exec(answer.headers.getSetCookie().join('\n'))[1]
}

// Sends at a steady pace, whether or not answers keep up; answers with the time from when each was due, in ms.
async function steadily(perSecond, forSeconds, send) {
  const times = []
  const all = []
  const begun = performance.now()
  for (let number = 0; number < perSecond * forSeconds; number += 1) {
    const due = begun + (number * 1000) / perSecond
    if (due > performance.now()) await pause(due - performance.now())
    all.push(send(number).then(() => times.push(performance.now() - due)))
  }
  await Promise.all(all)
  return times.sort((a, b) => a - b)
}

const agent = new Agent({ keepAlive: true, maxSockets: 64 })
function post(server, body) {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
    const request = send(`${server.url}/graphql`, { agent, method: 'POST', headers }, (response) => {
      let text = ''
      response.on('data', (part) => (text += part))
      response.on('end', () => (text.includes('"userErrors":[]') ? resolve() : reject(new Error(text.slice(0, 400)))))
    })
    request.on('error', reject)
    request.end(body)
  })
}
const quantile = (sorted, q) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))]

// How long it takes from sending a booking until somebody who watches hears of it.
async function toSubscribers(server, fixture, booking) {
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/graphql/ws`, 'graphql-transport-ws', { origin: server.url })
  let heard = () => {}
  const ready = new Promise((resolve, reject) => {
    socket.on('error', reject)
    socket.on('open', () => socket.send('{"type":"connection_init"}'))
    socket.on('message', (data) => {
      const message = JSON.parse(data)
      if (message.type === 'connection_ack') {
        const query = 'subscription($id: SessionTypeId!) { availabilityChanged(sessionTypeId: $id) { sessionTypeId } }'
        socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query, variables: { id: fixture.quick } } }))
        setTimeout(resolve, 200)
      }
      if (message.type === 'next') heard()
    })
  })
  await ready
  const times = []
  for (let number = 0; number < 200; number += 1) {
    const begun = performance.now()
    const event = new Promise((resolve) => (heard = resolve))
    await Promise.all([post(server, booking()), event.then(() => times.push(performance.now() - begun))])
    await pause(10)
  }
  socket.close()
  return times.sort((a, b) => a - b)
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]

async function main() {
  say(`Filling a database in ${folder}`)
  const data = join(folder, 'ours')
  await stop(await ours(3390, data))
  const database = join(data, 'practice.sqlite')
  const fixture = fill(database)
  const copies = { node: join(folder, 'node.sqlite'), cache: join(folder, 'cache.sqlite') }
  for (const copy of Object.values(copies)) copyFileSync(database, copy)

  const starts = { ours: [], node: [] }
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, open] of [['ours', () => ours(3391, data)], ['node', () => node(3392, copies.node)]]) {
      const server = await open()
      starts[name].push(server.took)
      await stop(server)
    }
  }

  const servers = { ours: await ours(3391, data), node: await node(3392, copies.node), cache: await node(3393, copies.cache, 'cache') }
  await pause(2000)
  const idle = { ours: memory(servers.ours), node: memory(servers.node) }
  const day = (ahead) => new Date(Date.now() + ahead * 86_400_000).toISOString().slice(0, 10)
  const query = (text, variables) => JSON.stringify({ query: text, variables })
  const availability = query(
    'query($input: AvailabilityInput!) { availability(input: $input) { days { date slots { startsAt endsAt } } nextAvailable { startsAt } } }',
    { input: { sessionTypeId: fixture.call, therapistId: fixture.ada, from: day(0), to: day(60) } },
  )
  const dashboard = query(
    `query { viewer { therapist { bookingList(first: 50, filter: { statuses: [CONFIRMED], from: "${day(0)}T00:00:00Z" }) { nodes { guestName clientId
     booking { id reference status startsAt endsAt sessionType { name slug } } } } } } }`,
  )
  const book =
    '{"query":"mutation($input: BookDiscoveryInput!) { bookDiscovery(input: $input) { booking { reference } userErrors { code } } }",' +
    `"variables":{"input":{"sessionTypeId":"${fixture.quick}","therapistId":"${fixture.samir}","startsAt":"START","name":"Ben","phone":"+44 20 7946 0018","email":"bNUMBER@example.org"}}}`
  const base = Math.ceil(Date.now() / 86_400_000) * 86_400
  const token = await tokenOf(servers.ours, fixture.adaUser)
  const clientToken = await tokenOf(servers.ours, fixture.client)

  say('Comparing the answers')
  const same = async (name, body, who) => {
    const answers = await Promise.all([ask(servers.ours, body, who), ask(servers.node, body), ask(servers.cache, body)])
    for (const answer of answers.slice(1)) {
      if (!isDeepStrictEqual(answer, answers[0])) {
        throw new Error(`${name} differs:\n${JSON.stringify(answers[0]).slice(0, 800)}\n${JSON.stringify(answer).slice(0, 800)}`)
      }
    }
  }
  await same('availability', availability)
  await same('the dashboard', dashboard, token)
  const page = `/book/${fixture.slug}`
  const sizes = await Promise.all(Object.values(servers).map(async (server) => (await (await fetch(server.url + page)).text()).length))
  say(`The booking page: ours ${sizes[0]} bytes, Node's ${sizes[1]}`)

  const loads = [
    ['availability', 'ours', '/graphql', { LOAD: 'ask', BODY: availability }],
    ['availability', 'node', '/graphql', { LOAD: 'ask', BODY: availability }],
    ['availability', 'cache', '/graphql', { LOAD: 'ask', BODY: availability }],
    ['availability, computed', 'ours', '/graphql', { LOAD: 'ask', BODY: availability, TOKEN: clientToken }],
    ['dashboard', 'ours', '/graphql', { LOAD: 'ask', BODY: dashboard, TOKEN: token }],
    ['dashboard', 'node', '/graphql', { LOAD: 'ask', BODY: dashboard }],
    ['page', 'ours', page, { LOAD: 'page' }],
    ['page', 'node', page, { LOAD: 'page' }],
  ]
  const found = new Map()
  const note = (load, name, result) => {
    const key = `${load} ${name}`
    found.set(key, [...(found.get(key) ?? []), result])
    say(`  ${load}, ${name}: ${result.perSecond.toFixed(0)}/s, p99 ${result.p99.toFixed(1)} ms, ${(result.each * 1000).toFixed(0)} µs of processor each`)
  }
  const next = { ours: 0, node: 0, cache: 0 }
  for (let round = 0; round < rounds; round += 1) {
    say(`Round ${round + 1} of ${rounds}`)
    for (const [load, name, path, env] of loads) note(load, name, wrk(servers[name], path, env))
    for (const name of ['ours', 'node']) {
      const result = wrk(servers[name], '/graphql', { LOAD: 'book', BODY: book, FROM: String(next[name]), BASE: String(base) })
      next[name] = result.last + 64
      note('booking', name, result)
    }
  }
  const loaded = { ours: memory(servers.ours), node: memory(servers.node) }

  say('Bookings at 300 a second, and who hears of them')
  const booking = (name) => {
    next[name] += 1
    if (next[name] % 288 === 287) next[name] += 1
    const start = new Date((base + next[name] * 300) * 1000).toISOString().slice(0, 19)
    return book.replace('START', `${start}Z`).replace('NUMBER', next[name])
  }
  const steady = {}
  for (const name of ['ours', 'node']) steady[name] = await steadily(300, seconds, () => post(servers[name], booking(name)))
  const events = await toSubscribers(servers.ours, fixture, () => booking('ours'))

  const rate = (load, name) => median(found.get(`${load} ${name}`).map((row) => row.perSecond))
  const ratio = (load, name, over = 'node', of = load) =>
    median(found.get(`${of} ${name}`).map((row, round) => row.perSecond / found.get(`${load} ${over}`)[round].perSecond))
  const rows = []
  // What the load itself takes of the machine does not count here.
  const work = (load, over = 'node') => {
    const share = median(found.get(`${load} ours`).map((row, round) => row.each / found.get(`${load} ${over}`)[round].each))
    rows.push(['  processor time an answer, of that', `${share.toFixed(1)}x`, '', ''])
  }
  const p99 = (load, name) => median(found.get(`${load} ${name}`).map((row) => row.p99))
  const row = (what, value, bound, holds) => rows.push([what, value, bound, holds ? 'holds' : 'MISSED'])
  const times = (what, value, least) => row(what, `${value.toFixed(1)}x`, `at least ${least}x`, value >= least)
  const most = (what, value, bound, unit) => row(what, `${value.toFixed(1)} ${unit}`, `at most ${bound} ${unit}`, value <= bound)
  times(`availability, 60 days (${rate('availability', 'ours').toFixed(0)}/s)`, ratio('availability', 'ours'), 5)
  times('availability against the best cache of Node', ratio('availability', 'ours', 'cache'), 2.5)
  work('availability', 'cache')
  rows.push(['availability computed for a client', `${ratio('availability', 'ours', 'node', 'availability, computed').toFixed(1)}x`, '', ''])
  times(`dashboard of 50 sessions (${rate('dashboard', 'ours').toFixed(0)}/s)`, ratio('dashboard', 'ours'), 6)
  work('dashboard')
  times(`booking page (${rate('page', 'ours').toFixed(0)}/s)`, ratio('page', 'ours'), 9)
  most('booking page, p99', p99('page', 'ours'), 10, 'ms')
  times(`booking, durable (${rate('booking', 'ours').toFixed(0)}/s)`, ratio('booking', 'ours'), 5)
  work('booking')
  most('booking at 300/s, p99', quantile(steady.ours, 0.99), 60, 'ms')
  rows.push(['the same, Node', `${quantile(steady.node, 0.99).toFixed(1)} ms`, '', ''])
  most('event to subscriber, p99', quantile(events, 0.99), 150, 'ms')
  most('memory, idle', idle.ours, 40, 'MB')
  most('memory, under load', loaded.ours, 200, 'MB')
  rows.push(['the same, Node', `${idle.node.toFixed(0)} and ${loaded.node.toFixed(0)} MB`, '', ''])
  most('start to first answer', median(starts.ours), 200, 'ms')
  rows.push(['the same, Node', `${median(starts.node).toFixed(0)} ms`, '', ''])
  for (const server of Object.values(servers)) await stop(server)

  console.log(`${cpus().length} × ${cpus()[0].model}, the load with them; ${connections} connections, ${rounds} rounds of ${seconds} s, medians`)
  const width = Math.max(...rows.map(([what]) => what.length))
  for (const [what, value, bound, verdict] of rows) {
    console.log(`${what.padEnd(width)}  ${value.padStart(12)}  ${bound.padEnd(16)}  ${verdict}`.trimEnd())
  }
  process.exitCode = rows.some((cells) => cells[3] === 'MISSED') ? 1 : 0
}

await main()
