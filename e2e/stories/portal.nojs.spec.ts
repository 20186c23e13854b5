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

test('a client has another number, and the therapist calls it', async ({ page, another, watch }) => {
  watch.expect(/422/)
  await become(page, 'Callum')
  await page.getByRole('link', { name: 'Account' }).click()
  await page.getByLabel('Phone').fill('the old one')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByRole('alert')).toContainText('Please write the phone number with digits')
  await page.getByLabel('Phone').fill('+44 20 7946 0777')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByRole('status').filter({ hasText: 'Saved.' })).toBeVisible()
  await expect(page.getByLabel('Phone')).toHaveValue('+44 20 7946 0777')
  const desk = await another()
  await become(desk, 'Ada')
  await desk.getByRole('link', { name: 'Clients' }).first().click()
  await desk.getByRole('link', { name: 'Callum' }).first().click()
  await expect(desk.getByRole('main')).toContainText('+44 20 7946 0777')
})
