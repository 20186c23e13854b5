import { expect, test } from '../support/practice.ts'
import { become } from '../support/people.ts'
import type { Page } from '@playwright/test'

// The session of the story can be called off once.
test.use({ alone: true })

const coming = (page: Page) => page.getByRole('main').locator('section').filter({ has: page.getByRole('heading', { level: 2, name: 'Coming up' }) })

/** Calls the session that is coming up off, without leaving the page, and says how it was reached. */
async function callOff(page: Page, baseURL: string): Promise<string> {
  const path = (await coming(page).getByRole('link', { name: /^Cancel/ }).first().getAttribute('href'))!
  const answer = await page.request.post(path, { form: { reason: '' }, headers: { origin: baseURL }, maxRedirects: 0 })
  expect(answer.status()).toBe(303)
  return path
}

/** Once a session is called off, it is not coming up any more. */
async function isGone(page: Page, path: string, timeout = 7_000) {
  await expect(coming(page)).toBeVisible()
  await expect(coming(page).locator(`a[href="${path}"]`)).toHaveCount(0, { timeout })
}

test('three windows and a phone hear of one change, over one line each', async ({ page, context, another, baseURL }) => {
  await become(page, 'Mei-Ling')
  // The page she arrived on may be about to open a line of its own.
  await page.goto('about:blank')
  const windows = [page, await context.newPage(), await context.newPage()]
  const lines: string[] = []
  for (const window of windows) {
    window.on('websocket', (line) => lines.push(line.url()))
    await window.goto('/portal')
  }
  const phone = await another({ viewport: { width: 390, height: 844 } })
  await become(phone, 'Mei-Ling')
  await expect.poll(() => lines.length).toBe(3)

  const path = await callOff(phone, baseURL!)
  for (const window of [...windows, phone]) await isGone(window, path)
  expect(lines, 'nobody had to call twice').toHaveLength(3)
})

test('what happens while a page comes to life is shown once it lives', async ({ page, another, baseURL }) => {
  // The bundle comes late, as it does on a slow line.
  let arrive = () => {}
  const late = new Promise<void>((resolve) => (arrive = resolve))
  await page.route(/\.wasm$/, async (route) => {
    await late
    await route.continue()
  })
  await become(page, 'Mei-Ling')
  await expect(coming(page).getByText('Confirmed').first()).toBeVisible()

  const phone = await another()
  await become(phone, 'Mei-Ling')
  const path = await callOff(phone, baseURL!)
  await expect(coming(page).locator(`a[href="${path}"]`)).not.toHaveCount(0)
  arrive()
  await isGone(page, path)
})

test('what did not load is asked for again', async ({ page, another, watch, baseURL }) => {
  watch.expect(/ERR_FAILED/)
  await become(page, 'Mei-Ling')
  let refused = 0
  await page.route(/\/graphql$/, async (route) => {
    if (refused++ < 2) await route.abort()
    else await route.continue()
  })
  const phone = await another()
  await become(phone, 'Mei-Ling')
  await isGone(page, await callOff(phone, baseURL!), 15_000)
  expect(refused).toBeGreaterThan(2)
})
