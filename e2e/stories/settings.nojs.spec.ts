import { expect, test } from '../support/practice.ts'
import { become } from '../support/people.ts'

test.use({ alone: true })

test('a therapist adds a session type with a plain form', async ({ page, another, watch }) => {
  watch.expect(/422/)
  await become(page, 'Ada')
  await page.goto('/admin/session-types/new')
  await page.getByLabel('Name', { exact: true }).fill('Supervision')
  await page.getByLabel('List price').fill('ninety')
  await page.getByRole('group', { name: 'Its first session waits for' }).getByLabel('Intake form').uncheck()
  await page.getByRole('button', { name: 'Add it' }).click()
  await expect(page.getByRole('alert').getByRole('link', { name: 'Write an amount like 95 or 95.50.' })).toBeVisible()
  await expect(page.getByLabel('Name', { exact: true }), 'what was typed stays').toHaveValue('Supervision')
  await expect(page.getByLabel('Intake form')).not.toBeChecked()
  await page.getByLabel('List price').fill('95.50')
  await page.getByRole('button', { name: 'Add it' }).click()
  await expect(page.getByRole('status').filter({ hasText: 'It is added.' })).toBeVisible()
  await expect(page.getByLabel('Intake form')).not.toBeChecked()
  await expect(page.getByLabel('Working together')).toBeChecked()
  const visitor = await another()
  await visitor.goto('/session-types/supervision')
  await expect(visitor.getByRole('main')).toContainText('£95.50')
  expect(watch.asked(/\.(js|wasm)$/), 'nothing was scripted').toEqual([])
})
