import { expect, test } from '../support/practice.ts'
import { expectAccessible, expectNoSidewaysScroll } from '../support/axe.ts'
import { expectCrisisStrip } from '../support/booking.ts'
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
