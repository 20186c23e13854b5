import { expect, test } from '../support/practice.ts'
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
