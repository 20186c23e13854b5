import { expect, test } from '../support/practice.ts'
import { days } from '../support/booking.ts'
import { dayOf } from '../support/calendar.ts'
import { become } from '../support/people.ts'
import type { Page } from '@playwright/test'

test.use({ alone: true })

const toast = (page: Page, words: string) => expect(page.getByRole('status').filter({ hasText: words })).toBeVisible()
const preview = (page: Page) => page.getByRole('main').locator('summary').filter({ hasText: 'Discovery call:' })

test('a therapist changes her hours with plain forms', async ({ page, watch }) => {
  watch.expect(/422/)
  await become(page, 'Ada')
  await page.goto('/admin/hours')
  await page.getByRole('button', { name: 'Add hours on Saturday' }).click()
  await expect(page.getByText('These hours are not saved yet.')).toBeVisible()
  await page.getByLabel('Saturday, from').fill('12:00')
  await page.getByLabel('Saturday, until').fill('10:00')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByRole('alert').getByRole('link', { name: 'Saturday: The end must be after the beginning.' })).toBeVisible()
  await expect(page.getByLabel('Saturday, from'), 'what was typed stays').toHaveValue('12:00')

  await page.getByLabel('Saturday, from').fill('10:00')
  await page.getByLabel('Saturday, until').fill('12:00')
  await page.getByRole('button', { name: 'See what this would change' }).click()
  await expect(preview(page)).toHaveText(/ more$/)
  await page.getByRole('button', { name: 'Save' }).click()
  await toast(page, 'Your hours are saved.')
  await expect(preview(page)).toHaveText(/free starts$/)

  await page.getByRole('button', { name: 'Remove these hours on Saturday' }).click()
  await expect(preview(page)).toHaveText(/ fewer$/)
  await page.getByRole('button', { name: 'Save' }).click()
  await toast(page, 'Your hours are saved.')
  await expect(page.getByLabel('Saturday, from')).toHaveCount(0)
  expect(watch.asked(/\.(js|wasm)$/), 'nothing was scripted').toEqual([])
})

test('a therapist adds and removes time off with plain forms', async ({ page, another, clock }) => {
  const friday = dayOf(await clock.now(), 'Friday', 2)
  const visitor = await another()
  const offered = async () => {
    await visitor.goto(`/book/discovery-call?day=${friday.iso}`)
    return await days(visitor).and(visitor.locator(`[aria-label^="${friday.words},"]`)).count()
  }
  expect(await offered()).toBe(1)
  await become(page, 'Ada')
  await page.goto('/admin/hours')
  await page.getByLabel('First day').fill(friday.iso)
  await page.getByLabel('Last day').fill(friday.iso)
  await page.getByRole('button', { name: 'Add time off' }).click()
  await toast(page, 'Time off is added.')
  expect(await offered()).toBe(0)
  await page.locator('#time-off').getByRole('listitem').first().getByRole('button', { name: /^Remove / }).click()
  await toast(page, 'Time off is removed.')
  expect(await offered()).toBe(1)
})

test('a therapist decides with a plain form', async ({ page }) => {
  await become(page, 'Ada')
  await page.getByRole('link', { name: 'Decide about Leila Karimi' }).click()
  await page.getByRole('radio', { name: /^Work together/ }).check()
  await page.getByRole('button', { name: 'Decide' }).click()
  await toast(page, 'Paid sessions are open to Leila Karimi.')
  await expect(page.getByRole('button', { name: 'Decide' })).toHaveCount(0)
})
