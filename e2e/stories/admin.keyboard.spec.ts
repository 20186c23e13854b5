import { expect, test } from '../support/practice.ts'
import { expectFocusVisible, tabTo } from '../support/keyboard.ts'
import { become } from '../support/people.ts'

test.use({ alone: true })

test('a therapist decides with the keyboard alone', async ({ page }) => {
  await become(page, 'Ada')
  await tabTo(page, page.getByRole('link', { name: 'Decide about Leila Karimi' }))
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: 'What next for Leila?' })).toBeVisible()
  await tabTo(page, page.getByRole('radio', { name: /^Work together/ }))
  await page.keyboard.press('ArrowDown')
  await expect(page.getByRole('radio', { name: /^Not the right fit/ })).toBeChecked()
  await expectFocusVisible(page)
  await page.keyboard.press('ArrowDown')
  await expect(page.getByRole('radio', { name: /^Later/ })).toBeChecked()
  await tabTo(page, page.getByRole('textbox', { name: 'Your letter' }))
  await tabTo(page, page.getByRole('button', { name: 'Decide' }))
  await page.keyboard.press('Enter')
  await expect(page.getByRole('status').filter({ hasText: 'Leila Karimi is on the list for later.' })).toBeVisible()
})

test('a therapist changes her hours with the keyboard alone', async ({ page }) => {
  await become(page, 'Ada')
  await page.goto('/admin/hours')
  await expect(page.getByRole('button', { name: 'See what this would change' })).toHaveCount(0)
  // A field for a time is four stops, and five days are open.
  await tabTo(page, page.getByRole('button', { name: 'Add hours on Saturday' }), 160)
  await page.keyboard.press('Enter')
  // What has been added is where the work goes on, not behind.
  await expect(page.getByLabel('Saturday, from')).toBeFocused()
  await page.keyboard.type('1000AM')
  await tabTo(page, page.getByLabel('Saturday, until'))
  await page.keyboard.type('1200PM')
  await expect(page.getByLabel('Saturday, until')).toHaveValue('12:00')
  await expect(page.getByRole('main').locator('summary').filter({ hasText: 'Discovery call:' })).toHaveText(/ more$/)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('status').filter({ hasText: 'Your hours are saved.' })).toBeVisible()
  await expect(page.getByLabel('Saturday, from')).toHaveValue('10:00')
})
