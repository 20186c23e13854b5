// The graphql-transport-ws protocol: its close codes, what may not be done over it, and its own client against us.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { createClient } from 'graphql-ws'
import WebSocket from 'ws'
import { startPractice } from '../support/server.mjs'

/** @type {Awaited<ReturnType<typeof startPractice>>} */
let practice
before(async () => {
  practice = await startPractice()
})
after(() => practice?.stop())

/** @param {{ protocols?: string[], origin?: string }} options */
async function open({ protocols = ['graphql-transport-ws'], origin = practice.url } = {}) {
  const socket = new WebSocket(`${practice.url.replace('http', 'ws')}/graphql/ws`, protocols, { origin })
  /** @type {any[]} */
  const heard = []
  socket.on('message', (data) => heard.push(JSON.parse(String(data))))
  /** @type {Promise<{ code: number, reason: string }>} */
  const closed = new Promise((resolve) => socket.on('close', (code, reason) => resolve({ code, reason: String(reason) })))
  await new Promise((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('error', reject)
  })
  return {
    socket,
    closed,
    /** @param {unknown} message */
    say: (message) => socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
    /** @param {string} type */
    async hear(type, patience = 3000) {
      for (let waited = 0; waited < patience; waited += 20) {
        const at = heard.findIndex((message) => message.type === type)
        if (at >= 0) return heard.splice(at, 1)[0]
        await wait(20)
      }
      assert.fail(`no ${type} within ${patience} ms; heard ${JSON.stringify(heard)}`)
    },
    async greet() {
      this.say({ type: 'connection_init' })
      await this.hear('connection_ack')
      return this
    },
  }
}

/** @param {Promise<{ code: number }>} closed @param {number} code */
async function expectClose(closed, code, patience = 8000) {
  const end = await Promise.race([closed, wait(patience, { code: 0 }, { ref: false })])
  assert.equal(end.code, code)
}

// Any subscription will do; this one asks for nothing private.
const subscription = 'subscription { __typename }'

describe('graphql-transport-ws', () => {
  test('greets', async () => {
    const { socket } = await (await open()).greet()
    assert.equal(socket.protocol, 'graphql-transport-ws')
    socket.close(1000)
  })

  test('answers ping with pong', async () => {
    const line = await open()
    line.say({ type: 'ping' })
    await line.hear('pong')
    line.socket.close(1000)
  })

  test('answers whoever hangs up: 1000', async () => {
    const strangers = await open()
    strangers.socket.close(1000)
    await expectClose(strangers.closed, 1000)
    const { socket, closed } = await (await open()).greet()
    socket.close(1000)
    await expectClose(closed, 1000)
  })

  test('closes a line on which nobody introduces themselves: 4408', async () => {
    await expectClose((await open()).closed, 4408, 12_000)
  })

  test('refuses a second introduction: 4429', async () => {
    const line = await (await open()).greet()
    line.say({ type: 'connection_init' })
    await expectClose(line.closed, 4429)
  })

  test('refuses a subscription before the introduction: 4401', async () => {
    const line = await open()
    line.say({ id: '1', type: 'subscribe', payload: { query: subscription } })
    await expectClose(line.closed, 4401)
  })

  for (const [what, message] of /** @type {const} */ ([
    ['what is not JSON', '{'],
    ['an unknown type', { type: 'surprise' }],
    ['a subscription without an id', { type: 'subscribe', payload: { query: subscription } }],
    ['a subscription without a query', { id: '1', type: 'subscribe', payload: {} }],
    ['a list', []],
  ])) {
    test(`refuses ${what}: 4400`, async () => {
      const line = await (await open()).greet()
      line.say(message)
      await expectClose(line.closed, 4400)
    })
  }

  test('refuses binary frames: 4400 or 1003', async () => {
    const line = await (await open()).greet()
    line.socket.send(Buffer.from([1, 2, 3]), { binary: true })
    const { code } = await line.closed
    assert.ok([4400, 1003].includes(code), String(code))
  })

  for (const query of ['query { __typename }', 'mutation { __typename }']) {
    test(`does not run ${query.split(' ')[0]} operations`, async () => {
      const line = await (await open()).greet()
      line.say({ id: '1', type: 'subscribe', payload: { query } })
      const end = await Promise.race([line.closed, line.hear('error').then(() => ({ code: 4400 }))])
      assert.equal(end.code, 4400)
      line.socket.terminate()
    })
  }

  test('an invalid document is an error of its operation, not of the line', async () => {
    const line = await (await open()).greet()
    line.say({ id: '7', type: 'subscribe', payload: { query: 'subscription { noSuchField }' } })
    const { id, payload } = await line.hear('error')
    assert.equal(id, '7')
    assert.ok(Array.isArray(payload) && payload[0].message)
    line.say({ type: 'ping' })
    await line.hear('pong')
    line.socket.close(1000)
  })

  for (const protocols of [[], ['graphql-ws']]) {
    test(`does not speak ${protocols[0] ?? 'without a protocol'}`, async () => {
      const line = await open({ protocols })
      await expectClose(line.closed, 4406)
    })
  }

  test('does not open for another origin', async () => {
    await assert.rejects(open({ origin: 'https://elsewhere.example' }), /40[03]/)
  })

  test('its own client connects and is told of a refused subscription', async () => {
    class Browser extends WebSocket {
      /** @param {string} url @param {string | string[]} protocols */
      constructor(url, protocols) {
        super(url, protocols, { origin: practice.url })
      }
    }
    const client = createClient({ url: `${practice.url.replace('http', 'ws')}/graphql/ws`, webSocketImpl: Browser, retryAttempts: 0 })
    const refused = new Promise((resolve, reject) =>
      client.subscribe({ query: 'subscription { noSuchField }' }, { next: reject, error: resolve, complete: () => reject(new Error('completed')) }),
    )
    assert.ok(Array.isArray(await refused))
    await client.dispose()
  })
})
