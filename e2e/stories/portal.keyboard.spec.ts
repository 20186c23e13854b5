import { expect, test } from '../support/practice.ts'
import { freeDay, next, times } from '../support/booking.ts'
import { tabTo } from '../support/keyboard.ts'
import { become } from '../support/people.ts'
import type { Locator, Page } from '@playwright/test'

// Sessions are called off and paid for.
test.use({ alone: true })

const press = async (page: Page, wanted: Locator) => {
  await tabTo(page, wanted, 160)
  await page.keyboard.press('Enter')
}
const said = (page: Page, words: string) => expect(page.getByRole('status').filter({ hasText: words })).toBeVisible()

test('a client calls a session off and brings it back with the keyboard alone', async ({ page }) => {
  await become(page, 'Mei-Ling')
  await press(page, page.getByRole('link', { name: /^Cancel Individual session, / }).first())
  await expect(page.getByRole('heading', { level: 1, name: 'Cancel this session?' })).toBeVisible()
  await tabTo(page, page.getByLabel(/^Why/))
  await page.keyboard.type('I am travelling.')
  await press(page, page.getByRole('button', { name: /^Cancel the session/ }))
  await said(page, 'The session is cancelled.')
  await press(page, page.getByRole('button', { name: 'Bring it back' }))
  await expect(page.getByRole('button', { name: 'Bring it back' })).toHaveCount(0)
})

test('a client moves a session with the keyboard alone', async ({ page }) => {
  test.slow()
  await become(page, 'Mei-Ling')
  await press(page, page.getByRole('main').locator('a[href^="/portal/bookings/"]:not([href$="/cancel"])').first())
  await press(page, page.getByRole('link', { name: 'Move it', exact: true }))
  await expect(page.getByRole('heading', { level: 1, name: /^Move it from / })).toBeVisible()
  await page.waitForLoadState('networkidle')
  await tabTo(page, page.getByRole('grid').locator('[tabindex="0"]'))
  const focused = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? '')
  for (let step = 0; step < 60 && !freeDay.test(await focused()); step++) await page.keyboard.press('ArrowRight')
  expect(await focused()).toMatch(freeDay)
  await page.keyboard.press('Enter')
  await expect.poll(() => page.evaluate(() => Boolean(document.activeElement?.closest('fieldset')))).toBe(true)
  if (!(await page.evaluate(() => document.activeElement?.matches('input[type=radio]')))) await page.keyboard.press('Tab')
  await page.keyboard.press('Space')
  await expect(times(page).locator('input:checked')).toHaveCount(1)
  await press(page, next(page))
  await expect(page.getByRole('heading', { level: 1, name: 'Move this appointment?' })).toBeVisible()
  await press(page, page.getByRole('button', { name: 'Move it' }))
  await said(page, 'It is moved.')
  await press(page, page.getByRole('button', { name: 'Move it back' }))
  await expect(page.getByRole('button', { name: 'Move it back' })).toHaveCount(0)
})
