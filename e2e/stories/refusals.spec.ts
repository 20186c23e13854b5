import { expect, test } from '../support/practice.ts'
import { expectAccessible, expectNoSidewaysScroll } from '../support/axe.ts'
import { expectCrisisStrip } from '../support/booking.ts'
import { readdirSync, truncateSync } from 'node:fs'
import { request as send } from 'node:http'
import { join } from 'node:path'
import type { Page } from '@playwright/test'

const form = 'application/x-www-form-urlencoded'

async function expectAWayOn(page: Page, what: string) {
  await expect(page.locator('h1'), what).toHaveCount(1)
  await expect(page.getByRole('main').getByRole('link').first(), what).toBeVisible()
  await expectCrisisStrip(page)
  await expectAccessible(page, what)
  await expectNoSidewaysScroll(page, what)
}

for (const [path, status] of [
  ['/nowhere', 404],
  ['/sandbox/mail/nothing/html', 404],
  ['/sign-out', 405],
  ['/book/discovery-call/hold', 405],
  ['/contact?sent=1&sent=2', 400],
  [`/manage/${'x'.repeat(43)}`, 404],
  [`/waiting/${'x'.repeat(43)}`, 404],
  [`/make-up/${'x'.repeat(43)}`, 404],
  [`/manage/${'x'.repeat(43)}/confirm`, 404],
  ['/set-up', 410],
] as const) {
  test(`${path} is refused with a page`, async ({ page, watch }) => {
    watch.expect(new RegExp(String(status)))
    const answer = await page.goto(path)
    expect(answer?.status()).toBe(status)
    await expectAWayOn(page, path)
  })
}

for (const [what, status, heading, kind, body, elsewhere] of [
  ['a form of another site', 403, 'This came from another site', form, 'name=a', true],
  ['a form that is too long', 413, 'That was too long for us', form, `message=${'a'.repeat(70_000)}`, false],
  ['a form that is none', 415, 'That did not work', 'text/plain', 'name=a', false],
  ['a form with a field twice', 422, 'That did not work', form, 'name=a&name=b', false],
] as const) {
  test(`${what} is refused with a page`, async ({ page, watch, baseURL }) => {
    watch.expect(new RegExp(String(status)))
    for (const path of ['/contact', '/sign-in']) {
      const data = path === '/sign-in' ? body.replace(/name=/g, 'email=') : body
      const headers = { accept: 'text/html', 'content-type': kind, origin: elsewhere ? 'https://elsewhere.example' : baseURL! }
      // No page of ours sends such a thing; the browser is shown what the server answers to it.
      await page.route(`**${path}`, async (route) => {
        await route.fulfill({ response: await page.request.post(path, { data, headers, maxRedirects: 0 }) })
      })
      const answer = await page.goto(path)
      expect(answer?.status(), path).toBe(status)
      await expect(page.getByRole('heading', { level: 1 })).toHaveText(heading)
      await expectAWayOn(page, `${what}, sent to ${path}`)
    }
  })
}

for (const path of ['/sign-in/link', '/invitation']) {
  test(`${path} without its secret is a page with a way on`, async ({ page }) => {
    expect((await page.goto(path))?.status()).toBe(200)
    await expectAWayOn(page, path)
  })
}

test.describe('a practice whose database is damaged', () => {
  test.use({ alone: true })

  test('says with a page that it is its own fault', async ({ page, watch, practice }) => {
    watch.expect(/500/)
    const files = readdirSync(practice.data).filter((name) => /\.sqlite(-wal)?$/.test(name))
    for (const name of files) truncateSync(join(practice.data, name))
    await page.goto('/contact')
    await page.getByLabel('Your name').fill('Ben Marlow')
    await page.getByLabel(/email/i).fill('ben.marlow@example.org')
    await page.getByLabel('Your question').fill('I would like to ask about evenings.')
    const answered = page.waitForResponse((answer) => answer.request().method() === 'POST')
    await page.getByRole('main').getByRole('button').first().click()
    expect((await answered).status()).toBe(500)
    await expectAWayOn(page, 'a damaged database')
  })
})

test.describe('a practice that gives up soon', () => {
  test.use({ alone: true, settings: { ANTEROOM_REQUEST_SECONDS: '1' } })

  test('says with a page that it did not get there', async ({ page, watch, baseURL }) => {
    watch.expect(/503/)
    // No browser of ours sends half of a form; it is shown what the server answers to that.
    await page.route('**/contact', async (route) => {
      await route.fulfill(await halfAForm(`${baseURL}/contact`))
    })
    expect((await page.goto('/contact'))?.status()).toBe(503)
    await expectAWayOn(page, 'half a form')
  })
})

/** The answer to a form whose second half never comes. */
function halfAForm(url: string): Promise<{ status: number; headers: Record<string, string>; body: string }> {
  return new Promise((resolve, reject) => {
    const headers = { accept: 'text/html', 'content-type': form, 'content-length': '100', origin: new URL(url).origin }
    const request = send(url, { method: 'POST', headers }, (answer) => {
      let body = ''
      answer.setEncoding('utf8').on('data', (part: string) => (body += part))
      answer.on('end', () => {
        const headers = Object.fromEntries(Object.entries(answer.headers).map(([name, value]) => [name, String(value)]))
        resolve({ status: answer.statusCode ?? 0, headers, body })
      })
    })
    request.on('error', reject)
    request.write('name=a')
  })
}

test.describe('a practice that is asked very often', () => {
  test.use({ alone: true, settings: { ANTEROOM_RATE_READ: '4' } })

  test('says with a page when to come back', async ({ page, watch }) => {
    watch.expect(/429/)
    let answer = await page.goto('/faq')
    for (let visit = 0; visit < 8 && answer?.status() === 200; visit += 1) answer = await page.goto('/faq')
    expect(answer?.status()).toBe(429)
    expect(Number(answer?.headers()['retry-after'])).toBeGreaterThan(0)
    await expectAWayOn(page, 'asked too often')
  })
})
