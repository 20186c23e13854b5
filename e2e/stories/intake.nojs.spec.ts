import { expect, test } from '../support/practice.ts'
import { linkIn } from '../support/mailbox.ts'
import { become } from '../support/people.ts'

test.use({ alone: true })

test('somebody invited comes in, accepts and fills in with plain forms', async ({ page, another, mailbox, watch }) => {
  test.slow()
  await become(page, 'Ada')
  await page.goto('/admin/clients/invite')
  await page.getByLabel('Name').fill('Nora Quist')
  await page.getByLabel('Email').fill('nora.plain@example.org')
  await page.getByRole('button', { name: 'Send the invitation' }).click()
  await expect(page.locator('#invitations')).toContainText('Nora Quist')

  const link = linkIn(await mailbox.first('nora.plain@example.org'), '/invitation')
  const nora = await another({ javaScriptEnabled: false })
  await nora.goto(link)
  await nora.getByLabel('Your invitation').fill(new URL(nora.url()).hash)
  await nora.getByRole('button', { name: 'Open the invitation' }).click()
  await nora.getByLabel('Phone').fill('020 7946 0177')
  await nora.getByLabel('Time zone').selectOption('Europe/London')
  await nora.getByRole('button', { name: 'Accept and come in' }).click()
  await nora.getByRole('link', { name: 'Read and accept how we work together' }).click()
  for (let left = 4; left > 0; left--) {
    await nora.getByRole('button', { name: 'I have read this and accept it' }).click()
    if (left > 1) await nora.getByRole('link', { name: /^Read “/ }).click()
  }
  await nora.goto('/portal/intake')
  await nora.getByLabel('When were you born? (needed)').fill('1991-05-17')
  await nora.getByRole('button', { name: 'Save and go on' }).click()
  await nora.getByLabel('Their name (needed)').fill('Ivo Quist')
  await nora.getByLabel('Their phone number (needed)').fill('07700 900400')
  await nora.getByRole('button', { name: 'Save and go on' }).click()
  await nora.getByLabel('What would you like help with? (needed)').fill('Sleep.')
  await nora.getByRole('button', { name: 'Send it to Ada' }).click()
  await expect(nora.getByText('You are working together.')).toBeVisible()
  expect(watch.asked(/\.(js|wasm)$/), 'nothing was scripted').toEqual([])
})
