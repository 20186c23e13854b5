import { expect, test } from '../support/practice.ts'
import { become } from '../support/people.ts'

test.use({ alone: true })

test('a client calls a session off with plain forms', async ({ page, watch }) => {
  await become(page, 'Callum')
  const cancel = page.getByRole('link', { name: /^Cancel Individual session/ })
  await cancel.click()
  await page.getByLabel(/^Why/).fill('Something came up.')
  await page.getByRole('button', { name: 'Cancel the session' }).click()
  await expect(page.getByRole('status').filter({ hasText: 'The session is cancelled.' })).toBeVisible()
  await expect(cancel).toHaveCount(0)
  await expect(page.getByRole('heading', { name: 'Nothing is booked' })).toBeVisible()
  await page.getByRole('button', { name: 'Bring it back' }).click()
  await expect(page.getByRole('status').filter({ hasText: 'It is as it was.' })).toBeVisible()
  await expect(page.getByText('Confirmed', { exact: true })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Bring it back' })).toHaveCount(0)
  expect(watch.asked(/\.(js|wasm)$/), 'nothing was scripted').toEqual([])
})
