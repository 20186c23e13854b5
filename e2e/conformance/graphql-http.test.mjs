// The GraphQL over HTTP specification, audited over the wire.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { serverAudits } from 'graphql-http'
import { startPractice } from '../support/server.mjs'

// The specification lets a server accept GET. Ours refuses it on purpose: a GET must not be able to do anything.
const refusedOnPurpose = new Set(['5A70', 'D6D5', '6A70'])

describe('GraphQL over HTTP', () => {
  /** @type {Awaited<ReturnType<typeof startPractice>>} */
  let practice
  before(async () => {
    practice = await startPractice()
  })
  after(() => practice?.stop())

  const audits = serverAudits({ url: () => `${practice.url}/graphql`, fetchFn: fetch })
  assert.ok(audits.length > 50, `only ${audits.length} audits`)
  for (const audit of audits) {
    test(`${audit.id} ${audit.name}`, async () => {
      const result = await audit.fn()
      if (result.status === 'ok') return
      if (result.status === 'notice' && refusedOnPurpose.has(audit.id)) return
      const answer = result.response
      assert.fail(`${result.status}: ${result.reason} (HTTP ${answer.status} ${answer.headers.get('content-type')})`)
    })
  }
})
