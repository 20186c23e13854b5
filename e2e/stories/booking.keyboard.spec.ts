import { expect, stranger, test } from '../support/practice.ts'
import { book, days, expectBooked, freeDay, next, times } from '../support/booking.ts'
import { expectFocusVisible, tabTo } from '../support/keyboard.ts'

const focusedName = (page: import('@playwright/test').Page) =>
  page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? '')

test('somebody books with the keyboard alone', async ({ page }) => {
  test.slow()
  const person = stranger('Kay Board')
  await page.goto('/book/discovery-call')
  await expect(days(page).first()).toBeVisible()
  // The grid comes alive when its script has loaded; until then its days are plain links.
  await page.waitForLoadState('networkidle')

  // One day is in the tab order; arrows go from day to day.
  await tabTo(page, page.getByRole('grid').locator('[tabindex="0"], a[href]:not([tabindex="-1"]), button:not([tabindex="-1"])'))
  const before = await focusedName(page)
  await page.keyboard.press('ArrowRight')
  expect(await focusedName(page)).not.toBe(before)
  await expectFocusVisible(page)
  await page.keyboard.press('ArrowLeft')
  expect(await focusedName(page)).toBe(before)
  for (const key of ['ArrowDown', 'ArrowUp', 'Home', 'End']) {
    await page.keyboard.press(key)
    expect(await page.evaluate(() => Boolean(document.activeElement?.closest('[role=grid]'))), key).toBe(true)
  }

  // To the third day from here with a free time.
  let met = 0
  for (let step = 0; step < 60 && met < 3; step++) {
    if (freeDay.test(await focusedName(page)) && ++met === 3) break
    await page.keyboard.press('ArrowRight')
  }
  expect(await focusedName(page)).toMatch(freeDay)
  await page.keyboard.press('Enter')

  // The focus moves on to the times.
  await expect(times(page)).toBeVisible()
  await expect.poll(() => page.evaluate(() => Boolean(document.activeElement?.closest('fieldset')))).toBe(true)
  if (!(await page.evaluate(() => document.activeElement?.matches('input[type=radio]')))) await page.keyboard.press('Tab')
  await expectFocusVisible(page)
  await page.keyboard.press('Space')
  if ((await times(page).getByRole('radio').count()) > 1) await page.keyboard.press('ArrowDown')
  await expect(times(page).locator('input:checked')).toHaveCount(1)

  await tabTo(page, next(page))
  await page.keyboard.press('Enter')
  await expect(page.getByLabel('What should we call you?')).toBeVisible()
  await tabTo(page, page.getByLabel('What should we call you?'))
  await page.keyboard.type(person.name)
  await tabTo(page, page.getByLabel('Email'))
  await page.keyboard.type(person.email)
  await tabTo(page, page.getByLabel('Phone'))
  await page.keyboard.type(person.phone)
  await tabTo(page, book(page))
  await page.keyboard.press('Enter')
  await expectBooked(page)
})

test('the months turn with Page Up and Page Down', async ({ page }) => {
  await page.goto('/book/discovery-call')
  await expect(days(page).first()).toBeVisible()
  await page.waitForLoadState('networkidle')
  await tabTo(page, page.getByRole('grid').locator('[tabindex="0"], a[href]:not([tabindex="-1"]), button:not([tabindex="-1"])'))
  const label = () => page.getByRole('grid').evaluate((grid) => grid.getAttribute('aria-label') ?? document.getElementById(grid.getAttribute('aria-labelledby') ?? '')?.textContent ?? grid.querySelector('caption')?.textContent)
  const first = await label()
  await page.keyboard.press('PageDown')
  await expect.poll(label).not.toBe(first)
  expect(await page.evaluate(() => Boolean(document.activeElement?.closest('[role=grid]')))).toBe(true)
  await page.keyboard.press('PageUp')
  await expect.poll(label).toBe(first)
})
